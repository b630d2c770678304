"""Issuing a receipt, on paper or by mail: each has a token of its own, of which only the digest stays."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.ids import digest, new_secret
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, Receipt, ReceiptMail
from ventanilla.intake.receipts.mail import mail_receipt
from ventanilla.intake.receipts.reading import addresses_for
from ventanilla.intake.states import ENDED
from ventanilla.registry.models import ContactPoint


@transaction.atomic
def issue_receipt(consultation: Consultation, *, by: Actor) -> tuple[Receipt, str]:
    """A receipt of an attention that ended, and the token of its address, which is told only now."""
    require(by, Permission.CONSULTATION_WORK, consultation)
    if consultation.state not in ENDED:
        raise InvalidTransition("El comprobante se entrega cuando la atención terminó.")
    token = new_secret()
    receipt = Receipt.objects.create(
        consultation=consultation,
        digest=digest(token),
        issued_at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
    )
    return receipt, token


@transaction.atomic
def send_receipt(
    consultation: Consultation,
    contact: ContactPoint,
    *,
    by: Actor,
    address_of: Callable[[str], str],
    submission_id: UUID | None = None,
) -> ReceiptMail:
    """A new receipt, whose address is mailed to a contact of hers, once its server takes it. Asked again, it is one.

    ``address_of`` makes the whole address of a token. The message says folio, institution and address, no more.
    """
    require(by, Permission.CONSULTATION_WORK, consultation)
    if submission_id and (asked := ReceiptMail.objects.filter(submission_id=submission_id).first()):
        return asked
    if not settings.EMAIL_HOST:
        raise RuleBroken("Esta municipalidad no ha configurado el correo. Imprima el comprobante.")
    if consultation.secrecy == Secrecy.RESTRICTED:
        raise RuleBroken("De una consulta restringida no se avisa por correo. Entregue el comprobante en la mano.")
    if contact not in addresses_for(consultation, by=by):
        raise RuleBroken("A ese correo no se puede enviar. Elija otro o imprima el comprobante.", field="contact")
    receipt, token = issue_receipt(consultation, by=by)
    letter = mail_receipt(
        receipt.pk,
        contact.value,
        institution=Institution.objects.get(pk=by.institution).name,
        folio=consultation.folio,
        address=address_of(token),
        by=by,
    )
    return ReceiptMail.objects.create(
        receipt=receipt,
        letter=letter,
        contact=contact,
        asked_at=receipt.issued_at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        submission_id=submission_id,
    )
