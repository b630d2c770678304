"""What is read of letters that refer somebody to us: one to answer, and what may be said of it to begin with."""

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.contacts.states import ContactState
from ventanilla.intake.models import Contact
from ventanilla.intake.models.contacts import ContactQuerySet
from ventanilla.intake.reading import open_consultation
from ventanilla.intake.states import ENDED, Requester
from ventanilla.referrals.models import LetterAnswer
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

LOOKS_BACK = timedelta(days=120)
"""How old a letter may be and still be reminded of."""


def open_letter(contact_id: UUID, *, by: Actor) -> Contact:
    """One of her unit, with the look at whom it is about logged; raises ``Http404`` for any other."""
    require(by, Permission.REFERRAL_WORK)
    mine = Contact.objects.visible_to(by).of_unit(by.unit_id).filter(requester=Requester.INSTITUTION)
    contact = mine.select_related("person", "consultation", "unit").filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    if contact.consultation_id:
        open_consultation(contact.consultation_id, by=by)
    elif contact.person:
        log_reading(ReadEntry.Kind.LIST, shown=[contact.person.pk], note=f"contacto {contact.folio}")
    return contact


def answer_to(contact: Contact) -> LetterAnswer | None:
    return LetterAnswer.objects.filter(contact=contact).select_related("account", "posting").first()


def begun_with(contact: Contact) -> str:
    """What the desk already knows, as the letter may begin: of what is restricted, nothing."""
    if contact.consultation is None:
        return contact.answer
    lines = contact.consultation.lines.exclude(secrecy=Secrecy.RESTRICTED).order_by("position")
    return "\n".join(f"{line.name}: {line.answer or line.get_outcome_display().lower()}." for line in lines)


def letters_to_answer(*, by: Actor, since: date) -> ContactQuerySet:
    """Those of her unit that were seen to and whose sender knows nothing, awaited since that day, the first first."""
    mine = Contact.objects.visible_to(by).of_unit(by.unit_id)
    recent = mine.filter(awaited_on__gte=since, requester=Requester.INSTITUTION, letter_answers__isnull=True)
    recent = recent.filter(exchange_steps__isnull=True)  # those are answered where they came from
    seen_to = recent.filter(state=ContactState.CONSULTED, consultation__state__in=sorted(ENDED))
    return seen_to.exclude(document_number="").due_first()
