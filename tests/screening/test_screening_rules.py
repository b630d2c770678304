"""What deserves an alert, and who has priority: the rules alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.rules import MOST_ALERTS, alerts, is_priority
from ventanilla.screening.shapes import Alert, Benefit, Bracket, SourceDate

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


def test_a_death_comes_first_and_never_more_than_three_are_told() -> None:
    dead = Person(institution_id=4303, given_names="Rosa", died_on=date(2026, 1, 2), death_source="civil_registry")
    found = told(person=dead, benefits=[benefit(1), benefit(2), benefit(3)], bracket=None)
    assert len(found) == MOST_ALERTS
    assert (found[0].tone, found[0].title) == ("bad", "Figura fallecida.")
    assert "Registro Civil" in found[0].detail


@pytest.mark.parametrize("kind", list(FactKind))
def test_priority_comes_from_disability_care_or_pregnancy(kind: FactKind) -> None:
    fact = Fact(institution_id=4303, kind=kind)
    assert is_priority([fact]) == (kind in {FactKind.DISABILITY, FactKind.CARER, FactKind.PREGNANCY})
