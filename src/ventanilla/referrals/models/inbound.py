"""What is answered to whoever referred somebody to us by letter: a court, a school, a health centre."""

from typing import ClassVar

from django.db import models

from ventanilla.access.models import Account, Posting
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.intake.models import Contact


class LetterAnswer(TenantModel):
    """The official letter that answers one that came, with the folio under which it leaves. One for each."""

    append_only: ClassVar[bool] = True

    contact = TenantForeignKey(Contact, models.PROTECT, related_name="letter_answers", verbose_name="oficio recibido")
    folio = models.CharField("folio", max_length=16)
    text = models.TextField("qué se responde", max_length=4000)
    legal_ground = models.CharField("fundamento para responder con datos", max_length=300)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, db_index=False, related_name="+", verbose_name="quién responde"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["LetterAnswer"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "oficio de respuesta"
        verbose_name_plural = "oficios de respuesta"
        constraints = [
            models.UniqueConstraint(fields=["institution", "folio"], name="one_letter_answer_per_folio"),
            models.UniqueConstraint(fields=["institution", "contact"], name="one_answer_per_letter"),
        ]

    def __str__(self) -> str:
        return self.folio
