"""What was loaded: one row for every file, with what became of its rows."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from ventanilla.access.tenancy import TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention


class Load(TenantModel):
    """One file applied, or tried without applying. Its figures are those of the batches already kept.

    The audit rows of what it wrote carry its id as their request.
    """

    retention: ClassVar[Retention] = Retention.LOG

    dataset = models.CharField("formato", max_length=40)
    file_name = models.CharField("archivo", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    rows_read = models.PositiveIntegerField("filas leídas", default=0)
    rows_new = models.PositiveIntegerField("nuevas", default=0)
    rows_changed = models.PositiveIntegerField("cambiadas", default=0)
    rows_same = models.PositiveIntegerField("iguales", default=0)
    rows_rejected = models.PositiveIntegerField("rechazadas", default=0)
    started_at = models.DateTimeField("inicio")
    ended_at = models.DateTimeField("término", null=True, blank=True)
    account_id = models.UUIDField("cuenta", null=True, blank=True)
    dry_run = models.BooleanField("ensayo", default=False)

    objects = TenantQuerySet["Load"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "carga"
        constraints = [
            models.CheckConstraint(
                name="every_row_is_accounted_for",
                condition=models.Q(rows_read=F("rows_new") + F("rows_changed") + F("rows_same") + F("rows_rejected")),
            )
        ]
        indexes = [models.Index(fields=["institution", "started_at"], name="load_by_start")]

    def __str__(self) -> str:
        return f"{self.dataset} de {self.file_name}"
