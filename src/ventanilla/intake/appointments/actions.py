"""Every verb of an appointment: give an hour, move it, cancel it, remind it, receive who comes at hers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.appointments import rules
from ventanilla.intake.appointments.closing import attend, step_of, step_to
from ventanilla.intake.appointments.slots import free_slots, offered_on
from ventanilla.intake.appointments.states import AppointmentState, CancelledBy, Reminder
from ventanilla.intake.models import Agenda, AgendaHours, Appointment, Consultation, Queue, Ticket
from ventanilla.intake.states import Channel
from ventanilla.intake.waiting.actions import Preference, take_number
from ventanilla.intake.waiting.states import TicketState
from ventanilla.registry.models import Person
from ventanilla.registry.models.people import refuse_blocked

OFFERED_INSTEAD = 3


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants an hour and for what. Without a person there is a name, and a telephone to call."""

    person: Person | None = None
    name: str = ""
    phone: str = ""
    reason: Reason | None = None
    about: str = ""
    channel: Channel = Channel.IN_PERSON
    notes: str = ""


@transaction.atomic
def book_appointment(
    agenda: Agenda, starts_at: datetime, request: Request, *, by: Actor, submission_id: UUID | None = None
) -> Appointment:
    """Give an hour of the agenda; a form sent twice gives one.

    Whoever books last in a full hour is told the next that are free.
    """
    require(by, Permission.ROOM_WORK, agenda)
    _lock_agenda(agenda)
    if sent := _sent(submission_id):
        return sent
    _refuse_request(request)
    return _give(agenda, starts_at, request, by=by, submission_id=submission_id)


@transaction.atomic
def move_appointment(
    appointment: Appointment,
    agenda: Agenda,
    starts_at: datetime,
    *,
    by: Actor,
    reason: str = "",
    submission_id: UUID | None = None,
) -> Appointment:
    """Give her another hour and free the one she had; the new one says which it comes from."""
    _lock(appointment, by=by)
    require(by, Permission.ROOM_WORK, agenda)
    if sent := _sent(submission_id):
        return sent
    _lock_agenda(agenda)
    now = clock.now()
    why = " ".join(reason.split())[:200]
    step = step_to(appointment, AppointmentState.MOVED, at=now, by=by, reason=why)
    appointment.end_reason = why
    appointment.save()
    step.save(force_insert=True)
    same = ("person", "name", "phone", "reason", "about", "channel", "notes")
    request = Request(**{name: getattr(appointment, name) for name in same})
    return _give(agenda, starts_at, request, by=by, submission_id=submission_id, moved_from=appointment)


def _sent(submission_id: UUID | None) -> Appointment | None:
    return Appointment.objects.filter(submission_id=submission_id).first() if submission_id else None


def _lock_agenda(agenda: Agenda) -> None:
    """One hour at a time: two who want the last place wait for each other."""
    agenda.refresh_from_db(from_queryset=Agenda.objects.select_for_update(no_key=True, of=("self",)))


def _refuse_request(request: Request) -> None:
    if request.person is None and not request.name.strip():
        raise RuleBroken("Escriba el nombre de quien viene.", field="name")
    if request.person is None and not request.phone.strip():
        raise RuleBroken("Sin ficha, escriba un teléfono donde avisarle.", field="phone")
    refuse_blocked(request.person)
    if request.reason is not None and request.reason.secrecy != Secrecy.ORDINARY:
        raise RuleBroken("Un asunto reservado no se anota en la agenda. Deje el motivo en blanco.", field="reason")


def _give(
    agenda: Agenda,
    starts_at: datetime,
    request: Request,
    *,
    by: Actor,
    submission_id: UUID | None,
    moved_from: Appointment | None = None,
) -> Appointment:
    now, local = clock.now(), timezone.localtime(starts_at)
    if agenda.closed_on:
        raise RuleBroken("Esa agenda ya no se usa. Elija otra.", field="slot")
    worked = service_days(by.institution, around=local.date())
    if objection := rules.objection_to_hour(local, now=now, is_worked=worked.includes(local.date())):
        raise RuleBroken(objection, field="slot")
    hours, place = _free_place(agenda, local, person=request.person)
    ends_at = starts_at + timedelta(minutes=hours.minutes)
    if request.person:
        Person.objects.select_for_update(no_key=True).get(pk=request.person.pk)  # she is given one hour at a time
        _refuse_two_at_once(request.person, starts_at, ends_at, by=by)
    appointment = Appointment(
        agenda=agenda,
        hours=hours,
        place=place,
        day=local.date(),
        starts_at=starts_at,
        ends_at=ends_at,
        person=request.person,
        name="" if request.person else " ".join(request.name.split()),
        phone=" ".join(request.phone.split()),
        reason=request.reason,
        about=" ".join(request.about.split()),
        channel=request.channel,
        notes=" ".join(request.notes.split()),
        booked_at=now,
        booked_by_id=by.account_id,
        posting_id=by.posting_id,
        moved_from=moved_from,
        submission_id=submission_id,
    )
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:  # she has another at that time, in an agenda that is not to be told of
        raise _taken(agenda, local, request.person) from error
    step_of(appointment, "", at=now, by=by).save(force_insert=True)
    return appointment


def _refuse_two_at_once(person: Person, starts_at: datetime, ends_at: datetime, *, by: Actor) -> None:
    """Only of what the actor may know of: the rest is held by PostgreSQL, and said as a full hour."""
    hers = Appointment.objects.visible_to(by).to_come().filter(person=person)
    if other := hers.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).select_related("agenda").first():
        hour = rules.spoken(timezone.localtime(other.starts_at))
        raise RuleBroken(f"Ya tiene hora el {hour}, en {other.agenda}. Cambie esa o elija otra.", field="slot")


def _free_place(agenda: Agenda, local: datetime, *, person: Person | None) -> tuple[AgendaHours, int]:
    offered = list(AgendaHours.objects.filter(agenda=agenda))
    at_that_hour = [hours for hours, starts_at in offered_on(local.date(), offered) if starts_at == local]
    if not at_that_hour:
        raise RuleBroken(
            f"La agenda {agenda} no da la hora del {rules.spoken(local)}.{_instead(agenda, person)}", field="slot"
        )
    for hours in at_that_hour:
        held = Appointment.objects.holding().filter(hours=hours, starts_at=local).values_list("place", flat=True)
        if place := rules.first_free_place(list(held), hours.capacity):
            return hours, place
    raise _taken(agenda, local, person)


def _taken(agenda: Agenda, local: datetime, person: Person | None) -> RuleBroken:
    return RuleBroken(f"La hora del {rules.spoken(local)} ya se ocupó.{_instead(agenda, person)}", field="slot")


def _instead(agenda: Agenda, person: Person | None) -> str:
    """« Quedan: lunes 23-11-2026 a las 10:30; …»"""
    following = free_slots(agenda, after=clock.now(), most=OFFERED_INSTEAD, person=person)
    if not following:
        return " No quedan horas en los próximos meses."
    return f" Quedan: {'; '.join(rules.spoken(slot.starts_at) for slot in following)}."


@transaction.atomic
def cancel_appointment(
    appointment: Appointment, *, by: Actor, cancelled_by: CancelledBy, reason: str = ""
) -> Appointment:
    """Her place is free again. The office says why it cancels; she need not. Twice is once."""
    _lock(appointment, by=by)
    if appointment.state == AppointmentState.CANCELLED:
        return appointment
    reason = " ".join(reason.split())[:200]
    if cancelled_by == CancelledBy.OFFICE and not reason:
        raise RuleBroken("Escriba por qué cancela la oficina: hay que poder decírselo.", field="reason")
    step = step_to(appointment, AppointmentState.CANCELLED, at=clock.now(), by=by, reason=reason)
    appointment.cancelled_by, appointment.end_reason = cancelled_by, reason
    appointment.save()
    step.save(force_insert=True)
    return appointment


@transaction.atomic
def remind(appointment: Appointment, outcome: Reminder, *, by: Actor) -> Appointment:
    """She was called: told, or did not answer. Each call leaves its row."""
    _lock(appointment, by=by)
    if not appointment.is_booked:
        raise InvalidTransition("Esa hora ya no está reservada. La lista cambió mientras llamaba.")
    appointment.reminder, appointment.reminded_at = outcome, clock.now()
    appointment.save()
    step_of(
        appointment, appointment.state, at=appointment.reminded_at, by=by, reason=f"Recordatorio: {outcome.label}"
    ).save(force_insert=True)
    return appointment


@transaction.atomic
def link_person(appointment: Appointment, person: Person, *, by: Actor) -> Appointment:
    """Who had only a name is in the registry: the hour is hers, and the name is not needed any more."""
    _lock(appointment, by=by)
    if appointment.person_id == person.pk:
        return appointment
    if appointment.person_id:
        raise RuleBroken("Esta hora ya es de una persona con ficha.")
    refuse_blocked(person)
    appointment.person, appointment.name = person, ""
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise RuleBroken("Esta persona no puede tener esta hora. Revise si ya tiene otra.") from error
    step_of(appointment, appointment.state, at=clock.now(), by=by, reason="Se encontró su ficha").save(
        force_insert=True
    )
    hers = Ticket.objects.filter(appointment=appointment, person=None)
    hers.filter(state__in=[TicketState.WAITING, TicketState.CALLED]).update(person=person)
    return appointment


@transaction.atomic
def receive(
    queue: Queue,
    *,
    by: Actor,
    person: Person | None = None,
    preference: Preference | None = None,
    submission_id: UUID | None = None,
) -> Ticket:
    """A number for who comes: that of her hour if she has one today in this queue, else the next.

    Also when her hour is of an agenda that the actor may not know of: it counts, and is not told (``hour_for``).
    """
    require(by, Permission.ROOM_WORK, queue)
    if person is not None:
        hers = Appointment.objects.unblocked().booked().on(clock.today())
        mine = hers.filter(person=person, agenda__queue=queue).order_by("starts_at").first()
        ticket = arrive(mine, by=by, preference=preference, submission_id=submission_id) if mine else None
        if ticket:
            return ticket
    return take_number(queue, by=by, person=person, preference=preference, submission_id=submission_id)


@transaction.atomic
def arrive(
    appointment: Appointment,
    *,
    by: Actor,
    preference: Preference | None = None,
    submission_id: UUID | None = None,
) -> Ticket | None:
    """She came on the day of her hour: her number in the queue of the agenda, or None where there is no queue.

    On time she is called as of her hour; late she keeps a place, by her arrival (``waiting.rules.next_called``).
    """
    _lock(appointment, by=by)
    if appointment.state == AppointmentState.ARRIVED:
        return _latest_ticket(appointment)
    now = clock.now()
    if appointment.day != timezone.localtime(now).date():
        hour = rules.spoken(timezone.localtime(appointment.starts_at))
        raise RuleBroken(f"Su hora es el {hour}. Cámbiela, o dele un número como a quien llega sin hora.")
    step = step_to(appointment, AppointmentState.ARRIVED, at=now, by=by)
    appointment.arrived_at = now
    appointment.save()
    step.save(force_insert=True)
    queue = appointment.agenda.queue
    if queue is None:
        return None
    return take_number(
        queue,
        by=by,
        person=appointment.person,
        preference=preference,
        appointment=appointment,
        submission_id=submission_id,
    )


def _latest_ticket(appointment: Appointment) -> Ticket | None:
    return Ticket.objects.filter(appointment=appointment).order_by("-recorded_at").first()


@transaction.atomic
def attend_without_queue(appointment: Appointment, *, by: Actor) -> Consultation:
    """Where there is no queue, whoever attends says so herself: her consultation starts. Twice is once."""
    _lock(appointment, by=by)
    if appointment.consultation:
        return appointment.consultation
    if _latest_ticket(appointment):
        raise RuleBroken("Ella tiene un número: llámela desde la sala de espera.")
    if appointment.is_booked:
        arrive(appointment, by=by)
    consultation = start_consultation(appointment.person, by=by, submission_id=appointment.pk)
    attend(appointment, consultation, at=clock.now(), by=by)
    return consultation


def _lock(appointment: Appointment, *, by: Actor) -> None:
    """Hold the row until the transaction ends."""
    require(by, Permission.ROOM_WORK, appointment)
    appointment.refresh_from_db(from_queryset=Appointment.objects.select_for_update(of=("self",)))
