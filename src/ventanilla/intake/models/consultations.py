"""One contact of a neighbour with the municipality, from its start to its last answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Desk, Posting, Site, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging, Taken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.states import TONES, Channel, ConsultationState, Requester
from ventanilla.intake.third_parties import Evidence, Quality
from ventanilla.registry.models import Person
from ventanilla.registry.models.people import within_secrecy
from ventanilla.registry.vocabulary import Rurality, Sex


class ConsultationQuerySet(TenantQuerySet["Consultation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Within the actor's secrecy; a restricted one is for its operator and those named."""
        named = Exists(ConsultationReader.objects.filter(consultation=OuterRef("pk"), account=actor.account_id))
        return super().visible_to(actor).filter(within_secrecy(actor, named=Q(named)))

    def open(self) -> Self:
        """Not yet answered in every line."""
        return self.filter(
            state__in=[ConsultationState.WAITING, ConsultationState.IN_ATTENTION, ConsultationState.ATTENDED]
        )

    def in_attention(self) -> Self:
        return self.filter(state=ConsultationState.IN_ATTENTION)

    def of_unit(self, unit_id: UUID | None) -> Self:
        return self.filter(unit_id=unit_id)

    def newest_first(self) -> Self:
        return self.order_by("-occurred_at", "-id")

    def with_lines(self) -> Self:
        return self.select_related("unit").prefetch_related("lines")


class Consultation(TenantModel):
    """A contact: who came, through which channel, for which reasons, attended by whom, and how it ended."""

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (
        Hanging(
            "person",
            Taken.REFUSES,
            sentence="Un mismo operador las tiene en atención a las dos. Que termine antes una de esas atenciones.",
        ),
    )

    folio = models.CharField("folio", max_length=16)
    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name="persona"
    )
    requester = models.CharField("quién consulta", max_length=12, choices=Requester, default=Requester.SELF)
    requester_detail = models.CharField("quién es", max_length=120, blank=True)
    requester_quality = models.CharField(
        "en qué calidad", max_length=12, choices=Quality, blank=True, default="", db_default=""
    )
    requester_evidence = models.CharField(
        "con qué lo acredita", max_length=12, choices=Evidence, blank=True, default="", db_default=""
    )
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.IN_PERSON)
    state = models.CharField("estado", max_length=14, choices=ConsultationState, default=ConsultationState.IN_ATTENTION)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad")
    site = TenantForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dependencia")
    desk = TenantForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="módulo")
    recorded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="operador/a"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    continues = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="continúa a"
    )
    notes = models.TextField("notas", max_length=4000, blank=True)
    notes_secrecy = models.CharField("reserva de las notas", max_length=10, choices=Secrecy, blank=True)
    """The most secret level beside which the notes and who asked have stood."""
    occurred_at = models.DateTimeField("ocurrió")
    recorded_at = models.DateTimeField("se registró")
    attended_at = models.DateTimeField("atendida", null=True, blank=True)
    resolved_at = models.DateTimeField("finalizada", null=True, blank=True)
    voided_at = models.DateTimeField("anulada", null=True, blank=True)
    void_reason = models.CharField("motivo de anulación", max_length=300, blank=True)
    submission_id = models.UUIDField("envío", null=True)
    # What was attended on paper: it counts on the day it happened and its duration is not known (ADR 0024).
    sheet = models.CharField("hoja", max_length=20, blank=True, default="", db_default="")
    sheet_day = models.DateField("día de la hoja", null=True)
    attended_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="quién atendió"
    )
    """Whoever wrote the sheet, when it was not ``recorded_by``."""
    version = models.PositiveIntegerField("versión", default=1)

    # Frozen when attended, so that the figures of a past month can be recomputed for ever.
    age_group = models.CharField("tramo de edad", max_length=8, blank=True)
    sex = models.CharField("sexo", max_length=6, choices=Sex, blank=True)
    rurality = models.CharField("ruralidad", max_length=5, choices=Rurality, blank=True)
    bracket = models.PositiveSmallIntegerField("tramo del RSH", null=True)
    bracket_as_of = models.DateField("fecha del tramo", null=True)
    unit_functions = models.CharField("funciones de la unidad", max_length=200, blank=True)
    index_groups = models.CharField("grupos de índice", max_length=200, blank=True)

    reason_names: Sequence[str]
    """The names of its reasons in order, where ``reading.for_lists`` brought it."""

    objects = ConsultationQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "consulta"
        constraints = [
            models.UniqueConstraint(fields=["institution", "folio"], name="one_consultation_per_folio"),
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_consultation_per_submission"),
            models.UniqueConstraint(
                fields=["institution", "person", "recorded_by"],
                condition=Q(state="in_attention"),
                name="one_open_consultation_per_operator",
                violation_error_message="Usted ya tiene en atención a esta persona.",
            ),
            models.UniqueConstraint(
                fields=["institution", "sheet_day", "sheet"],
                condition=Q(sheet_day__isnull=False) & ~Q(state="voided"),
                name="one_consultation_per_sheet",
                violation_error_message="Esa hoja de ese día ya está anotada.",
            ),
            models.CheckConstraint(
                name="sheet_has_its_day",
                condition=Q(sheet="", sheet_day__isnull=True) | ~Q(sheet="") & Q(sheet_day__isnull=False),
                violation_error_message="Una hoja lleva el día en que se escribió.",
            ),
            models.CheckConstraint(
                name="attended_iff_attended_at",
                condition=Q(state__in=["attended", "resolved"], attended_at__isnull=False)
                | Q(state__in=["waiting", "in_attention", "abandoned"], attended_at__isnull=True)
                | Q(state="voided"),
                violation_error_message="Una consulta atendida lleva su hora de término.",
            ),
            models.CheckConstraint(
                name="resolved_iff_resolved_at",
                condition=Q(state="resolved", resolved_at__isnull=False)
                | (~Q(state__in=["resolved", "voided"]) & Q(resolved_at__isnull=True))
                | Q(state="voided"),
                violation_error_message="Una atención finalizada lleva su fecha.",
            ),
            models.CheckConstraint(
                name="voided_with_reason",
                condition=(Q(state="voided") & Q(voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(state="voided") & Q(voided_at__isnull=True, void_reason="")),
                violation_error_message="Una consulta anulada lleva su motivo.",
            ),
            models.CheckConstraint(
                name="attended_after_it_began",
                condition=Q(attended_at__isnull=True) | Q(attended_at__gte=models.F("occurred_at")),
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
        ]
        indexes = [
            # In the whole order of the lists: what they show is read, and nothing of what comes after.
            models.Index(fields=["institution", "unit", "-occurred_at", "-id"], name="consultation_by_unit"),
            models.Index(fields=["institution", "person", "-occurred_at", "-id"], name="consultation_by_person"),
            models.Index(
                fields=["institution", "unit", "-occurred_at", "-id"],
                name="consultation_open_by_unit",
                condition=Q(state__in=["waiting", "in_attention", "attended"]),
            ),
            models.Index(fields=["institution", "recorded_by", "-occurred_at", "-id"], name="consultation_by_operator"),
        ]

    def __str__(self) -> str:
        return f"Consulta {self.folio}"

    def get_absolute_url(self) -> str:
        return reverse("intake:consultation", args=[self.pk])

    @property
    def is_in_attention(self) -> bool:
        return self.state == ConsultationState.IN_ATTENTION

    @property
    def tone(self) -> str:
        return TONES[ConsultationState(self.state)]

    @property
    def is_deferred(self) -> bool:
        """Written down from paper, or by more than an hour later than it happened."""
        return bool(self.sheet) or self.recorded_at - self.occurred_at > timedelta(hours=1)

    @property
    def age_then(self) -> int | None:
        """The person's on the day of the contact; None when it or she is not known."""
        return self.person.age_on(timezone.localtime(self.occurred_at).date()) if self.person else None

    @property
    def handling_minutes(self) -> int | None:
        """None while it goes on, and of what was attended on paper."""
        if self.sheet:
            return None
        return round((self.attended_at - self.occurred_at).total_seconds() / 60) if self.attended_at else None


class Transition(TenantModel):
    """One step of a consultation's life: from, to, when, by whom, in which posting, why."""

    append_only: ClassVar[bool] = True

    consultation = TenantForeignKey(Consultation, models.PROTECT, related_name="transitions", verbose_name="consulta")
    before = models.CharField("desde", max_length=14, choices=ConsultationState, blank=True)
    after = models.CharField("hacia", max_length=14, choices=ConsultationState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    reason = models.CharField("motivo", max_length=300, blank=True)

    objects = TenantQuerySet["Transition"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de la consulta"
        verbose_name_plural = "pasos de la consulta"
        ordering = ["at", "id"]


class ConsultationReader(TenantModel):
    """Somebody named to see a restricted consultation besides its operator."""

    consultation = TenantForeignKey(Consultation, models.PROTECT, related_name="readers", verbose_name="consulta")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="cuenta")

    objects = TenantQuerySet["ConsultationReader"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "persona autorizada a ver la consulta"
        verbose_name_plural = "personas autorizadas a ver la consulta"
        constraints = [
            models.UniqueConstraint(fields=["institution", "consultation", "account"], name="one_row_per_reader")
        ]
