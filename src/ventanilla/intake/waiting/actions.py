"""Every verb of the waiting room: give a number, call, attend, hand over, close the day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Desk, Site
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.appointments.closing import CLOSING, attended_with, close_appointments
from ventanilla.intake.folios import take
from ventanilla.intake.models import Appointment, Consultation, Queue, Ticket, TicketCounter, TicketStep
from ventanilla.intake.waiting import rules
from ventanilla.intake.waiting.closing import step_of, step_to
from ventanilla.intake.waiting.states import OPEN, Priority, TicketKind, TicketState
from ventanilla.registry.models import Person
from ventanilla.registry.models.people import refuse_blocked


@dataclass(frozen=True, slots=True)
class Preference:
    """Why somebody goes first, and what showed it."""

    ground: Priority
    evidence: str = ""


@transaction.atomic
def take_number(
    queue: Queue,
    *,
    by: Actor,
    person: Person | None = None,
    preference: Preference | None = None,
    arrived_at: datetime | None = None,
    appointment: Appointment | None = None,
    submission_id: UUID | None = None,
) -> Ticket:
    """Give the next number of the queue; who already waits in it keeps hers, and a form sent twice gives one.

    With her ``appointment`` she is received also out of the queue's hours (``appointments.actions.arrive``).
    """
    require(by, Permission.ROOM_WORK, queue)
    Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)  # one number at a time: the same form twice waits
    now = clock.now()
    arrived_at = arrived_at or now
    if given := _given(queue, person, submission_id, now):
        if preference and not given.priority and given.state == TicketState.WAITING:
            give_preference(given, preference, by=by)
        return _with_hour(given, appointment)
    _refuse_arrival(queue, person, preference, arrived_at, now, has_hour=appointment is not None)
    local = timezone.localtime(arrived_at)
    ticket = Ticket(
        queue=queue,
        day=local.date(),
        letter=queue.letter,
        kind=TicketKind.APPOINTMENT if appointment else TicketKind.ARRIVED,
        person=person,
        arrived_at=arrived_at,
        recorded_at=now,
        appointment=appointment,
        submission_id=submission_id,
    )
    if preference:
        _prefer(ticket, preference, by=by)
    ticket.number = take(TicketCounter, queue_id=queue.pk, day=ticket.day)
    ticket.save(force_insert=True)
    step_of(ticket, "", at=now, by=by).save(force_insert=True)
    return ticket


def _given(queue: Queue, person: Person | None, submission_id: UUID | None, now: datetime) -> Ticket | None:
    """What this form, or this person in this queue, already has."""
    if submission_id and (sent := Ticket.objects.filter(submission_id=submission_id).first()):
        return sent
    if person is None:
        return None
    return Ticket.objects.in_room(now).filter(queue=queue, person=person, state__in=OPEN).first()


def _with_hour(ticket: Ticket, appointment: Appointment | None) -> Ticket:
    """She had taken a number like anybody, and it turns out that she has an hour."""
    if appointment and ticket.appointment_id is None:
        ticket.appointment, ticket.kind = appointment, TicketKind.APPOINTMENT
        ticket.save(update_fields=["appointment", "kind"])  # a desk may be calling it
    return ticket


def _refuse_arrival(
    queue: Queue,
    person: Person | None,
    preference: Preference | None,
    arrived_at: datetime,
    now: datetime,
    *,
    has_hour: bool,
) -> None:
    local = timezone.localtime(arrived_at)
    if queue.closed_on:
        raise RuleBroken("Esa fila ya no se usa. Elija otra.", field="queue")
    if arrived_at > now:
        raise RuleBroken("La llegada no puede ser futura.", field="arrived_at")
    refuse_blocked(person, field="run")
    if not has_hour and not rules.is_giving_numbers(queue.opens_at, queue.closes_at, local.time()):
        raise RuleBroken(f"La fila {queue} da números {hours_in_words(queue)}.", field="queue")
    if preference:
        _refuse_preference(preference, person, local.date())


def _refuse_preference(preference: Preference, person: Person | None, day: date) -> None:
    age = person.age_on(day) if person else None
    if objection := rules.objection_to_priority(preference.ground, preference.evidence, age):
        raise RuleBroken(objection, field="evidence")


def _prefer(ticket: Ticket, preference: Preference, *, by: Actor) -> None:
    ticket.priority, ticket.priority_evidence = preference.ground, preference.evidence.strip()
    ticket.priority_by_id = by.account_id


@transaction.atomic
def give_preference(ticket: Ticket, preference: Preference, *, by: Actor) -> Ticket:
    """Somebody who waits turns out to go first; who decided it and on what is written down. Twice is once."""
    _lock(ticket, by=by)
    if ticket.state != TicketState.WAITING:
        raise InvalidTransition(f"{ticket.label} ya fue llamado.")
    if (ticket.priority, ticket.priority_evidence) == (preference.ground, preference.evidence.strip()):
        return ticket
    now = clock.now()
    _refuse_preference(preference, ticket.person, timezone.localtime(now).date())
    _prefer(ticket, preference, by=by)
    ticket.save()
    step_of(ticket, ticket.state, at=now, by=by, reason=f"Preferencia: {preference.ground.label}").save(
        force_insert=True
    )
    return ticket


def hours_in_words(queue: Queue) -> str:
    """«desde las 08:30 hasta las 14:00»."""
    since, until = _clock(queue.opens_at), _clock(queue.closes_at)
    parts = [f"desde las {since}" if since else "", f"hasta las {until}" if until else ""]
    return " ".join(part for part in parts if part) or "a toda hora"


def _clock(hour: time | None) -> str:
    return f"{hour:%H:%M}" if hour else ""


@transaction.atomic
def call_next(desk: Desk, *, by: Actor) -> tuple[Ticket, str]:
    """Call whoever follows in the queues of the desk; returns the number and why it is hers.

    Pressed twice it calls the same one: a desk has one person at a time. Two desks never get the same number, for each
    takes its row or passes on to the next.
    """
    require(by, Permission.ROOM_WORK)
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    now = clock.now()
    if present := Ticket.objects.in_room(now).at_a_desk().filter(desk=desk).first():
        if present.state == TicketState.CALLED:
            return present, "Ya estaba llamado a este módulo."
        raise RuleBroken(f"Termine o traspase primero la atención de {present.label}.")
    queues = Queue.objects.in_use().served_by(desk)
    passed: set[UUID] = set()
    while True:
        here = Ticket.objects.unblocked().in_room(now).filter(queue__in=queues).select_related("appointment")
        recent = here.filter(called_at__isnull=False).order_by("-called_at", "-id")[: rules.MOST_PREFERENTIAL_IN_A_ROW]
        waiting = [_in_room(ticket) for ticket in here.waiting().exclude(pk__in=passed)]
        choice = rules.next_called(waiting, [ticket.goes_first for ticket in recent], now=now)
        if choice is None:
            raise RuleBroken("Nadie espera en las filas de este módulo.")
        taken = Ticket.objects.select_for_update(of=("self",), skip_locked=True)
        if ticket := taken.waiting().filter(pk=choice.id).first():
            return _call(ticket, desk, at=now, by=by), choice.why
        passed.add(choice.id)  # another desk is calling it


def _in_room(ticket: Ticket) -> rules.InRoom:
    return rules.InRoom(
        ticket.pk,
        ticket.arrived_at,
        ticket.is_preferential,
        is_urgent=ticket.priority == Priority.URGENCY,
        expected_at=timezone.localtime(ticket.appointment.starts_at) if ticket.appointment else None,
    )


def _call(ticket: Ticket, desk: Desk, *, at: datetime, by: Actor) -> Ticket:
    ticket.desk, ticket.posting_id = desk, by.posting_id
    step = step_to(ticket, TicketState.CALLED, at=at, by=by)
    ticket.called_at, ticket.calls = at, ticket.calls + 1
    ticket.save()
    step.save(force_insert=True)
    return ticket


@transaction.atomic
def recall(ticket: Ticket, *, by: Actor) -> Ticket:
    """Call the number again: the wall shows it anew."""
    _lock(ticket, by=by)
    if ticket.state != TicketState.CALLED:
        raise InvalidTransition(f"{ticket.label} ya no está llamado.")
    now = clock.now()
    ticket.called_at, ticket.calls = now, ticket.calls + 1
    ticket.save()
    step_of(ticket, ticket.state, at=now, by=by, reason=f"Llamado {ticket.calls}").save(force_insert=True)
    return ticket


@transaction.atomic
def mark_no_show(ticket: Ticket, *, by: Actor) -> Ticket:
    """Nobody came. She was called at least twice, and may come back once."""
    _lock(ticket, by=by)
    if ticket.state == TicketState.CALLED and ticket.calls < rules.FEWEST_CALLS:
        raise RuleBroken(f"Llame a {ticket.label} una vez más antes de dar por perdido el número.")
    return _end(ticket, TicketState.NO_SHOW, by=by)


@transaction.atomic
def return_to_room(ticket: Ticket, *, by: Actor) -> Ticket:
    """She came back: she waits again in the place of her arrival, once."""
    _lock(ticket, by=by)
    if ticket.state == TicketState.NO_SHOW and ticket.returned_at:
        raise RuleBroken(f"{ticket.label} ya volvió una vez. Dé un número nuevo.")
    now = clock.now()
    step = step_to(ticket, TicketState.WAITING, at=now, by=by, reason="Volvió")
    ticket.returned_at, ticket.finished_at, ticket.desk, ticket.calls = now, None, None, 0
    ticket.save()
    step.save(force_insert=True)
    return ticket


@transaction.atomic
def attend(ticket: Ticket, *, by: Actor) -> Consultation:
    """She came to the desk: start her consultation, or resume it, and tie the number to it. Twice is once."""
    _lock(ticket, by=by)
    if ticket.state == TicketState.ATTENDING and ticket.consultation:
        return ticket.consultation
    now = clock.now()
    step = step_to(ticket, TicketState.ATTENDING, at=now, by=by)
    # The number itself is the form's: the same number gives the same consultation.
    consultation = start_consultation(ticket.person, by=by, submission_id=ticket.pk)
    if consultation.desk_id is None and ticket.desk:
        consultation.desk_id, consultation.site_id = ticket.desk_id, ticket.desk.site_id
        consultation.save(update_fields=["desk", "site"])
    ticket.consultation, ticket.started_at = consultation, now
    ticket.save()
    step.save(force_insert=True)
    attended_with(ticket, consultation, at=now, by=by)
    return consultation


@transaction.atomic
def finish(ticket: Ticket, *, by: Actor) -> Ticket:
    """The attention ended without ending a consultation. One that is still written ends by itself, with its number."""
    _lock(ticket, by=by)
    return _end(ticket, TicketState.DONE, by=by)


@transaction.atomic
def hand_over(ticket: Ticket, queue: Queue, *, by: Actor, reason: str = "") -> Ticket:
    """Send her to another queue of the same site with the same number and the same arrival."""
    _lock(ticket, by=by)
    _refuse_queue(ticket, queue)
    _end(ticket, TicketState.HANDED_OVER, by=by, reason=" ".join(reason.split())[:200])
    return _passed(ticket, queue, by=by)


@transaction.atomic
def walk_over(ticket: Ticket, queue: Queue, *, by: Actor) -> Ticket:
    """Her attention ended and she goes on to another desk of the same site, with the same number and arrival.

    What was attended stays attended. Twice is once; one that is still at a desk is handed over.
    """
    _lock(ticket, by=by)
    if ticket.state in OPEN:
        return hand_over(ticket, queue, by=by)
    if ticket.state != TicketState.DONE:
        raise InvalidTransition(f"{ticket.label} está «{ticket.get_state_display().lower()}»: no pasa a otra fila.")
    if passed := ticket.handed_to.filter(queue=queue).first():
        return passed
    _refuse_queue(ticket, queue)
    return _passed(ticket, queue, by=by)


def _refuse_queue(ticket: Ticket, queue: Queue) -> None:
    if queue.closed_on or queue.site_id != ticket.queue.site_id:
        raise RuleBroken("Elija una fila en uso de la misma dependencia.", field="queue")
    if queue.pk == ticket.queue_id:
        raise RuleBroken(f"{ticket.label} ya está en esa fila.", field="queue")


def _passed(ticket: Ticket, queue: Queue, *, by: Actor) -> Ticket:
    """The same number in that queue; where it was already attended today it would be there twice."""
    there = Ticket.objects.filter(queue=queue, day=ticket.day, letter=ticket.letter, number=ticket.number)
    if there.exclude(state=TicketState.HANDED_OVER).exists():
        raise RuleBroken(f"{ticket.label} ya pasó hoy por esa fila: dele un número nuevo.", field="queue")
    same = ("day", "letter", "number", "person_id", "appointment_id", "arrived_at")
    preference = ("priority", "priority_evidence", "priority_by_id")
    passed = Ticket(
        queue=queue,
        kind=TicketKind.WALKED_OVER,
        handed_from=ticket,
        recorded_at=clock.now(),
        **{name: getattr(ticket, name) for name in (*same, *preference)},
    )
    passed.save(force_insert=True)
    step_of(passed, "", at=passed.recorded_at, by=by).save(force_insert=True)
    return passed


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """Of a day that was closed: how many numbers stayed without attention, how many did not come at their hour."""

    left: int
    absent: int


@transaction.atomic
def close_day(site: Site, *, by: Actor) -> ClosedDay:
    """Those who still wait, or were called and never attended, are told to have stayed without attention.

    Numbers of earlier days that nobody finished end too; an attention in course of today goes on. Then the
    appointments whose hour went by get their end.
    """
    require(by, Permission.ROOM_OVERSEE)
    now = clock.now()
    steps: list[TicketStep] = []
    mine = within_reach(by, Permission.ROOM_OVERSEE, unit="queue__unit")
    stayed = Ticket.objects.at(site).filter(mine).select_for_update(of=("self",))
    for ticket in stayed.filter(state__in=[TicketState.WAITING, TicketState.CALLED]).order_by("arrived_at"):
        steps.append(step_to(ticket, TicketState.LEFT, at=now, by=by, reason=CLOSING))
        ticket.finished_at = now
        ticket.save()
    left = len(steps)
    for ticket in stayed.unfinished_before(now).filter(state=TicketState.ATTENDING):
        steps.append(step_to(ticket, TicketState.DONE, at=now, by=by, reason=CLOSING))
        ticket.finished_at = now
        ticket.save()
    TicketStep.objects.bulk_create(steps)
    return ClosedDay(left, close_appointments(site, at=now, by=by))


def _lock(ticket: Ticket, *, by: Actor) -> None:
    """Hold the row until the transaction ends."""
    require(by, Permission.ROOM_WORK, ticket)
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update(of=("self",)))


def _end(ticket: Ticket, after: TicketState, *, by: Actor, reason: str = "") -> Ticket:
    now = clock.now()
    step = step_to(ticket, after, at=now, by=by, reason=reason)
    ticket.finished_at = now
    ticket.save()
    step.save(force_insert=True)
    return ticket
