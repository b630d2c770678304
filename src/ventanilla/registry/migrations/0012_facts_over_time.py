"""Extracts of the State, what is no longer in them, who collects what is for somebody else, requests to the RSH."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantReference, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_exchange"),
        ("registry", "0011_readings_by_link"),
    ]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("suf", "Subsidio Familiar (SUF)"),
                            ("sap_urban", "Subsidio de agua potable urbano (SAP)"),
                            ("sap_rural", "Subsidio de agua potable rural (SAP)"),
                            ("sdm", "Subsidio de discapacidad (SDM)"),
                            ("pgu", "Pensión Garantizada Universal (PGU)"),
                            ("pbsi", "Pensión Básica Solidaria de Invalidez (PBSI)"),
                            ("familias", "Programa Familias"),
                            ("rsh_requests", "Solicitudes del RSH"),
                        ],
                        max_length=14,
                        verbose_name="programa",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="fecha del extracto")),
                ("is_whole", models.BooleanField(default=False, verbose_name="completo")),
                ("purpose", models.CharField(max_length=200, verbose_name="finalidad")),
                ("expires_on", models.DateField(verbose_name="conservar hasta")),
                ("recorded_at", models.DateTimeField(verbose_name="registrado")),
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
                "verbose_name": "extracto",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="fact",
            name="detail",
            field=models.CharField(blank=True, max_length=160, verbose_name="detalle"),
        ),
        migrations.AddField(
            model_name="fact",
            name="holder",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held_facts",
                to="registry.person",
                verbose_name="titular",
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="is_gone",
            field=models.BooleanField(default=False, verbose_name="ya no figura"),
        ),
        migrations.AlterField(
            model_name="fact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rsh_bracket", "Tramo del RSH"),
                    ("home_income", "Ingreso del hogar"),
                    ("dwelling", "Condición de la vivienda"),
                    ("familias_stage", "Etapa en Programa Familias"),
                    ("familias_indicator", "Indicador de bienestar pendiente"),
                    ("income", "Ingreso"),
                    ("subsidy", "Subsidio o pensión"),
                    ("disability", "Discapacidad"),
                    ("dependence", "Dependencia"),
                    ("carer", "Cuidador/a"),
                    ("pregnancy", "Embarazo"),
                    ("enrolment", "Matrícula escolar"),
                    ("health_check", "Control de salud"),
                    ("own", "Dato propio"),
                    ("home_own", "Dato propio del hogar"),
                    ("rsh_request", "Solicitud en el RSH"),
                ],
                max_length=20,
                verbose_name="tipo",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_gone", False),
                    models.Q(("valid_until__isnull", False), ("valid_until__lt", models.F("as_of"))),
                    _connector="OR",
                ),
                name="what_is_gone_has_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.UniqueConstraint(fields=("institution", "scope", "as_of"), name="one_extract_per_date"),
        ),
        TenantTable("Extract"),
        TenantReference("Fact", "holder"),
    ]
