"""Readings that draw attention, who answered for them, and the notices of what was opened in an emergency."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet, within_reach
from ventanilla.core.hanging import Hanging
from ventanilla.registry.models.people import Person
from ventanilla.registry.models.reading import ReadPurpose
from ventanilla.registry.watch.states import TONES, FlagKind, FlagState


class FlagQuerySet(TenantQuerySet["Flag"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the operators that the actor answers for; never her own."""
        reach = within_reach(actor, Permission.FLAG_ANSWER)
        return super().visible_to(actor).filter(reach).exclude(account_id=actor.account_id)

    def newest_first(self) -> Self:
        return self.order_by("-day", "-id")


class Flag(TenantModel):
    """That an operator's readings of one day draw attention: hers of one person, or the busiest hour of them all.

    Also of somebody whose data are blocked, who then needs it most: hence no ``blocked_by``.
    """

    when_merged: ClassVar = (Hanging("person", follows=False),)  # it tells which record was read

    kind = models.CharField("qué llama la atención", max_length=16, choices=FlagKind)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="operador/a")
    posting = TenantForeignKey(Posting, models.PROTECT, related_name="+", verbose_name="desempeño")
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="unidad")
    person = TenantForeignKey(Person, models.PROTECT, null=True, related_name="flags", verbose_name="persona vista")
    purpose = TenantForeignKey(
        ReadPurpose, models.PROTECT, null=True, related_name="flags", verbose_name="apertura por urgencia"
    )
    day = models.DateField("día")
    entries = models.PositiveIntegerField("cuántas")
    first_entry_id = models.BigIntegerField("primera lectura", null=True)
    last_entry_id = models.BigIntegerField("última lectura", null=True)
    first_at = models.DateTimeField("desde")
    last_at = models.DateTimeField("hasta")
    state = models.CharField("estado", max_length=10, choices=FlagState, default=FlagState.OPEN)

    objects = FlagQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "lectura por revisar"
        verbose_name_plural = "lecturas por revisar"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "account", "day", "kind", "person", "purpose"],
                name="one_flag_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="flag_has_its_subject",
                condition=Q(kind__in=[FlagKind.MANY, FlagKind.FAILED_SEARCHES], person__isnull=True)
                | (~Q(kind__in=[FlagKind.MANY, FlagKind.FAILED_SEARCHES]) & Q(person__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["institution", "state", "-day", "-id"], name="flag_by_state")]

    @property
    def tone(self) -> str:
        return TONES[FlagState(self.state)]

    @property
    def lasted(self) -> bool:
        """Whether its last reading came at least a minute after the first."""
        return self.last_at - self.first_at >= timedelta(minutes=1)

    @property
    def counts(self) -> str:
        """What ``entries`` counts, in words."""
        if self.kind == FlagKind.BREAK_GLASS:
            return "Una hora"
        one, more = {
            FlagKind.MANY: ("persona en una hora", "personas en una hora"),
            FlagKind.FAILED_SEARCHES: ("búsqueda sin resultado en una hora", "búsquedas sin resultado en una hora"),
        }.get(FlagKind(self.kind), ("lectura", "lecturas"))
        return f"{self.entries} {one if self.entries == 1 else more}"


class FlagStep(TenantModel):
    """One step of a flag: raised, answered by whom and why, or opened again by new readings."""

    append_only: ClassVar[bool] = True

    flag = TenantForeignKey(Flag, models.PROTECT, related_name="steps", verbose_name="lectura por revisar")
    before = models.CharField("desde", max_length=10, choices=FlagState, blank=True)
    after = models.CharField("hacia", max_length=10, choices=FlagState)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    reason = models.CharField("motivo", max_length=300, blank=True)

    objects = TenantQuerySet["FlagStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de una lectura por revisar"
        verbose_name_plural = "pasos de una lectura por revisar"
        ordering = ["at", "id"]


class WatchMark(TenantModel):
    """Until when the institution's readings were gone over."""

    watched_until = models.DateTimeField("revisadas hasta")
    ran_at = models.DateTimeField("última revisión")

    objects = TenantQuerySet["WatchMark"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "avance de la revisión de lecturas"
        verbose_name_plural = "avances de la revisión de lecturas"
        constraints = [models.UniqueConstraint(fields=["institution"], name="one_mark_per_institution")]

    @property
    def is_complete(self) -> bool:
        """Whether the last time went over all there was."""
        return self.watched_until >= self.ran_at


class NoticeQuerySet(TenantQuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return super().visible_to(actor).filter(account_id=actor.account_id)

    def pending(self) -> Self:
        return self.filter(seen_at__isnull=True)


class Notice(TenantModel):
    """That somebody is told of an emergency opening, and when she said that she knows."""

    purpose = TenantForeignKey(
        ReadPurpose, models.PROTECT, related_name="notices", verbose_name="apertura por urgencia"
    )
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="para")
    sent_at = models.DateTimeField("enviado")
    seen_at = models.DateTimeField("acusado", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "aviso de urgencia"
        verbose_name_plural = "avisos de urgencia"
        constraints = [
            models.UniqueConstraint(fields=["institution", "purpose", "account"], name="one_notice_per_account")
        ]
        indexes = [
            models.Index(fields=["institution", "account"], name="notice_pending", condition=Q(seen_at__isnull=True))
        ]
