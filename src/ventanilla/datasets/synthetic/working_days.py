"""The days on which a municipality opens: Monday to Friday without the national holidays of Chile."""

from datetime import date
from functools import cache

_FIXED = {(1, 1), (5, 1), (5, 21), (6, 21), (7, 16), (8, 15), (9, 18), (9, 19), (10, 31), (11, 1), (12, 8), (12, 25)}


def _good_friday(year: int) -> date:
    """Two days before Easter, by the Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date.fromordinal(date(year, month, day + 1).toordinal() - 2)


def _moved_to_monday(day: date) -> date:
    """29 June and 12 October: from Tuesday to Thursday the Monday before, on Friday the Monday after (Ley 19.668)."""
    shift = {1: -1, 2: -2, 3: -3, 4: 3}.get(day.weekday(), 0)
    return date.fromordinal(day.toordinal() + shift)


@cache
def _holidays(year: int) -> frozenset[date]:
    moved = {_moved_to_monday(date(year, 6, 29)), _moved_to_monday(date(year, 10, 12)), _good_friday(year)}
    return frozenset(moved | {date(year, month, day) for month, day in _FIXED})


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days(since: date, until: date) -> list[date]:
    """Both ends included."""
    days = (date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1))
    return [day for day in days if is_working(day)]


@cache
def working_day_before(ordinal: int) -> int:
    """That day when the municipality opens, or the last before it on which it does."""
    while not is_working(date.fromordinal(ordinal)):
        ordinal -= 1
    return ordinal
