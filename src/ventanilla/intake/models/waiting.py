"""The waiting room: its queues, the numbers given in them, the screen on the wall."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Desk, Posting, Site, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.waiting.rules import kept_her_hour, minutes_between
from ventanilla.intake.waiting.states import AT_A_DESK, TICKET_TONES, Priority, TicketKind, TicketState
from ventanilla.registry.models import Person

ROOM_LASTS = timedelta(hours=12)
"""A number lives this long from its arrival, whatever the clock on the wall does at midnight or in April."""


class QueueQuerySet(TenantQuerySet["Queue"]):
    def in_use(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def served_by(self, desk: Desk) -> Self:
        return self.filter(pk__in=DeskQueue.objects.filter(desk=desk).values("queue_id"))


class Queue(TenantModel):
    """A line of people at a site, called by the desks that serve it; its letter begins each number."""

    site = TenantForeignKey(Site, models.PROTECT, related_name="+", verbose_name="dependencia")
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad")
    name = models.CharField("nombre", max_length=60)
    letter = models.CharField("letra", max_length=2)
    opens_at = models.TimeField("da números desde", null=True, blank=True)
    closes_at = models.TimeField("da números hasta", null=True, blank=True)
    closed_on = models.DateField("cierre", null=True, blank=True)

    objects = QueueQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "fila"
        ordering = ["letter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "site", "letter"],
                condition=Q(closed_on__isnull=True),
                name="one_queue_per_letter",
                violation_error_message="Ya hay una fila con esa letra en la dependencia.",
            ),
            models.CheckConstraint(
                name="queue_hours_in_order",
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message="La hora de término debe ser posterior a la de inicio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} · {self.name}"


class DeskQueue(TenantModel):
    """That a desk calls from a queue; through several queues it serves several units."""

    desk = TenantForeignKey(Desk, models.PROTECT, related_name="+", verbose_name="módulo")
    queue = TenantForeignKey(Queue, models.PROTECT, related_name="served_by", verbose_name="fila")

    objects = TenantQuerySet["DeskQueue"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "fila del módulo"
        verbose_name_plural = "filas del módulo"
        constraints = [models.UniqueConstraint(fields=["institution", "desk", "queue"], name="one_row_per_desk_queue")]


class TicketCounter(TenantModel):
    """The last number given in a queue on a day of the institution."""

    queue = TenantForeignKey(Queue, models.PROTECT, related_name="+", verbose_name="fila")
    day = models.DateField("día")
    last = models.PositiveIntegerField("último", default=0)

    objects = TenantQuerySet["TicketCounter"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "contador de números"
        verbose_name_plural = "contadores de números"
        constraints = [
            models.UniqueConstraint(fields=["institution", "queue", "day"], name="one_counter_per_queue_day")
        ]


class TicketQuerySet(TenantQuerySet["Ticket"]):
    def at(self, site: Site) -> Self:
        return self.filter(queue__site_id=site.pk)

    def in_room(self, now: datetime) -> Self:
        """Those that may still be called or attended: by hours since they arrived, never by the date."""
        return self.filter(arrived_at__gt=now - ROOM_LASTS)

    def waiting(self) -> Self:
        return self.filter(state=TicketState.WAITING)

    def at_a_desk(self) -> Self:
        return self.filter(state__in=AT_A_DESK)

    def unfinished_before(self, now: datetime) -> Self:
        """Those that nobody called or finished while they lived."""
        return self.filter(state__in=[TicketState.WAITING, *AT_A_DESK], arrived_at__lte=now - ROOM_LASTS)


class Ticket(TenantModel):
    """A number in a queue: who holds it (if she said), why she goes first (if she does), and how it ended."""

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person"),)

    queue = TenantForeignKey(Queue, models.PROTECT, related_name="tickets", verbose_name="fila")
    day = models.DateField("día")
    letter = models.CharField("letra", max_length=2)
    number = models.PositiveIntegerField("número")
    kind = models.CharField("cómo llegó", max_length=12, choices=TicketKind, default=TicketKind.ARRIVED)
    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="persona"
    )
    priority = models.CharField("preferencia", max_length=12, choices=Priority, blank=True)
    priority_evidence = models.CharField("cómo se acreditó", max_length=120, blank=True)
    priority_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="quién la decidió"
    )
    state = models.CharField("estado", max_length=12, choices=TicketState, default=TicketState.WAITING)
    desk = TenantForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="módulo")
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    """Of whoever called it."""
    calls = models.PositiveSmallIntegerField("veces llamado", default=0)
    arrived_at = models.DateTimeField("llegó")
    recorded_at = models.DateTimeField("se registró")
    called_at = models.DateTimeField("llamado", null=True, blank=True)
    started_at = models.DateTimeField("empezó la atención", null=True, blank=True)
    finished_at = models.DateTimeField("terminó", null=True, blank=True)
    returned_at = models.DateTimeField("volvió", null=True, blank=True)
    handed_from = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_to", verbose_name="viene de"
    )
    consultation = TenantForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="consulta"
    )
    appointment = TenantForeignKey(
        "intake.Appointment", models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="cita"
    )
    submission_id = models.UUIDField("envío", null=True)

    objects = TicketQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "número de atención"
        verbose_name_plural = "números de atención"
        constraints = [
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_ticket_per_submission"),
            models.UniqueConstraint(
                fields=["institution", "queue", "day", "letter", "number"],
                condition=~Q(state="handed_over"),
                name="one_ticket_per_number",
            ),
            models.UniqueConstraint(
                fields=["institution", "desk", "day"],
                condition=Q(state__in=["called", "attending"]),
                name="one_ticket_at_a_desk",
                violation_error_message="Ese módulo ya tiene a alguien.",
            ),
            models.CheckConstraint(
                name="priority_decided_by_somebody",
                condition=Q(priority="") | Q(priority_by__isnull=False),
                violation_error_message="Una preferencia lleva quién la decidió.",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "queue", "arrived_at"], name="ticket_by_queue"),
            models.Index(
                fields=["institution", "queue", "called_at"],
                name="ticket_called_by_queue",
                condition=Q(called_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """«A-017»: what is printed, shown on the wall and said aloud."""
        return f"{self.letter}-{self.number:03d}"

    @property
    def tone(self) -> str:
        return TICKET_TONES[TicketState(self.state)]

    @property
    def is_preferential(self) -> bool:
        return bool(self.priority)

    def hour_for(self, actor: Actor) -> datetime | None:
        """When her hour was, if she had one that the actor may know of."""
        if self.appointment is None or not self.appointment.agenda.is_open_to(actor):
            return None
        return self.appointment.starts_at

    @property
    def waited_minutes(self) -> int | None:
        """From the arrival to the attention; None while it has not begun. A clock set back makes no wait negative."""
        return minutes_between(self.arrived_at, self.started_at) if self.started_at else None

    @property
    def goes_first(self) -> bool:
        """By a preference, or by an hour that she kept."""
        return self.is_preferential or (
            self.appointment is not None and kept_her_hour(self.arrived_at, self.appointment.starts_at)
        )


class TicketStep(TenantModel):
    """One step of a number's life: from, to, when, by whom, at which desk, why. A recall is one too."""

    append_only: ClassVar[bool] = True

    ticket = TenantForeignKey(Ticket, models.PROTECT, related_name="steps", verbose_name="número")
    before = models.CharField("desde", max_length=12, choices=TicketState, blank=True)
    after = models.CharField("hacia", max_length=12, choices=TicketState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    desk = TenantForeignKey(Desk, models.PROTECT, null=True, related_name="+", verbose_name="módulo")
    reason = models.CharField("motivo", max_length=200, blank=True)

    objects = TenantQuerySet["TicketStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso del número"
        verbose_name_plural = "pasos del número"
        ordering = ["at", "id"]


class WallDisplay(TenantModel):
    """A screen on the wall of a site. Its address holds a random token, of which only the digest is kept."""

    site = TenantForeignKey(Site, models.PROTECT, related_name="+", verbose_name="dependencia")
    digest = models.CharField("resumen", max_length=64)
    created_at = models.DateTimeField("creada")
    revoked_at = models.DateTimeField("anulada", null=True, blank=True)

    objects = TenantQuerySet["WallDisplay"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "pantalla de sala"
        verbose_name_plural = "pantallas de sala"
        constraints = [models.UniqueConstraint(fields=["institution", "digest"], name="one_display_per_address")]
