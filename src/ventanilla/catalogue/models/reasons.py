"""Reasons for coming: the national list, and each institution's own rows that adopt it."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ventanilla.access.models import Account, Function, Posting
from ventanilla.access.models.bases import ReferenceModel
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core import clock
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
    def in_use(self, on: date | None = None) -> Self:
        """Those offered on a day, today when none is given."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on or clock.today()))

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
    local_words = models.CharField("cómo lo dice la gente aquí", max_length=300, blank=True)
    documents = models.CharField("documentos habituales", max_length=500, blank=True)
    """One a line."""
    documents_days = models.PositiveSmallIntegerField("días para traerlos", null=True, blank=True)
    version = models.PositiveIntegerField("versión", default=1)

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

    @property
    def words(self) -> str:
        """The words by which the desk finds it; of adopted ones, those of the whole country too (``with_words``)."""
        return self.local_words if self.is_local else f"{self.national.words} {self.local_words}".strip()

    @property
    def usual_documents(self) -> list[str]:
        return self.documents.splitlines()

    def is_retired_on(self, day: date) -> bool:
        return self.retired_on is not None and self.retired_on <= day


class ReasonVersion(TenantModel):
    """What a reason said from an instant on, and who made it say so; the newest is what it says now.

    A local reason has one since it was made; an adopted one, since the institution first changed it.
    """

    append_only: ClassVar[bool] = True

    reason = TenantForeignKey(Reason, models.PROTECT, related_name="versions", verbose_name="motivo")
    number = models.PositiveIntegerField("versión")
    name = models.CharField("nombre", max_length=80)
    function = models.ForeignKey(
        Function, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="función que atiende"
    )
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy)
    local_words = models.CharField("cómo lo dice la gente aquí", max_length=300, blank=True)
    documents = models.CharField("documentos habituales", max_length=500, blank=True)
    documents_days = models.PositiveSmallIntegerField("días para traerlos", null=True)
    retired_on = models.DateField("retirado el", null=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["ReasonVersion"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "versión del motivo"
        verbose_name_plural = "versiones del motivo"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "reason", "number"], name="one_row_per_reason_version")
        ]
