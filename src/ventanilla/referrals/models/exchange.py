"""What crosses from one institution of the platform to another: which referral went where, and what was done there."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ventanilla.access.actors import ATTENTION, Actor
from ventanilla.access.models import Account, Institution, Posting
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.ids import new_id
from ventanilla.core.secrecy import Secrecy
from ventanilla.core.tables import Retention, TableClass
from ventanilla.intake.models import Contact
from ventanilla.referrals.states import MARKS, OPEN, TO_ACCEPT, TONES, ReferralEvent, ReferralState


def receives(by: Actor) -> bool:
    """Whether what other institutions send comes to her unit: the one of attention, and the UAS."""
    return by.unit_id is not None and (by.is_uas or ATTENTION in by.unit_functions)


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def received_by(self, actor: Actor) -> Self:
        """Those that came to her unit; what is reserved, to the UAS. What is restricted is never sent."""
        if not receives(actor):
            return self.none()
        theirs = self.filter(receiver=actor.institution)
        return theirs if actor.is_uas else theirs.filter(secrecy=Secrecy.ORDINARY)

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def ended(self) -> Self:
        return self.exclude(state__in=sorted(OPEN))


class Exchange(models.Model):
    """That a referral of ``sender`` went to ``receiver``: seen by both, written by the first, nobody's data in it.

    ``state``, ``due_on`` and ``ended_at`` follow the referral by a trigger; all the rest is read from the referral,
    inside the institution that sent it, by whoever may answer it.
    """

    table_class: ClassVar[TableClass] = TableClass.EXCHANGE
    retention: ClassVar[Retention] = Retention.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        Institution, models.PROTECT, db_index=False, related_name="+", verbose_name="institución que envía"
    )
    receiver = models.ForeignKey(
        Institution, models.PROTECT, db_index=False, related_name="+", verbose_name="institución que recibe"
    )
    referral_id = models.UUIDField("derivación")
    folio = models.CharField("folio", max_length=16)
    title = models.CharField("motivos", max_length=300)
    from_unit = models.CharField("unidad que deriva", max_length=120)
    is_urgent = models.BooleanField("urgente", default=False)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy)
    state = models.CharField("estado", max_length=12, choices=ReferralState)
    due_on = models.DateField("plazo")
    sent_at = models.DateTimeField("enviada")
    ended_at = models.DateTimeField("terminada", null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "derivación entre instituciones"
        verbose_name_plural = "derivaciones entre instituciones"
        constraints = [
            models.UniqueConstraint(fields=["sender", "referral_id"], name="one_exchange_per_referral"),
            models.CheckConstraint(
                name="exchange_between_two",
                condition=~Q(sender=F("receiver")),
                violation_error_message="Dentro de la institución se deriva a una unidad.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "due_on", "id"], name="exchange_by_term", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index(fields=["receiver", "-ended_at", "-id"], name="exchange_ended"),
        ]

    def __str__(self) -> str:
        return self.folio

    def get_absolute_url(self) -> str:
        return reverse("referrals:received", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_to_accept(self) -> bool:
        return self.state in TO_ACCEPT

    @property
    def tone(self) -> str:
        return TONES[ReferralState(self.state)]


class ExchangeStep(TenantModel):
    """What somebody of the institution that received a referral did with it, in its own record.

    ``contact`` is the one it became when it is attended here.
    """

    append_only: ClassVar[bool] = True

    exchange = models.ForeignKey(
        Exchange, models.PROTECT, db_index=False, related_name="+", verbose_name="derivación recibida"
    )
    event = models.CharField("qué pasó", max_length=10, choices=ReferralEvent)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="cuenta")
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    contact = TenantForeignKey(
        Contact, models.PROTECT, null=True, related_name="exchange_steps", verbose_name="contacto"
    )

    objects = TenantQuerySet["ExchangeStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de una derivación recibida"
        verbose_name_plural = "pasos de una derivación recibida"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["institution", "exchange", "at"], name="exchange_steps")]

    @property
    def icon(self) -> str:
        return MARKS[ReferralEvent(self.event)][0]

    @property
    def tone(self) -> str:
        return MARKS[ReferralEvent(self.event)][1]
