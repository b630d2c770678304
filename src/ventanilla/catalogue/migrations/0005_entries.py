"""Benefits and services: the national layer and its dated amounts, and what each institution offers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("catalogue", "0004_local_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="código")),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Borrador"),
                            ("in_review", "En revisión"),
                            ("published", "Publicada"),
                            ("suspended", "Suspendida"),
                            ("closed", "Cerrada"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="estado",
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0, verbose_name="última versión")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="orden")),
                (
                    "suspended_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_funds", "Sin recursos"),
                            ("no_places", "Sin cupos"),
                            ("out_of_season", "Fuera de temporada"),
                            ("other", "Otra causa"),
                        ],
                        max_length=13,
                        verbose_name="por qué está suspendida",
                    ),
                ),
                ("suspended_until", models.DateField(blank=True, null=True, verbose_name="suspendida hasta")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="cerrada el")),
                ("revalidate_on", models.DateField(blank=True, null=True, verbose_name="se revisa el")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="cambio")),
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
                    "replaced_by",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.entry",
                        verbose_name="la reemplaza",
                    ),
                ),
                (
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "prestación",
                "verbose_name_plural": "prestaciones",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EntryTransition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Borrador"),
                            ("in_review", "En revisión"),
                            ("published", "Publicada"),
                            ("suspended", "Suspendida"),
                            ("closed", "Cerrada"),
                        ],
                        max_length=9,
                        verbose_name="antes",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("draft", "Borrador"),
                            ("in_review", "En revisión"),
                            ("published", "Publicada"),
                            ("suspended", "Suspendida"),
                            ("closed", "Cerrada"),
                        ],
                        max_length=9,
                        verbose_name="después",
                    ),
                ),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="versión")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="motivo")),
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
                    "entry",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="catalogue.entry",
                        verbose_name="prestación",
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
            ],
            options={
                "verbose_name": "paso de la prestación",
                "verbose_name_plural": "pasos de la prestación",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LegalAmount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="código")),
                ("label", models.CharField(max_length=160, verbose_name="qué monto es")),
                ("pesos", models.PositiveIntegerField(verbose_name="pesos")),
                ("valid_from", models.DateField(verbose_name="vigente desde")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="vigente hasta")),
                ("source", models.CharField(max_length=300, verbose_name="fuente")),
                ("is_verified", models.BooleanField(default=False, verbose_name="leído en la norma")),
            ],
            options={
                "verbose_name": "monto legal",
                "verbose_name_plural": "montos legales",
                "ordering": ["code", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="one_amount_from_each_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="legal_amount_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NationalEntry",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="código")),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        default=list,
                        size=None,
                        verbose_name="motivos nacionales que la sugieren",
                    ),
                ),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="orden")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="retirada el")),
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="access.function",
                        verbose_name="función que atiende",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.nationalentry",
                        verbose_name="la reemplaza",
                    ),
                ),
            ],
            options={
                "verbose_name": "prestación nacional",
                "verbose_name_plural": "prestaciones nacionales",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="national",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.nationalentry",
                verbose_name="prestación nacional",
            ),
        ),
        migrations.CreateModel(
            name="NationalEntryVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                ("plain", models.CharField(max_length=600, verbose_name="qué es")),
                ("who", models.CharField(blank=True, max_length=600, verbose_name="quién puede recibirlo")),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("money", "Dinero"),
                            ("in_kind", "Especies"),
                            ("service", "Servicio"),
                            ("loan", "Préstamo (comodato)"),
                            ("procedure", "Trámite"),
                            ("information", "Información y orientación"),
                        ],
                        max_length=11,
                        verbose_name="modalidad",
                    ),
                ),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("children", "Niñas, niños y adolescentes"),
                                ("young", "Jóvenes"),
                                ("pregnant", "Embarazo y primera infancia"),
                                ("families", "Familias"),
                                ("older", "Personas mayores"),
                                ("disability", "Personas con discapacidad"),
                                ("carers", "Personas que cuidan"),
                                ("workers", "Trabajo"),
                                ("housing", "Vivienda"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="para quién",
                    ),
                ),
                ("objective", models.CharField(blank=True, max_length=600, verbose_name="objetivo")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="cómo lo pide la gente")),
                ("documents", models.CharField(blank=True, max_length=1000, verbose_name="documentos")),
                ("steps", models.CharField(blank=True, max_length=1000, verbose_name="cómo se pide")),
                ("cost", models.CharField(blank=True, max_length=120, verbose_name="costo para la persona")),
                (
                    "criterion",
                    models.CharField(blank=True, max_length=600, verbose_name="criterio de evaluación y asignación"),
                ),
                (
                    "evaluation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para evaluar"),
                ),
                (
                    "allocation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para asignar"),
                ),
                ("act_kind", models.CharField(blank=True, max_length=60, verbose_name="tipo de acto")),
                ("act_name", models.CharField(blank=True, max_length=200, verbose_name="denominación del acto")),
                ("act_number", models.CharField(blank=True, max_length=40, verbose_name="número del acto")),
                ("act_on", models.DateField(blank=True, null=True, verbose_name="fecha del acto")),
                ("act_url", models.CharField(blank=True, max_length=300, verbose_name="enlace al acto")),
                ("more_url", models.CharField(blank=True, max_length=300, verbose_name="enlace a más información")),
                ("needs_report", models.BooleanField(default=False, verbose_name="necesita informe social")),
                ("needs_decree", models.BooleanField(default=False, verbose_name="necesita decreto")),
                (
                    "exclusion_ground",
                    models.CharField(blank=True, max_length=200, verbose_name="por qué no se publica la nómina"),
                ),
                ("rule", models.JSONField(blank=True, default=dict, verbose_name="regla")),
                ("amounts", models.JSONField(blank=True, default=list, verbose_name="montos")),
                ("number", models.PositiveIntegerField(verbose_name="versión")),
                ("starts_on", models.DateField(verbose_name="vale desde")),
                ("source", models.CharField(max_length=300, verbose_name="de dónde se tomó")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.nationalentry",
                        verbose_name="prestación nacional",
                    ),
                ),
            ],
            options={
                "verbose_name": "versión de la prestación nacional",
                "verbose_name_plural": "versiones de la prestación nacional",
                "ordering": ["entry", "number"],
            },
        ),
        migrations.CreateModel(
            name="OwnFact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="código")),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                (
                    "about",
                    models.CharField(
                        choices=[("person", "Una persona"), ("home", "El hogar")], max_length=6, verbose_name="de quién"
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="retirado el")),
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
                "verbose_name": "dato propio",
                "verbose_name_plural": "datos propios",
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EntryDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                ("plain", models.CharField(max_length=600, verbose_name="qué es")),
                ("who", models.CharField(blank=True, max_length=600, verbose_name="quién puede recibirlo")),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("money", "Dinero"),
                            ("in_kind", "Especies"),
                            ("service", "Servicio"),
                            ("loan", "Préstamo (comodato)"),
                            ("procedure", "Trámite"),
                            ("information", "Información y orientación"),
                        ],
                        max_length=11,
                        verbose_name="modalidad",
                    ),
                ),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("children", "Niñas, niños y adolescentes"),
                                ("young", "Jóvenes"),
                                ("pregnant", "Embarazo y primera infancia"),
                                ("families", "Familias"),
                                ("older", "Personas mayores"),
                                ("disability", "Personas con discapacidad"),
                                ("carers", "Personas que cuidan"),
                                ("workers", "Trabajo"),
                                ("housing", "Vivienda"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="para quién",
                    ),
                ),
                ("objective", models.CharField(blank=True, max_length=600, verbose_name="objetivo")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="cómo lo pide la gente")),
                ("documents", models.CharField(blank=True, max_length=1000, verbose_name="documentos")),
                ("steps", models.CharField(blank=True, max_length=1000, verbose_name="cómo se pide")),
                ("cost", models.CharField(blank=True, max_length=120, verbose_name="costo para la persona")),
                (
                    "criterion",
                    models.CharField(blank=True, max_length=600, verbose_name="criterio de evaluación y asignación"),
                ),
                (
                    "evaluation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para evaluar"),
                ),
                (
                    "allocation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para asignar"),
                ),
                ("act_kind", models.CharField(blank=True, max_length=60, verbose_name="tipo de acto")),
                ("act_name", models.CharField(blank=True, max_length=200, verbose_name="denominación del acto")),
                ("act_number", models.CharField(blank=True, max_length=40, verbose_name="número del acto")),
                ("act_on", models.DateField(blank=True, null=True, verbose_name="fecha del acto")),
                ("act_url", models.CharField(blank=True, max_length=300, verbose_name="enlace al acto")),
                ("more_url", models.CharField(blank=True, max_length=300, verbose_name="enlace a más información")),
                ("needs_report", models.BooleanField(default=False, verbose_name="necesita informe social")),
                ("needs_decree", models.BooleanField(default=False, verbose_name="necesita decreto")),
                (
                    "exclusion_ground",
                    models.CharField(blank=True, max_length=200, verbose_name="por qué no se publica la nómina"),
                ),
                ("rule", models.JSONField(blank=True, default=dict, verbose_name="regla")),
                ("amounts", models.JSONField(blank=True, default=list, verbose_name="montos")),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="se postula desde")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="se postula hasta")),
                ("budget", models.BigIntegerField(blank=True, null=True, verbose_name="monto global en pesos")),
                ("budget_line", models.CharField(blank=True, max_length=40, verbose_name="cuenta del presupuesto")),
                ("places_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="cupos")),
                (
                    "local_documents",
                    models.CharField(blank=True, max_length=1000, verbose_name="documentos que además se piden aquí"),
                ),
                (
                    "local_words",
                    models.CharField(blank=True, max_length=300, verbose_name="cómo lo pide la gente aquí"),
                ),
                ("local_note", models.CharField(blank=True, max_length=600, verbose_name="lo que conviene saber aquí")),
                (
                    "contact",
                    models.CharField(blank=True, max_length=120, verbose_name="teléfono o correo para preguntar"),
                ),
                ("places", models.JSONField(blank=True, default=list, verbose_name="dónde y cuándo")),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="motivos que la sugieren",
                    ),
                ),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="enviado a revisión")),
                ("written_at", models.DateTimeField(verbose_name="escrito")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="cambio")),
                (
                    "entry",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="catalogue.entry",
                        verbose_name="prestación",
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
                    "provider",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.provider",
                        verbose_name="prestador externo",
                    ),
                ),
                (
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="escrito por",
                    ),
                ),
            ],
            options={
                "verbose_name": "borrador de la prestación",
                "verbose_name_plural": "borradores de la prestación",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("institution", "entry"), name="one_draft_per_entry")],
            },
        ),
        migrations.CreateModel(
            name="EntryReason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "entry",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggested_by",
                        to="catalogue.entry",
                        verbose_name="prestación",
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
                    "reason",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggests",
                        to="catalogue.reason",
                        verbose_name="motivo",
                    ),
                ),
            ],
            options={
                "verbose_name": "motivo que sugiere la prestación",
                "verbose_name_plural": "motivos que sugieren la prestación",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "reason", "entry"), name="one_row_per_suggestion")
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                ("plain", models.CharField(max_length=600, verbose_name="qué es")),
                ("who", models.CharField(blank=True, max_length=600, verbose_name="quién puede recibirlo")),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("money", "Dinero"),
                            ("in_kind", "Especies"),
                            ("service", "Servicio"),
                            ("loan", "Préstamo (comodato)"),
                            ("procedure", "Trámite"),
                            ("information", "Información y orientación"),
                        ],
                        max_length=11,
                        verbose_name="modalidad",
                    ),
                ),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("children", "Niñas, niños y adolescentes"),
                                ("young", "Jóvenes"),
                                ("pregnant", "Embarazo y primera infancia"),
                                ("families", "Familias"),
                                ("older", "Personas mayores"),
                                ("disability", "Personas con discapacidad"),
                                ("carers", "Personas que cuidan"),
                                ("workers", "Trabajo"),
                                ("housing", "Vivienda"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="para quién",
                    ),
                ),
                ("objective", models.CharField(blank=True, max_length=600, verbose_name="objetivo")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="cómo lo pide la gente")),
                ("documents", models.CharField(blank=True, max_length=1000, verbose_name="documentos")),
                ("steps", models.CharField(blank=True, max_length=1000, verbose_name="cómo se pide")),
                ("cost", models.CharField(blank=True, max_length=120, verbose_name="costo para la persona")),
                (
                    "criterion",
                    models.CharField(blank=True, max_length=600, verbose_name="criterio de evaluación y asignación"),
                ),
                (
                    "evaluation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para evaluar"),
                ),
                (
                    "allocation_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="días hábiles para asignar"),
                ),
                ("act_kind", models.CharField(blank=True, max_length=60, verbose_name="tipo de acto")),
                ("act_name", models.CharField(blank=True, max_length=200, verbose_name="denominación del acto")),
                ("act_number", models.CharField(blank=True, max_length=40, verbose_name="número del acto")),
                ("act_on", models.DateField(blank=True, null=True, verbose_name="fecha del acto")),
                ("act_url", models.CharField(blank=True, max_length=300, verbose_name="enlace al acto")),
                ("more_url", models.CharField(blank=True, max_length=300, verbose_name="enlace a más información")),
                ("needs_report", models.BooleanField(default=False, verbose_name="necesita informe social")),
                ("needs_decree", models.BooleanField(default=False, verbose_name="necesita decreto")),
                (
                    "exclusion_ground",
                    models.CharField(blank=True, max_length=200, verbose_name="por qué no se publica la nómina"),
                ),
                ("rule", models.JSONField(blank=True, default=dict, verbose_name="regla")),
                ("amounts", models.JSONField(blank=True, default=list, verbose_name="montos")),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="se postula desde")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="se postula hasta")),
                ("budget", models.BigIntegerField(blank=True, null=True, verbose_name="monto global en pesos")),
                ("budget_line", models.CharField(blank=True, max_length=40, verbose_name="cuenta del presupuesto")),
                ("places_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="cupos")),
                (
                    "local_documents",
                    models.CharField(blank=True, max_length=1000, verbose_name="documentos que además se piden aquí"),
                ),
                (
                    "local_words",
                    models.CharField(blank=True, max_length=300, verbose_name="cómo lo pide la gente aquí"),
                ),
                ("local_note", models.CharField(blank=True, max_length=600, verbose_name="lo que conviene saber aquí")),
                (
                    "contact",
                    models.CharField(blank=True, max_length=120, verbose_name="teléfono o correo para preguntar"),
                ),
                ("places", models.JSONField(blank=True, default=list, verbose_name="dónde y cuándo")),
                ("number", models.PositiveIntegerField(verbose_name="versión")),
                (
                    "national_number",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="versión nacional"),
                ),
                ("starts_on", models.DateField(verbose_name="vale desde")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="qué cambió")),
                ("at", models.DateTimeField(verbose_name="publicada")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="publicada por",
                    ),
                ),
                (
                    "entry",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.entry",
                        verbose_name="prestación",
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
                    "provider",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.provider",
                        verbose_name="prestador externo",
                    ),
                ),
                (
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "versión de la prestación",
                "verbose_name_plural": "versiones de la prestación",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "entry", "number"), name="one_row_per_entry_version")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("institution", "code"), name="one_entry_per_code"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("national__isnull", False)),
                fields=("institution", "national"),
                name="one_entry_per_national",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_on__isnull", True)),
                    _connector="OR",
                ),
                name="entry_closed_iff_closed_on",
                violation_error_message="Una prestación cerrada lleva el día en que se cerró.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "suspended"), models.Q(("suspended_for", ""), _negated=True)),
                    models.Q(models.Q(("state", "suspended"), _negated=True), ("suspended_for", "")),
                    _connector="OR",
                ),
                name="entry_suspended_iff_ground",
                violation_error_message="Una prestación suspendida lleva su causa.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nationalentryversion",
            constraint=models.UniqueConstraint(fields=("entry", "number"), name="one_row_per_national_version"),
        ),
        migrations.AddConstraint(
            model_name="ownfact",
            constraint=models.UniqueConstraint(fields=("institution", "code"), name="one_own_fact_per_code"),
        ),
        TenantTable("Entry"),
        TenantTable("EntryDraft"),
        TenantTable("EntryVersion"),
        TenantTable("EntryTransition"),
        TenantTable("EntryReason"),
        TenantTable("OwnFact"),
    ]
