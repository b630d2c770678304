"""Folios without gaps: one counter an institution, kind and year."""

from typing import ClassVar

from django.db import models

from ventanilla.access.tenancy import TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention


class FolioCounter(TenantModel):
    retention: ClassVar[Retention] = Retention.RECORD

    kind = models.CharField("serie", max_length=4)
    year = models.PositiveSmallIntegerField("año")
    last = models.PositiveIntegerField("último", default=0)

    objects = TenantQuerySet["FolioCounter"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "contador de folios"
        verbose_name_plural = "contadores de folios"
        constraints = [models.UniqueConstraint(fields=["institution", "kind", "year"], name="one_counter_per_series")]
