"""The two calendars of an institution: the law's, by which procedures run, and its own, by which it attends."""

from datetime import date, timedelta

from django.db import connection

from ventanilla.access.models import Holiday
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.statements import planned_once

PAST, COMING = timedelta(days=400), timedelta(days=800)
"""How far from a day its calendar is read: nothing that waits is older, no term is longer."""


def legal_days(institution_id: int, *, around: date) -> WorkingDays:
    """Ley 19.880 art. 25: Saturdays, Sundays and holidays do not count, whatever the institution decides."""
    return WorkingDays(frozenset(holidays_of(institution_id, around=around)))


def service_days(institution_id: int, *, around: date) -> WorkingDays:
    """The days on which the institution attends: protocols, appointments and what one has promised run by them."""
    asked = (institution_id, around - PAST, around + COMING)
    found = _days(f"{_HOLIDAYS} union all {_OWN_DAYS}", *asked, *asked)
    worked = frozenset(day for day, _, is_worked in found if is_worked)
    return WorkingDays(frozenset(day for day, _, is_worked in found if not is_worked), worked)


def country_days(*, around: date) -> WorkingDays:
    """Those of whoever works above institutions."""
    everywhere = Holiday.objects.filter(day__range=(around - PAST, around + COMING), places=[])
    return WorkingDays(frozenset(everywhere.values_list("day", flat=True)))


def holidays_of(institution_id: int, *, around: date) -> dict[date, str]:
    """The holidays that its communes keep, each with its name."""
    found = _days(_HOLIDAYS, institution_id, around - PAST, around + COMING)
    return {day: name for day, name, _ in found}


_HOLIDAYS = """
select h.day, h.name, false from access_holiday h
left join access_institutioncommune c on c.institution_id = %s
    and exists (select from unnest(h.places) place where starts_with(c.commune_id, place))
where h.day between %s and %s and (h.places = '{}' or c.commune_id is not null)
"""
_OWN_DAYS = "select day, '', is_worked from access_ownday where institution_id = %s and day between %s and %s"


@planned_once()
def _days(asked: str, *params: int | date) -> list[tuple[date, str, bool]]:
    """Each with its name and whether it is worked all the same. A calendar is read at every page that tells a term."""
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        return [(day, name, is_worked) for day, name, is_worked in cursor]
