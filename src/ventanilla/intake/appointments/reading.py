"""What is shown of appointments: of a day, of a person, those to remind and those that must be moved."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.intake.models import Agenda, Appointment
from ventanilla.intake.models.appointments import AppointmentQuerySet
from ventanilla.registry.models import ContactPoint, Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.vocabulary import ContactKind

OF_A_DAY = 300
"""More than any office gives in a day; a list is never without an end."""


def agendas_of(actor: Actor) -> QuerySet[Agenda]:
    """Those in which the actor may give hours, her own unit's first."""
    require(actor, Permission.ROOM_WORK)
    found = Agenda.objects.visible_to(actor).in_use().select_related("site", "unit", "queue")
    return found.order_by("name", "id")


def first_choice(agendas: Sequence[Agenda], actor: Actor) -> Agenda | None:
    """Her unit's if it has one: it is the one she gives hours of most."""
    return next((agenda for agenda in agendas if agenda.unit_id == actor.unit_id), agendas[0] if agendas else None)


def seen(actor: Actor) -> AppointmentQuerySet:
    require(actor, Permission.ROOM_WORK)
    return Appointment.objects.visible_to(actor).select_related("person", "agenda__site", "agenda__queue", "reason")


def appointments_on(day: date, *, by: Actor, agenda: Agenda | None = None) -> list[Appointment]:
    """Those that hold a place that day, in order, with the look at their names logged."""
    found = seen(by).on(day).holding()
    if agenda:
        found = found.filter(agenda=agenda)
    return logged(found.order_by("starts_at", "id")[:OF_A_DAY], note=f"citas del {day:%d-%m-%Y}")


def expected_at_rooms(day: date, *, by: Actor) -> list[Appointment]:
    """Who is still to come that day to a queue: for the desk that gives numbers, names and hours only."""
    found = seen(by).booked().on(day).filter(agenda__queue__isnull=False)
    return logged(found.order_by("starts_at", "id")[:OF_A_DAY], note="llegadas con hora")


def to_come_of(person: Person, *, by: Actor, since: date) -> list[Appointment]:
    return list(seen(by).booked().filter(person=person, day__gte=since).order_by("starts_at"))


def logged(found: Iterable[Appointment], *, note: str) -> list[Appointment]:
    """The appointments, once the look at whoever they are of has left its row."""
    appointments = list(found)
    if shown := sorted({one.person_id for one in appointments if one.person_id}):
        log_reading(ReadEntry.Kind.LIST, shown=shown, note=note)
    return appointments


# Reminders


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call, at which telephones, and why not when there is none."""

    appointment: Appointment
    phones: Sequence[str]
    why_not: str = ""


def next_working_day(institution_id: int, today: date) -> date:
    return service_days(institution_id, around=today).first_from(today + timedelta(days=1))


def agendas_to_call(actor: Actor) -> list[Agenda]:
    """Whose people she calls: her own unit's, for telephones go no farther; all of them if her unit has no agenda."""
    found = list(agendas_of(actor))
    return [agenda for agenda in found if agenda.unit_id == actor.unit_id] or found


def calls_for(day: date, agendas: Iterable[Agenda], *, by: Actor) -> list[Call]:
    """Whom to remind of her hour of that day, in order. Three queries and the log."""
    found = seen(by).booked().on(day).filter(agenda__in=list(agendas))
    appointments = logged(found.order_by("starts_at", "id")[:OF_A_DAY], note="recordatorios")
    people = {one.person_id for one in appointments if one.person_id}
    phones = ContactPoint.objects.visible_to(by).filter(person__in=people, kind=ContactKind.PHONE)
    known: dict[UUID | None, list[ContactPoint]] = {}
    for point in phones.order_by("-as_of", "id"):
        if point.ended_on is None or point.ended_on > day:
            known.setdefault(point.person_id, []).append(point)
    # Who asked not to be called is not, also when the actor may not see where she asked it.
    asked = ContactPoint.objects.filter(person__in=people, do_not_call=True).values_list("person_id", "value")
    refused = {(person_id, _digits(value)) for person_id, value in asked}
    return [_call(one, known.get(one.person_id, []), refused) for one in appointments]


def _call(appointment: Appointment, points: Sequence[ContactPoint], refused: Collection[tuple[UUID, str]]) -> Call:
    """The telephone left for this hour comes first; one that asked not to be called is never shown."""
    phones: dict[str, str] = {}
    for phone in (appointment.phone, *(point.value for point in points)):
        if phone and (appointment.person_id, _digits(phone)) not in refused:
            phones.setdefault(_digits(phone), phone)
    if phones:
        return Call(appointment, list(phones.values()))
    may_not = any(point.do_not_call for point in points)
    return Call(appointment, (), "Pidió que no la llamen." if may_not else "No se sabe: falta su teléfono.")


def _digits(phone: str) -> str:
    """The last nine figures: +56 9 1234 5678 and 912345678 are one telephone."""
    return "".join(letter for letter in phone if letter.isdigit())[-9:]


# Those that must be moved


@dataclass(frozen=True, slots=True)
class ToMove:
    """An hour that the office can no longer keep, and why."""

    appointment: Appointment
    why: str


def to_be_moved(agendas: Iterable[Agenda], *, institution_id: int, today: date) -> list[ToMove]:
    """Booked hours of days that are not attended any more, or that their agenda stopped offering.

    Also those of the past: the office was closed, so she did not fail to come, and still waits for another hour.
    """
    worked = service_days(institution_id, around=today)
    booked = Appointment.objects.unblocked().booked().filter(agenda__in=list(agendas))
    found = []
    for one in booked.select_related("hours", "agenda__site", "person").order_by("starts_at", "id"):
        if not worked.includes(one.day):
            found.append(ToMove(one, "Ese día no se atiende."))
        elif one.day >= today and not one.hours.pattern.is_in_force_on(one.day):
            found.append(ToMove(one, "La agenda dejó de dar esa hora."))
    return found


@dataclass(frozen=True, slots=True)
class Unkept:
    """How many hours must be moved, and the first of their days."""

    number: int
    first_on: date


def unkept(agendas: Iterable[Agenda], *, institution_id: int, today: date) -> Unkept | None:
    """The same as ``to_be_moved``, counted by PostgreSQL day by day."""
    worked = service_days(institution_id, around=today)
    booked = Appointment.objects.unblocked().booked().filter(agenda__in=list(agendas))
    dropped = Q(day__gte=today) & (Q(hours__from_on__gt=F("day")) | Q(hours__until_on__lt=F("day")))
    days = booked.order_by("day").values_list("day").annotate(number=Count("pk"), gone=Count("pk", filter=dropped))
    found = {day: gone if worked.includes(day) else number for day, number, gone in days}
    left = {day: number for day, number in found.items() if number}
    return Unkept(sum(left.values()), min(left)) if left else None


def arranged_by(actor: Actor) -> QuerySet[Agenda]:
    """The agendas in use that the actor arranges: her unit's, or all. They hold no names."""
    require(actor, Permission.ROOM_ARRANGE)
    mine = Agenda.objects.in_use().filter(within_reach(actor, Permission.ROOM_ARRANGE))
    return mine.select_related("site", "unit", "queue").order_by("name", "id")
