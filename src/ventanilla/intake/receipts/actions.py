"""Issuing a receipt, on paper or by mail: each has a token of its own, of which only the digest stays."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.ids import digest, new_secret
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, Receipt, ReceiptMail
from ventanilla.intake.receipts import mail
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
    """Mail the address of a new receipt to a contact of hers, once what is kept is kept. Sent again, it is one mail.

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
    asked = ReceiptMail.objects.create(
        receipt=receipt,
        contact=contact,
        asked_at=receipt.issued_at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        submission_id=submission_id,
    )
    message = mail.message_for(Institution.objects.get(pk=by.institution).name, consultation.folio, address_of(token))
    transaction.on_commit(partial(_deliver, asked.pk, message, contact.value, by=by))
    return asked


def _deliver(asked_id: UUID, message: mail.Message, to: str, *, by: Actor) -> None:
    """Nothing is lost if it fails: the row says why, and it can be asked again."""
    failure = mail.deliver(message, to)
    with acting(by):
        sent_at = None if failure else clock.now()
        ReceiptMail.objects.filter(pk=asked_id).update(sent_at=sent_at, failure=failure)
