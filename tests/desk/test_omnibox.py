"""What the box answers: of another unit's folio, that it exists; and every search leaves its row, finding or not."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.run import parse
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.contacts.actions import ContactDetails, note_contact
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Channel, Outcome
from ventanilla.registry.models import Person, ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        return make.person("Rosa Elvira", "Araya")


@pytest.fixture
def other_unit() -> Posting:
    with make.inside():
        return make.posting(in_unit=make.unit(code="rsh", functions=("rsh",)))


def attended(posting: Posting, person: Person, reason: str = "social_report") -> Consultation:
    actor = actor_in(posting)
    with acting(actor):
        line = LineDetails(make.reason(reason).pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Cartola")
        return end_attention(start_consultation(person, by=actor), Writing(lines=[line]), by=actor)


def browser_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def results(client: Client, text: str) -> str:
    return client.post("/buscar/", {"q": text}, follow=True).content.decode()


def options(client: Client, text: str) -> str:
    return client.post("/buscar/opciones/", {"q": text}).content.decode()


def searches() -> list[tuple[list[UUID] | None, str]]:
    """Whom each search showed and its note, in order."""
    with make.inside():
        found = ReadEntry.objects.filter(kind=ReadEntry.Kind.SEARCH).order_by("id")
        return [(entry.people, entry.note) for entry in found]


def test_of_another_units_folio_only_its_unit_and_state_are_shown(rosa: Person, other_unit: Posting) -> None:
    theirs = attended(other_unit, rosa)
    client = browser_of(make.posting())
    assert client.get(f"/consultas/{theirs.pk}/").status_code == 403
    for shown in (results(client, theirs.folio), options(client, theirs.folio)):
        assert theirs.folio in shown
        assert "Unidad rsh" in shown
        assert theirs.get_state_display() in shown
        assert "Araya" not in shown
        assert f"/consultas/{theirs.pk}" not in shown
    assert searches() == [([], theirs.folio)] * 2


def test_choosing_another_units_folio_shows_the_page_that_says_so(rosa: Person, other_unit: Posting) -> None:
    theirs = attended(other_unit, rosa)
    client = browser_of(make.posting())
    address = re.search(r'data-action="([^"]+)" data-method="get"', options(client, theirs.folio))
    assert address
    assert theirs.folio not in address[1]
    answer = client.get(address[1])
    assert answer.status_code == 200
    assert f"Consulta {theirs.folio}" in answer.content.decode()
    assert "es de otra unidad" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CASE_WORKER])
def test_whose_a_folio_is_is_shown_to_her_unit_and_to_the_full_profile(
    rosa: Person, other_unit: Posting, role: Role
) -> None:
    theirs = attended(other_unit, rosa)
    in_unit = other_unit.unit if role is Role.FRONT_DESK else None
    client = browser_of(make.posting(role, in_unit=in_unit))
    for shown in (results(client, theirs.folio), options(client, theirs.folio)):
        assert "Araya" in shown
        assert f"/consultas/{theirs.pk}/" in shown
    assert searches() == [([rosa.pk], theirs.folio)] * 2


def test_the_readings_do_not_name_the_folio_of_a_secret(rosa: Person) -> None:
    author = make.posting()
    secret = attended(author, rosa, "violence")
    assert "Araya" in results(browser_of(author), secret.folio)
    assert searches() == [([rosa.pk], "1 resultado")]


def test_a_contact_is_found_by_its_folio_in_its_unit_and_in_no_other(rosa: Person, other_unit: Posting) -> None:
    author = make.posting()
    letter = ContactDetails(Channel.LETTER, "Pide una cama clínica", run=parse(rosa.run or ""))
    with acting(actor_in(author)):
        contact = note_contact(letter, by=actor_in(author))
    for text in (contact.folio, contact.folio.lower().replace("-", "")):
        for shown in (results(browser_of(author), text), options(browser_of(author), text)):
            assert contact.get_absolute_url() in shown
            assert "Rosa Elvira Araya" in shown
    assert searches() == [([rosa.pk], contact.folio)] * 4
    assert f"No hay un contacto con folio {contact.folio}" in results(browser_of(other_unit), contact.folio)


def test_the_folio_after_the_millionth_of_a_year_is_a_folio_too(rosa: Person) -> None:
    assert "No hay una consulta con folio C-2026-1000001." in results(browser_of(make.posting()), "C-2026-1000001")


@pytest.mark.parametrize("text", ["nadie se llama así", "90.999.999-0", "C-2026-999999", "CR-2026-999999"])
def test_a_search_that_finds_nothing_leaves_its_row(rosa: Person, text: str) -> None:
    client = browser_of(make.posting())
    results(client, text)
    options(client, text)
    assert searches() == [([], "0 resultados")] * 2


def catalogue() -> None:
    """Five entries, one of them with the surname of a neighbour in it."""
    with make.inside():
        for name in ("Vale de gas", "Vale de parafina", "Vale de leña", "Vale Araya", "Canasta"):
            make.written_entry(name, plain="Una ayuda.", words="")


def test_words_find_up_to_three_entries_of_the_catalogue_after_people(rosa: Person) -> None:
    catalogue()
    client = browser_of(make.posting())
    shown = options(client, "araya")
    assert 0 < shown.index("Rosa Elvira Araya") < shown.index("Vale Araya")
    assert options(client, "vale").count("Catálogo ·") == 3
    page = results(client, "canasta")
    assert "En el catálogo" in page
    assert "/catalogo/" in options(client, "canasta")
    assert searches()[-1] == ([], "0 resultados"), "an entry is nobody: the readings count people"


def test_a_run_or_a_folio_finds_no_entry(rosa: Person) -> None:
    catalogue()
    client = browser_of(make.posting())
    for text in (rosa.run or "", "C-2026-000001", "vale 15"):
        assert "Catálogo ·" not in options(client, text)


def test_a_draft_is_found_by_nobody(rosa: Person) -> None:
    with make.inside():
        make.written_entry("Pañales", is_published=False)
    assert "Catálogo ·" not in options(browser_of(make.posting(Role.UAS_HEAD)), "pañales")


def test_twenty_entries_take_the_queries_of_one(
    rosa: Person, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    client = browser_of(make.posting())
    with make.inside():
        make.written_entry("Vale uno")
    with CaptureQueriesContext(connection) as for_one:
        options(client, "vale")
    with make.inside():
        for number in range(20):
            make.written_entry(f"Vale de la letra {chr(97 + number)}")
    with django_assert_max_num_queries(len(for_one)):
        options(client, "vale")
