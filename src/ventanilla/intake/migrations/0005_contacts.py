import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_agreement_and_second_factor"),
        ("intake", "0004_appointments"),
        ("registry", "0004_redactable_readings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="consultation",
            name="attended_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="quién atendió",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="requester_evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("none", "Nada a la vista"),
                    ("power", "Poder o mandato"),
                    ("court_order", "Resolución judicial"),
                    ("birth", "Certificado de nacimiento"),
                    ("credential", "Credencial de cuidadora"),
                    ("official", "Oficio de la institución"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="con qué lo acredita",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="requester_quality",
            field=models.CharField(
                blank=True,
                choices=[
                    ("parent", "Madre o padre"),
                    ("guardian", "A cargo por resolución"),
                    ("carer", "Persona cuidadora"),
                    ("mandate", "Con poder o mandato"),
                    ("relative", "Otro familiar"),
                    ("neighbour", "Vecina o conocido"),
                    ("professional", "Profesional o dirigente"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="en qué calidad",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="sheet",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="hoja"),
        ),
        migrations.AddField(
            model_name="consultation",
            name="sheet_day",
            field=models.DateField(null=True, verbose_name="día de la hoja"),
        ),
        migrations.AlterField(
            model_name="consultation",
            name="channel",
            field=models.CharField(
                choices=[
                    ("in_person", "Presencial"),
                    ("phone", "Teléfono"),
                    ("web", "Web"),
                    ("email", "Correo"),
                    ("whatsapp", "WhatsApp"),
                    ("field", "Terreno"),
                    ("home_visit", "Visita"),
                    ("institution", "Institución"),
                    ("letter", "Carta"),
                    ("official", "Oficio"),
                    ("mayor", "Alcaldía"),
                ],
                default="in_person",
                max_length=12,
                verbose_name="canal",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sheet_day__isnull", False), models.Q(("state", "voided"), _negated=True)),
                fields=("institution", "sheet_day", "sheet"),
                name="one_consultation_per_sheet",
                violation_error_message="Esa hoja de ese día ya está anotada.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sheet", ""), ("sheet_day__isnull", True)),
                    models.Q(models.Q(("sheet", ""), _negated=True), ("sheet_day__isnull", False)),
                    _connector="OR",
                ),
                name="sheet_has_its_day",
                violation_error_message="Una hoja lleva el día en que se escribió.",
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("folio", models.CharField(max_length=16, verbose_name="folio")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_person", "Presencial"),
                            ("phone", "Teléfono"),
                            ("web", "Web"),
                            ("email", "Correo"),
                            ("whatsapp", "WhatsApp"),
                            ("field", "Terreno"),
                            ("home_visit", "Visita"),
                            ("institution", "Institución"),
                            ("letter", "Carta"),
                            ("official", "Oficio"),
                            ("mayor", "Alcaldía"),
                        ],
                        default="phone",
                        max_length=12,
                        verbose_name="canal",
                    ),
                ),
                (
                    "requester",
                    models.CharField(
                        choices=[
                            ("self", "La misma persona"),
                            ("third_party", "Alguien por ella"),
                            ("institution", "Una institución"),
                        ],
                        default="self",
                        max_length=12,
                        verbose_name="quién escribe",
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=120, verbose_name="quién es")),
                ("about_name", models.CharField(blank=True, max_length=120, verbose_name="nombre que se dio")),
                ("about_run", models.CharField(blank=True, max_length=10, verbose_name="RUN que se dio")),
                ("subject", models.CharField(max_length=120, verbose_name="de qué se trata")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="lo que dice")),
                ("answer_to", models.CharField(blank=True, max_length=120, verbose_name="dónde responder")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="número del documento")),
                ("document_on", models.DateField(blank=True, null=True, verbose_name="fecha del documento")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="responder hasta")),
                ("awaited_on", models.DateField(verbose_name="debiera responderse")),
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
                            ("received", "Sin tomar"),
                            ("taken", "Tomado"),
                            ("consulted", "Pasó a consulta"),
                            ("answered", "Respondido sin consulta"),
                            ("discarded", "Descartado"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="qué se respondió")),
                (
                    "discard_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duplicate", "Está repetido"),
                            ("elsewhere", "Es de otra municipalidad"),
                            ("not_ours", "No es materia municipal"),
                            ("unreachable", "No se pudo ubicar a quien escribió"),
                            ("other", "Otro motivo"),
                        ],
                        max_length=12,
                        verbose_name="por qué se descartó",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="llegó")),
                ("recorded_at", models.DateTimeField(verbose_name="se registró")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="se cerró")),
                ("submission_id", models.UUIDField(null=True, verbose_name="envío")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="versión")),
                (
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="intake.consultation",
                        verbose_name="consulta",
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
                    "person",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts_received",
                        to="registry.person",
                        verbose_name="persona",
                    ),
                ),
                (
                    "posting",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.posting",
                        verbose_name="desempeño",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo anotó",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién lo tomó",
                    ),
                ),
                (
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "contacto recibido",
                "verbose_name_plural": "contactos recibidos",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["received", "taken"])),
                        fields=["institution", "unit", "awaited_on", "id"],
                        name="contact_open_by_unit",
                    ),
                    models.Index(fields=["institution", "unit", "awaited_on", "id"], name="contact_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "folio"), name="one_contact_per_folio"),
                    models.UniqueConstraint(fields=("institution", "submission_id"), name="one_contact_per_submission"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state__in", ["received", "taken"])),
                            models.Q(
                                ("closed_at__isnull", False), ("state__in", ["consulted", "answered", "discarded"])
                            ),
                            _connector="OR",
                        ),
                        name="contact_closed_iff_closed_at",
                        violation_error_message="Un contacto cerrado lleva su hora.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "received"), ("taken_by__isnull", True)),
                            models.Q(models.Q(("state", "received"), _negated=True), ("taken_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_taken_by_somebody",
                        violation_error_message="Un contacto tomado lleva quién lo tomó.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consultation__isnull", False), ("state", "consulted")),
                            models.Q(models.Q(("state", "consulted"), _negated=True), ("consultation__isnull", True)),
                            _connector="OR",
                        ),
                        name="contact_consulted_iff_consultation",
                        violation_error_message="Un contacto que pasó a consulta lleva cuál.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), models.Q(("answer", ""), _negated=True)),
                            models.Q(models.Q(("state", "answered"), _negated=True), ("answer", "")),
                            _connector="OR",
                        ),
                        name="contact_answered_iff_answer",
                        violation_error_message="Un contacto respondido lleva qué se respondió.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "discarded"), models.Q(("discard_ground", ""), _negated=True)),
                            models.Q(models.Q(("state", "discarded"), _negated=True), ("discard_ground", "")),
                            _connector="OR",
                        ),
                        name="contact_discarded_iff_ground",
                        violation_error_message="Un contacto descartado lleva por qué.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactStep",
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
                            ("received", "Sin tomar"),
                            ("taken", "Tomado"),
                            ("consulted", "Pasó a consulta"),
                            ("answered", "Respondido sin consulta"),
                            ("discarded", "Descartado"),
                        ],
                        max_length=10,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("received", "Sin tomar"),
                            ("taken", "Tomado"),
                            ("consulted", "Pasó a consulta"),
                            ("answered", "Respondido sin consulta"),
                            ("discarded", "Descartado"),
                        ],
                        max_length=10,
                        verbose_name="hacia",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
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
                    "assigned_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="a quién se asignó",
                    ),
                ),
                (
                    "contact",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="intake.contact",
                        verbose_name="contacto",
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
                    "passed_to",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad a la que pasó",
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
                    "unit",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                        verbose_name="unidad que lo tenía",
                    ),
                ),
            ],
            options={
                "verbose_name": "paso del contacto",
                "verbose_name_plural": "pasos del contacto",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("Contact"),
        TenantTable("ContactStep"),
    ]
