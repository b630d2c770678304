import django.contrib.postgres.fields
import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantReference, TenantTable

NOBODY_TWICE_AT_ONCE = """
create extension if not exists btree_gist;
alter table intake_appointment add constraint one_hour_per_person
    exclude using gist (institution_id with =, person_id with =, tstzrange(starts_at, ends_at) with &&)
    where (person_id is not null and state in ('booked', 'arrived'));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_calendars"),
        ("catalogue", "0003_words_of_reasons"),
        ("intake", "0003_draft"),
        ("registry", "0004_redactable_readings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ticket",
            name="kind",
            field=models.CharField(
                choices=[("arrived", "Llegó"), ("walked_over", "Viene de otro módulo"), ("appointment", "Con hora")],
                default="arrived",
                max_length=12,
                verbose_name="cómo llegó",
            ),
        ),
        migrations.CreateModel(
            name="Agenda",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nombre")),
                (
                    "secrecy",
                    models.CharField(
                        choices=[("ordinary", "Ordinaria"), ("reserved", "Reservada"), ("restricted", "Restringida")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="reserva",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="cierre")),
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
                    "queue",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agendas",
                        to="intake.queue",
                        verbose_name="fila al llegar",
                    ),
                ),
                (
                    "site",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.site",
                        verbose_name="dependencia",
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
                "verbose_name": "agenda",
                "ordering": ["name", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AgendaHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None, verbose_name="días de la semana"
                    ),
                ),
                ("starts_at", models.TimeField(verbose_name="desde")),
                ("ends_at", models.TimeField(verbose_name="hasta")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutos de cada hora")),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="personas por hora")),
                ("from_on", models.DateField(verbose_name="primer día")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="último día")),
                (
                    "agenda",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="intake.agenda",
                        verbose_name="agenda",
                    ),
                ),
                (
                    "desk",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.desk",
                        verbose_name="módulo",
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
            ],
            options={
                "verbose_name": "horario de agenda",
                "verbose_name_plural": "horarios de agenda",
                "ordering": ["starts_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="lugar")),
                ("day", models.DateField(verbose_name="día")),
                ("starts_at", models.DateTimeField(verbose_name="hora")),
                ("ends_at", models.DateTimeField(verbose_name="hasta")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nombre")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="teléfono")),
                ("about", models.CharField(blank=True, max_length=120, verbose_name="para qué")),
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
                        default="in_person",
                        max_length=12,
                        verbose_name="canal",
                    ),
                ),
                ("notes", models.CharField(blank=True, max_length=300, verbose_name="notas")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Reservada"),
                            ("arrived", "Llegó"),
                            ("attended", "Atendida"),
                            ("no_show", "No vino"),
                            ("left", "Quedó sin atender"),
                            ("cancelled", "Cancelada"),
                            ("moved", "Cambiada"),
                        ],
                        default="booked",
                        max_length=10,
                        verbose_name="estado",
                    ),
                ),
                ("booked_at", models.DateTimeField(verbose_name="se dio")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="llegó")),
                (
                    "cancelled_by",
                    models.CharField(
                        blank=True,
                        choices=[("person", "La persona"), ("office", "La oficina")],
                        max_length=8,
                        verbose_name="quién canceló",
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="por qué terminó")),
                (
                    "reminder",
                    models.CharField(
                        blank=True,
                        choices=[("told", "Avisada"), ("no_answer", "No contesta")],
                        max_length=10,
                        verbose_name="recordatorio",
                    ),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="se llamó")),
                ("submission_id", models.UUIDField(null=True, verbose_name="envío")),
                (
                    "agenda",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="intake.agenda",
                        verbose_name="agenda",
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la dio",
                    ),
                ),
                (
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="intake.consultation",
                        verbose_name="consulta",
                    ),
                ),
                (
                    "hours",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="intake.agendahours",
                        verbose_name="horario",
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
                    "moved_from",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_to",
                        to="intake.appointment",
                        verbose_name="viene de",
                    ),
                ),
                (
                    "person",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="registry.person",
                        verbose_name="persona",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.reason",
                        verbose_name="motivo",
                    ),
                ),
            ],
            options={
                "verbose_name": "cita",
                "ordering": ["starts_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="appointment",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="intake.appointment",
                verbose_name="cita",
            ),
        ),
        migrations.CreateModel(
            name="AppointmentStep",
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
                            ("booked", "Reservada"),
                            ("arrived", "Llegó"),
                            ("attended", "Atendida"),
                            ("no_show", "No vino"),
                            ("left", "Quedó sin atender"),
                            ("cancelled", "Cancelada"),
                            ("moved", "Cambiada"),
                        ],
                        max_length=10,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("booked", "Reservada"),
                            ("arrived", "Llegó"),
                            ("attended", "Atendida"),
                            ("no_show", "No vino"),
                            ("left", "Quedó sin atender"),
                            ("cancelled", "Cancelada"),
                            ("moved", "Cambiada"),
                        ],
                        max_length=10,
                        verbose_name="hacia",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="motivo")),
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
                    "appointment",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="intake.appointment",
                        verbose_name="cita",
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
                "verbose_name": "paso de la cita",
                "verbose_name_plural": "pasos de la cita",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="agenda",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("institution", "site", "name"),
                name="one_agenda_per_name",
                violation_error_message="Ya hay una agenda con ese nombre en la dependencia.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendahours",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("ends_at__gt", models.F("starts_at")), ("minutes__gte", 1)),
                name="agenda_hours_make_sense",
                violation_error_message="La hora de término debe ser posterior a la de inicio.",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["institution", "agenda", "day"], name="appointment_by_agenda"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["institution", "person", "starts_at"], name="appointment_by_person"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state", "booked")), fields=["institution", "day"], name="appointment_booked_by_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                fields=("institution", "submission_id"), name="one_appointment_per_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cancelled", "moved"]), _negated=True),
                fields=("institution", "hours", "starts_at", "place"),
                name="one_appointment_per_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("moved_from__isnull", False)),
                fields=("institution", "moved_from"),
                name="one_appointment_after_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("person__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"),
                name="appointment_is_somebodys",
                violation_error_message="La hora se da a una persona, o a un nombre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), models.Q(("cancelled_by", ""), _negated=True)),
                    models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_by", "")),
                    _connector="OR",
                ),
                name="cancelled_by_somebody",
                violation_error_message="Una cita cancelada dice quién la canceló.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="appointment_lasts"
            ),
        ),
        TenantTable("Agenda"),
        TenantTable("AgendaHours"),
        TenantTable("Appointment"),
        TenantTable("AppointmentStep"),
        TenantReference("Ticket", "appointment"),
        migrations.RunSQL(NOBODY_TWICE_AT_ONCE, migrations.RunSQL.noop),
    ]
