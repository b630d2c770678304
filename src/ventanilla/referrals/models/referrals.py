"""Referrals: who was sent where, for which reasons, with what, until when, and how it was answered."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Function, Posting, Provider, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.referrals.models.protocols import ProtocolVersion
from ventanilla.referrals.states import (
    MARKS,
    OPEN,
    TONES,
    WITH_RECEIVER,
    AnswerOutcome,
    NextStep,
    ReferralEvent,
    ReferralKind,
    ReferralState,
)
from ventanilla.registry.models import Person


class ReferralQuerySet(TenantQuerySet["Referral"]):
    def visible_to(self, actor: Actor) -> Self:
        """Ordinary: all. Reserved: both units and the UAS. Restricted: whoever sent it and whoever it was sent to."""
        party = Q(pk__in=[])
        if actor.unit_id:
            party = Q(from_unit=actor.unit_id) | Q(to_unit=actor.unit_id)
        reserved = Q(secrecy=Secrecy.RESERVED) & (Q() if actor.is_uas else party)
        restricted = Q(pk__in=[])
        if actor.account_id:
            restricted = Q(sent_by=actor.account_id) | Q(assigned_to=actor.account_id)
        return (
            super()
            .visible_to(actor)
            .filter(Q(secrecy=Secrecy.ORDINARY) | reserved | (Q(secrecy=Secrecy.RESTRICTED) & restricted))
        )

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def ended(self) -> Self:
        return self.exclude(state__in=sorted(OPEN))

    def sent_to(self, unit_id: UUID | None) -> Self:
        return self.filter(to_unit=unit_id) if unit_id else self.none()

    def sent_from(self, unit_id: UUID | None) -> Self:
        return self.filter(from_unit=unit_id) if unit_id else self.none()

    def of_party(self, unit_id: UUID | None) -> Self:
        """Those that the unit sent or received."""
        return self.filter(Q(from_unit=unit_id) | Q(to_unit=unit_id)) if unit_id else self.none()

    def soonest_first(self) -> Self:
        return self.order_by("due_on", "id")


class Referral(TenantModel):
    """Somebody sent from one unit to another, to a colleague of the same or to a provider, for one or more reasons.

    ``title`` is what its reasons were called, ``packet`` what travelled of her: both as they were when it was sent.
    ``due_on`` is the next day by which something is due: that it is accepted, answered or, returned, completed.
    """

    blocked_by: ClassVar[str | None] = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person"),)

    folio = models.CharField("folio", max_length=16)
    person = TenantForeignKey(Person, models.PROTECT, related_name="referrals", verbose_name="persona")
    consultation = TenantForeignKey(
        Consultation, models.PROTECT, related_name="referrals", verbose_name="consulta de origen"
    )
    protocol = TenantForeignKey(
        ProtocolVersion, models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name="protocolo"
    )
    kind = models.CharField("tipo", max_length=16, choices=ReferralKind)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    from_unit = TenantForeignKey(Unit, models.PROTECT, related_name="referrals_sent", verbose_name="unidad que deriva")
    to_unit = TenantForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals_received",
        verbose_name="unidad que recibe",
    )
    to_provider = TenantForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals_received",
        verbose_name="prestador que recibe",
    )
    to_function = models.ForeignKey(
        Function, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="función a la que se envió"
    )
    """When it was sent to whoever has a function, and the unit is the one that has it."""
    title = models.CharField("motivos", max_length=300)
    asked = models.TextField("qué se pide", max_length=1000)
    is_urgent = models.BooleanField("urgente", default=False)
    urgency = models.CharField("por qué es urgente", max_length=300, blank=True)
    packet = models.JSONField("datos que viajaron", default=list)
    papers = models.TextField("antecedentes entregados", max_length=1000, blank=True)

    state = models.CharField("estado", max_length=12, choices=ReferralState, default=ReferralState.SENT)
    sent_at = models.DateTimeField("enviada")
    sent_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="enviada por"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    received_at = models.DateTimeField("recibida", null=True, blank=True)
    accepted_at = models.DateTimeField("aceptada", null=True, blank=True)
    ended_at = models.DateTimeField("terminada", null=True, blank=True)
    accept_by = models.DateField("aceptar hasta")
    answer_by = models.DateField("responder hasta")
    expires_on = models.DateField("caduca el")
    due_on = models.DateField("plazo")
    appointed_at = models.DateTimeField("hora dada", null=True, blank=True)
    tell_by = models.DateField("avisarle hasta", null=True, blank=True)
    """By when its origin is to tell the neighbour of the answer, or of the hour she was given."""
    wanting = models.CharField("antecedentes que faltan", max_length=500, blank=True)
    assigned_to = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="a cargo de"
    )
    reminded_for = models.DateField("plazo recordado", null=True, blank=True)
    late_for = models.DateField("plazo dado por vencido", null=True, blank=True)
    submission_id = models.UUIDField("envío", null=True)
    version = models.PositiveIntegerField("cambio", default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "derivación"
        verbose_name_plural = "derivaciones"
        constraints = [
            models.UniqueConstraint(fields=["institution", "folio"], name="one_referral_per_folio"),
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_referral_per_submission"),
            models.CheckConstraint(
                name="referral_has_one_receiver",
                condition=Q(to_unit__isnull=False, to_provider__isnull=True)
                | Q(to_unit__isnull=True, to_provider__isnull=False),
                violation_error_message="Una derivación tiene quien la recibe: una unidad o un prestador.",
            ),
            models.CheckConstraint(
                name="referral_terms_in_order",
                condition=Q(answer_by__gte=models.F("accept_by"), expires_on__gte=models.F("answer_by")),
                violation_error_message="Los plazos van en orden: aceptar, responder, caducar.",
            ),
            models.CheckConstraint(
                name="referral_ended_iff_not_open",
                condition=Q(state__in=sorted(OPEN), ended_at__isnull=True)
                | ~Q(state__in=sorted(OPEN)) & Q(ended_at__isnull=False),
                violation_error_message="Una derivación terminada dice cuándo terminó.",
            ),
            models.CheckConstraint(
                name="urgent_referral_says_why",
                condition=Q(is_urgent=False) | ~Q(urgency=""),
                violation_error_message="Escriba por qué es urgente.",
            ),
            models.CheckConstraint(
                name="returned_referral_says_what_is_wanting",
                condition=~Q(state="returned") | ~Q(wanting=""),
                violation_error_message="Escriba qué antecedentes faltan.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "to_unit", "due_on", "id"],
                name="referral_in_by_term",
                condition=Q(state__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["institution", "from_unit", "due_on", "id"],
                name="referral_out_by_term",
                condition=Q(state__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["institution", "assigned_to", "due_on", "id"],
                name="referral_in_hand",
                condition=Q(state__in=sorted(OPEN), assigned_to__isnull=False),
            ),
            models.Index(fields=["institution", "to_unit", "-ended_at", "-id"], name="referral_in_ended"),
            models.Index(fields=["institution", "from_unit", "-ended_at", "-id"], name="referral_out_ended"),
            models.Index(
                fields=["institution", "from_unit", "tell_by", "id"],
                name="referral_to_tell",
                condition=Q(tell_by__isnull=False),
            ),
            models.Index(fields=["institution", "person", "-sent_at"], name="referral_by_person"),
        ]

    def __str__(self) -> str:
        return self.folio

    def get_absolute_url(self) -> str:
        return reverse("referrals:referral", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_outside(self) -> bool:
        """Whether it went to somebody who has no account here."""
        return self.to_provider_id is not None

    @property
    def is_exchanged(self) -> bool:
        """Whether it went to another institution of the platform, which answers there."""
        return self.to_provider is not None and self.to_provider.partner_id is not None

    @property
    def receiver(self) -> Unit | Provider:
        found = self.to_unit or self.to_provider
        assert found  # held by referral_has_one_receiver
        return found

    @property
    def is_with_receiver(self) -> bool:
        return self.state in WITH_RECEIVER

    @property
    def tone(self) -> str:
        return TONES[ReferralState(self.state)]


class ReferralLine(TenantModel):
    """A reason of a consultation that a referral carries."""

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="lines", verbose_name="derivación")
    line = TenantForeignKey(ReasonLine, models.PROTECT, related_name="referred", verbose_name="motivo")

    objects = TenantQuerySet["ReferralLine"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "motivo derivado"
        verbose_name_plural = "motivos derivados"
        constraints = [
            models.UniqueConstraint(fields=["institution", "referral", "line"], name="one_row_per_referred_line")
        ]


class ReferralStep(TenantModel):
    """What happened in a referral: from which state to which (or the same), when, by whom, what was said.

    ``said_by`` is who said it outside: alone when it came by a link, with an account when a desk wrote it down.
    """

    append_only: ClassVar[bool] = True

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="steps", verbose_name="derivación")
    event = models.CharField("qué pasó", max_length=10, choices=ReferralEvent)
    before = models.CharField("desde", max_length=12, choices=ReferralState, blank=True)
    after = models.CharField("hacia", max_length=12, choices=ReferralState)
    note = models.CharField("detalle", max_length=500, blank=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    said_by = models.CharField("lo dijo", max_length=160, blank=True)

    objects = TenantQuerySet["ReferralStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de la derivación"
        verbose_name_plural = "pasos de la derivación"
        ordering = ["at", "id"]

    @property
    def icon(self) -> str:
        return MARKS[ReferralEvent(self.event)][0]

    @property
    def tone(self) -> str:
        return MARKS[ReferralEvent(self.event)][1]


class CounterReferral(TenantModel):
    """The answer to a referral. One that was opened again has another, and the newest is the one that stands."""

    append_only: ClassVar[bool] = True

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="answers", verbose_name="derivación")
    outcome = models.CharField("resultado", max_length=12, choices=AnswerOutcome)
    done = models.TextField("qué se hizo", max_length=2000)
    next_step = models.CharField("próximo paso", max_length=14, choices=NextStep, default=NextStep.NONE)
    next_on = models.DateField("desde cuándo", null=True, blank=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    said_by = models.CharField("lo dijo", max_length=160, blank=True)

    objects = TenantQuerySet["CounterReferral"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "contrarreferencia"
        ordering = ["at", "id"]
