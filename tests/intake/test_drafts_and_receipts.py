"""What is typed and not sent is kept; what the neighbour takes home says what comes next."""

import re

import pytest
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of, form, kept, place_of, start

from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake import actions
from ventanilla.intake.models import Consultation, Draft
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person, ReadPurpose
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
def client() -> Client:
    return browser_of(make.posting(Role.FRONT_DESK))


# What is typed and not sent


def typed(page: str, text: str) -> dict[str, str]:
    return form(page, SUF="waiting_documents") | {"notes": text, "requester_detail": "Su hermana"}


def drafts() -> list[Draft]:
    with make.inside():
        return list(Draft.objects.all())


def test_what_is_typed_is_kept_and_comes_back_until_it_is_sent(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    answer = client.post(f"{address}borrador/", typed(page, "Lo que alcancé a escribir"))
    assert re.fullmatch(r"Guardado \d\d:\d\d", answer.content.decode())
    client.post(f"{address}borrador/", typed(page, "Lo que alcancé a escribir, y más"))
    again = client.get(address).content.decode()
    assert "Falta completar" not in again
    for sign in ("Se retomó su borrador", "Lo que alcancé a escribir, y más", "Su hermana"):
        assert sign in again
    prefix = place_of(again, "SUF")
    assert re.search(rf'name="{prefix}-marked"[^>]* checked', again)
    assert re.search(rf'name="{prefix}-outcome" value="waiting_documents" checked', again)
    assert (kept().notes, kept().version, len(drafts())) == ("", 1, 1)
    sent = form(again, SUF="informed") | {"notes": "Lo definitivo", "keep": "1"}
    assert client.post(address, sent).status_code == 302
    assert (kept().notes, drafts()) == ("Lo definitivo", [])
    assert "Se retomó" not in client.get(address).content.decode()


def test_a_draft_is_its_operators_alone_and_goes_when_the_attention_ends(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    data = form(client.get(address).content.decode(), Información="informed")
    client.post(f"{address}borrador/", data | {"notes": "Solo mío"})
    colleague = make.posting(Role.FRONT_DESK)
    with acting(actor_in(colleague)):
        open_purpose(rosa, by=actor_in(colleague), ground=WRITTEN, reason="Reemplazo en el mesón hoy")
    assert "Solo mío" not in browser_of(colleague).get(address).content.decode()
    foreign = browser_of(make.posting(Role.FRONT_DESK, make.COMBARBALA))
    assert foreign.post(f"{address}borrador/", data).status_code in (404, 409)
    assert client.post(address, data | {"end": "1"}).status_code == 302
    assert drafts() == []
    assert client.post(f"{address}borrador/", data).status_code == 409
    assert drafts() == []


def test_a_draft_typed_over_what_somebody_changed_says_what_was_kept(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    client.post(f"{address}borrador/", typed(page, "Lo mío"))
    with make.inside() as head:
        found = Consultation.objects.get()
        open_purpose(rosa, by=head, ground=WRITTEN, reason="Revisar la consulta abierta")
        line = actions.LineDetails(make.reason("sap").pk, Outcome.NEEDS_UNIT)
        actions.write_consultation(found, actions.Writing([line], notes="Lo suyo"), by=head)
    again = client.get(address).content.decode()
    assert "Otra persona guardó esta consulta mientras usted escribía" in again
    assert "Lo suyo" in again
    assert "Lo mío" in again


def test_a_draft_is_discarded_when_asked(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    client.post(f"{address}borrador/", {"notes": "Me equivoqué de persona"})
    assert client.post(f"{address}borrador/", {"discard": "1"}).headers["Location"] == address
    assert "Me equivoqué" not in client.get(address).content.decode()
    assert drafts() == []


def test_a_draft_without_end_is_refused_in_words(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    answer = client.post(f"{address}borrador/", {"notes": "a" * 70_000})
    assert answer.status_code == 422
    assert "demasiado largo" in answer.content.decode()
    assert drafts() == []


# What the neighbour takes home, and coming back


def test_the_receipt_says_what_comes_next_and_never_names_what_is_reserved(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    assert client.get(f"{address}comprobante/").status_code == 409
    page = client.get(address).content.decode()
    data = form(page, SUF="waiting_documents", **{"Violencia o protección": "informed"}) | {
        "end": "1",
        "notes": "Me golpea",
    }
    papers = {"awaited_documents": "Certificado de alumno regular; Cédula del hijo", "awaited_until": "2026-12-30"}
    data |= {f"{place_of(page, 'SUF')}-{name}": value for name, value in papers.items()}
    assert client.post(address, data).status_code == 302
    paper = client.get(f"{address}comprobante/").content.decode().split("<article")[1].split("</article>")[0]
    for said in (
        "C-2026-000001",
        "SUF",
        "<li>Certificado de alumno regular</li>",
        "<li>Cédula del hijo</li>",
        "30-12-2026",
    ):
        assert said in paper
    assert "Atención social" in paper
    for never in ("iolencia", "golpea", "Martín"):
        assert never not in paper


def test_who_comes_back_with_papers_answers_what_waited(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    data = form(page, SUF="waiting_documents") | {f"{place_of(page, 'SUF')}-awaited_documents": "Cédula", "end": "1"}
    client.post(address, data)
    shown = client.get(address).content.decode()
    assert "Volvió: continuar" in shown
    earlier = kept()
    back: str = client.post(f"/consultas/iniciar/{rosa.pk}/", {"continues": str(earlier.pk)}).headers["Location"]
    desk = client.get(back).content.decode()
    assert f'Continúa a <a href="{address}">{earlier.folio}</a>' in desk
    assert re.search(rf'name="{place_of(desk, "SUF")}-marked"[^>]* checked', desk)
    assert client.post(back, form(desk, SUF="resolved") | {"end": "1"}).status_code == 302
    with make.inside():
        first, second = Consultation.objects.order_by("folio")
        assert (first.state, second.state, second.continues_id) == ("resolved", "resolved", first.pk)
        assert first.lines.get().answer == f"Volvió: {second.folio}"


def test_a_consultation_of_somebody_else_is_not_continued(client: Client, rosa: Person) -> None:
    with make.inside():
        other = make.person()
    start(client, other)
    assert client.post(f"/consultas/iniciar/{rosa.pk}/", {"continues": str(kept().pk)}).status_code == 404
