"""What people have received."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from ventanilla.access.models import Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.models import EntryVersion
from ventanilla.core.hanging import Hanging
from ventanilla.registry.models import Home, Person


class DeliveryQuerySet(TenantQuerySet["Delivery"]):
    def to_home(self, home_ids: list[UUID], person_ids: list[UUID]) -> Self:
        """Those of the homes themselves or of any of these people; not those of whoever is shielded from the home."""
        return self.filter(Q(home_id__in=home_ids, person__isnull=True) | Q(person_id__in=person_ids))

    def newest_first(self) -> Self:
        return self.order_by("-delivered_on", "-id")


class Delivery(TenantModel):
    """A benefit handed over: loaded from the municipality's own register, or made here."""

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person"),)

    class Origin(models.TextChoices):
        LOADED = "loaded", "Cargada"
        MADE_HERE = "made_here", "Registrada aquí"

    reference = models.CharField("referencia", max_length=60, blank=True)
    person = TenantForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name="persona"
    )
    home = TenantForeignKey(
        Home, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name="hogar"
    )
    label = models.CharField("prestación", max_length=120)
    version = TenantForeignKey(
        EntryVersion, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name="según el catálogo"
    )
    """What the catalogue said of it on its day; none of what no entry is called so."""
    quantity = models.DecimalField("cantidad", max_digits=10, decimal_places=2, null=True, blank=True)
    measure = models.CharField("unidad de medida", max_length=30, blank=True)
    amount = models.IntegerField("monto en pesos", null=True, blank=True)
    act = models.CharField("acto", max_length=80, blank=True)
    delivered_on = models.DateField("fecha")
    unit = TenantForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad que entrega"
    )
    origin = models.CharField("origen", max_length=9, choices=Origin)
    recorded_at = models.DateTimeField("registrada")

    objects = DeliveryQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "entrega"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "reference"], condition=~Q(reference=""), name="one_delivery_per_reference"
            ),
            models.CheckConstraint(
                name="delivery_to_somebody",
                condition=Q(person__isnull=False) | Q(home__isnull=False),
                violation_error_message="Una entrega es a una persona o a un hogar.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
