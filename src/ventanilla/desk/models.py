"""What was searched, kept for the back button and for nothing else."""

from typing import ClassVar

from django.db import models

from ventanilla.access.tenancy import TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention


class RecentSearch(TenantModel):
    """The words of one search, under the key that its address has. They name neighbours: no session may hold them."""

    retention: ClassVar[Retention] = Retention.SESSION

    account_id = models.UUIDField("cuenta")
    posting_id = models.UUIDField("desempeño")
    key = models.CharField("clave", max_length=12)
    text = models.CharField("texto", max_length=120)
    at = models.DateTimeField("momento")

    objects = TenantQuerySet["RecentSearch"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "búsqueda reciente"
        verbose_name_plural = "búsquedas recientes"
        constraints = [models.UniqueConstraint(fields=["institution", "posting_id", "key"], name="recent_search_key")]
        indexes = [models.Index(fields=["institution", "at"], name="recent_search_at")]
