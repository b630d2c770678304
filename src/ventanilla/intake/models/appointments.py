"""Hours given in advance: an agenda, the hours it offers every week, and who has one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Desk, Posting, Site, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.models import Reason
from ventanilla.core.hanging import Hanging
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.appointments.rules import Pattern
from ventanilla.intake.appointments.states import (
    APPOINTMENT_TONES,
    GIVEN_BACK,
    TO_COME,
    AppointmentState,
    CancelledBy,
    Reminder,
)
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.models.waiting import Queue
from ventanilla.intake.states import Channel
from ventanilla.registry.models import Person


def _open_to(actor: Actor, agenda: str = "") -> Q:
    """A reserved agenda is of its own unit and of the UAS: that somebody has an hour there is already telling."""
    allowed = Q((f"{agenda}secrecy", Secrecy.ORDINARY))
    if actor.is_uas:
        allowed |= Q((f"{agenda}secrecy", Secrecy.RESERVED))
    if actor.unit_id:
        allowed |= Q((f"{agenda}unit_id", actor.unit_id))
    return allowed


class AgendaQuerySet(TenantQuerySet["Agenda"]):
    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(_open_to(actor))

    def in_use(self) -> Self:
        return self.filter(closed_on__isnull=True)


class Agenda(TenantModel):
    """Hours that a unit gives in advance at a site; who comes at hers takes a number of the queue, if there is one."""

    site = TenantForeignKey(Site, models.PROTECT, related_name="+", verbose_name="dependencia")
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad")
    queue = TenantForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="agendas", verbose_name="fila al llegar"
    )
    name = models.CharField("nombre", max_length=60)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    closed_on = models.DateField("cierre", null=True, blank=True)

    objects = AgendaQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "agenda"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "site", "name"],
                condition=Q(closed_on__isnull=True),
                name="one_agenda_per_name",
                violation_error_message="Ya hay una agenda con ese nombre en la dependencia.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_to(self, actor: Actor) -> bool:
        """What ``visible_to`` asks, of one at hand."""
        is_hers = actor.unit_id is not None and self.unit_id == actor.unit_id
        return self.secrecy == Secrecy.ORDINARY or is_hers or (self.secrecy == Secrecy.RESERVED and actor.is_uas)


class AgendaHours(TenantModel):
    """The hours that an agenda offers every week, each for so many people; at one desk, or wherever there is room.

    What was given from them hangs on them, so they are never changed: they end, and others begin.
    """

    agenda = TenantForeignKey(Agenda, models.PROTECT, related_name="hours", verbose_name="agenda")
    desk = TenantForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="módulo")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="días de la semana")
    starts_at = models.TimeField("desde")
    ends_at = models.TimeField("hasta")
    minutes = models.PositiveSmallIntegerField("minutos de cada hora")
    capacity = models.PositiveSmallIntegerField("personas por hora")
    from_on = models.DateField("primer día")
    until_on = models.DateField("último día", null=True, blank=True)

    objects = TenantQuerySet["AgendaHours"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "horario de agenda"
        verbose_name_plural = "horarios de agenda"
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="agenda_hours_make_sense",
                condition=Q(ends_at__gt=models.F("starts_at"), minutes__gte=1, capacity__gte=1),
                violation_error_message="La hora de término debe ser posterior a la de inicio.",
            ),
        ]

    @property
    def pattern(self) -> Pattern:
        days = frozenset(self.weekdays)
        return Pattern(days, self.starts_at, self.ends_at, self.minutes, self.from_on, self.until_on)


class AppointmentQuerySet(TenantQuerySet["Appointment"]):
    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(_open_to(actor, "agenda__"))

    def booked(self) -> Self:
        return self.filter(state=AppointmentState.BOOKED)

    def on(self, day: date) -> Self:
        return self.filter(day=day)

    def holding(self) -> Self:
        """Those that take up a place of their hour."""
        return self.exclude(state__in=GIVEN_BACK)

    def to_come(self) -> Self:
        return self.filter(state__in=TO_COME)


class Appointment(TenantModel):
    """An hour given to somebody: to a person, or to a name and a telephone until she is found in the registry.

    ``place`` is which of the places of its hour it takes, so that PostgreSQL gives none twice. That nobody has two at
    once is held by ``one_hour_per_person``, an exclusion that Django does not know of (migration 0004).
    """

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person"),)

    agenda = TenantForeignKey(Agenda, models.PROTECT, related_name="appointments", verbose_name="agenda")
    hours = TenantForeignKey(AgendaHours, models.PROTECT, related_name="appointments", verbose_name="horario")
    place = models.PositiveSmallIntegerField("lugar")
    day = models.DateField("día")
    starts_at = models.DateTimeField("hora")
    ends_at = models.DateTimeField("hasta")
    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name="persona"
    )
    name = models.CharField("nombre", max_length=120, blank=True)
    phone = models.CharField("teléfono", max_length=40, blank=True)
    reason = TenantForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="motivo")
    about = models.CharField("para qué", max_length=120, blank=True)
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.IN_PERSON)
    notes = models.CharField("notas", max_length=300, blank=True)
    state = models.CharField("estado", max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    booked_at = models.DateTimeField("se dio")
    booked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="quién la dio"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    arrived_at = models.DateTimeField("llegó", null=True, blank=True)
    moved_from = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_to", verbose_name="viene de"
    )
    cancelled_by = models.CharField("quién canceló", max_length=8, choices=CancelledBy, blank=True)
    end_reason = models.CharField("por qué terminó", max_length=200, blank=True)
    reminder = models.CharField("recordatorio", max_length=10, choices=Reminder, blank=True)
    reminded_at = models.DateTimeField("se llamó", null=True, blank=True)
    consultation = TenantForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name="consulta"
    )
    submission_id = models.UUIDField("envío", null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "cita"
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_appointment_per_submission"),
            models.UniqueConstraint(
                fields=["institution", "hours", "starts_at", "place"],
                condition=~Q(state__in=["cancelled", "moved"]),
                name="one_appointment_per_place",
            ),
            models.UniqueConstraint(
                fields=["institution", "moved_from"],
                condition=Q(moved_from__isnull=False),
                name="one_appointment_after_another",
            ),
            models.CheckConstraint(
                name="appointment_is_somebodys",
                condition=Q(person__isnull=False) | ~Q(name=""),
                violation_error_message="La hora se da a una persona, o a un nombre.",
            ),
            models.CheckConstraint(
                name="cancelled_by_somebody",
                condition=Q(state="cancelled") & ~Q(cancelled_by="") | ~Q(state="cancelled") & Q(cancelled_by=""),
                violation_error_message="Una cita cancelada dice quién la canceló.",
            ),
            models.CheckConstraint(name="appointment_lasts", condition=Q(ends_at__gt=models.F("starts_at"))),
        ]
        indexes = [
            models.Index(fields=["institution", "agenda", "day"], name="appointment_by_agenda"),
            models.Index(fields=["institution", "person", "starts_at"], name="appointment_by_person"),
            models.Index(fields=["institution", "day"], name="appointment_booked_by_day", condition=Q(state="booked")),
        ]

    def __str__(self) -> str:
        return f"Hora de {self.who}"

    def get_absolute_url(self) -> str:
        return reverse("intake:appointment", args=[self.pk])

    @property
    def who(self) -> str:
        return self.person.full_name if self.person else self.name

    @property
    def subject(self) -> str:
        """What it is for, in what whoever receives her may read: a reason that was made reserved since is not said."""
        reason = self._told_reason
        return ": ".join(part for part in (reason.name if reason else "", self.about) if part)

    @property
    def papers(self) -> Sequence[str]:
        """What she should bring: the usual documents of a reason that may be said."""
        return self._told_reason.usual_documents if self._told_reason else ()

    @property
    def _told_reason(self) -> Reason | None:
        return self.reason if self.reason and self.reason.secrecy == Secrecy.ORDINARY else None

    @property
    def is_booked(self) -> bool:
        return self.state == AppointmentState.BOOKED

    @property
    def tone(self) -> str:
        return APPOINTMENT_TONES[AppointmentState(self.state)]

    def has_passed(self, now: datetime) -> bool:
        return self.starts_at <= now


class AppointmentStep(TenantModel):
    """One step of an appointment's life: from, to, when, by whom, why. A call to remind it is one too."""

    append_only: ClassVar[bool] = True

    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="steps", verbose_name="cita")
    before = models.CharField("desde", max_length=10, choices=AppointmentState, blank=True)
    after = models.CharField("hacia", max_length=10, choices=AppointmentState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    reason = models.CharField("motivo", max_length=200, blank=True)

    objects = TenantQuerySet["AppointmentStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de la cita"
        verbose_name_plural = "pasos de la cita"
        ordering = ["at", "id"]
