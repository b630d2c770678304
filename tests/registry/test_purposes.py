"""A record is read for a purpose, and every look leaves its row."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.models import AuditEvent
from ventanilla.intake import actions
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import (
    PurposeNeeded,
    open_purpose,
    open_purpose_of,
    readings_within,
    require_purpose,
)

pytestmark = pytest.mark.django_db

WRITTEN = ReadPurpose.Ground.WRITTEN_REASON


@pytest.fixture
def posting() -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person, make.person("Martín"))
    return person


@pytest.fixture
def desk(posting: Posting, rosa: Person) -> Iterator[Actor]:
    actor = actor_in(posting)
    with acting(actor):
        yield actor


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    moment = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_without_a_purpose_the_record_stays_closed(desk: Actor, rosa: Person) -> None:
    with pytest.raises(NotAllowed, match="al iniciar una consulta o al escribir"):
        require_purpose(rosa, by=desk)


def test_a_consultation_opens_the_record_and_its_end_closes_it_after_half_an_hour(
    desk: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = actions.start_consultation(rosa, by=desk)
    assert require_purpose(rosa, by=desk).reference_id == consultation.pk
    later(monkeypatch, hours=9)
    assert open_purpose_of(rosa, by=desk), "as long as it lasts"
    line = actions.LineDetails(make.reason("information").pk, Outcome.INFORMED)
    actions.end_attention(consultation, actions.Writing(lines=[line]), by=desk)
    assert open_purpose_of(rosa, by=desk)
    later(monkeypatch, minutes=31)
    assert open_purpose_of(rosa, by=desk) is None


def test_a_purpose_is_of_who_opened_it_and_of_one_person(desk: Actor, rosa: Person) -> None:
    open_purpose(rosa, by=desk, ground=WRITTEN, reason="Revisar su situación actual")
    assert open_purpose_of(rosa, by=make.actor(Role.FRONT_DESK)) is None
    assert open_purpose_of(make.person("Otra"), by=desk) is None


@pytest.mark.parametrize("reason", ["", "   ", "porque sí", "a        b", "x" * 9])
def test_a_written_reason_needs_words(desk: Actor, rosa: Person, reason: str) -> None:
    with pytest.raises(RuleBroken, match="Escriba para qué necesita la ficha"):
        open_purpose(rosa, by=desk, ground=WRITTEN, reason=reason)


def test_a_written_reason_lasts_two_hours(desk: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    open_purpose(rosa, by=desk, ground=WRITTEN, reason="Revisar su situación actual")
    later(monkeypatch, minutes=119)
    assert open_purpose_of(rosa, by=desk)
    later(monkeypatch, minutes=2)
    assert open_purpose_of(rosa, by=desk) is None


def test_half_an_hour_is_left_to_write_up_what_ended(
    desk: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = actions.start_consultation(rosa, by=desk)
    line = actions.LineDetails(make.reason("information").pk, Outcome.INFORMED)
    actions.end_attention(consultation, actions.Writing(lines=[line]), by=desk)
    later(monkeypatch, minutes=29)
    assert open_purpose_of(rosa, by=desk)
    later(monkeypatch, minutes=2)
    assert open_purpose_of(rosa, by=desk) is None


def test_voiding_a_consultation_closes_the_record_at_once(desk: Actor, rosa: Person) -> None:
    consultation = actions.start_consultation(rosa, by=desk)
    assert open_purpose_of(rosa, by=desk)
    actions.void_consultation(consultation, by=desk, reason="Era otra persona")
    assert open_purpose_of(rosa, by=desk) is None


def test_a_consultation_left_open_overnight_is_resumed_with_a_new_ground(
    desk: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = actions.start_consultation(rosa, by=desk)
    first = require_purpose(rosa, by=desk)
    later(monkeypatch, hours=11, minutes=59)
    assert open_purpose_of(rosa, by=desk) == first
    later(monkeypatch, minutes=2)
    assert open_purpose_of(rosa, by=desk) is None
    assert actions.start_consultation(rosa, by=desk) == consultation
    second = require_purpose(rosa, by=desk)
    assert (second.reference_id, second == first) == (consultation.pk, False)


def test_a_purpose_is_not_good_in_another_posting_of_the_same_account(
    desk: Actor, rosa: Person, posting: Posting
) -> None:
    rsh = make.unit(code="rsh", functions=("rsh",))
    elsewhere = actor_in(make.posting(Role.UNIT_HEAD, in_unit=rsh, account=posting.account))
    open_purpose(rosa, by=desk, ground=WRITTEN, reason="Revisar su situación actual")
    assert require_purpose(rosa, by=desk).posting_id == posting.pk
    with pytest.raises(PurposeNeeded):
        require_purpose(rosa, by=elsewhere)


def test_whoever_attends_nobody_has_no_ground_to_read(rosa: Person) -> None:
    for role in (Role.DIDECO, Role.COUNTERPART, Role.SYSTEM_ADMIN, Role.DATA_OFFICER):
        actor = make.actor(role)
        with acting(actor), pytest.raises(NotAllowed):
            open_purpose(rosa, by=actor, ground=WRITTEN, reason="Revisar su situación actual")


def test_what_is_written_under_a_purpose_says_so_in_the_audit(desk: Actor, rosa: Person) -> None:
    consultation = actions.start_consultation(rosa, by=desk)
    purpose = open_purpose_of(rosa, by=desk)
    assert purpose is not None
    event = AuditEvent.objects.get(table_name="intake_consultation", row_id=str(consultation.pk), op="I")
    assert (event.purpose_id, event.account_id) == (purpose.pk, desk.account_id)


# Pages


@pytest.fixture
def client(posting: Posting, rosa: Person) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def readings(kind: ReadEntry.Kind) -> list[ReadEntry]:
    with make.inside():
        return list(ReadEntry.objects.filter(kind=kind).order_by("id"))


def test_the_page_of_a_record_without_purpose_asks_what_for(client: Client, rosa: Person) -> None:
    answer = client.get(f"/personas/{rosa.pk}/ficha/", follow=True)
    assert answer.redirect_chain == [(f"/personas/{rosa.pk}/", 302)]
    assert "Para qué necesita la ficha" in answer.content.decode()
    assert "Martín" not in answer.content.decode()
    aside = client.get(f"/personas/{rosa.pk}/ficha/resumen/")
    assert aside.status_code == 403
    assert "Martín" not in aside.content.decode()
    assert readings(ReadEntry.Kind.SUMMARY) == []


def test_a_reason_written_on_the_page_opens_the_record_and_is_kept(
    client: Client, rosa: Person, posting: Posting
) -> None:
    short = client.post(f"/personas/{rosa.pk}/", {"reason": "ver"})
    assert "Escriba para qué necesita la ficha, en una frase." in short.content.decode()
    shown = client.post(f"/personas/{rosa.pk}/", {"reason": "Preparar la visita de mañana"}, follow=True)
    assert shown.redirect_chain[-1][0] == f"/personas/{rosa.pk}/ficha/"
    assert "Martín" in shown.content.decode()
    entries = readings(ReadEntry.Kind.SUMMARY)
    assert len(entries) == 2, "one for each person it showed"
    assert {entry.opened_for_id for entry in entries} == {rosa.pk}
    assert {entry.account_id for entry in entries} == {posting.account_id}
    assert all(entry.purpose_id and entry.request_id for entry in entries)


def test_a_full_record_is_logged_as_full(rosa: Person) -> None:
    worker = make.posting(Role.CASE_WORKER)
    client = Client()
    client.force_login(worker.account)
    client.post(f"/personas/{rosa.pk}/", {"reason": "Preparar la visita de mañana"}, follow=True)
    assert {entry.person_id for entry in readings(ReadEntry.Kind.FULL)} >= {rosa.pk}


def test_a_search_leaves_one_row_with_everybody_it_showed(client: Client, rosa: Person) -> None:
    client.post("/buscar/", {"q": "araya"}, follow=True)
    (entry,) = readings(ReadEntry.Kind.SEARCH)
    assert rosa.pk in (entry.people or [])
    assert len(entry.people or []) == 2


def test_a_whole_run_starts_the_consultation_and_leaves_one_row(client: Client, rosa: Person) -> None:
    answer = client.post("/buscar/", {"q": rosa.run or ""})
    assert answer.headers["Location"].startswith("/consultas/")
    (entry,) = readings(ReadEntry.Kind.SEARCH)
    assert entry.people == [rosa.pk]


def test_what_was_searched_never_stands_in_an_address(client: Client) -> None:
    answer = client.post("/buscar/", {"q": "rosa araya"})
    assert "rosa" not in answer.headers["Location"]


def test_a_consultation_read_leaves_its_row(client: Client, rosa: Person) -> None:
    url = client.post(f"/consultas/iniciar/{rosa.pk}/").headers["Location"]
    client.get(url)
    (entry,) = (entry for entry in readings(ReadEntry.Kind.CONSULTATION) if entry.person_id == rosa.pk)
    assert entry.opened_for_id == rosa.pk


def test_her_card_leaves_its_row_while_her_record_stays_closed(client: Client, rosa: Person, posting: Posting) -> None:
    assert "Araya" in client.get(f"/personas/{rosa.pk}/").content.decode()
    (entry,) = readings(ReadEntry.Kind.SEARCH)
    assert (entry.people, entry.account_id, entry.purpose_id) == ([rosa.pk], posting.account_id, None)


def test_while_attending_a_row_is_left_for_each_one_at_home(client: Client, rosa: Person) -> None:
    url = client.post(f"/consultas/iniciar/{rosa.pk}/").headers["Location"]
    assert "Martín" in client.get(url).content.decode()
    with make.inside():
        at_home = {person.pk for person in Person.objects.all()}
    assert len(at_home) == 2
    entries = readings(ReadEntry.Kind.CONSULTATION)
    assert {entry.person_id for entry in entries} == at_home
    assert {entry.opened_for_id for entry in entries} == {rosa.pk}
    assert all(entry.purpose_id for entry in entries)


def test_what_has_ended_leaves_a_row_for_whom_it_is_about_and_no_others(
    client: Client, rosa: Person, posting: Posting
) -> None:
    url = client.post(f"/consultas/iniciar/{rosa.pk}/").headers["Location"]
    actor = actor_in(posting)
    with acting(actor):
        child = make.person("Elsa")
        about_her = actions.LineDetails(make.reason("suf").pk, Outcome.INFORMED, subject_ids=(child.pk,))
        actions.end_attention(Consultation.objects.get(), actions.Writing(lines=[about_her]), by=actor)
    client.get(url)
    assert {entry.person_id for entry in readings(ReadEntry.Kind.CONSULTATION)} == {rosa.pk, child.pk}


@pytest.mark.parametrize("of_one", [False, True], ids=["of everybody", "of one person"])
def test_the_page_of_readings_is_a_reading_of_those_it_names(client: Client, rosa: Person, of_one: bool) -> None:
    client.post(f"/personas/{rosa.pk}/", {"reason": "Preparar la visita de mañana"}, follow=True)
    with make.inside():
        named = {person.pk for person in Person.objects.all()}
    head = make.posting(Role.UNIT_HEAD)
    browser = Client()
    browser.force_login(head.account)
    assert browser.get(f"/personas/{rosa.pk}/lecturas/" if of_one else "/personas/lecturas/").status_code == 200
    (entry,) = readings(ReadEntry.Kind.LIST)
    assert (entry.account_id, entry.posting_id) == (head.account_id, head.pk)
    assert set(entry.people or ()) == ({rosa.pk} if of_one else named)


def test_the_head_sees_who_looked_in_her_unit_and_not_in_others(client: Client, rosa: Person, posting: Posting) -> None:
    client.post(f"/personas/{rosa.pk}/", {"reason": "Preparar la visita de mañana"}, follow=True)
    head = make.posting(Role.UNIT_HEAD)
    other = make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    seen: dict[UUID, str] = {}
    for who in (head, other):
        browser = Client()
        browser.force_login(who.account)
        seen[who.pk] = browser.get(f"/personas/{rosa.pk}/lecturas/").content.decode()
    assert posting.account.full_name in seen[head.pk]
    assert "Preparar la visita de mañana" in seen[head.pk]
    assert "Preparar la visita de mañana" not in seen[other.pk]
    officer = make.actor(Role.DATA_OFFICER)
    with acting(officer):
        looks = [look.entry.kind for look in readings_within(officer, of=rosa)]
    assert looks.count(ReadEntry.Kind.SUMMARY) == 1
    assert ReadEntry.Kind.LIST in looks  # the head's own look at this page names her too


def test_somebody_elses_consultation_asks_for_a_purpose_first(client: Client, rosa: Person) -> None:
    colleague = actor_in(make.posting(Role.FRONT_DESK))
    with acting(colleague):
        consultation = actions.start_consultation(rosa, by=colleague)
        assert Consultation.objects.count() == 1
    answer = client.get(f"/consultas/{consultation.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/personas/{rosa.pk}/")


def test_a_consultation_is_a_ground_of_its_own_whatever_was_open_before(
    monkeypatch: pytest.MonkeyPatch, desk: Actor, rosa: Person
) -> None:
    open_purpose(rosa, by=desk, ground=WRITTEN, reason="Revisar su situación actual")
    first = actions.start_consultation(rosa, by=desk)
    later(monkeypatch, hours=3)
    assert require_purpose(rosa, by=desk).reference_id == first.pk
    line = actions.LineDetails(make.reason("information").pk, Outcome.INFORMED)
    actions.end_attention(first, actions.Writing([line]), by=desk)
    second = actions.start_consultation(rosa, by=desk)
    later(monkeypatch, minutes=40)
    assert require_purpose(rosa, by=desk).reference_id == second.pk


def test_within_one_attention_no_page_asks_for_the_purpose_again(client: Client, rosa: Person) -> None:
    client.post(f"/consultas/iniciar/{rosa.pk}/")
    ficha = f"/personas/{rosa.pk}/ficha/"
    for page in ("", "resumen/", "historia/", "historia/?de=person&que=benefit", "copia/", "expediente/", ""):
        assert client.get(ficha + page).status_code == 200, page
    with make.inside():
        assert ReadPurpose.objects.count() == 1
