"""What deserves an alert, who has priority, how fresh a registry is: the rules alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from ventanilla.core.clock import months_before
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.rules import (
    alerts,
    grounds_of_priority,
    names_a_place,
    registries,
    repeated_here,
)
from ventanilla.screening.shapes import Alert, Benefit, Bracket, Given, Registry, SourceDate

DAY = date(2026, 11, 23)
ROSA = Person(institution_id=4303, given_names="Rosa")
FRESH = Bracket(40, SourceDate(Source.RSH, DAY - timedelta(days=30)))


def benefit(days: int) -> Benefit:
    until = DAY + timedelta(days=days)
    return Benefit("SUF", ROSA, 22007, until, ends_soon=True, source=SourceDate(Source.SUBSIDIES, DAY))


def told(**known: Any) -> list[Alert]:
    defaults: dict[str, Any] = {"bracket": FRESH, "benefits": [], "has_home": True, "on": DAY}
    return alerts(known.pop("person", ROSA), **(defaults | known))


def test_when_nothing_is_wrong_nothing_is_told() -> None:
    assert told() == []


@pytest.mark.parametrize(("days", "words"), [(0, "Termina hoy"), (1, "Queda 1 día"), (20, "Quedan 20 días")])
def test_a_benefit_about_to_end_says_of_whom_and_how_long(days: int, words: str) -> None:
    (alert,) = told(benefits=[benefit(days)])
    assert (alert.tone, alert.detail) == ("warn", words)
    assert alert.title.startswith("SUF de Rosa vence el")


@pytest.mark.parametrize(("age", "count"), [(364, 0), (365, 0), (366, 1), (2000, 1)])
def test_a_bracket_older_than_a_year_is_told(age: int, count: int) -> None:
    old = Bracket(40, SourceDate(Source.RSH, DAY - timedelta(days=age)))
    assert len(told(bracket=old)) == count


def test_a_home_without_bracket_and_nobody_s_home_are_told_apart() -> None:
    assert [alert.tone for alert in told(bracket=None)] == ["info"]
    assert [alert.title for alert in told(bracket=None, has_home=False)] == ["No tiene hogar registrado."]


def test_a_death_comes_first_and_what_only_informs_comes_last() -> None:
    dead = Person(institution_id=4303, given_names="Rosa", died_on=date(2026, 1, 2), death_source="civil_registry")
    found = told(person=dead, benefits=[benefit(1), benefit(2), benefit(3)], bracket=None)
    assert [alert.tone for alert in found] == ["bad", "warn", "warn", "warn", "info"]
    assert found[0].title == "Figura fallecida."
    assert "Registro Civil" in found[0].detail


# Priority


@pytest.mark.parametrize("kind", list(FactKind))
def test_priority_comes_from_disability_care_or_pregnancy(kind: FactKind) -> None:
    fact = Fact(institution_id=4303, kind=kind, value="leve")
    is_ground = kind in {FactKind.DISABILITY, FactKind.CARER, FactKind.PREGNANCY}
    assert bool(grounds_of_priority([fact], on=DAY)) == is_ground


@pytest.mark.parametrize(("left", "holds"), [(-1, False), (0, True), (1, True)])
def test_a_ground_of_priority_that_ended_is_none(left: int, holds: bool) -> None:
    fact = Fact(kind=FactKind.PREGNANCY, value="38", institution_id=4303, valid_until=DAY + timedelta(days=left))
    assert bool(grounds_of_priority([fact, fact], on=DAY)) == holds


def test_the_ground_is_told_once_and_only_where_it_may_be() -> None:
    fact = Fact(institution_id=4303, kind=FactKind.CARER, value="principal")
    grounds = grounds_of_priority([fact, fact], on=DAY)
    assert [(a.tone, a.detail) for a in told(grounds=grounds)] == [("info", "Cuidador/a principal")]


# Registries


@pytest.mark.parametrize(
    ("of_home", "reach", "expected"),
    [
        ({Source.RSH: DAY}, {}, (True, DAY, None)),
        ({}, {Source.RSH: DAY}, (True, None, DAY)),
        ({}, {}, (False, None, None)),
    ],
    ids=["of this home", "of others only", "never loaded"],
)
def test_a_registry_says_its_date_or_that_it_has_nothing_or_is_not_loaded(
    of_home: dict[Source, date], reach: dict[Source, date], expected: tuple[bool, date | None, date | None]
) -> None:
    (found,) = registries([Source.RSH], of_home=of_home, reach=reach)
    assert (found.is_loaded, found.as_of, found.reaches) == expected


@pytest.mark.parametrize(
    ("source", "age", "count"),
    [
        (Source.SUBSIDIES, 365, 0),
        (Source.SUBSIDIES, 366, 1),
        (Source.FAMILIAS, 366, 1),
        (Source.RSH, 366, 0),  # the bracket's own alert tells that
        (Source.MINEDUC, 366, 0),  # of last year's enrolment one is told by the dot
    ],
)
def test_a_registry_that_decides_is_told_when_older_than_a_year(source: Source, age: int, count: int) -> None:
    old = Registry(source.label, DAY - timedelta(days=age), is_loaded=True, source=source)
    assert len(told(registries=[old])) == count


def test_a_registry_without_data_of_the_home_is_no_alert() -> None:
    assert told(registries=[Registry("Programa Familias", None, is_loaded=False, source=Source.FAMILIAS)]) == []


# The same benefit at the same address

BOX = "Caja de alimentos"
LUIS = Person(institution_id=4303, given_names="Luis")


def here(hers: list[str], *others: Given, tells_all: bool) -> list[tuple[str, date, bool]]:
    found = repeated_here([Given(label, DAY) for label in hers], others, tells_all=tells_all)
    return [(given.label, given.on, was_hers_too) for given, was_hers_too in found]


def test_who_may_see_deliveries_is_told_of_what_another_home_here_was_given() -> None:
    older, newer = (Given(BOX, DAY - timedelta(days=days), is_of_another_home=True) for days in (60, 30))
    assert here([], older, newer, tells_all=True) == [(BOX, newer.on, False)]
    assert here([], older, newer, tells_all=False) == []


@pytest.mark.parametrize("label", [BOX, "CAJA  DE ALIMENTOS", "caja de alimentos "])
def test_the_same_benefit_is_told_however_it_was_written_and_never_to_whom_in_the_summary(label: str) -> None:
    other = Given(label, DAY, person=LUIS)
    ((seen, was_hers_too),) = repeated_here([Given(BOX, DAY)], [other], tells_all=False)
    assert (seen.person, seen.is_of_another_home, was_hers_too) == (None, False, True)
    ((seen, _),) = repeated_here([Given(BOX, DAY)], [other], tells_all=True)
    assert seen.person == LUIS


def test_what_only_another_member_of_her_home_had_is_no_news() -> None:
    assert here([], Given(BOX, DAY, person=LUIS), tells_all=True) == []
    assert here(["Vale de gas"], Given(BOX, DAY, person=LUIS), tells_all=False) == []


def test_the_alert_says_benefit_and_date_and_how_grave_it_is() -> None:
    other = Given(BOX, DAY, is_of_another_home=True)
    twice, once = (told(repeated=[(other, was_hers_too)])[0] for was_hers_too in (True, False))
    assert (twice.tone, once.tone) == ("warn", "info")
    assert twice.title == "Caja de alimentos: ya se entregó en esta dirección."
    assert twice.detail.replace("\N{NON-BREAKING HYPHEN}", "-") == "El 23-11-2026, a otro hogar"
    (unnamed,) = told(repeated=[(Given(BOX, DAY), True)])
    assert unnamed.detail.replace("\N{NON-BREAKING HYPHEN}", "-") == "El 23-11-2026"


@pytest.mark.parametrize(
    ("address", "is_place"),
    [
        ("Pasaje Los Parrones 118", True),
        ("Parcela 4 lote B", True),
        ("S/N", False),
        ("Los Morales", False),
        ("", False),
    ],
)
def test_an_address_without_a_number_is_of_many_homes(address: str, is_place: bool) -> None:
    assert names_a_place(address) == is_place


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 6, date(2026, 5, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_counted_back_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(strategies.dates(date(1990, 1, 1), date(2100, 1, 1)), strategies.integers(0, 120))
def test_so_many_months_before_is_always_that_many_months_before(day: date, months: int) -> None:
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day <= day.day
