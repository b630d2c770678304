"""What registries say and what the person declares, side by side, each with its source and date."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core import clock
from ventanilla.core.hanging import Hanging, Taken
from ventanilla.core.tables import Retention
from ventanilla.registry.models.homes import Home
from ventanilla.registry.models.people import Person
from ventanilla.registry.vocabulary import (
    ABOUT_HOMES,
    INCOME_WORDS,
    PHRASES,
    ExtractScope,
    FactKind,
    Source,
    Subsidy,
)


class FactQuerySet(TenantQuerySet["Fact"]):
    def visible_to(self, actor: Actor) -> Self:
        """Without the extracts whose term to be kept is over."""
        return super().visible_to(actor).filter(Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today()))

    def in_force_on(self, day: date) -> Self:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def newest_first(self) -> Self:
        return self.order_by("-as_of", "-id")


class Fact(TenantModel):
    """One statement about a person or a home. A newer one never erases an older: the newest is what holds.

    ``is_gone`` states that a whole extract of that date no longer brings what an earlier one did. Its term ends the
    day before, so that whoever asks for what is in force need not know of it.
    """

    blocked_by = "person__processing_blocked"
    retention: ClassVar[Retention] = Retention.EXTRACT
    when_merged: ClassVar = (Hanging("person", Taken.REPEATED), Hanging("holder", Taken.REPEATED))

    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="facts", verbose_name="persona"
    )
    home = TenantForeignKey(Home, models.PROTECT, null=True, blank=True, related_name="facts", verbose_name="hogar")
    kind = models.CharField("tipo", max_length=20, choices=FactKind)
    value = models.CharField("valor", max_length=200, blank=True)
    amount = models.IntegerField("monto en pesos", null=True, blank=True)
    valid_from = models.DateField("vigente desde", null=True, blank=True)
    valid_until = models.DateField("vigente hasta", null=True, blank=True)
    holder = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="held_facts", verbose_name="titular"
    )
    """Who collects it, when it is not the one it is for."""
    detail = models.CharField("detalle", max_length=160, blank=True)
    """The resolution that granted it, or the state of what is asked for, in words."""
    is_gone = models.BooleanField("ya no figura", default=False)
    source = models.CharField("fuente", max_length=14, choices=Source)
    as_of = models.DateField("fecha del dato")
    recorded_at = models.DateTimeField("registrado")
    expires_on = models.DateField("conservar hasta", null=True, blank=True, help_text="extractos: Ley 21.719 art. 22")

    objects = FactQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "antecedente"
        constraints = [
            models.CheckConstraint(
                name="fact_about_its_subject",
                condition=Q(kind__in=sorted(ABOUT_HOMES), home__isnull=False, person__isnull=True)
                | (~Q(kind__in=sorted(ABOUT_HOMES)) & Q(person__isnull=False, home__isnull=True)),
                violation_error_message="El antecedente es de una persona o de un hogar, según su tipo.",
            ),
            models.CheckConstraint(
                name="what_is_gone_has_ended",
                condition=Q(is_gone=False) | Q(valid_until__lt=models.F("as_of"), valid_until__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["institution", "person", "home", "kind", "source", "as_of", "value"],
                name="one_fact_per_statement",
                nulls_distinct=False,
            ),
        ]
        # How far each registry has been loaded is asked on every file, also of those that never were.
        indexes = [
            models.Index(fields=["institution", "source", "as_of"], name="fact_by_source"),
            # Which of the municipality's own facts somebody has is asked with every rule.
            models.Index(
                fields=["institution", "kind", "value"],
                name="own_fact_by_code",
                condition=Q(kind__in=[FactKind.OWN, FactKind.HOME_OWN]),
            ),
        ]

    def is_in_force_on(self, day: date) -> bool:
        return self.valid_until is None or self.valid_until >= day

    @property
    def is_of_registry(self) -> bool:
        return self.source != Source.DECLARED

    @property
    def label(self) -> str:
        """The value in words."""
        if self.kind == FactKind.RSH_REQUEST:
            return self.detail or self.value
        if self.kind == FactKind.SUBSIDY and self.value in Subsidy.values:
            return Subsidy(self.value).label
        if self.kind in (FactKind.INCOME, FactKind.HOME_INCOME):
            words = INCOME_WORDS.get(self.value, self.value) or "ingreso mensual"
            return words[:1].upper() + words[1:]
        if self.kind in PHRASES:
            return PHRASES[FactKind(self.kind)].format(self.value)
        return self.value[:1].upper() + self.value[1:]


class Extract(TenantModel):
    """What came of one programme on one date, what for, and until when its rows are kept (Ley 21.719 art. 22).

    Once ``is_whole``, whoever an earlier one brought and this one does not is no longer in the programme.
    """

    retention: ClassVar[Retention] = Retention.EXTRACT

    scope = models.CharField("programa", max_length=14, choices=ExtractScope)
    as_of = models.DateField("fecha del extracto")
    is_whole = models.BooleanField("completo", default=False)
    purpose = models.CharField("finalidad", max_length=200)
    expires_on = models.DateField("conservar hasta")
    recorded_at = models.DateTimeField("registrado")

    objects = TenantQuerySet["Extract"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "extracto"
        constraints = [
            models.UniqueConstraint(fields=["institution", "scope", "as_of"], name="one_extract_per_date"),
        ]
