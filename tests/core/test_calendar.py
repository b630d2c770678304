"""Working days: terms end and are counted without the days that are not worked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core.calendar import Standing, WorkingDays, in_words

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


@given(day=days, due=days)
def test_a_term_is_late_only_once_its_day_is_over_and_of_today_when_no_working_day_is_left(
    day: date, due: date
) -> None:
    term = PLAIN.term(due, on=day)
    assert (term.standing is Standing.LATE) == (due < day)
    assert (term.standing is Standing.TODAY) == (due >= day and PLAIN.left(day, due) == 0)


@pytest.mark.parametrize(
    ("day", "due", "words", "tone"),
    [
        (MONDAY, FRIDAY, "1 día hábil de atraso", "bad"),
        (date(2026, 11, 21), FRIDAY, "Vencido", "bad"),
        (FRIDAY, FRIDAY, "Hoy", "warn"),
        (FRIDAY, date(2026, 11, 22), "Hoy", "warn"),
        (FRIDAY, MONDAY, "1 día hábil", ""),
    ],
)
def test_what_is_left_of_a_term_is_said_in_words_and_colour(day: date, due: date, words: str, tone: str) -> None:
    term = PLAIN.term(due, on=day)
    assert (term.words, term.tone) == (words, tone)


@given(day=days, due=days, closed=st.frozensets(days, max_size=9), opened=st.frozensets(days, max_size=9))
def test_the_days_left_are_those_worked_one_by_one(
    day: date, due: date, closed: frozenset[date], opened: frozenset[date]
) -> None:
    worked = WorkingDays(closed, opened)
    first, last = sorted((day, due))
    number = sum(worked.includes(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert worked.left(day, due) == (number if due >= day else -number)


@given(day=days)
def test_the_working_day_before_has_none_between(day: date) -> None:
    before = PLAIN.last_before(day)
    assert before < day
    assert PLAIN.includes(before)
    assert PLAIN.left(before, day) == PLAIN.includes(day)
