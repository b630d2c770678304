"""The two calendars of an institution: the law's, by which procedures run, and its own, by which it attends."""

from datetime import date, timedelta

from ventanilla.access.models import Holiday, InstitutionCommune, OwnDay
from ventanilla.core.calendar import WorkingDays

PAST, COMING = timedelta(days=400), timedelta(days=800)
"""How far from a day its calendar is read: nothing that waits is older, no term is longer."""


def legal_days(institution_id: int, *, around: date) -> WorkingDays:
    """Ley 19.880 art. 25: Saturdays, Sundays and holidays do not count, whatever the institution decides."""
    return WorkingDays(frozenset(holidays_of(institution_id, around=around)))


def service_days(institution_id: int, *, around: date) -> WorkingDays:
    """The days on which the institution attends: protocols, appointments and what one has promised run by them."""
    own = OwnDay.objects.filter(institution_id=institution_id, day__range=(around - PAST, around + COMING))
    changed = dict(own.values_list("day", "is_worked"))
    closed = {day for day, is_worked in changed.items() if not is_worked}
    return WorkingDays(
        frozenset(holidays_of(institution_id, around=around)) | closed, frozenset(changed.keys() - closed)
    )


def country_days(*, around: date) -> WorkingDays:
    """Those of whoever works above institutions."""
    everywhere = Holiday.objects.filter(day__range=(around - PAST, around + COMING), places=[])
    return WorkingDays(frozenset(everywhere.values_list("day", flat=True)))


def holidays_of(institution_id: int, *, around: date) -> dict[date, str]:
    """The holidays that its communes keep, each with its name; two queries."""
    communes = list(
        InstitutionCommune.objects.filter(institution_id=institution_id).values_list("commune_id", flat=True)
    )
    found = Holiday.objects.filter(day__range=(around - PAST, around + COMING)).values_list("day", "name", "places")
    return {
        day: name
        for day, name, places in found
        if not places or any(code.startswith(tuple(places)) for code in communes)
    }
