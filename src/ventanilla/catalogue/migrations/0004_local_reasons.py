"""What an institution says of its reasons, and every version of it."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_agreement_and_second_factor"),
        ("catalogue", "0003_words_of_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reason",
            name="documents",
            field=models.CharField(blank=True, max_length=500, verbose_name="documentos habituales"),
        ),
        migrations.AddField(
            model_name="reason",
            name="documents_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días para traerlos"),
        ),
        migrations.AddField(
            model_name="reason",
            name="local_words",
            field=models.CharField(blank=True, max_length=300, verbose_name="cómo lo dice la gente aquí"),
        ),
        migrations.AddField(
            model_name="reason",
            name="version",
            field=models.PositiveIntegerField(default=1, verbose_name="versión"),
        ),
        migrations.CreateModel(
            name="ReasonVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="versión")),
                ("name", models.CharField(max_length=80, verbose_name="nombre")),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                (
                    "local_words",
                    models.CharField(blank=True, max_length=300, verbose_name="cómo lo dice la gente aquí"),
                ),
                ("documents", models.CharField(blank=True, max_length=500, verbose_name="documentos habituales")),
                ("documents_days", models.PositiveSmallIntegerField(null=True, verbose_name="días para traerlos")),
                ("retired_on", models.DateField(null=True, verbose_name="retirado el")),
                ("at", models.DateTimeField(verbose_name="momento")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cuenta",
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.function",
                        verbose_name="función que atiende",
                    ),
                ),
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
                (
                    "posting",
                    ventanilla.access.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.posting",
                        verbose_name="desempeño",
                    ),
                ),
                (
                    "reason",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.reason",
                        verbose_name="motivo",
                    ),
                ),
            ],
            options={
                "verbose_name": "versión del motivo",
                "verbose_name_plural": "versiones del motivo",
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "reason", "number"), name="one_row_per_reason_version"
                    )
                ],
            },
        ),
        TenantTable("ReasonVersion"),
    ]
