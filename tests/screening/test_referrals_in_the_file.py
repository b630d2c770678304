"""Referrals in what is known of a person: what another unit has still to answer, and in the one timeline."""

import pytest
from tests import make
from tests.referrals.loop import attended, desk, enumerator, sent

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.referrals.actions import AnswerDetails, answer_referral
from ventanilla.referrals.states import AnswerOutcome
from ventanilla.registry.models import Person, ReadPurpose
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import open_purpose
from ventanilla.screening import history
from ventanilla.screening.compile import open_screening
from ventanilla.screening.events import EventKind
from ventanilla.screening.history import Asked, open_history

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        found = make.person()
        make.home(found)
        return found


def reader(role: Role, code: str = "omil") -> Actor:
    """Of a unit that is no party, with a ground to read."""
    with make.inside():
        unit = None if role == Role.CASE_WORKER else make.unit(code=code, functions=("housing",))
        return make.actor(role, in_unit=unit)


def look(rosa: Person, by: Actor) -> None:
    ground = ReadPurpose.Ground.WRITTEN_REASON
    open_purpose(rosa, by=by, ground=ground, reason="Viene por otra cosa hoy")


def test_what_another_unit_has_to_answer_is_open_for_everybody_who_reads_her_file(rosa: Person) -> None:
    one = sent(desk(), attended(desk(), person=rosa))
    for role, profile, told in ((Role.FRONT_DESK, Profile.SUMMARY, ""), (Role.CASE_WORKER, Profile.FULL, one.folio)):
        by = reader(role)
        with acting(by):
            look(rosa, by)
            items = open_screening(rosa, by=by, profile=profile).open_items
        (found,) = [item for item in items if item.kind == "Derivación"]
        assert (found.unit, found.state, found.due, found.folio) == ("Unidad rsh", "Enviada", one.due_on, told)


def test_the_timeline_tells_it_within_the_profile_and_goes_on_by_pages(
    rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "EVENTS", 2)
    folios = {sent(desk(), attended(desk(), person=rosa)).get_absolute_url() for _ in range(3)}
    by = reader(Role.CASE_WORKER)
    with acting(by):
        look(rosa, by)
        seen: list[str] = []
        asked: Asked | None = Asked(kind=EventKind.REFERRAL)
        while asked:
            page = open_history(rosa, by=by, profile=Profile.FULL, asked=asked)
            seen += [event.url for event in page.events]
            asked = Asked(kind=EventKind.REFERRAL, before=page.next_key) if page.next_key else None
        everything: list[str] = []
        whole: Asked | None = Asked()
        while whole:
            page = open_history(rosa, by=by, profile=Profile.FULL, asked=whole)
            everything += [event.key.id for event in page.events]
            whole = Asked(before=page.next_key) if page.next_key else None
    assert (len(seen), set(seen)) == (3, folios)
    assert len(everything) == len(set(everything)) >= 7


def test_the_summary_knows_of_other_units_only_what_is_open(rosa: Person) -> None:
    one, there, by = sent(desk(), attended(desk(), person=rosa)), enumerator(), reader(Role.FRONT_DESK)
    with acting(by):
        look(rosa, by)
        told = open_history(rosa, by=by, profile=Profile.SUMMARY, asked=Asked(kind=EventKind.REFERRAL)).events
    assert [(event.title, event.url) for event in told] == [("Derivación", "")]
    with acting(there):
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=there)
    with acting(by):
        assert not open_history(rosa, by=by, profile=Profile.SUMMARY, asked=Asked(kind=EventKind.REFERRAL)).events
