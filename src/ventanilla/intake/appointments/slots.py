"""The free hours of an agenda: what it offers, less what was given."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from ventanilla.access.calendars import service_days
from ventanilla.access.tenancy import current_institution_id
from ventanilla.intake.appointments.rules import instant
from ventanilla.intake.models import Agenda, AgendaHours, Appointment
from ventanilla.intake.models.appointments import AppointmentQuerySet
from ventanilla.registry.models import Person

AHEAD = timedelta(days=90)
"""How many days are looked through for a free hour."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour that can be given, local, and for how many more there is room."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def key(self) -> str:
        """How a form names it."""
        return self.starts_at.isoformat(timespec="minutes")

    @property
    def day(self) -> date:
        return self.starts_at.date()


def free_slots(agenda: Agenda, *, after: datetime, most: int, person: Person | None = None) -> list[Slot]:
    """The next hours with room, in order; none at which the person already has one anywhere. Six queries.

    Hours at which she is expected elsewhere are left out without a word: the other agenda may be reserved.
    """
    first = timezone.localtime(after).date()
    worked = service_days(current_institution_id(), around=first)
    offered = list(AgendaHours.objects.filter(agenda=agenda))
    last = first + AHEAD
    given = _given(Appointment.objects.holding().filter(agenda=agenda, day__range=(first, last)))
    busy = _busy(person, after)
    found: list[Slot] = []
    day = first
    while day <= last and len(found) < most:
        if worked.includes(day):
            hours = (slot for slot in _slots_on(day, offered, given) if slot.starts_at > after)
            found += [slot for slot in hours if not any(_cross(slot, one) for one in busy)]
        day += timedelta(days=1)
    return found[:most]


def looked_for_since(day: date | None, now: datetime) -> datetime:
    """After which instant hours are looked for: now, or the very beginning of a day to come."""
    if day is None:
        return now
    midnight = datetime.combine(day, time.min, timezone.get_current_timezone())
    return max(now, midnight - timedelta(microseconds=1))


def _given(appointments: AppointmentQuerySet) -> Mapping[tuple[UUID, datetime], int]:
    return Counter(appointments.values_list("hours_id", "starts_at"))


def _busy(person: Person | None, after: datetime) -> list[tuple[datetime, datetime]]:
    if person is None:
        return []
    hers = Appointment.objects.to_come().filter(person=person, ends_at__gt=after)
    return list(hers.values_list("starts_at", "ends_at"))


def _cross(slot: Slot, other: tuple[datetime, datetime]) -> bool:
    return slot.starts_at < other[1] and other[0] < slot.ends_at


def _slots_on(day: date, offered: Sequence[AgendaHours], given: Mapping[tuple[UUID, datetime], int]) -> Iterator[Slot]:
    """Several desks at the same hour are one line: whoever books wants an hour, not a desk."""
    at: dict[datetime, list[tuple[AgendaHours, int]]] = defaultdict(list)
    for hours, starts_at in offered_on(day, offered):
        if (left := hours.capacity - given.get((hours.pk, starts_at), 0)) > 0:
            at[starts_at].append((hours, left))
    for starts_at in sorted(at):
        hours, _ = at[starts_at][0]
        yield Slot(starts_at, starts_at + timedelta(minutes=hours.minutes), sum(left for _, left in at[starts_at]))


def offered_on(day: date, offered: Sequence[AgendaHours]) -> Iterator[tuple[AgendaHours, datetime]]:
    """Each hour of a day with the pattern that offers it, full or not."""
    zone = timezone.get_current_timezone()
    for hours in offered:
        if hours.pattern.is_in_force_on(day):
            for hour in hours.pattern.hours():
                if starts_at := instant(day, hour, zone):
                    yield hours, starts_at
