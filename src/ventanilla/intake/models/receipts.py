"""What was handed to a neighbour of her consultation, on paper or by mail, so that whoever holds it can verify it."""

from typing import ClassVar

from django.db import models

from ventanilla.access.models import Account, Posting
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.intake.models.consultations import Consultation
from ventanilla.outbox.models import Letter
from ventanilla.registry.models import ContactPoint


class Receipt(TenantModel):
    """One that was issued. Its address holds a random token, of which only the digest is kept; each has its own."""

    append_only: ClassVar[bool] = True
    blocked_by: ClassVar[str | None] = "consultation__person__processing_blocked"

    consultation = TenantForeignKey(Consultation, models.PROTECT, related_name="receipts", verbose_name="consulta")
    digest = models.CharField("resumen", max_length=64)
    issued_at = models.DateTimeField("emitido")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["Receipt"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "comprobante"
        constraints = [models.UniqueConstraint(fields=["institution", "digest"], name="one_receipt_per_address")]


class ReceiptMail(TenantModel):
    """That the address of a receipt goes to a contact of hers; its letter says whether it left."""

    blocked_by: ClassVar[str | None] = "receipt__consultation__person__processing_blocked"

    receipt = TenantForeignKey(Receipt, models.PROTECT, related_name="mails", verbose_name="comprobante")
    contact = TenantForeignKey(ContactPoint, models.PROTECT, related_name="+", verbose_name="contacto")
    asked_at = models.DateTimeField("pedido")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    letter = TenantForeignKey(Letter, models.PROTECT, related_name="+", verbose_name="carta")
    submission_id = models.UUIDField("envío", null=True)

    objects = TenantQuerySet["ReceiptMail"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "envío del comprobante"
        verbose_name_plural = "envíos del comprobante"
        constraints = [
            models.UniqueConstraint(fields=["institution", "submission_id"], name="one_receipt_mail_per_submission")
        ]
