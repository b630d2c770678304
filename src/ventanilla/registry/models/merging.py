"""Pairs of people who may be one, the searches that find them, and merges with all that is needed to undo them."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging
from ventanilla.core.secrecy import Secrecy
from ventanilla.core.tables import Retention
from ventanilla.registry.merging.states import (
    SEARCH_TONES,
    TO_DECIDE,
    TONES,
    FoundBy,
    MoveKind,
    PairState,
    SearchState,
)
from ventanilla.registry.models.homes import Membership, Residence
from ventanilla.registry.models.people import ContactPoint, Person, within_secrecy


class DuplicateSearch(TenantModel):
    """One time that the people of the institution were compared; ``found`` are the pairs that were new."""

    state = models.CharField("estado", max_length=8, choices=SearchState, default=SearchState.ASKED)
    asked_at = models.DateTimeField("pedida")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="pedida por"
    )
    started_at = models.DateTimeField("empezó", null=True)
    ended_at = models.DateTimeField("terminó", null=True)
    people = models.PositiveIntegerField("personas comparadas", default=0)
    likely = models.PositiveIntegerField("pares parecidos", default=0)
    found = models.PositiveIntegerField("pares nuevos", default=0)
    again = models.BooleanField("otra al terminar", default=False)
    """People came while it ran."""

    objects = TenantQuerySet["DuplicateSearch"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "búsqueda de duplicados"
        verbose_name_plural = "búsquedas de duplicados"
        indexes = [models.Index(fields=["institution", "-asked_at"], name="duplicate_search_newest")]
        constraints = [
            # One at a time: a second waits for nothing that the first does not do.
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(state__in=[SearchState.ASKED, SearchState.RUNNING]),
                name="one_duplicate_search_at_a_time",
                violation_error_message="Ya hay una búsqueda en curso.",
            ),
        ]

    @property
    def tone(self) -> str:
        return SEARCH_TONES[SearchState(self.state)]

    @property
    def is_over(self) -> bool:
        return self.state in (SearchState.DONE, SearchState.FAILED)

    @property
    def lasted(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None


class PossibleDuplicateQuerySet(TenantQuerySet["PossibleDuplicate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Pairs of people of whom nothing is kept from the actor: neither blocked, nor guarded above her.

        Who has an address, a telephone or a place in a home that is hidden from the actor is compared by those who
        see it. It is neither counted nor hinted at to anybody else.
        """
        unblocked = super().visible_to(actor).exclude(second__processing_blocked=True)
        return unblocked.exclude(_is_guarded(actor, "first")).exclude(_is_guarded(actor, "second"))

    def to_decide(self) -> Self:
        """Those that wait for somebody, of people whose records are still two."""
        return self.filter(state__in=TO_DECIDE, first__merged_into__isnull=True, second__merged_into__isnull=True)

    def likeliest_first(self) -> Self:
        return self.order_by("-score", "id")


def _is_guarded(actor: Actor, of: str) -> Q:
    """Whether something of the person ``of`` of the pair is kept from the actor; one look in an index each."""
    same = {"institution_id": actor.institution, "person_id": OuterRef(f"{of}_id")}
    residences = Residence.objects.filter(ends_on__isnull=True, **same).exclude(secrecy=Secrecy.ORDINARY)
    contacts = ContactPoint.objects.filter(ended_on__isnull=True, **same).exclude(secrecy=Secrecy.ORDINARY)
    above = Q(Exists(residences.exclude(within_secrecy(actor))))
    above |= Q(Exists(contacts.exclude(within_secrecy(actor))))
    if not actor.is_uas:
        above |= Q(Exists(Membership.objects.filter(is_shielded=True, **same)))
    return above


class PossibleDuplicate(TenantModel):
    """Two people who may be one: how likely, why, and what somebody decided.

    ``first`` is the one whose key is lower, so that a pair is one row whoever finds it. ``evidence`` holds what agrees
    and what does not by its codes (``merging.likeness``), never the data themselves. ``fingerprint`` is that of both
    people's data when it was decided that they are different: while it is the same, nobody proposes them again.
    """

    blocked_by = "first__processing_blocked"
    when_merged: ClassVar = (Hanging("first", follows=False), Hanging("second", follows=False))

    first = TenantForeignKey(Person, models.PROTECT, related_name="+", verbose_name="una")
    second = TenantForeignKey(Person, models.PROTECT, related_name="+", verbose_name="la otra")
    score = models.SmallIntegerField("peso")
    evidence = models.JSONField("indicios", default=dict)
    found_by = models.CharField("origen", max_length=8, choices=FoundBy)
    found_at = models.DateTimeField("encontrado")
    state = models.CharField("estado", max_length=10, choices=PairState, default=PairState.PENDING)
    fingerprint = models.CharField("huella de los datos", max_length=64, blank=True)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "posible duplicado"
        verbose_name_plural = "posibles duplicados"
        constraints = [
            models.UniqueConstraint(fields=["institution", "first", "second"], name="one_row_per_pair"),
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="different_has_fingerprint", condition=~Q(state=PairState.DIFFERENT) | ~Q(fingerprint="")
            ),
        ]
        indexes = [models.Index(fields=["institution", "state", "-score", "id"], name="pair_by_state")]

    @property
    def tone(self) -> str:
        return TONES[PairState(self.state)]

    def waits_since(self, moment: datetime) -> int:
        """Days since it was found."""
        return (moment - self.found_at).days


class DuplicateStep(TenantModel):
    """One step of a pair: found, left for later, decided by whom and why, proposed again."""

    append_only: ClassVar[bool] = True

    pair = TenantForeignKey(PossibleDuplicate, models.PROTECT, related_name="steps", verbose_name="posible duplicado")
    before = models.CharField("desde", max_length=10, choices=PairState, blank=True)
    after = models.CharField("hacia", max_length=10, choices=PairState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    reason = models.CharField("motivo", max_length=300, blank=True)

    objects = TenantQuerySet["DuplicateStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de un posible duplicado"
        verbose_name_plural = "pasos de un posible duplicado"
        ordering = ["at", "id"]


class MergeQuerySet(TenantQuerySet["Merge"]):
    def visible_to(self, actor: Actor) -> Self:
        """As pairs are: what was joined of whom something is guarded is for those who see it."""
        unblocked = super().visible_to(actor).exclude(absorbed__processing_blocked=True)
        return unblocked.exclude(_is_guarded(actor, "kept")).exclude(_is_guarded(actor, "absorbed"))

    def standing(self) -> Self:
        return self.filter(undone_at__isnull=True)


class Merge(TenantModel):
    """That the record of one person was joined to that of another, and whether it was undone.

    The record that was absorbed stays, points to the one kept, and leads there whoever asks for it.
    """

    blocked_by = "kept__processing_blocked"
    when_merged: ClassVar = (Hanging("kept", follows=False), Hanging("absorbed", follows=False))

    kept = TenantForeignKey(Person, models.PROTECT, related_name="merges", verbose_name="la que se conserva")
    absorbed = TenantForeignKey(Person, models.PROTECT, related_name="+", verbose_name="la que se unió")
    pair = TenantForeignKey(
        PossibleDuplicate, models.PROTECT, null=True, related_name="merges", verbose_name="posible duplicado"
    )
    merged_at = models.DateTimeField("momento")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="unida por")
    posting = TenantForeignKey(Posting, models.PROTECT, related_name="+", verbose_name="desempeño")
    reason = models.CharField("cómo se supo", max_length=300, blank=True)
    undone_at = models.DateTimeField("deshecha", null=True)
    undone_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="deshecha por"
    )
    undone_reason = models.CharField("por qué se deshizo", max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "unión de fichas"
        verbose_name_plural = "uniones de fichas"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "absorbed"],
                condition=Q(undone_at__isnull=True),
                name="one_standing_merge_per_person",
                violation_error_message="Esa ficha ya está unida a otra.",
            ),
            models.CheckConstraint(
                name="undone_merge_has_reason",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                violation_error_message="Escriba por qué se deshace.",
            ),
        ]


class MergeMove(TenantModel):
    """What a merge did to one row: the columns before and after, or the whole row when it was a repetition.

    The columns are as PostgreSQL writes them in JSON, so that what is undone is what was, to the last digit.
    """

    append_only: ClassVar[bool] = True
    retention: ClassVar[Retention] = Retention.RECORD

    merge = TenantForeignKey(Merge, models.PROTECT, related_name="moves", verbose_name="unión de fichas")
    place = models.PositiveSmallIntegerField("orden")
    kind = models.CharField("qué se hizo", max_length=8, choices=MoveKind)
    table_name = models.CharField("tabla", max_length=63)
    row_id = models.UUIDField("registro")
    old = models.JSONField("antes", null=True)
    new = models.JSONField("después", null=True)

    objects = TenantQuerySet["MergeMove"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "cambio de una unión"
        verbose_name_plural = "cambios de una unión"
        ordering = ["place", "id"]
