"""The days on which a municipality opens: Monday to Friday without the national holidays of Chile."""

from datetime import date
from functools import cache

from holidays import country_holidays

_HOLIDAYS = country_holidays("CL")
"""Each year is worked out when it is first asked for."""


def working_days(since: date, until: date) -> list[date]:
    """Both ends included."""
    days = (date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1))
    return [day for day in days if _HOLIDAYS.is_working_day(day)]


@cache
def working_day_before(ordinal: int) -> int:
    """That day when the municipality opens, or the last before it on which it does."""
    while not _HOLIDAYS.is_working_day(date.fromordinal(ordinal)):
        ordinal -= 1
    return ordinal
