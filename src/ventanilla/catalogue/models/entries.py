"""An institution's own rows of the catalogue: entries, what is being written of them, and every version published."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting, Provider, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.entries.states import TOLD, TONES, EntryState, SuspensionGround
from ventanilla.catalogue.models.content import WholeEntry
from ventanilla.catalogue.models.national import NationalEntry
from ventanilla.catalogue.models.reasons import Reason
from ventanilla.catalogue.rule.kinds import Subject
from ventanilla.core.secrecy import Secrecy


class EntryQuerySet(TenantQuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> Self:
        """All that is ordinary; what is reserved, to its unit and the UAS; what is restricted, to its unit."""
        mine = Q(unit=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        reserved = Q(secrecy=Secrecy.RESERVED) & (Q() if actor.is_uas else mine)
        return (
            super()
            .visible_to(actor)
            .filter(Q(secrecy=Secrecy.ORDINARY) | reserved | (Q(secrecy=Secrecy.RESTRICTED) & mine))
        )

    def told(self, on: date) -> Self:
        """Those one tells a neighbour about on a day, suspended ones too; not what the nation has withdrawn."""
        return self.filter(~Q(national__withdrawn_on__lte=on) | Q(national__isnull=True), state__in=TOLD)

    def offered(self, on: date) -> Self:
        return self.told(on).filter(state=EntryState.PUBLISHED)

    def in_order(self) -> Self:
        return self.order_by("position", "id")


class Entry(TenantModel):
    """A benefit or service of the local catalogue: of a unit or a provider, or a national one that it completes."""

    code = models.CharField("código", max_length=60)
    national = models.ForeignKey(
        NationalEntry, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name="prestación nacional",
    )  # fmt: skip
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad")
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    state = models.CharField("estado", max_length=9, choices=EntryState, default=EntryState.DRAFT)
    number = models.PositiveIntegerField("última versión", default=0)
    position = models.PositiveSmallIntegerField("orden", default=0)
    suspended_for = models.CharField("por qué está suspendida", max_length=13, choices=SuspensionGround, blank=True)
    suspended_until = models.DateField("suspendida hasta", null=True, blank=True)
    closed_on = models.DateField("cerrada el", null=True, blank=True)
    replaced_by = TenantForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="la reemplaza")
    revalidate_on = models.DateField("se revisa el", null=True, blank=True)
    version = models.PositiveIntegerField("cambio", default=1)

    objects = EntryQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "prestación"
        verbose_name_plural = "prestaciones"
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="one_entry_per_code"),
            models.UniqueConstraint(
                fields=["institution", "national"], condition=Q(national__isnull=False), name="one_entry_per_national"
            ),
            models.CheckConstraint(
                name="entry_closed_iff_closed_on",
                condition=Q(state=EntryState.CLOSED, closed_on__isnull=False)
                | (~Q(state=EntryState.CLOSED) & Q(closed_on__isnull=True)),
                violation_error_message="Una prestación cerrada lleva el día en que se cerró.",
            ),
            models.CheckConstraint(
                name="entry_suspended_iff_ground",
                condition=(Q(state=EntryState.SUSPENDED) & ~Q(suspended_for=""))
                | (~Q(state=EntryState.SUSPENDED) & Q(suspended_for="")),
                violation_error_message="Una prestación suspendida lleva su causa.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_local(self) -> bool:
        return self.national_id is None

    @property
    def tone(self) -> str:
        return TONES[EntryState(self.state)]


class EntryDraft(TenantModel, WholeEntry):
    """What is being written of an entry: its first version, or the next. One at a time."""

    entry = TenantForeignKey(Entry, models.PROTECT, related_name="drafts", verbose_name="prestación")
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad")
    provider = TenantForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prestador externo"
    )
    reasons = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name="motivos que la sugieren")
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    submitted_at = models.DateTimeField("enviado a revisión", null=True, blank=True)
    returned_for = models.CharField("qué hay que corregir", max_length=500, blank=True)
    """What whoever publishes said when she returned it; until it is sent again."""
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="escrito por"
    )
    written_at = models.DateTimeField("escrito")
    version = models.PositiveIntegerField("cambio", default=1)

    objects = TenantQuerySet["EntryDraft"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "borrador de la prestación"
        verbose_name_plural = "borradores de la prestación"
        constraints = [models.UniqueConstraint(fields=["institution", "entry"], name="one_draft_per_entry")]

    @property
    def unit_name(self) -> str:
        return self.unit.name if self.unit else ""


def _newer_on(day: date) -> "EntryVersionQuerySet":
    """A newer version of the same entry, begun by that day."""
    return EntryVersion.objects.filter(
        institution_id=OuterRef("institution_id"),
        entry=OuterRef("entry"),
        starts_on__lte=day,
        number__gt=OuterRef("number"),
    )


class EntryVersionQuerySet(TenantQuerySet["EntryVersion"]):
    def in_force_on(self, day: date) -> Self:
        """The newest of each entry that had begun by that day."""
        return self.filter(~Exists(_newer_on(day)), starts_on__lte=day)

    def in_force_or_later(self, day: date) -> Self:
        """Those of ``in_force_on``, and those that had not begun by that day."""
        return self.filter(~Exists(_newer_on(day)) | Q(starts_on__gt=day))

    def of(self, entries: models.QuerySet[Entry]) -> Self:
        return self.filter(entry__in=entries)

    def in_order(self) -> Self:
        return self.order_by("entry__position", "entry_id")


class EntryVersion(TenantModel, WholeEntry):
    """What an entry says from a day on, whole: what was given under it points here, and it never changes.

    Of a national one it holds what the nation said then and what the institution completed.
    """

    append_only: ClassVar[bool] = True

    entry = TenantForeignKey(Entry, models.PROTECT, related_name="versions", verbose_name="prestación")
    number = models.PositiveIntegerField("versión")
    national_number = models.PositiveIntegerField("versión nacional", null=True, blank=True)
    starts_on = models.DateField("vale desde")
    note = models.CharField("qué cambió", max_length=300, blank=True)
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad")
    provider = TenantForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prestador externo"
    )
    at = models.DateTimeField("publicada")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="publicada por"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = EntryVersionQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "versión de la prestación"
        verbose_name_plural = "versiones de la prestación"
        constraints = [
            models.UniqueConstraint(fields=["institution", "entry", "number"], name="one_row_per_entry_version")
        ]

    @property
    def unit_name(self) -> str:
        return self.unit.name if self.unit else ""

    @property
    def is_for_homes(self) -> bool:
        return self.asks.subject is Subject.HOME


class EntryTransition(TenantModel):
    """A step in the life of an entry: from which state to which, when, by whom and why."""

    append_only: ClassVar[bool] = True

    entry = TenantForeignKey(Entry, models.PROTECT, related_name="transitions", verbose_name="prestación")
    before = models.CharField("antes", max_length=9, choices=EntryState, blank=True)
    after = models.CharField("después", max_length=9, choices=EntryState)
    number = models.PositiveIntegerField("versión", null=True, blank=True)
    reason = models.CharField("motivo", max_length=500, blank=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["EntryTransition"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de la prestación"
        verbose_name_plural = "pasos de la prestación"
        ordering = ["at", "id"]


class EntryReason(TenantModel):
    """That whoever comes for a reason is told of an entry."""

    entry = TenantForeignKey(Entry, models.PROTECT, related_name="suggested_by", verbose_name="prestación")
    reason = TenantForeignKey(Reason, models.PROTECT, related_name="suggests", verbose_name="motivo")

    objects = TenantQuerySet["EntryReason"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "motivo que sugiere la prestación"
        verbose_name_plural = "motivos que sugieren la prestación"
        constraints = [
            models.UniqueConstraint(fields=["institution", "reason", "entry"], name="one_row_per_suggestion")
        ]


class OwnFact(TenantModel):
    """A yes or no that the municipality itself keeps of people or homes, and that its rules may ask.

    Who has it comes in files, as an antecedent of kind «propio» whose value is the code.
    """

    code = models.CharField("código", max_length=40)
    name = models.CharField("nombre", max_length=120)
    about = models.CharField("de quién", max_length=6, choices=Subject)
    retired_on = models.DateField("retirado el", null=True, blank=True)

    objects = TenantQuerySet["OwnFact"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "dato propio"
        verbose_name_plural = "datos propios"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_own_fact_per_code")]

    def __str__(self) -> str:
        return self.name
