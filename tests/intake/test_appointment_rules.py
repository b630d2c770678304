"""Which hours an agenda gives: whole ones, on its days, and none that the clock jumps over."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ventanilla.intake.appointments.rules import (
    Pattern,
    days_in_words,
    first_free_place,
    instant,
    objection_to_hour,
    objection_to_pattern,
    spoken,
)
from ventanilla.intake.appointments.states import APPOINTMENT_LIFECYCLE, AppointmentState

SANTIAGO = ZoneInfo("America/Santiago")
MONDAY = date(2026, 11, 23)
WORKDAYS = frozenset(range(5))


def pattern(starts: str = "09:00", ends: str = "13:00", minutes: int = 30, **other: Any) -> Pattern:
    given: dict[str, Any] = {"weekdays": WORKDAYS, "from_on": MONDAY, "until_on": None} | other
    return Pattern(starts_at=time.fromisoformat(starts), ends_at=time.fromisoformat(ends), minutes=minutes, **given)


def test_hours_follow_one_another_and_the_last_ends_within() -> None:
    assert [f"{hour:%H:%M}" for hour in pattern("09:00", "10:10", 30).hours()] == ["09:00", "09:30"]
    assert [f"{hour:%H:%M}" for hour in pattern("09:15", "10:00", 45).hours()] == ["09:15"]


@given(some.times(), some.times(), some.integers(5, 240))
def test_whatever_the_pattern_its_hours_neither_overlap_nor_run_over(start: time, end: time, minutes: int) -> None:
    hours = list(Pattern(WORKDAYS, start, end, minutes, MONDAY).hours())
    at = [hour.hour * 60 + hour.minute for hour in hours]
    assert all(later - earlier == minutes for earlier, later in pairwise(at))
    assert all(minute + minutes <= end.hour * 60 + end.minute for minute in at)


def test_a_pattern_is_in_force_on_its_days_between_its_dates() -> None:
    until_friday = pattern(weekdays=frozenset({0, 4}), until_on=MONDAY + timedelta(days=4))
    found = [offset for offset in range(-7, 14) if until_friday.is_in_force_on(MONDAY + timedelta(days=offset))]
    assert found == [0, 4]


def test_two_patterns_cross_only_on_the_same_days_hours_and_dates() -> None:
    morning = pattern()
    assert morning.crosses(pattern("12:30", "14:00"))
    assert not morning.crosses(pattern("13:00", "14:00"))
    assert not morning.crosses(pattern(weekdays=frozenset({5})))
    assert not pattern(until_on=MONDAY).crosses(pattern(from_on=MONDAY + timedelta(days=1)))
    assert pattern(until_on=MONDAY).crosses(morning)


def test_days_are_said_as_one_says_them() -> None:
    assert days_in_words(WORKDAYS) == "lunes a viernes"
    assert days_in_words(frozenset({1, 3})) == "martes y jueves"
    assert days_in_words(frozenset({0, 2, 4})) == "lunes, miércoles y viernes"
    assert str(pattern()) == "lunes a viernes, 09:00 a 13:00"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (pattern(weekdays=frozenset()), "weekdays"),
        (pattern("13:00", "09:00"), "ends_at"),
        (pattern(minutes=4), "minutes"),
        (pattern("09:00", "09:20", 30), "minutes"),
        (pattern(until_on=MONDAY - timedelta(days=1)), "until_on"),
    ],
)
def test_hours_that_make_no_sense_are_refused_at_their_field(wrong: Pattern, field: str) -> None:
    found = objection_to_pattern(wrong, 1)
    assert found
    assert found[0] == field


def test_an_hour_is_for_at_least_one_and_not_for_a_crowd() -> None:
    assert objection_to_pattern(pattern(), 1) is None
    for capacity in (0, 51):
        found = objection_to_pattern(pattern(), capacity)
        assert found
        assert found[0] == "capacity"


def test_the_night_when_clocks_go_forward_has_no_hour_after_midnight() -> None:
    """On 6 September 2026 clocks went from midnight to one."""
    assert instant(date(2026, 9, 6), time(0, 30), SANTIAGO) is None
    assert instant(date(2026, 9, 6), time(1), SANTIAGO) is not None
    before = instant(date(2026, 9, 4), time(9), SANTIAGO)
    after = instant(date(2026, 9, 7), time(9), SANTIAGO)
    assert before
    assert after
    assert (after.astimezone(UTC) - before.astimezone(UTC)) == timedelta(days=3, hours=-1)


def test_an_hour_gone_by_on_a_day_not_worked_or_too_far_is_refused_in_words() -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=SANTIAGO)
    soon = now + timedelta(hours=1)
    assert objection_to_hour(soon, now=now, is_worked=True) is None
    assert "ya pasó" in str(objection_to_hour(now, now=now, is_worked=True))
    assert objection_to_hour(soon, now=now, is_worked=False) == "El 23-11-2026 no se atiende. Elija otro día."
    assert "un año" in str(objection_to_hour(now + timedelta(days=366), now=now, is_worked=True))


def test_the_first_place_that_nobody_holds_is_given() -> None:
    assert first_free_place([], 1) == 1
    assert first_free_place([1, 3], 3) == 2
    assert first_free_place([1, 2], 2) is None


def test_an_hour_is_said_with_its_day() -> None:
    assert spoken(datetime(2026, 11, 23, 9, 30, tzinfo=SANTIAGO)) == "lunes 23-11-2026 a las 09:30"


def test_what_was_cancelled_moved_attended_or_left_stays_so() -> None:
    final = {state for state in AppointmentState if APPOINTMENT_LIFECYCLE.is_final(state)}
    assert final == {
        AppointmentState.ATTENDED,
        AppointmentState.LEFT,
        AppointmentState.CANCELLED,
        AppointmentState.MOVED,
    }
