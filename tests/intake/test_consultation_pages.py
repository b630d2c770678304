"""The pages of a consultation: what is typed stays, what is secret is not there, addresses of others lead nowhere."""

import re
from typing import Any

import pytest
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of, form, kept, place_of, start

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake import views
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    end_attention,
    start_consultation,
    write_consultation,
)
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import open_purpose

pytestmark = pytest.mark.django_db

WRITTEN = ReadPurpose.Ground.WRITTEN_REASON


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person, make.person("Martín"))
    return person


@pytest.fixture
def posting(rosa: Person) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def attended(person: Person, actor: Actor, code: str, outcome: Outcome = Outcome.INFORMED) -> Consultation:
    with acting(actor):
        consultation = start_consultation(person, by=actor)
        papers = "Cartola" if outcome == Outcome.WAITING_DOCUMENTS else ""
        line = LineDetails(make.reason(code).pk, outcome, awaited_documents=papers)
        return end_attention(consultation, Writing(lines=[line], notes=f"Nota de {code}"), by=actor)


def test_an_information_consultation_takes_three_acts(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    ended = client.post(address, form(page, Información="informed") | {"end": "1"}, follow=True)
    assert "Atención finalizada" in ended.content.decode()
    assert kept().state == "resolved"


def test_a_missing_outcome_is_told_and_what_was_typed_stays(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    data = form(client.get(address).content.decode(), SUF="", SAP="informed") | {"notes": "Trae dos cartolas <viejas>"}
    answer = client.post(address, data | {"end": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Falta el resultado de SUF." in page
    assert "Trae dos cartolas &lt;viejas&gt;" in page
    assert re.search(rf'name="{place_of(page, "SAP")}-marked"[^>]* checked', page)
    assert (kept().state, kept().version) == ("in_attention", 1)


def test_somebody_elses_writing_in_between_gives_a_choice_and_keeps_what_was_typed(
    client: Client, rosa: Person
) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    mine = form(page, SUF="informed") | {"notes": "Lo que yo alcancé a escribir"}
    client.post(address, form(page, SAP="needs_unit") | {"notes": "Lo primero", "keep": "1"})
    answer = client.post(address, mine | {"end": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Usted guardó esta consulta en otra ventana" in shown
    assert "Lo que yo alcancé a escribir" in shown
    assert sides_of(shown) == {
        "SUF": ["Informada", "(nada)"],
        "SAP": ["(nada)", "Requiere otra unidad"],
        "Notas": ["Lo que yo alcancé a escribir", "Lo primero"],
    }
    assert kept().notes == "Lo primero"
    again = form(shown, SUF="informed") | {"notes": "Lo que yo alcancé a escribir", "end": "1"}
    assert client.post(address, again).status_code == 302
    assert kept().notes == "Lo que yo alcancé a escribir"


def sides_of(page: str) -> dict[str, list[str]]:
    """Each part of the table of a conflict: what this page says, and what is kept."""
    rows = re.findall(r'<tr><th scope="row">([^<]+).*?</th><td>(.*?)</td><td>(.*?)</td></tr>', page, re.DOTALL)
    return {what: [mine, kept] for what, mine, kept in rows}


def test_whoever_finds_anothers_writing_may_keep_it(client: Client, posting: Posting, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    client.post(f"{address}borrador/", form(page, SUF="informed"))
    with make.inside() as head:
        open_purpose(rosa, by=head, ground=WRITTEN, reason="Revisar la consulta abierta")
        line = LineDetails(make.reason("sap").pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Boleta")
        write_consultation(Consultation.objects.get(), Writing([line], notes="Lo suyo"), by=head)
    answer = client.post(address, form(page, SUF="informed") | {"end": "1"})
    shown = answer.content.decode()
    assert (answer.status_code, "Otra persona guardó" in shown) == (409, True)
    assert "Camila De Jefatura de Asistencia Social" in shown
    assert sides_of(shown)["SAP"] == ["(nada)", "Espera documentos: Boleta"]
    theirs = client.post(f"{address}borrador/", {"discard": "1"}, follow=True).content.decode()
    assert "Lo suyo" in theirs
    assert "Se retomó" not in theirs
    assert "guardó esta consulta" not in theirs


def test_the_back_button_and_a_second_send_change_nothing(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    assert start(client, rosa) == address
    data = form(client.get(address).content.decode(), Información="informed") | {"end": "1"}
    first, second = client.post(address, data), client.post(address, data)
    assert (first.status_code, second.status_code) == (302, 200)
    assert (kept().state, kept().version) == ("resolved", 2)


def test_another_text_for_what_has_ended_is_told_comes_back_and_changes_nothing(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    client_page = client.get(address).content.decode()
    data = form(client_page, Información="informed") | {"end": "1"}
    client.post(address, data)
    was = (kept().state, kept().version, kept().notes)
    assert was == ("resolved", 2, "Vino con su hijo")
    answer = client.post(address, data | {"notes": "Lo que contó al final"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ya no se puede" in page
    assert "Lo guardado no cambió" in page
    assert "Lo que contó al final" in page
    for same in ("Vino con su hijo", "  Vino con su hijo\r\n"):
        assert client.post(address, data | {"notes": same}).status_code == 200
    marked = form(client_page, SUF="informed") | {"end": "1"}
    for other in (data | {"notes": ""}, data | {"requester_detail": "Su hermana"}, marked):
        assert client.post(address, other).status_code == 409
    assert (kept().state, kept().version, kept().notes) == was


def test_an_unknown_neighbour_is_attended_and_left_on_nobodys_record(client: Client, rosa: Person) -> None:
    address = client.post("/consultas/iniciar/").headers["Location"]
    page = client.get(address).content.decode()
    assert "Sin identificar" in page
    client.post(address, form(page, Información="informed") | {"end": "1"})
    assert (kept().person, kept().state) == (None, "resolved")
    assert "Sin identificar" in client.get("/consultas/").content.decode()


def test_what_waited_for_papers_is_answered_on_its_page(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    suf = place_of(page, "SUF")
    waiting = {f"{suf}-awaited_documents": "Certificado", f"{suf}-awaited_until": "30-12-2026"}
    client.post(address, form(page, SUF="waiting_documents") | waiting | {"end": "1"})
    shown = client.get(address).content.decode()
    assert "Certificado, hasta el" in shown
    assert "30-12-2026" in shown
    found = re.search(r'action="(/consultas/[^"]+/responder/[^"]+/)"', shown)
    assert found
    unchosen = client.post(found[1], {"answer": "Lo trajo"})
    assert "Elija cómo terminó" in unchosen.content.decode()
    done = client.post(found[1], {"outcome": "resolved", "answer": "Lo trajo"}, follow=True)
    assert "Atención finalizada" in done.content.decode()
    again = client.post(found[1], {"outcome": "withdrew"})
    assert "ya fue respondido" in again.content.decode()


def test_voiding_asks_why_and_shows_it(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    assert client.post(f"{address}anular/", {"reason": ""}).status_code == 200
    assert kept().state == "in_attention"
    shown = client.post(f"{address}anular/", {"reason": "Era su hermana"}, follow=True).content.decode()
    assert "Era su hermana" in shown
    assert kept().state == "voided"


def test_a_restricted_consultation_is_nobody_elses(client: Client, posting: Posting, rosa: Person) -> None:
    secret = attended(rosa, actor_in(posting), "violence", Outcome.WAITING_DOCUMENTS)
    address = f"/consultas/{secret.pk}/"
    for role in (Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD, Role.UNIT_HEAD):
        colleague = browser_of(make.posting(role))
        colleague.post(f"/personas/{rosa.pk}/", {"reason": "Revisar su situación actual"})
        assert colleague.get(address).status_code == 404
        assert colleague.get(f"{address}anular/").status_code == 404
        signs = (secret.folio, "Violencia", "Nota de violence", "Araya")
        for page in ("/", "/consultas/", "/consultas/?estado=attended"):
            shown = colleague.get(page).content.decode()
            assert not [sign for sign in signs if sign in shown], page
        record = colleague.get(f"/personas/{rosa.pk}/ficha/").content.decode()
        assert "Nada abierto en ninguna unidad" in record
        assert not [sign for sign in signs[:3] if sign in record]
        found = colleague.post("/buscar/", {"q": secret.folio}, follow=True).content.decode()
        assert "No hay una consulta con folio" in found
    assert client.get(address).status_code == 200
    assert secret.folio in client.get("/consultas/").content.decode()


def test_a_reserved_consultation_is_for_its_unit_and_the_uas(rosa: Person) -> None:
    rsh = make.unit(code="rsh", functions=("rsh",))
    author = make.posting(Role.FRONT_DESK, in_unit=rsh)
    secret = attended(rosa, actor_in(author), "medicines", Outcome.WAITING_DOCUMENTS)
    expected = {
        "own unit": (make.posting(Role.FRONT_DESK, in_unit=rsh), 200),
        "uas": (make.posting(Role.CASE_WORKER), 200),
        "another unit": (make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="x", functions=("subsidies",))), 404),
    }
    for who, (posting, status) in expected.items():
        colleague = browser_of(posting)
        colleague.post(f"/personas/{rosa.pk}/", {"reason": "Revisar su situación actual"})
        assert colleague.get(f"/consultas/{secret.pk}/").status_code == status, who
        shows = "Nada abierto en ninguna unidad" not in colleague.get(f"/personas/{rosa.pk}/ficha/").content.decode()
        assert shows == (status == 200), who


def test_what_another_unit_wrote_takes_the_full_profile(client: Client, rosa: Person) -> None:
    author = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    theirs = attended(rosa, actor_in(author), "social_report", Outcome.WAITING_DOCUMENTS)
    assert theirs.secrecy == "ordinary"
    worker = browser_of(make.posting(Role.CASE_WORKER))
    for browser, status in ((client, 403), (worker, 200)):
        browser.post(f"/personas/{rosa.pk}/", {"reason": "Revisar su situación actual"})
        answer = browser.get(f"/consultas/{theirs.pk}/")
        assert answer.status_code == status
        assert ("Nota de social_report" in answer.content.decode()) == (status == 200)
    assert "es de otra unidad" in client.get(f"/consultas/{theirs.pk}/").content.decode()


def test_the_list_is_of_ones_unit_and_leaves_a_reading(client: Client, posting: Posting, rosa: Person) -> None:
    mine = attended(rosa, actor_in(posting), "suf")
    other = actor_in(make.posting(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",))))
    theirs = attended(rosa, other, "suf")
    page = client.get("/consultas/").content.decode()
    assert mine.folio in page
    assert theirs.folio not in page
    with make.inside():
        (entry,) = ReadEntry.objects.filter(kind=ReadEntry.Kind.LIST)
    assert (entry.people, entry.account_id) == ([rosa.pk], posting.account_id)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "2026-13-45T00:00:00_x",
        "2026-01-01T00:00:00_x",
        "2026-01-01T00:00:00_01a20744-0000-7000-8000-000000000000",
        "_",
        "%00_%00",
    ],
)
def test_an_address_somebody_changed_by_hand_still_opens_the_list(client: Client, cursor: str) -> None:
    assert client.get(f"/consultas/?estado=nada&antes={cursor}").status_code == 200


def test_attending_somebody_takes_few_statements_of_each_request(
    client: Client, rosa: Person, django_assert_num_queries: Any
) -> None:
    """With her session, her postings, the settings of her institution, the block that can be undone, and whether she
    is family of who attends."""
    with make.inside():
        reason = make.reason("information").pk
    client.get("/consultas/")  # the session is renewed by the first request, and not again for a minute
    with django_assert_num_queries(15):
        began = client.post(f"/consultas/iniciar/{rosa.pk}/")
    written = {"channel": "in_person", "requester": "self", "version": "1", "end": "1"}
    with django_assert_num_queries(22):
        client.post(began["Location"], written | {f"m-{reason}-marked": "on", f"m-{reason}-outcome": "informed"})


def test_the_end_of_an_attention_is_told_once_on_the_page_that_follows(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    ended = client.post(address, form(client.get(address).content.decode(), Información="informed") | {"end": "1"})
    told = f"{kept().folio}: atención finalizada."
    assert told in client.get(ended["Location"]).content.decode()
    assert told not in client.get(address).content.decode()


def test_a_long_list_goes_on_where_it_stopped(
    client: Client, posting: Posting, rosa: Person, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(views, "ROWS", 3)
    folios = [attended(rosa, actor_in(posting), "suf").folio for _ in range(5)]
    first = client.get("/consultas/").content.decode()
    following = re.search(r'href="(\?[^"]*antes=[^"]+)"', first)
    assert following
    second = client.get("/consultas/" + following[1].replace("&amp;", "&")).content.decode()
    seen = [re.findall(r"C-\d{4}-\d{6}", page) for page in (first, second)]
    assert [folio for page in seen for folio in dict.fromkeys(page)] == folios[::-1]
    with django_assert_max_num_queries(14):
        client.get("/consultas/")


def test_searching_a_folio_leaves_a_reading_of_whose_it_is(client: Client, posting: Posting, rosa: Person) -> None:
    made = attended(rosa, actor_in(posting), "suf")
    page = client.post("/buscar/", {"q": made.folio.lower()}, follow=True).content.decode()
    assert str(made.pk) in page
    with make.inside():
        (entry,) = ReadEntry.objects.filter(kind=ReadEntry.Kind.SEARCH)
    assert entry.people == [rosa.pk]
