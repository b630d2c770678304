"""Letters by which somebody is referred to us, for the tests."""

from datetime import timedelta
from typing import Any

from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import LineDetails, Writing, end_attention
from ventanilla.intake.contacts.actions import ContactDetails, note_contact, turn_into_consultation
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel, Outcome, Requester
from ventanilla.registry.models import Person

COURT = "Juzgado de Letras (ficticio)"


def letter(by: Actor, **said: Any) -> Contact:
    """As it was noted."""
    usual: dict[str, Any] = {
        "requester": Requester.INSTITUTION,
        "sender": COURT,
        "document_number": "Oficio 123-2026",
        "document_on": make.YESTERDAY,
        "due_on": make.TODAY + timedelta(days=10),
    }
    with acting(by):
        return note_contact(ContactDetails(Channel.LETTER, "Informe sobre su hogar", **(usual | said)), by=by)


def seen_to(by: Actor, person: Person, *lines: tuple[str, Outcome]) -> Contact:
    """Its consultation ended."""
    found = letter(by)
    with acting(by):
        consultation = turn_into_consultation(found, by=by, person=person)
        told = lines or (("food", Outcome.RESOLVED),)
        details = [LineDetails(make.reason(code).pk, outcome) for code, outcome in told]
        end_attention(consultation, Writing(lines=details), by=by)
        return Contact.objects.select_related("consultation").get(pk=found.pk)
