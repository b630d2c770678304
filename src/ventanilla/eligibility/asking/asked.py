"""One kind of condition asked in its two ways, and the ages that both use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.core.clock import age_on
from ventanilla.eligibility.finding import Finding, Who
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.query import Query


@dataclass(frozen=True, slots=True)
class Asked:
    """``judge`` answers of one subject; ``compile`` gives the SQL that answers the same of all."""

    judge: Callable[[Condition, Who], Finding]
    compile: Callable[[Condition, Query], str]


def is_between(born: date | None, low: int | None, high: int | None, on: date) -> Known:
    """Whether somebody born then has that age, both ends included; not known without a birth date."""
    if born is None:
        return None
    age = age_on(born, on)
    return (low is None or age >= low) and (high is None or age <= high)


def born_between(column: str, low: int | None, high: int | None, query: Query) -> str:
    """The same of a column of birth dates."""
    asked = []
    if low is not None:
        asked.append(f"{column} <= {query.value(years_before(query.on, low))}")
    if high is not None:
        asked.append(f"{column} > {query.value(years_before(query.on, high + 1))}")
    return f"({' and '.join(asked) or f'{column} is not null'})"


def years_before(day: date, years: int) -> date:
    """The last day on which somebody was born who has completed so many years by ``day``."""
    if day.year <= years:
        return date.min
    if (day.month, day.day) == (2, 29) and not _is_leap(day.year - years):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
