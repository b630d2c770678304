"""The verb of who was referred to us by letter: its sender is answered."""

from django.db import transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.intake.contacts.states import ContactState
from ventanilla.intake.folios import ANSWERS, next_folio
from ventanilla.intake.models import Contact
from ventanilla.intake.states import ENDED
from ventanilla.referrals.models import LetterAnswer


@transaction.atomic
def answer_letter(contact: Contact, *, by: Actor, text: str, legal_ground: str) -> LetterAnswer:
    """An official letter with a folio of its own; twice is once. Raises ``RuleBroken`` with what is missing.

    What came must have been seen to first: its consultation ended, or it was answered without one.
    """
    require(by, Permission.REFERRAL_WORK)
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",)))
    if by.unit_id is None or contact.unit_id != by.unit_id:
        raise NotAllowed("Lo responde la unidad que lo tiene.")
    if known := LetterAnswer.objects.filter(contact=contact).first():
        return known
    if not is_seen_to(contact):
        raise InvalidTransition(f"{contact} todavía no se atiende: el oficio se responde cuando terminó la atención.")
    text, legal_ground = text.strip(), " ".join(legal_ground.split())
    if not text:
        raise RuleBroken("Escriba qué se responde.", field="text")
    if not legal_ground:
        raise RuleBroken("Escriba por qué se le pueden entregar estos datos.", field="legal_ground")
    answer = LetterAnswer(
        contact=contact,
        text=text,
        legal_ground=legal_ground,
        at=clock.now(),
        account_id=by.account,
        posting_id=by.posting_id,
    )
    answer.folio = next_folio(ANSWERS, timezone.localtime(answer.at).year)
    answer.save(force_insert=True)
    return answer


def is_seen_to(contact: Contact) -> bool:
    if contact.state == ContactState.CONSULTED and contact.consultation:
        return contact.consultation.state in ENDED
    return contact.state == ContactState.ANSWERED
