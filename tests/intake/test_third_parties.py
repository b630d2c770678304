"""Who comes for another: what she showed is kept, what may be told is plain, and the paper tells her no more."""

import pytest
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of, form, kept, start

from ventanilla.access.permissions import Role
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person)
    return person


@pytest.fixture
def client(rosa: Person) -> Client:
    return browser_of(make.posting(Role.FRONT_DESK))


def attend(client: Client, person: Person, **told: str) -> str:
    address = start(client, person)
    page = client.get(address).content.decode()
    sent = form(page, SUF="informed") | {"requester": "third_party", "requester_detail": "Ana Tapia"} | told
    assert client.post(address, sent | {"end": "1"}).status_code == 302
    return address


def paper_of(client: Client, address: str) -> str:
    page: str = client.get(f"{address}comprobante/").content.decode()
    return page.split("<article")[1].split("</article>")[0]


def test_the_page_tells_what_may_be_said_on_each_thing_that_is_shown(client: Client, rosa: Person) -> None:
    page = client.get(start(client, rosa)).content.decode()
    assert "No diga si la persona es conocida aquí." in page
    assert "Es mayor de edad: el parentesco no autoriza." in page
    assert "Ley 19.628 art. 14 bis" in page


def test_what_she_showed_is_kept_and_seen_in_the_record(client: Client, rosa: Person) -> None:
    address = attend(client, rosa, requester_quality="mandate", requester_evidence="power")
    assert (kept().requester_quality, kept().requester_evidence) == ("mandate", "power")
    page = client.get(address).content.decode()
    for said in ("Ana Tapia", "Con poder o mandato", "Poder o mandato", "Lo que el poder nombra"):
        assert said in page


def test_what_nobody_asked_is_said_to_be_unknown(client: Client, rosa: Person) -> None:
    page = client.get(attend(client, rosa)).content.decode()
    assert "No se sabe en qué calidad" in page
    assert "falta anotarlo" in page


def test_of_who_comes_for_herself_nothing_is_kept_of_another(client: Client, rosa: Person) -> None:
    attend(client, rosa, requester="self", requester_quality="parent", requester_evidence="birth")
    assert (kept().requester_quality, kept().requester_evidence) == ("", "")


def test_the_paper_of_who_showed_nothing_names_nobody(client: Client, rosa: Person) -> None:
    paper = paper_of(client, attend(client, rosa, requester_evidence="none"))
    assert kept().folio in paper
    for never in (rosa.given_names, rosa.first_surname, "SUF"):
        assert never not in paper


def test_the_paper_of_who_holds_a_power_says_it_all(client: Client, rosa: Person) -> None:
    paper = paper_of(client, attend(client, rosa, requester_evidence="power"))
    assert rosa.full_name in paper
    assert "SUF" in paper


def test_what_is_typed_of_her_comes_back_with_the_draft(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    client.post(f"{address}borrador/", {"requester": "third_party", "requester_evidence": "court_order"})
    assert 'value="court_order" checked' in client.get(address).content.decode()
