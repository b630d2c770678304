"""The national layer of the catalogue, and the amounts that the law sets: rows that only their publisher writes."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from ventanilla.access.models import Function
from ventanilla.access.models.bases import ReferenceModel
from ventanilla.catalogue.models.content import SaidOfEntry
from ventanilla.core.secrecy import Secrecy


class NationalEntry(ReferenceModel):
    """Something that the State offers everywhere. Its code is also the one by which registries say who receives it."""

    code = models.CharField("código", primary_key=True, max_length=30)
    function = models.ForeignKey(Function, models.PROTECT, null=True, blank=True, verbose_name="función que atiende")
    reasons = ArrayField(
        models.CharField(max_length=30), default=list, verbose_name="motivos nacionales que la sugieren"
    )
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    position = models.PositiveSmallIntegerField("orden")
    withdrawn_on = models.DateField("retirada el", null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="la reemplaza")

    class Meta:
        verbose_name = "prestación nacional"
        verbose_name_plural = "prestaciones nacionales"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class NationalEntryVersionQuerySet(models.QuerySet["NationalEntryVersion"]):
    def in_force_on(self, day: date) -> Self:
        """The newest of each entry that had begun by that day."""
        newer = NationalEntryVersion.objects.filter(
            entry=OuterRef("entry"), starts_on__lte=day, number__gt=OuterRef("number")
        )
        return self.filter(~Exists(newer), starts_on__lte=day)


class NationalEntryVersion(ReferenceModel, SaidOfEntry):
    """What a national entry says from a day on, and where that was read."""

    entry = models.ForeignKey(
        NationalEntry, models.PROTECT, related_name="versions", verbose_name="prestación nacional"
    )
    number = models.PositiveIntegerField("versión")
    starts_on = models.DateField("vale desde")
    source = models.CharField("de dónde se tomó", max_length=300)

    objects = NationalEntryVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versión de la prestación nacional"
        verbose_name_plural = "versiones de la prestación nacional"
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_row_per_national_version")]


class LegalAmountQuerySet(models.QuerySet["LegalAmount"]):
    def in_force_on(self, day: date) -> Self:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class LegalAmount(ReferenceModel):
    """An amount that a law sets, in pesos, between two days. ``is_verified`` when it was read in the law itself."""

    code = models.CharField("código", max_length=40)
    label = models.CharField("qué monto es", max_length=160)
    pesos = models.PositiveIntegerField("pesos")
    valid_from = models.DateField("vigente desde")
    valid_until = models.DateField("vigente hasta", null=True, blank=True)
    source = models.CharField("fuente", max_length=300)
    is_verified = models.BooleanField("leído en la norma", default=False)

    objects = LegalAmountQuerySet.as_manager()

    class Meta:
        verbose_name = "monto legal"
        verbose_name_plural = "montos legales"
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_amount_from_each_day"),
            models.CheckConstraint(
                name="legal_amount_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.label
