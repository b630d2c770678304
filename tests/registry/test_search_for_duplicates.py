"""The search for duplicates over all people: by the same weights as one pair, and by nobody else's people."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make
from tests.make import COMBARBALA, MONTE_PATRIA, inside
from tests.make import person as make_person

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.cli.duplicates import duplicates
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.datasets.run import command_actor
from ventanilla.registry.merging import searching
from ventanilla.registry.merging.actions import set_apart
from ventanilla.registry.merging.likeness import Traits, compare, traits
from ventanilla.registry.merging.search import MOST_IN_A_BLOCK, weights_of
from ventanilla.registry.merging.searching import ask_after_load, ask_search, do_search, search_now
from ventanilla.registry.merging.states import FoundBy, SearchState
from ventanilla.registry.models import DuplicateSearch, Membership, PossibleDuplicate

GIVEN = st.sampled_from(["Rosa Elvira", "Roza", "Elvira Rosa", "Luis", "Rosa Elvirra"])
SURNAMES = st.sampled_from(["Araya", "Haraya", "Tapia", "", "Vega"])
TRAITS = st.builds(
    lambda run, given, first, second, born, sex, phone, address: traits(
        run=run,
        given_names=given,
        first_surname=first,
        second_surname=second,
        birth_on=born,
        sex=sex,
        phone=phone,
        address=address,
    ),
    st.sampled_from([None, "90000001-4", "90000002-2", "99000001-4"]),
    GIVEN,
    SURNAMES,
    SURNAMES,
    st.sampled_from([None, date(1983, 5, 4), date(1983, 4, 5), date(1983, 5, 14), date(1990, 3, 3)]),
    st.sampled_from(["", "female", "male"]),
    st.sampled_from([None, "+56955550001", "+56955550002"]),
    st.sampled_from([None, "Pasaje Uno 12", "Calle Dos 3"]),
)


def share_something(one: Traits, other: Traits) -> bool:
    return bool(one.birth_on and one.birth_on in (other.birth_on, other.birth_swapped)) or (
        one.phone is not None and one.phone == other.phone
    )


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TRAITS, min_size=2, max_size=12))
def test_a_pair_weighs_the_same_in_a_town_as_alone(people: list[Traits]) -> None:
    found = weights_of(people)
    for one in range(len(people)):
        for other in range(one + 1, len(people)):
            alone = compare(people[one], people[other])
            if (one, other) in found:
                assert found[one, other] == round(alone.weight)
            elif share_something(people[one], people[other]):
                assert alone.weight < 0.01


def test_what_too_many_share_is_not_looked_for_by() -> None:
    alike = {"run": None, "first_surname": "", "second_surname": "", "sex": "female", "birth_on": date(1900, 1, 1)}
    many = [traits(given_names=f"Nombre{number}", **alike) for number in range(MOST_IN_A_BLOCK + 1)]  # type: ignore[arg-type]  # by name
    assert weights_of([*many, many[0]]) == {}


# In the database


@pytest.fixture
def command() -> Actor:
    return command_actor(MONTE_PATRIA)


def person(**fields: Any) -> Any:
    named = {"given_names": "Rosa Elvira", "first_surname": "Araya", "second_surname": "Tapia", "sex": "female"}
    with inside(fields.pop("institution", MONTE_PATRIA)):
        return make_person(**(named | {"birth_on": date(1983, 5, 14), "run": None} | fields))


def pairs(institution: int = MONTE_PATRIA) -> list[PossibleDuplicate]:
    with acting(command_actor(institution)):
        return list(PossibleDuplicate.objects.all())


@pytest.mark.django_db
def test_two_records_much_alike_are_put_into_the_queue_once(command: Actor) -> None:
    person(run="90000001-4")
    person(given_names="Roza Elvira")
    person(given_names="Luis", first_surname="Vega", second_surname="Soto", sex="male")
    done = search_now(by=command)
    assert (done.state, done.people, done.likely, done.found) == (SearchState.DONE, 3, 1, 1)
    assert [pair.found_by for pair in pairs()] == [FoundBy.SEARCH]
    assert search_now(by=command).found == 0
    assert len(pairs()) == 1


@pytest.mark.django_db
def test_who_were_decided_to_be_two_are_not_proposed_again(command: Actor) -> None:
    person(run="90000001-4")
    person(given_names="Roza Elvira")
    search_now(by=command)
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        set_apart(PossibleDuplicate.objects.get(), by=head)
    assert search_now(by=command).found == 0


@pytest.mark.django_db
def test_the_blocked_and_those_of_others_are_not_compared(command: Actor) -> None:
    person(run="90000001-4")
    person(processing_blocked=True)
    person(institution=COMBARBALA)
    assert (search_now(by=command).people, pairs(), pairs(COMBARBALA)) == (1, [], [])


@pytest.mark.django_db
def test_a_search_that_was_killed_is_done_again(command: Actor) -> None:
    person(run="90000001-4")
    person(given_names="Roza Elvira")
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        search = ask_search(by=head)
        DuplicateSearch.objects.update(state=SearchState.RUNNING)
    done = do_search(search.pk, by=command)
    assert done is not None
    assert (done.state, done.found) == (SearchState.DONE, 1)
    assert do_search(search.pk, by=command) is None


@pytest.mark.django_db
def test_one_that_fails_says_so(command: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(searching, "compare_all", fail)
    with pytest.raises(MemoryError):
        search_now(by=command)
    with acting(command):
        assert DuplicateSearch.objects.get().state == SearchState.FAILED


@pytest.mark.django_db
def test_one_at_a_time_and_by_whoever_may() -> None:
    head, desk = make.actor(Role.UAS_HEAD), make.actor(Role.FRONT_DESK)
    with acting(head):
        ask_search(by=head)
        with pytest.raises(RuleBroken, match="en curso"):
            ask_search(by=head)
    with acting(desk), pytest.raises(NotAllowed):
        ask_search(by=desk)


@pytest.mark.django_db
def test_one_that_was_killed_with_nobody_to_take_it_up_does_not_stop_the_next(command: Actor) -> None:
    with acting(command):
        long_ago = clock.now() - searching.LONGEST - timedelta(minutes=1)
        DuplicateSearch.objects.create(state=SearchState.RUNNING, asked_at=long_ago, started_at=long_ago)
    assert search_now(by=command).state == SearchState.DONE
    with acting(command):
        assert DuplicateSearch.objects.filter(state=SearchState.FAILED).count() == 1


@pytest.mark.django_db
def test_an_address_that_is_shielded_is_no_evidence(command: Actor) -> None:
    one, other = person(run="90000001-4"), person(given_names="Roza Elvira")
    with inside():
        make.home(one, other)
        Membership.objects.filter(person=other).update(is_shielded=True)
    search_now(by=command)
    assert "address" not in pairs()[0].evidence


def test_names_without_a_sound_are_no_evidence_of_each_other() -> None:
    one, other = (
        traits(run=None, given_names=name, first_surname="", second_surname="", birth_on=None) for name in "HÑ"
    )
    assert compare(one, other).evidence["given"] == "other"


@pytest.mark.django_db
def test_people_who_come_while_one_runs_are_searched_for_after_it(command: Actor) -> None:
    with acting(command):
        ask_after_load(by=command)
        ask_after_load(by=command)
        search = DuplicateSearch.objects.get()
        DuplicateSearch.objects.update(state=SearchState.RUNNING)
        ask_after_load(by=command)
    do_search(search.pk, by=command)
    with acting(command):
        assert sorted(DuplicateSearch.objects.values_list("state", flat=True)) == [SearchState.ASKED, SearchState.DONE]


@pytest.mark.django_db
def test_the_command_tells_what_it_found(command: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    person(run="90000001-4")
    person(given_names="Roza Elvira")
    monkeypatch.setattr("ventanilla.config.cli.duplicates.command_in", command_actor)
    told = CliRunner().invoke(duplicates, ["--institution", str(MONTE_PATRIA), "--json"])
    assert json.loads(told.output) == {"people": 2, "likely": 1, "found": 1}
    told = CliRunner().invoke(duplicates, ["--institution", str(MONTE_PATRIA)])
    assert "Personas comparadas: 2. Pares parecidos: 1. Por decidir, nuevos: 0." in told.output
