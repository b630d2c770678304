"""One timeline of a person and her home: what it joins, page by page, and who is told of what."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Membership, Person, ReadEntry, ReadPurpose
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import PurposeNeeded, open_purpose
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening import history
from ventanilla.screening.events import EventKind, Key
from ventanilla.screening.history import Asked, History, Whom, open_history, read_key, write_key


@pytest.fixture
def worker(db: None) -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def attended(person: Person, by: Actor, *, at: datetime, reason: str = "information", notes: str = "") -> Consultation:
    consultation = start_consultation(person, by=by, occurred_at=at)
    line = LineDetails(make.reason(reason).pk, Outcome.INFORMED)
    return end_attention(consultation, Writing(lines=[line], notes=notes), by=by)


def given_to(person: Person | None, label: str, on: date, **extra: Any) -> Delivery:
    return Delivery.objects.create(
        person=person, label=label, delivered_on=on, origin="loaded", recorded_at=clock.now(), **extra
    )


def opened(person: Person, by: Actor, profile: Profile = Profile.FULL, **asked: Any) -> History:
    open_purpose(person, by=by, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
    return open_history(person, by=by, profile=profile, asked=Asked(**asked))


def titles(found: History) -> list[str]:
    return [event.title for event in found.events]


@pytest.fixture
def home(worker: Actor) -> dict[str, Person]:
    """Rosa and her son: a bracket, a subsidy that ended, a delivery to each, a consultation of each."""
    rosa, son = make.person(), make.person("Martín", birth_on=date(2017, 1, 1))
    made = make.home(rosa, son, bracket=40, as_of=date(2024, 3, 1))
    term = {"valid_from": date(2023, 1, 1), "valid_until": date(2025, 1, 1), "as_of": date(2024, 1, 1)}
    make.fact(FactKind.SUBSIDY, person=son, value="suf", amount=22007, source=Source.SUBSIDIES, **term)
    make.fact(FactKind.DISABILITY, person=son, value="visual", source=Source.SENADIS, as_of=date(2025, 5, 5))
    given_to(rosa, "Caja de alimentos", date(2025, 6, 6), quantity=2, measure="caja", amount=56_000)
    given_to(son, "Set escolar", date(2026, 3, 3))
    given_to(None, "Materiales de construcción", date(2022, 2, 2), home=made)
    now = clock.now()
    attended(rosa, worker, at=now - timedelta(days=9), reason="suf", notes="Trae el carné de Martín")
    attended(son, worker, at=now - timedelta(days=400))
    return {"rosa": rosa, "son": son}


def test_the_timeline_joins_what_every_step_wrote(home: dict[str, Person], worker: Actor) -> None:
    found = opened(home["rosa"], worker)
    assert titles(found)[:2] == ["Queda registrada en la municipalidad", "SUF (informada)"]
    assert {*titles(found)} == {
        *("Queda registrada en la municipalidad", "SUF (informada)", "Información (informada)"),
        *("Set escolar", "Caja de alimentos", "Materiales de construcción", "Discapacidad visual"),
        *("Comienza Subsidio Familiar (SUF)", "Termina Subsidio Familiar (SUF)"),
        *("Tramo del 40\N{NO-BREAK SPACE}% en el RSH", "Integran el hogar:"),
    }
    assert [event.on for event in found.events] == sorted((event.on for event in found.events), reverse=True)
    (box,) = (event for event in found.events if event.title == "Caja de alimentos")
    assert (box.more, box.person) == ("2 × caja, $56.000", home["rosa"])
    (consultation,) = (event for event in found.events if event.title == "SUF (informada)")
    assert consultation.notes == "Trae el carné de Martín"
    assert "Camila" in consultation.who


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": EventKind.DELIVERY}, ["Set escolar", "Caja de alimentos", "Materiales de construcción"]),
        ({"kind": EventKind.DELIVERY, "year": 2025}, ["Caja de alimentos"]),
        ({"kind": EventKind.DELIVERY, "whom": Whom.PERSON}, ["Caja de alimentos"]),
        ({"kind": EventKind.DECLARED}, []),
        ({"year": 2025, "kind": EventKind.BENEFIT}, ["Termina Subsidio Familiar (SUF)"]),
        ({"year": 1999}, []),
    ],
)
def test_it_is_filtered_by_whom_by_kind_and_by_year(
    home: dict[str, Person], worker: Actor, asked: dict[str, Any], expected: list[str]
) -> None:
    assert titles(opened(home["rosa"], worker, **asked)) == expected


def test_of_the_person_alone_nothing_of_another_member_is_told(home: dict[str, Person], worker: Actor) -> None:
    found = opened(home["rosa"], worker, whom=Whom.PERSON)
    assert {event.person for event in found.events if event.person} == {home["rosa"]}
    assert "Martín" not in " ".join(event.title + event.more for event in found.events)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_page_after_page_nothing_is_lost_nor_told_twice(
    home: dict[str, Person], worker: Actor, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    rosa = home["rosa"]
    today = make.TODAY
    for label in ("Vale de gas", "Colchón", "Pañales"):
        given_to(rosa, label, today)
        given_to(home["son"], label, today)
    make.fact(FactKind.DEPENDENCE, person=rosa, value="leve", as_of=today)
    same_moment = clock.now() - timedelta(seconds=1)
    for person in (rosa, home["son"]):
        attended(person, worker, at=same_moment)
    everything = [event.key for event in opened(rosa, worker).events]
    assert len(everything) == len({*everything}) == 20
    monkeypatch.setattr(history, "EVENTS", size)
    read: list[Key] = []
    before = None
    while True:
        page = opened(rosa, worker, before=before)
        read += [event.key for event in page.events]
        if page.next_key is None:
            break
        before = read_key(write_key(page.next_key))
    assert read == everything


def test_a_home_of_one_and_of_ten_take_the_same_queries(worker: Actor, django_assert_num_queries: Any) -> None:
    def populated(size: int) -> Person:
        people = [make.person(f"Persona {'abcdefghij'[number]}") for number in range(size)]
        make.home(*people)
        for person in people:
            make.fact(FactKind.SUBSIDY, person=person, value="suf")
            given_to(person, "Caja de alimentos", make.YESTERDAY, unit=make.unit())
            attended(person, worker, at=clock.now() - timedelta(days=2))
        open_purpose(people[0], by=worker, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación")
        return people[0]

    alone, crowded = populated(1), populated(10)
    for person in (alone, crowded):
        with django_assert_num_queries(10):
            found = open_history(person, by=worker, profile=Profile.FULL, asked=Asked())
            assert [event.by for event in found.events]


def test_the_timeline_asks_for_a_ground_and_leaves_its_row(home: dict[str, Person], worker: Actor) -> None:
    other = make.actor(Role.CASE_WORKER)
    with acting(other):
        with pytest.raises(PurposeNeeded):
            open_history(home["rosa"], by=other, profile=Profile.FULL, asked=Asked())
        opened(home["rosa"], other)
    entries = ReadEntry.objects.filter(note="historia")
    assert {entry.person_id for entry in entries} == {home["rosa"].pk, home["son"].pk}
    assert {entry.kind for entry in entries} == {ReadEntry.Kind.FULL}


# Who is told of what


def test_the_summary_tells_kind_unit_state_and_date_and_no_more(home: dict[str, Person], worker: Actor) -> None:
    desk = make.actor(Role.FRONT_DESK)
    with acting(desk):
        found = opened(home["rosa"], desk, Profile.SUMMARY)
    consultations = [event for event in found.events if event.kind == EventKind.CONSULTATION]
    assert [(c.title, c.more, c.who, c.notes) for c in consultations] == [
        ("Consulta", "atención finalizada", "Unidad uas", "")
    ] * 2
    assert not [event for event in found.events if event.kind == EventKind.DELIVERY]
    assert "Discapacidad visual" not in titles(found)
    assert {"Comienza Subsidio Familiar (SUF)", "Tramo del 40\N{NO-BREAK SPACE}% en el RSH"} <= {*titles(found)}


def test_the_summary_knows_of_another_units_consultation_only_while_it_is_open(
    home: dict[str, Person], worker: Actor
) -> None:
    rsh = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    rosa = home["rosa"]
    waiting = start_consultation(rosa, by=worker)
    line = LineDetails(make.reason("suf").pk, Outcome.WAITING_DOCUMENTS, awaited_documents="Cartola")
    end_attention(waiting, Writing(lines=[line]), by=worker)
    with acting(rsh):
        found = opened(rosa, rsh, Profile.SUMMARY, kind=EventKind.CONSULTATION)
    assert [(event.more, event.who, event.url) for event in found.events] == [("atendida", "Unidad uas", "")]


LEVELS = (Secrecy.ORDINARY, Secrecy.RESERVED, Secrecy.RESTRICTED)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("level", LEVELS)
def test_what_is_above_ones_secrecy_is_on_no_page_of_the_timeline_and_leaves_no_gap(
    worker: Actor, monkeypatch: pytest.MonkeyPatch, level: Secrecy, profile: Profile
) -> None:
    """Between events that may be told stands one that may not: pages are as full as if it had never been."""
    rosa = make.person()
    unit = make.unit(code="subsidios", functions=("subsidies",))
    author = make.actor(Role.FRONT_DESK, in_unit=unit)
    reader = make.actor(Role.CASE_WORKER) if profile is Profile.FULL else make.actor(Role.FRONT_DESK, in_unit=unit)
    now = clock.now()
    with acting(author):
        for days in (1, 2, 3):
            attended(rosa, author, at=now - timedelta(days=days))
        hidden = attended(rosa, author, at=now - timedelta(days=2, hours=1), notes="nota de la oficina")
        Consultation.objects.filter(pk=hidden.pk).update(secrecy=level)
    sees = level != Secrecy.RESTRICTED
    monkeypatch.setattr(history, "EVENTS", 2)
    with acting(reader):
        first = opened(rosa, reader, profile, kind=EventKind.CONSULTATION)
        second = opened(rosa, reader, profile, kind=EventKind.CONSULTATION, before=first.next_key)
    assert len(first.events) == 2
    assert len(second.events) == 1 + sees
    ids = {event.key.id for event in (*first.events, *second.events)}
    assert (str(hidden.pk) in ids) == sees


@pytest.mark.parametrize("profile", list(Profile))
def test_who_is_shielded_from_her_home_is_on_no_others_timeline(
    home: dict[str, Person], worker: Actor, profile: Profile
) -> None:
    rosa, son = home["rosa"], home["son"]
    Membership.objects.filter(person=son).update(is_shielded=True)
    found = opened(rosa, worker, profile)
    everything = " ".join(f"{event.title} {event.more} {event.by}" for event in found.events)
    for sign in ("Martín", "Set escolar", "Subsidio", "Discapacidad", "Integran"):
        assert sign not in everything, sign
    assert not [event for event in found.events if event.person == son]
    assert "Set escolar" in titles(opened(son, worker)), "on her own it is told"


# The page


@pytest.fixture
def browser() -> tuple[Client, Posting]:
    posting = make.posting(Role.CASE_WORKER)
    client = Client()
    client.force_login(posting.account)
    return client, posting


def test_the_page_keeps_its_filters_in_the_address(
    home: dict[str, Person], browser: tuple[Client, Posting], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, posting = browser
    rosa = home["rosa"]
    actor = actor_in(posting)
    with acting(actor):
        open_purpose(rosa, by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
    monkeypatch.setattr(history, "EVENTS", 2)
    address = f"/personas/{rosa.pk}/ficha/historia/"
    page = client.get(address, {"que": "delivery"}).content.decode()
    assert "Set escolar" in page
    assert "Materiales" not in page
    assert '<option value="delivery" selected>' in page
    next_url = page.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert next_url.startswith("?que=delivery&antes=")
    older = client.get(address + next_url).content.decode()
    assert "Materiales" in older
    assert "Set escolar" not in older
    assert 'href="?que=delivery"' in older, "the way back keeps the filter too"


@pytest.mark.parametrize("query", ["que=nada&de=otra&ano=1815&antes=~~~", "antes=&que=&ano=", "ano=99999999"])
def test_an_address_that_somebody_changed_is_the_whole_timeline(
    home: dict[str, Person], browser: tuple[Client, Posting], query: str
) -> None:
    client, posting = browser
    actor = actor_in(posting)
    with acting(actor):
        open_purpose(home["rosa"], by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación")
    answer = client.get(f"/personas/{home['rosa'].pk}/ficha/historia/?{query}")
    assert answer.status_code == 200
    assert "Set escolar" in answer.content.decode()


def test_without_a_ground_the_page_asks_for_one_and_abroad_it_is_not_found(
    home: dict[str, Person], browser: tuple[Client, Posting]
) -> None:
    client, _ = browser
    address = f"/personas/{home['rosa'].pk}/ficha/historia/"
    assert client.get(address).headers["Location"] == f"/personas/{home['rosa'].pk}/"
    foreigner = make.posting(Role.CASE_WORKER, make.COMBARBALA)
    abroad = Client()
    abroad.force_login(foreigner.account)
    assert abroad.get(address).status_code == 404


def test_the_desk_is_not_offered_to_filter_by_what_it_may_not_see(home: dict[str, Person]) -> None:
    posting = make.posting(Role.FRONT_DESK)
    actor = actor_in(posting)
    with acting(actor):
        open_purpose(home["rosa"], by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación")
    client = Client()
    client.force_login(posting.account)
    page = client.get(f"/personas/{home['rosa'].pk}/ficha/historia/?que=delivery").content.decode()
    assert "Ayudas entregadas" not in page
    assert "Set escolar" not in page
    assert "Subsidio Familiar" in page
