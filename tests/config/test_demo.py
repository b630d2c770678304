"""The demonstration: every role in every institution, and a second start that changes nothing."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.models import Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.config import demo, demo_contacts
from ventanilla.config.demo_catalogue.filling import fill_catalogue
from ventanilla.config.demo_duplicates import fill_duplicates
from ventanilla.config.demo_trays import fill_trays
from ventanilla.core import clock
from ventanilla.desk.tray import days_of, tray_of
from ventanilla.intake.contacts.reading import inbox
from ventanilla.intake.models import Consultation, Contact
from ventanilla.registry.merging.likeness import likelihood
from ventanilla.registry.models import Extract, Fact, Person, PossibleDuplicate

URL = "http://127.0.0.1:8000"


@pytest.fixture
def loaded(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration with few neighbours."""
    monkeypatch.setattr(demo, "PEOPLE", {demo.MONTE_PATRIA: 300, demo.COMBARBALA: 100})
    demo.ensure_loaded(tmp_path, say=lambda sentence: None)
    demo.write_logins(tmp_path, URL)
    return tmp_path


def test_there_is_a_login_for_every_role_and_it_works(loaded: Path, client: Client) -> None:
    written = json.loads((loaded / "demo.json").read_text())
    assert written["url"] == URL
    operators = written["operators"]
    roles = Counter(operator["role"] for operator in operators)
    assert roles == {role: 1 if role in ABOVE_INSTITUTIONS else 4 for role in Role}
    assert [operator["institution"] for operator in operators[:2]] == [demo.MONTE_PATRIA] * 2
    desk = operators[0]
    answer = client.post("/ingresar/", {"login": desk["username"], "password": desk["password"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    for operator in operators:
        posting = make.opened_by(operator["token"])
        assert posting is not None
        assert (posting.role, posting.institution_id) == (operator["role"], operator["institution"])


def test_its_municipalities_have_people_and_consultations(loaded: Path) -> None:
    posting = make.opened_by(json.loads((loaded / "demo.json").read_text())["operators"][0]["token"])
    assert posting is not None
    with acting(actor_in(posting)):
        assert Person.objects.count() >= 290
        assert Consultation.objects.filter(state="resolved").exists()


def test_its_extracts_are_whole_and_some_are_no_longer_in_them(loaded: Path) -> None:
    posting = make.opened_by(json.loads((loaded / "demo.json").read_text())["operators"][0]["token"])
    assert posting is not None
    with acting(actor_in(posting)):
        assert set(Extract.objects.filter(is_whole=False).values_list("scope", flat=True)) == {"rsh_requests"}
        assert Fact.objects.filter(kind="subsidy", is_gone=True).exists()
        assert Fact.objects.filter(kind="rsh_request").exists()


def test_its_inboxes_have_contacts_in_every_state_and_a_second_start_adds_none(loaded: Path) -> None:
    operators = json.loads((loaded / "demo.json").read_text())["operators"]
    for number in demo.PEOPLE:
        desk = next(one for one in operators if (one["institution"], one["role"]) == (number, Role.FRONT_DESK))
        posting = make.opened_by(desk["token"])
        assert posting is not None
        for _ in range(2):
            demo_contacts.fill_inbox(number)
        with acting(actor_in(posting)):
            states = Counter(contact.state for contact in Contact.objects.visible_to(actor_in(posting)))
            assert set(states) == {"received", "taken", "answered", "discarded"}
            assert states.total() == 10
            assert inbox(by=actor_in(posting)).rows[0].urgency.is_overdue


def test_some_of_its_neighbours_seem_registered_twice_and_a_second_start_adds_none(loaded: Path) -> None:
    for number in demo.PEOPLE:
        for _ in range(2):
            fill_duplicates(number)
        with acting(Actor(Agent.COMMAND, number)):
            pairs = PossibleDuplicate.objects.to_decide()
            assert pairs.count() == 6
            assert {likelihood(pair.score) for pair in pairs} >= {"Casi segura", "Posible"}


def test_the_trays_of_its_social_assistance_are_alive(loaded: Path) -> None:
    fill_trays(demo.MONTE_PATRIA)
    fill_trays(demo.MONTE_PATRIA)  # the same day again adds nothing
    for role in (Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD):
        unit = Unit.objects.get(institution_id=demo.MONTE_PATRIA, functions__function=SOCIAL_ASSISTANCE)
        posting = Posting.objects.in_force_on(clock.today()).filter(role=role, unit=unit).with_context().earliest("id")
        actor = actor_in(posting)
        with acting(actor):
            tray = tray_of(actor, on=clock.today(), days=days_of(actor, on=clock.today()))
            assert {"late", "today", "coming"} <= {group.code for group in tray.groups}, role
            assert Consultation.objects.in_attention().filter(recorded_by=posting.account).count() == 2


def test_its_two_catalogues_differ_and_deliveries_point_at_the_version_of_their_day(loaded: Path) -> None:
    names: dict[int, set[str]] = {}
    for number in demo.PEOPLE:
        fill_catalogue(number)  # a second start adds nothing
        with acting(Actor(Agent.COMMAND, number)):
            local = Entry.objects.filter(national__isnull=True)
            names[number] = set(EntryVersion.objects.filter(entry__in=local).values_list("name", flat=True))
            assert Entry.objects.filter(national__isnull=False).count() >= 30
            assert EntryVersion.objects.filter(entry__national="suf", unit__isnull=False, places__0__has_key="hours")
            assert {"closed", "published", "suspended"} <= set(local.values_list("state", flat=True))
            assert EntryVersion.objects.filter(entry__in=local, starts_on__gt=clock.today()).exists()
            for delivery in Delivery.objects.filter(version__isnull=False).select_related("version"):
                version = delivery.version
                assert version is not None
                assert version.name == delivery.label
                assert version.starts_on <= delivery.delivered_on or version.number == 1
            assert Delivery.objects.filter(version__isnull=False).exists()
    with acting(Actor(Agent.COMMAND, demo.MONTE_PATRIA)):
        assert not Delivery.objects.filter(version__isnull=True).exists(), "all that it gives is in its catalogue"
        assert set(Fact.objects.filter(kind="home_own").values_list("value", flat=True)) == {"damnificada-2026"}
    assert len(names[demo.MONTE_PATRIA]) >= 20
    assert len(names[demo.COMBARBALA]) >= 12
    assert names[demo.COMBARBALA] - names[demo.MONTE_PATRIA]


def test_starting_again_loads_nothing_and_keeps_the_tokens(loaded: Path) -> None:
    before = (loaded / "demo.json").read_text()
    said: list[str] = []
    demo.ensure_loaded(loaded, say=said.append)
    demo.write_logins(loaded, URL)
    assert said == []
    assert (loaded / "demo.json").read_text() == before
    assert (loaded / "demo.json").stat().st_mode & 0o077 == 0
