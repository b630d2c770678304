"""Requests to the RSH in the file: which are shown, to whom, and what they do not say of the register."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.compile import compile_screening
from ventanilla.screening.shapes import Screening

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


@pytest.fixture
def rosa(worker: Actor) -> Person:
    rosa = make.person()
    make.home(rosa)
    return rosa


def request(of: Person, state: str, *, on: date = make.TODAY, ended: date | None = None) -> Fact:
    return make.fact(FactKind.RSH_REQUEST, person=of, value="S-1", detail=state, as_of=on, valid_until=ended)


def seen(person: Person, by: Actor, profile: Profile = Profile.FULL) -> Screening:
    return compile_screening(person, by=by, profile=profile, on=make.TODAY)


@pytest.mark.parametrize("profile", list(Profile))
def test_both_profiles_see_in_what_it_is_and_what_it_was_before(rosa: Person, worker: Actor, profile: Profile) -> None:
    request(rosa, "Ingreso: ingresada", on=make.TODAY - timedelta(days=9))
    request(rosa, "Ingreso: en visita domiciliaria")
    (one,) = seen(rosa, worker, profile).requests
    assert one.fact.label == "Ingreso: en visita domiciliaria"
    assert [said.words for said in one.before] == ["Ingreso: ingresada"]


@pytest.mark.parametrize(("ago", "count"), [(90, 1), (91, 0)])
def test_one_that_ended_stays_for_three_months(rosa: Person, worker: Actor, ago: int, count: int) -> None:
    request(rosa, "Ingreso: aprobada", ended=make.TODAY - timedelta(days=ago))
    assert len(seen(rosa, worker).requests) == count


def test_that_it_is_known_does_not_make_the_register_fresher(rosa: Person, worker: Actor) -> None:
    request(rosa, "Ingreso: en revisión")
    (rsh,) = [one for one in seen(rosa, worker).registries if one.source == Source.RSH]
    assert rsh.as_of == date(2026, 9, 18)


def test_a_list_of_requests_is_no_register_loaded(worker: Actor) -> None:
    alone = make.person(source=Source.DECLARED)
    request(alone, "Ingreso: en revisión")
    (rsh,) = [one for one in seen(alone, worker).registries if one.source == Source.RSH]
    assert not rsh.is_loaded
