import django.db.models.deletion
from django.db import migrations, models

import ventanilla.access.tenancy
import ventanilla.core.ids
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0002_territory")]
    operations = [
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dataset", models.CharField(max_length=40, verbose_name="formato")),
                ("file_name", models.CharField(max_length=255, verbose_name="archivo")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("rows_read", models.PositiveIntegerField(default=0, verbose_name="filas leídas")),
                ("rows_new", models.PositiveIntegerField(default=0, verbose_name="nuevas")),
                ("rows_changed", models.PositiveIntegerField(default=0, verbose_name="cambiadas")),
                ("rows_same", models.PositiveIntegerField(default=0, verbose_name="iguales")),
                ("rows_rejected", models.PositiveIntegerField(default=0, verbose_name="rechazadas")),
                ("started_at", models.DateTimeField(verbose_name="inicio")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="término")),
                ("account_id", models.UUIDField(blank=True, null=True, verbose_name="cuenta")),
                ("dry_run", models.BooleanField(default=False, verbose_name="ensayo")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        default=ventanilla.access.tenancy.current_institution_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.institution",
                        verbose_name="institución",
                    ),
                ),
            ],
            options={
                "verbose_name": "carga",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["institution", "started_at"], name="load_by_start")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            rows_read=models.F("rows_new")
                            + models.F("rows_changed")
                            + models.F("rows_same")
                            + models.F("rows_rejected")
                        ),
                        name="every_row_is_accounted_for",
                    )
                ],
            },
        ),
        TenantTable("Load"),
    ]
