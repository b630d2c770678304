"""The years of what was given, and what was given again before the catalogue allows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.registry.models import Person
from ventanilla.registry.profiles import Profile
from ventanilla.screening.compile import compile_screening
from ventanilla.screening.deliveries import by_year, given_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def entry(months: int = 6, times: int = 1, whose: Whose = Whose.PERSON) -> EntryVersion:
    asks = Condition(Kind.FREQUENCY, months=months, times=times, whose=whose)
    subject = Subject.HOME if whose is Whose.HOME else Subject.PERSON
    return make.entry("Caja de alimentos", Rule(subject, (asks,)))


def given(person: Person, days_ago: int, version: EntryVersion | None = None, **extra: Any) -> Delivery:
    said: dict[str, Any] = {"label": "Caja de alimentos", "amount": 25_000, "origin": "loaded"}
    on = make.TODAY - timedelta(days=days_ago)
    return Delivery.objects.create(
        person=person, version=version, delivered_on=on, recorded_at=clock.now(), **(said | extra)
    )


def told(person: Person, by: Actor, profile: Profile = Profile.FULL) -> list[str]:
    screening = compile_screening(person, by=by, profile=profile, on=make.TODAY)
    return [alert.detail for alert in screening.alerts if "antes de tiempo" in alert.title]


@pytest.mark.parametrize(("months", "is_told"), [(6, True), (3, True), (2, False)])
def test_what_the_same_person_had_within_the_period_is_told(worker: Actor, months: int, is_told: bool) -> None:
    rosa, box = make.person(), entry(months)
    make.home(rosa)
    given(rosa, 75, box)
    given(rosa, 5, box)
    found = told(rosa, worker)
    assert bool(found) is is_told
    if is_told:
        assert f"el catálogo permite 1 vez cada {months} meses por persona" in found[0]


@pytest.mark.parametrize(("whose", "is_told"), [(Whose.HOME, True), (Whose.PERSON, False)])
def test_another_of_the_home_counts_when_the_catalogue_says_by_home(worker: Actor, whose: Whose, is_told: bool) -> None:
    rosa, luis, box = make.person(), make.person("Luis"), entry(whose=whose)
    make.home(rosa, luis)
    given(luis, 40, box)
    given(rosa, 5, box)
    assert bool(told(rosa, worker)) is is_told


def test_as_many_as_the_catalogue_allows_are_not_too_many(worker: Actor) -> None:
    rosa, box = make.person(), entry(12, times=2)
    make.home(rosa)
    for ago in (100, 50):
        given(rosa, ago, box)
    assert told(rosa, worker) == []
    given(rosa, 5, box)
    assert len(told(rosa, worker)) == 1


def test_what_names_no_entry_and_what_asks_no_period_are_not_compared(worker: Actor) -> None:
    rosa = make.person()
    make.home(rosa)
    for version in (None, make.entry("Vale de gas")):
        given(rosa, 5, version)
        given(rosa, 4, version)
    assert told(rosa, worker) == []


def test_it_is_no_alert_once_its_period_is_over_but_its_row_says_it(worker: Actor) -> None:
    rosa, box = make.person(), entry(2)
    make.home(rosa)
    first, second = given(rosa, 130, box), given(rosa, 100, box)
    screening = compile_screening(rosa, by=worker, profile=Profile.FULL, on=make.TODAY)
    assert told(rosa, worker) == []
    rows = {row.delivery.pk: row.again_after for year in screening.years for row in year.rows}
    assert rows == {first.pk: None, second.pk: first.delivered_on}


def test_the_desk_is_not_told_of_what_its_profile_does_not_show(worker: Actor) -> None:
    rosa, box = make.person(), entry()
    make.home(rosa)
    given(rosa, 40, box)
    given(rosa, 5, box)
    assert told(rosa, worker, Profile.SUMMARY) == []
    screening = compile_screening(rosa, by=worker, profile=Profile.SUMMARY, on=make.TODAY)
    assert screening.years == []


def test_each_year_adds_what_was_given_in_it() -> None:
    def on(year: int, amount: int | None) -> Delivery:
        return Delivery(institution_id=4303, label="Caja", amount=amount, delivered_on=date(year, 5, 1))

    newest_first = [on(2026, 25_000), on(2026, None), on(2025, 10_000), on(2023, 7_000)]
    years = by_year(newest_first, given_again(newest_first), is_cut=True)
    assert [(one.year, one.count, one.amount, one.is_partial) for one in years] == [
        (2026, 2, 25_000, False),
        (2025, 1, 10_000, False),
        (2023, 1, 7_000, True),
    ]
