"""Which receipts of a consultation went by mail, and to which addresses one may go."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ventanilla.access.actors import Actor
from ventanilla.intake.models import Consultation, ReceiptMail
from ventanilla.registry.models import ContactPoint
from ventanilla.registry.vocabulary import ContactKind


def addresses_for(consultation: Consultation, *, by: Actor) -> list[ContactPoint]:
    """Her addresses of mail in use, one each, without those she asked not to use, by whichever source."""
    if consultation.person_id is None:
        return []
    theirs = ContactPoint.objects.filter(person=consultation.person_id, kind=ContactKind.EMAIL, ended_on__isnull=True)
    refused = set(theirs.filter(do_not_call=True).values_list("value", flat=True))
    found = {contact.value: contact for contact in theirs.visible_to(by).order_by("as_of", "id")}
    return [contact for value, contact in found.items() if value not in refused and _is_address(value)]


def mails_of(consultation: Consultation, *, by: Actor) -> list[ReceiptMail]:
    """Those asked, the newest first."""
    asked = ReceiptMail.objects.visible_to(by).filter(receipt__consultation=consultation)
    return list(asked.select_related("contact", "account", "letter").order_by("-asked_at"))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
