"""Pages of appointments: a day's, one of them, whom to call, which must be moved."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can
from ventanilla.access.calendars import service_days
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.intake.appointments import actions
from ventanilla.intake.appointments.booking import day_in
from ventanilla.intake.appointments.forms import CallForm, CancelForm
from ventanilla.intake.appointments.icalendar import event
from ventanilla.intake.appointments.reading import (
    agendas_of,
    agendas_to_call,
    appointments_on,
    calls_for,
    logged,
    next_working_day,
    seen,
    to_be_moved,
)
from ventanilla.intake.appointments.states import CancelledBy, Reminder
from ventanilla.intake.asking import ask_whom
from ventanilla.intake.models import Agenda, Appointment
from ventanilla.intake.waiting.arrivals import slip_url
from ventanilla.intake.waiting.places import ids_in

A_DAY = timedelta(days=1)


@requires(Permission.ROOM_WORK)
def appointments(request: OperatorRequest) -> HttpResponse:
    """Who has an hour on a day, in order; today's are received from here."""
    today = clock.today()
    day = day_in(request.GET.get("dia", "")) or today
    agendas = list(agendas_of(request.actor))
    agenda = _chosen(request, agendas)
    rows = appointments_on(day, by=request.actor, agenda=agenda)
    worked = service_days(request.actor.institution, around=day)
    context = {
        "rows": rows,
        "day": day,
        "is_today": day == today,
        "is_worked": worked.includes(day),
        "before": _worked_before(day, worked),
        "after": worked.first_from(day + A_DAY),
        "agendas": agendas,
        "agenda": agenda,
        "to_move": len(to_be_moved(agendas, institution_id=request.actor.institution, today=today)),
    }
    return render(request, "intake/appointments/day.html", context)


def _worked_before(day: date, worked: Any) -> date:
    found = day - A_DAY
    while not worked.includes(found):
        found -= A_DAY
    return found


def _chosen(request: OperatorRequest, agendas: list[Agenda]) -> Agenda | None:
    asked = ids_in(request.GET.get("agenda", ""))
    return next((one for one in agendas if one.pk in asked), None)


@requires(Permission.ROOM_WORK)
def appointment(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    """One hour: the paper she takes home, and what can be done with it."""
    found = _found(request, appointment_id)
    (found,) = logged([found], note="cita")
    context = {
        "appointment": found,
        "hour": timezone.localtime(found.starts_at),
        "steps": list(found.steps.select_related("account")),
        "moved_to": found.moved_to.visible_to(request.actor).first(),
        "is_today": found.day == clock.today(),
        "may_attend": can(request.actor, Permission.CONSULTATION_WORK) and found.agenda.queue_id is None,
    }
    return render(request, "intake/appointments/appointment.html", context)


def _found(request: OperatorRequest, appointment_id: UUID) -> Appointment:
    return get_object_or_404(seen(request.actor), pk=appointment_id)


@requires(Permission.ROOM_WORK)
def calendar_file(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    """For the calendar of her telephone: when and where, and nothing of whose hour it is or for what."""
    found = _found(request, appointment_id)
    site = found.agenda.site
    text = event(
        uid=f"{found.pk}@ventanilla",
        written_at=found.booked_at,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=", ".join(part for part in (site.name, site.address) if part),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="hora.ics"'
    return response


@require_POST
@requires(Permission.ROOM_WORK)
def arrive(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    """Llegó a su hora: her number, or only that she is here."""
    found = _found(request, appointment_id)
    ticket = actions.arrive(found, by=request.actor)
    if ticket:
        return redirect(slip_url(ticket))
    messages.success(request, f"{found.who} llegó. Se atiende por su nombre.")
    return redirect(found)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def attend(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    return redirect(actions.attend_without_queue(_found(request, appointment_id), by=request.actor))


@requires(Permission.ROOM_WORK)
def cancel(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    found = _found(request, appointment_id)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            actions.cancel_appointment(
                found,
                by=request.actor,
                cancelled_by=CancelledBy(form.cleaned_data["cancelled_by"]),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "Hora cancelada. Quedó libre para otra persona.")
            return redirect(found)
    logged([found], note="cancelar hora")
    context = {"appointment": found, "hour": timezone.localtime(found.starts_at), "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/cancel.html", context, status=status)


@requires(Permission.ROOM_WORK)
def link(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    """Find the record of who gave only a name."""
    found = _found(request, appointment_id)
    form, whom, chosen = ask_whom(request)
    if chosen:
        with show_on(form):
            actions.link_person(found, chosen, by=request.actor)
            messages.success(request, "La hora quedó a su nombre.")
            return redirect(found)
    logged([found], note="buscar ficha de una cita")
    context = {"appointment": found, "form": form, "whom": whom}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/link.html", context, status=status)


@requires(Permission.ROOM_WORK)
def reminders(request: OperatorRequest) -> HttpResponse:
    """Whom to call about the next working day, one after the other; each answer is one key."""
    today = clock.today()
    day = next_working_day(request.actor.institution, today)
    agendas = agendas_to_call(request.actor)
    agenda = _chosen(request, agendas)
    form = CallForm(request.POST or None)
    listed: Any = form.fields["appointment"]
    listed.queryset = seen(request.actor).filter(agenda__in=agendas)
    if form.is_valid():
        with show_on(form):
            _note_call(request, form.cleaned_data["appointment"], form.cleaned_data["outcome"])
            return redirect(request.get_full_path())
    calls = calls_for(day, [agenda] if agenda else agendas, by=request.actor)
    pending = [call for call in calls if not call.appointment.reminder and call.phones]
    again = [call for call in calls if call.appointment.reminder == Reminder.NO_ANSWER]
    context = {
        "form": form,
        "day": day,
        "calls": calls,
        "next": next(iter([*pending, *again]), None),
        "told": sum(call.appointment.reminder == Reminder.TOLD for call in calls),
        "agendas": agendas,
        "agenda": agenda,
        "today": today,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/reminders.html", context, status=status)


def _note_call(request: OperatorRequest, found: Appointment, outcome: str) -> None:
    if outcome == "cancel":
        actions.cancel_appointment(
            found, by=request.actor, cancelled_by=CancelledBy.PERSON, reason="Lo dijo al recordarle la hora"
        )
        messages.success(request, "Hora cancelada. Quedó libre para otra persona.")
    else:
        actions.remind(found, Reminder(outcome), by=request.actor)


@requires(Permission.ROOM_WORK)
def to_move(request: OperatorRequest) -> HttpResponse:
    """Hours that the office can no longer keep: each needs another."""
    agendas = list(agendas_of(request.actor))
    rows = to_be_moved(agendas, institution_id=request.actor.institution, today=clock.today())
    logged((row.appointment for row in rows), note="citas por reprogramar")
    return render(request, "intake/appointments/to_move.html", {"rows": rows})
