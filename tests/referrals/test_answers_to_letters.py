"""A court or a school refers somebody to us by letter, and is answered by another, with a folio and a ground."""

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.letters import COURT, letter, seen_to

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import documents
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.desk.tray.referrals import letters_unanswered
from ventanilla.intake.contacts.actions import ContactDetails, answer_contact, note_contact
from ventanilla.intake.states import Channel, Outcome
from ventanilla.referrals.inbound.actions import answer_letter
from ventanilla.referrals.models import LetterAnswer
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db

GROUND = "Lo requiere el tribunal en la causa P-12-2026"


@pytest.fixture
def here(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.FRONT_DESK)


@pytest.fixture
def by(here: Posting) -> Actor:
    return actor_in(here)


@pytest.fixture
def rosa(here: Posting) -> Person:
    with make.inside():
        return make.person("Rosa", "Araya")


def test_its_sender_is_answered_once_with_a_folio_and_a_ground(by: Actor, rosa: Person) -> None:
    found = seen_to(by, rosa)
    with acting(by):
        answer = answer_letter(found, by=by, text="Recibe alimentos.", legal_ground=GROUND)
        again = answer_letter(found, by=by, text="Otra cosa", legal_ground=GROUND)
    assert answer.folio.startswith("O-")
    assert again == answer
    assert again.text == "Recibe alimentos."


@pytest.mark.parametrize(("text", "ground", "field"), [("", GROUND, "text"), ("Recibe alimentos", " ", "legal_ground")])
def test_without_words_or_a_ground_nothing_leaves(by: Actor, rosa: Person, text: str, ground: str, field: str) -> None:
    found = seen_to(by, rosa)
    with acting(by):
        with pytest.raises(RuleBroken) as refused:
            answer_letter(found, by=by, text=text, legal_ground=ground)
        assert refused.value.field == field
        assert not LetterAnswer.objects.exists()


def test_what_was_not_seen_to_waits_and_only_its_unit_answers(by: Actor, rosa: Person) -> None:
    found = letter(by)
    with acting(by), pytest.raises(InvalidTransition, match="cuando terminó la atención"):
        answer_letter(found, by=by, text="Pronto", legal_ground=GROUND)
    done = seen_to(by, rosa)
    with make.inside():
        other = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    with acting(other), pytest.raises(NotAllowed):
        answer_letter(done, by=other, text="Nosotros", legal_ground=GROUND)


def test_it_is_in_the_tray_of_who_saw_to_it_until_its_sender_knows(by: Actor, rosa: Person) -> None:
    found = seen_to(by, rosa)
    with acting(by):
        days = service_days(make.MONTE_PATRIA, around=make.TODAY)
        (told,) = letters_unanswered(by, make.TODAY, days)
        assert told.title == f"Responder el oficio de {COURT}"
        assert told.due_on == found.awaited_on
        answer_letter(found, by=by, text="Recibe alimentos", legal_ground=GROUND)
        assert list(letters_unanswered(by, make.TODAY, days)) == []


def test_from_the_consultation_to_the_paper(
    here: Posting, by: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, client = seen_to(by, rosa, ("food", Outcome.RESOLVED), ("violence", Outcome.RESOLVED)), browser_of(here)
    address = f"/derivaciones/oficios/{found.pk}/"
    assert found.consultation
    assert address in client.get(found.consultation.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert "Alimentos: " in page
    assert "Violencia" not in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert client.get(f"{address}pdf/").status_code == 404
    refused = client.post(address, {"text": "", "legal_ground": ""})
    assert (refused.status_code, "Escriba qué se responde" in refused.content.decode()) == (422, True)
    assert client.post(address, {"text": "Recibe alimentos.", "legal_ground": GROUND}).status_code == 302
    assert "Respondido con el oficio O-" in client.get(address).content.decode()
    assert client.get(f"{address}pdf/").content.startswith(b"%PDF-")
    monkeypatch.setattr(documents, "pdf_of", lambda html, *styles: html.encode())
    paper = client.get(f"{address}pdf/").content.decode()
    for told in (COURT, "Oficio 123-2026", rosa.formatted_run, "Recibe alimentos.", GROUND):
        assert str(told) in paper


def test_what_was_answered_without_a_consultation_may_leave_on_paper_too(here: Posting, by: Actor) -> None:
    found = letter(by)
    with acting(by):
        answer_contact(found, by=by, answer="No vive en la comuna")
    client = browser_of(here)
    assert "No vive en la comuna" in client.get(f"/derivaciones/oficios/{found.pk}/").content.decode()
    with acting(by):
        call = note_contact(ContactDetails(Channel.PHONE, "Pregunta por su SUF"), by=by)
    assert client.get(f"/derivaciones/oficios/{call.pk}/").status_code == 404
