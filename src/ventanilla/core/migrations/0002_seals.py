"""The seals of the two logs; an entry erased by law loses its salt with its content."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "log",
                    models.CharField(
                        choices=[("audit", "Cambios"), ("reads", "Lecturas")],
                        max_length=5,
                        verbose_name="registro sellado",
                    ),
                ),
                ("number", models.IntegerField(verbose_name="número")),
                ("first_id", models.BigIntegerField(verbose_name="primera entrada")),
                ("last_id", models.BigIntegerField(verbose_name="última entrada")),
                ("count", models.IntegerField(verbose_name="entradas")),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="números de las entradas"
                    ),
                ),
                (
                    "digests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), size=None, verbose_name="resúmenes de las entradas"
                    ),
                ),
                ("snapshot", models.TextField(blank=True, verbose_name="lo que entonces se veía")),
                ("cluster", models.CharField(max_length=20, verbose_name="servidor de datos")),
                ("sealed_at", models.DateTimeField(verbose_name="sellado")),
                ("previous", models.BinaryField(verbose_name="resumen anterior")),
                ("digest", models.BinaryField(verbose_name="resumen")),
            ],
            options={
                "verbose_name": "sello",
                "constraints": [models.UniqueConstraint(fields=("log", "number"), name="one_seal_per_number")],
            },
        ),
        migrations.RunSQL("alter table core_audit_event alter column salt drop not null", migrations.RunSQL.noop),
    ]
