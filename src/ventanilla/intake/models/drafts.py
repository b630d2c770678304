"""What is typed at the desk and not sent yet, so that neither a broken line nor a full tray loses it."""

from typing import ClassVar, Self

from django.db import models
from django.http import QueryDict

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention
from ventanilla.intake.models.consultations import Consultation


class DraftQuerySet(TenantQuerySet["Draft"]):
    def of(self, actor: Actor) -> Self:
        """Those of the actor; an agent has none."""
        return self.filter(account_id=actor.account_id) if actor.account_id else self.none()


class Draft(TenantModel):
    """The form of one consultation as one operator left it: hers alone to read, in no figure, gone when she sends it.

    ``fields`` is the form as browsers encode it. ``version`` is the consultation's that it was typed over.
    """

    retention: ClassVar[Retention] = Retention.SESSION
    blocked_by: ClassVar[str | None] = "consultation__person__processing_blocked"

    consultation = TenantForeignKey(Consultation, models.CASCADE, related_name="drafts", verbose_name="consulta")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="cuenta")
    version = models.PositiveIntegerField("versión")
    fields = models.TextField("lo escrito")
    saved_at = models.DateTimeField("guardado")

    objects = DraftQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "borrador de consulta"
        verbose_name_plural = "borradores de consulta"
        constraints = [
            models.UniqueConstraint(fields=["institution", "consultation", "account"], name="one_draft_per_operator")
        ]

    @property
    def typed(self) -> QueryDict:
        return QueryDict(self.fields)
