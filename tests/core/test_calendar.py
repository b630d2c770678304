"""Working days: terms end and are counted without the days that are not worked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core.calendar import WorkingDays, in_words

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
PLAIN = WorkingDays(frozenset())

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_a_term_runs_from_the_day_after_and_skips_the_weekend() -> None:
    assert PLAIN.end_of_term(FRIDAY, 1) == MONDAY
    assert PLAIN.end_of_term(FRIDAY, 5) == date(2026, 11, 27)


def test_a_closed_day_does_not_count_and_a_saturday_that_is_worked_does() -> None:
    assert WorkingDays(frozenset({MONDAY})).end_of_term(FRIDAY, 1) == date(2026, 11, 24)
    assert WorkingDays(frozenset(), frozenset({date(2026, 11, 21)})).end_of_term(FRIDAY, 1) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "due", "left"),
    [(FRIDAY, FRIDAY, 0), (FRIDAY, MONDAY, 1), (MONDAY, FRIDAY, -1), (date(2026, 11, 26), MONDAY, -3)],
)
def test_the_days_left_are_counted_and_those_of_delay_too(day: date, due: date, left: int) -> None:
    assert PLAIN.left(day, due) == left


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (0, "hoy"),
        (1, "1 día hábil"),
        (3, "3 días hábiles"),
        (-1, "1 día hábil de atraso"),
        (-2, "2 días hábiles de atraso"),
    ],
)
def test_what_is_left_is_said_in_words(left: int, words: str) -> None:
    assert in_words(left) == words


@given(days, st.integers(1, 60), st.frozensets(days, max_size=20), st.frozensets(days, max_size=5))
def test_a_term_ends_on_a_working_day_with_all_its_days_left_on_the_first(
    day: date, term: int, closed: frozenset[date], opened: frozenset[date]
) -> None:
    calendar = WorkingDays(closed, opened)
    end = calendar.end_of_term(day, term)
    assert calendar.includes(end)
    assert calendar.left(day, end) == term
    assert calendar.first_from(end) == end
    assert calendar.left(end, end + timedelta(days=1)) in (0, 1)
