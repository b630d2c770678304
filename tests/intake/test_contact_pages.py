"""The pages of what does not walk in: seconds to note, one key to take, nobody attended before being looked for."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of, form
from tests.intake.desk_page import kept as kept_consultation

from ventanilla.access.models import Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.contacts.actions import ContactDetails, note_contact, take_contact
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel
from ventanilla.registry.models import ContactPoint, Person, ReadEntry

pytestmark = pytest.mark.django_db

INBOX = "/consultas/contactos/"
NEW = "/consultas/contactos/nuevo/"


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person)
    return person


@pytest.fixture
def posting(rosa: Person) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def note(client: Client, **fields: str) -> str:
    """Its address."""
    answer = client.post(NEW, {"channel": "phone", "requester": "self", "subject": "Pregunta por su SUF"} | fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def only() -> Contact:
    with make.inside():
        return Contact.objects.get()


def test_with_its_subject_a_call_is_noted(client: Client, rosa: Person) -> None:
    address = note(client, run=rosa.formatted_run, answer_to="9 0000 0000")
    page = client.get(address).content.decode()
    for said in ("Pregunta por su SUF", rosa.full_name, "9 0000 0000", only().folio):
        assert said in page
    with make.inside():
        assert ReadEntry.objects.filter(person_id=rosa.pk, note=only().folio).exists()


def test_what_is_missing_is_told_and_what_was_typed_stays(client: Client) -> None:
    typed = {"channel": "letter", "requester": "institution", "text": "Dos hojas", "due_on": "31-02-2026"}
    answer = client.post(NEW, typed | {"subject": "", "document_number": "Oficio 7"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Escriba en pocas palabras de qué se trata.", "La fecha no existe", "Dos hojas", "Oficio 7"):
        assert said in page
    assert re.search(r"<details[^>]* open>\s*<summary>Documento", page), "what is wrong is not folded away"
    answer = client.post(NEW, typed | {"subject": "Pide informe", "due_on": ""})
    assert "Escriba qué institución es." in answer.content.decode()


def test_a_letter_of_last_week_says_its_day(client: Client) -> None:
    day = clock.today() - timedelta(days=6)
    note(client, channel="letter", received_on=f"{day:%d-%m-%Y}", due_on=f"{clock.today():%d-%m-%Y}")
    assert (only().received_on, only().due_on) == (day, clock.today())
    assert "Vence hoy" in client.get(INBOX).content.decode()


def test_noted_and_attended_at_once(client: Client, rosa: Person) -> None:
    address = note(client, run=rosa.formatted_run, attend="1")
    assert f"Consulta de {rosa.full_name}" in client.get(address).content.decode()
    assert (only().state, kept_consultation().channel) == ("consulted", "phone")


def test_noted_and_attended_at_once_she_is_looked_for_first_when_nobody_knows_who_she_is(
    client: Client, rosa: Person
) -> None:
    page = client.get(note(client, name="Rosa Haraya", attend="1")).content.decode()
    assert "¿De quién se trata?" in page
    assert rosa.full_name in page
    assert only().state == "received"


def test_the_next_is_taken_with_one_key_and_an_empty_inbox_says_so(client: Client) -> None:
    assert "Nada por atender" in client.get(INBOX).content.decode()
    answer = client.post(INBOX)
    assert answer.status_code == 422
    assert "No queda ningún contacto sin tomar" in answer.content.decode()
    address = note(client)
    assert 'data-key="n"' in client.get(INBOX).content.decode()
    assert client.post(INBOX).headers["Location"] == address
    assert "Lo tiene usted" in client.get(address).content.decode()
    assert "Pregunta por su SUF" in client.get(f"{INBOX}?ver=mios").content.decode()
    assert "Pregunta por su SUF" not in client.get(f"{INBOX}?ver=sin-tomar").content.decode()


def test_nobody_is_attended_before_she_is_looked_for(client: Client, rosa: Person) -> None:
    address = note(client, name="Roza Haraya")
    answer = client.post(address, {"verb": "attend"})
    page = answer.content.decode()
    assert only().state == "received"
    assert "¿De quién se trata?" in page
    assert rosa.full_name in page
    found = re.search(r'name="person" value="([^"]+)"', page)
    assert found
    started = client.post(address, {"verb": "attend", "person": found[1]})
    assert f"Consulta de {rosa.full_name}" in client.get(started.headers["Location"]).content.decode()


def test_who_is_not_here_is_registered_with_what_was_typed_of_her(client: Client, rosa: Person) -> None:
    address = note(client, name="Juana Inés Rojas Tapia", answer_to="al 9 8123 4567, en la tarde")
    assert "Registrarla y atender" in client.post(address, {"verb": "attend"}).content.decode()
    page = client.get(f"{address}registrar/").content.decode()
    for value in ("Juana Inés", "Rojas", "Tapia", "9 8123 4567"):
        assert f'value="{value}"' in page
    person_id = re.search(r'name="person_id" value="([^"]+)"', page)
    assert person_id
    new = {"given_names": "Juana Inés", "first_surname": "Rojas", "run": "", "document_kind": "no_document"}
    new |= {"person_id": person_id[1], "phone": "9 8123 4567"}
    started = client.post(f"{address}registrar/", new)
    assert "Consulta de Juana Inés Rojas" in client.get(started.headers["Location"]).content.decode()
    assert client.post(f"{address}registrar/", new).headers["Location"] == started.headers["Location"]
    with make.inside():
        assert Person.objects.filter(given_names="Juana Inés").count() == 1
        assert ContactPoint.objects.get().value == "9 8123 4567"
    assert only().state == "consulted"


def test_whoever_is_here_already_is_shown_before_registering_and_can_be_attended(client: Client, rosa: Person) -> None:
    address = note(client, name="Rosa Elvira Araya")
    new = {"given_names": rosa.given_names, "first_surname": rosa.first_surname}
    new |= {"second_surname": rosa.second_surname, "document_kind": "no_document"}
    page = client.post(f"{address}registrar/", new).content.decode()
    assert "¿Es una de estas personas?" in page
    assert f'formaction="{address}"' in page
    started = client.post(address, new | {"verb": "attend", "person": str(rosa.pk)})
    assert f"Consulta de {rosa.full_name}" in client.get(started.headers["Location"]).content.decode()


def test_a_call_of_nobody_known_is_attended_without_a_name(client: Client) -> None:
    address = note(client)
    assert "El contacto no dice de quién se trata" in client.post(address, {"verb": "attend"}).content.decode()
    started = client.post(address, {"verb": "attend_nobody"}).headers["Location"]
    page = client.get(started).content.decode()
    assert "Sin identificar" in page
    assert f'Viene del contacto <a href="{address}">{only().folio}</a>' in page
    client.post(started, form(page, Información="informed") | {"end": "1"})
    assert kept_consultation().state == "resolved"


def test_the_consultation_says_by_when_somebody_waits_for_it(client: Client, rosa: Person) -> None:
    due = clock.today() - timedelta(days=2)
    fields = {"channel": "official", "requester": "institution", "sender": "Escuela", "due_on": f"{due:%d-%m-%Y}"}
    address = note(client, run=rosa.formatted_run, document_number="Oficio 31", **fields)
    consultation = client.post(address, {"verb": "attend"}).headers["Location"]
    page = client.get(consultation).content.decode()
    for said in (f"{due:%d-%m-%Y}", "2 días de atraso", "Oficio 31", 'value="Escuela"'):
        assert said in page


@pytest.mark.parametrize(
    ("sent", "state", "said"),
    [
        ({"verb": "answer", "answer": "Se le dio el horario"}, "answered", "quedó respondido"),
        ({"verb": "discard", "ground": "elsewhere"}, "discarded", "quedó descartado"),
    ],
)
def test_it_ends_without_consultation(client: Client, sent: dict[str, str], state: str, said: str) -> None:
    address = note(client)
    assert said in client.post(address, sent | {"version": "1"}, follow=True).content.decode()
    assert only().state == state
    assert "Pregunta por su SUF" in client.get(f"{INBOX}?ver=cerrados").content.decode()
    again = client.post(address, {"verb": "reopen", "note": "Llamó otra vez"}, follow=True)
    assert "Llamó otra vez" in again.content.decode()
    assert only().state == "received"


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("answer", "Escriba qué se respondió."),
        ("discard", "Elija por qué se descarta."),
        ("pass", "Elija a qué unidad pasa."),
        ("assign", "Elija a quién se asigna."),
    ],
)
def test_what_a_verb_lacks_is_told_on_the_same_page(client: Client, verb: str, said: str) -> None:
    answer = client.post(note(client), {"verb": verb})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert only().state == "received"


def test_somebody_elses_act_in_between_gives_a_choice_and_keeps_what_was_typed(client: Client) -> None:
    address = note(client)
    colleague = make.actor(Role.FRONT_DESK)
    with acting(colleague):
        take_contact(only(), by=colleague)
    answer = client.post(address, {"verb": "answer", "answer": "Lo que yo alcancé", "version": "1"})
    assert answer.status_code == 409
    assert "Alguien más cambió" in answer.content.decode()
    assert "Lo tiene Camila" in answer.content.decode()


def test_passed_to_another_unit_it_says_where_it_is(client: Client) -> None:
    unit: Unit = make.unit(code="subsidios", functions=("subsidies",))
    address = note(client)
    sent = {"verb": "pass", "unit": str(unit.pk), "note": "Es un subsidio", "version": "1"}
    assert f"pasó a {unit}" in client.post(address, sent, follow=True).content.decode()
    page = client.get(address).content.decode()
    assert f"Está en {unit}." in page
    assert 'value="take"' not in page
    assert client.post(address, {"verb": "take"}).status_code == 403
    assert str(unit) in client.get(f"{INBOX}?ver=pasados").content.decode()


def test_from_another_unit_or_municipality_there_is_no_such_contact(client: Client) -> None:
    address = note(client)
    elsewhere = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="subsidios", functions=("subsidies",)))
    for stranger in (browser_of(elsewhere), browser_of(make.posting(Role.CASE_WORKER, make.COMBARBALA))):
        for path in (address, f"{address}registrar/"):
            assert stranger.get(path).status_code == 404
            assert stranger.post(path, {"verb": "take"}).status_code == 404
        assert "Pregunta por su SUF" not in stranger.get(INBOX).content.decode()


def test_the_filters_stay_in_the_address_from_page_to_page(client: Client, posting: Posting) -> None:
    with acting(actor_in(posting)):
        for number in range(52):
            note_contact(ContactDetails(Channel.EMAIL, f"Correo {number}"), by=actor_in(posting))
        note_contact(ContactDetails(Channel.PHONE, "Una llamada"), by=actor_in(posting))
    page = client.get(f"{INBOX}?ver=sin-tomar&canal=email").content.decode()
    assert "Una llamada" not in page
    following = re.search(r'href="(\?[^"]+)" rel="next"', page)
    assert following
    second = client.get(INBOX + following[1].replace("&amp;", "&")).content.decode()
    assert second.count('class="title cover"') == 2
    assert "?canal=email&amp;ver=mios" in second
    for cut in ("desde=2026", "desde=2026-99-99_x", "ver=otra", "canal=otro"):
        assert client.get(f"{INBOX}?{cut}").status_code == 200


def test_the_inbox_asks_as_many_questions_for_one_contact_as_for_fifty(
    client: Client, posting: Posting, rosa: Person
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(INBOX).status_code == 200
        return len(queries)

    note(client, run=rosa.formatted_run)
    client.get(INBOX)
    first = asked()
    with acting(actor_in(posting)):
        for number in range(30):
            noted = note_contact(ContactDetails(Channel.PHONE, f"Llamada {number}"), by=actor_in(posting))
            take_contact(noted, by=actor_in(posting))
    assert asked() == first


def test_the_inbox_logs_whose_names_it_showed(client: Client, rosa: Person) -> None:
    note(client, run=rosa.formatted_run)
    client.get(INBOX)
    with make.inside():
        assert ReadEntry.objects.filter(note="1 contactos", people__contains=[rosa.pk]).exists()
