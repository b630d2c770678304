import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.conf import settings
from django.db import migrations, models
from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_territory"),
        ("intake", "0001_initial"),
        ("registry", "0003_readings_naming"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nombre")),
                ("letter", models.CharField(max_length=2, verbose_name="letra")),
                ("opens_at", models.TimeField(blank=True, null=True, verbose_name="da números desde")),
                ("closes_at", models.TimeField(blank=True, null=True, verbose_name="da números hasta")),
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
                "verbose_name": "fila",
                "ordering": ["letter", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DeskQueue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "desk",
                    ventanilla.access.tenancy.TenantForeignKey(
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
                (
                    "queue",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="served_by",
                        to="intake.queue",
                        verbose_name="fila",
                    ),
                ),
            ],
            options={
                "verbose_name": "fila del módulo",
                "verbose_name_plural": "filas del módulo",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="día")),
                ("letter", models.CharField(max_length=2, verbose_name="letra")),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                (
                    "kind",
                    models.CharField(
                        choices=[("arrived", "Llegó"), ("walked_over", "Viene de otro módulo")],
                        default="arrived",
                        max_length=12,
                        verbose_name="cómo llegó",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("disability", "Persona con discapacidad"),
                            ("carer", "Persona cuidadora"),
                            ("pregnancy", "Embarazo"),
                            ("age", "60 años o más"),
                            ("urgency", "Urgencia"),
                        ],
                        max_length=12,
                        verbose_name="preferencia",
                    ),
                ),
                ("priority_evidence", models.CharField(blank=True, max_length=120, verbose_name="cómo se acreditó")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "En espera"),
                            ("called", "Llamado"),
                            ("attending", "En atención"),
                            ("done", "Atendido"),
                            ("no_show", "No se presentó"),
                            ("left", "Quedó sin atender"),
                            ("handed_over", "Pasó a otra fila"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="estado",
                    ),
                ),
                ("calls", models.PositiveSmallIntegerField(default=0, verbose_name="veces llamado")),
                ("arrived_at", models.DateTimeField(verbose_name="llegó")),
                ("recorded_at", models.DateTimeField(verbose_name="se registró")),
                ("called_at", models.DateTimeField(blank=True, null=True, verbose_name="llamado")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="empezó la atención")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="terminó")),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="volvió")),
                ("submission_id", models.UUIDField(null=True, verbose_name="envío")),
                (
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="intake.consultation",
                        verbose_name="consulta",
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
                    "handed_from",
                    ventanilla.access.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_to",
                        to="intake.ticket",
                        verbose_name="viene de",
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
                        related_name="tickets",
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
                    "priority_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quién la decidió",
                    ),
                ),
                (
                    "queue",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="intake.queue",
                        verbose_name="fila",
                    ),
                ),
            ],
            options={
                "verbose_name": "número de atención",
                "verbose_name_plural": "números de atención",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TicketCounter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="día")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="último")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.queue",
                        verbose_name="fila",
                    ),
                ),
            ],
            options={
                "verbose_name": "contador de números",
                "verbose_name_plural": "contadores de números",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TicketStep",
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
                            ("waiting", "En espera"),
                            ("called", "Llamado"),
                            ("attending", "En atención"),
                            ("done", "Atendido"),
                            ("no_show", "No se presentó"),
                            ("left", "Quedó sin atender"),
                            ("handed_over", "Pasó a otra fila"),
                        ],
                        max_length=12,
                        verbose_name="desde",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("waiting", "En espera"),
                            ("called", "Llamado"),
                            ("attending", "En atención"),
                            ("done", "Atendido"),
                            ("no_show", "No se presentó"),
                            ("left", "Quedó sin atender"),
                            ("handed_over", "Pasó a otra fila"),
                        ],
                        max_length=12,
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
                    "desk",
                    ventanilla.access.tenancy.TenantForeignKey(
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
                    "ticket",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="intake.ticket",
                        verbose_name="número",
                    ),
                ),
            ],
            options={
                "verbose_name": "paso del número",
                "verbose_name_plural": "pasos del número",
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="WallDisplay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="resumen")),
                ("created_at", models.DateTimeField(verbose_name="creada")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="anulada")),
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
                    "site",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.site",
                        verbose_name="dependencia",
                    ),
                ),
            ],
            options={
                "verbose_name": "pantalla de sala",
                "verbose_name_plural": "pantallas de sala",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("institution", "site", "letter"),
                name="one_queue_per_letter",
                violation_error_message="Ya hay una fila con esa letra en la dependencia.",
            ),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__isnull", True),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="queue_hours_in_order",
                violation_error_message="La hora de término debe ser posterior a la de inicio.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deskqueue",
            constraint=models.UniqueConstraint(fields=("institution", "desk", "queue"), name="one_row_per_desk_queue"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["institution", "queue", "arrived_at"], name="ticket_by_queue"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("called_at__isnull", False)),
                fields=["institution", "queue", "called_at"],
                name="ticket_called_by_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                fields=("institution", "submission_id"), name="one_ticket_per_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "handed_over"), _negated=True),
                fields=("institution", "queue", "day", "letter", "number"),
                name="one_ticket_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["called", "attending"])),
                fields=("institution", "desk", "day"),
                name="one_ticket_at_a_desk",
                violation_error_message="Ese módulo ya tiene a alguien.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority", ""), ("priority_by__isnull", False), _connector="OR"),
                name="priority_decided_by_somebody",
                violation_error_message="Una preferencia lleva quién la decidió.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketcounter",
            constraint=models.UniqueConstraint(
                fields=("institution", "queue", "day"), name="one_counter_per_queue_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="walldisplay",
            constraint=models.UniqueConstraint(fields=("institution", "digest"), name="one_display_per_address"),
        ),
        TenantTable("Queue"),
        TenantTable("DeskQueue"),
        TenantTable("TicketCounter"),
        TenantTable("Ticket"),
        TenantTable("TicketStep"),
        TenantTable("WallDisplay"),
    ]
