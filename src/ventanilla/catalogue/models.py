"""Reasons for coming: the national list, and each institution's own rows that adopt it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ventanilla.access.models import Function
from ventanilla.access.models.bases import ReferenceModel
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.secrecy import Secrecy
from ventanilla.core.tables import Retention


class IndexGroup(models.TextChoices):
    """The groups that the official indices count (ficha del programa, 5.1)."""

    RSH_ENTRY = "rsh_entry", "Ingreso RSH"
    RSH_CHANGE = "rsh_change", "Modificación RSH"
    SUF = "suf", "SUF"
    SAP = "sap", "SAP"
    SDM = "sdm", "SDM"
    SOCIAL_REPORT = "social_report", "Informe Social"
    ASSISTANCE = "assistance", "Ayuda Asistencial"
    INFORMATION = "information", "Información"
    OTHER = "other", "Otro"


class NationalReason(ReferenceModel):
    """A reason of the national list; it grows, and never changes its meaning."""

    code = models.CharField("código", primary_key=True, max_length=30)
    name = models.CharField("nombre", max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="motivo superior")
    index_group = models.CharField("grupo de índice", max_length=14, choices=IndexGroup)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    function = models.ForeignKey(Function, models.PROTECT, null=True, blank=True, verbose_name="función que atiende")
    position = models.PositiveSmallIntegerField("orden")
    words = models.CharField("cómo lo dice la gente", max_length=300, blank=True)

    class Meta:
        verbose_name = "motivo nacional"
        verbose_name_plural = "motivos nacionales"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class ReasonQuerySet(TenantQuerySet["Reason"]):
    def in_use(self) -> Self:
        return self.filter(retired_on__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("position", "id")

    def with_words(self) -> Self:
        """With the words by which the desk finds them."""
        return self.select_related("national")


class Reason(TenantModel):
    """The institution's row of a reason: adopted from the national list, or a local child of one."""

    retention: ClassVar[Retention] = Retention.RECORD

    national = models.ForeignKey(
        NationalReason, models.PROTECT, db_index=False, related_name="+", verbose_name="motivo nacional"
    )
    name = models.CharField("nombre", max_length=80)
    is_local = models.BooleanField("local", default=False)
    index_group = models.CharField("grupo de índice", max_length=14, choices=IndexGroup)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    function = models.ForeignKey(
        Function, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="función que atiende"
    )
    parent = TenantForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="motivo superior")
    position = models.PositiveSmallIntegerField("orden")
    retired_on = models.DateField("retirado el", null=True, blank=True)

    objects = ReasonQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "motivo"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "national"], condition=Q(is_local=False), name="one_adoption_per_reason"
            ),
            models.UniqueConstraint(fields=["institution", "name"], name="one_reason_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
