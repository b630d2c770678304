"""What becomes of an appointment when its number is attended or the day is closed; used by the room's own verbs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Site
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.intake.appointments.states import APPOINTMENT_LIFECYCLE, AppointmentState
from ventanilla.intake.models.appointments import Appointment, AppointmentStep
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.models.waiting import Ticket
from ventanilla.intake.waiting.states import OPEN, TicketState

CLOSING = "Cierre del día"


def attended_with(ticket: Ticket, consultation: Consultation, *, at: datetime, by: Actor) -> None:
    """Who came with an hour is being attended: her appointment ended well."""
    if ticket.appointment_id is None:
        return
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=ticket.appointment_id)
    attend(appointment, consultation, at=at, by=by)


def attend(appointment: Appointment, consultation: Consultation, *, at: datetime, by: Actor) -> None:
    """The row is locked. Attended already, nothing changes."""
    if appointment.state == AppointmentState.ATTENDED:
        return
    step = step_to(appointment, AppointmentState.ATTENDED, at=at, by=by)
    appointment.consultation = consultation
    appointment.save()
    step.save(force_insert=True)


def close_appointments(site: Site, *, at: datetime, by: Actor) -> int:
    """At the end of the day: whose hour went by did not come, unless the office itself did not attend; how many.

    Who came and was not attended stayed without attention; who did not answer the call did not come. The hours still
    to come stay booked, and so do those of days not worked: they are to be moved (``reading.to_be_moved``).
    """
    mine = within_reach(by, Permission.ROOM_OVERSEE, unit="agenda__unit")
    here = Appointment.objects.filter(mine, agenda__site=site, day__lte=timezone.localtime(at).date())
    found = list(here.to_come().select_for_update(of=("self",)).order_by("starts_at"))
    worked = service_days(by.institution, around=timezone.localtime(at).date())
    steps: list[AppointmentStep] = []
    absent = 0
    last = _last_tickets(found)
    for appointment in found:
        after = _end_of(appointment, last.get(appointment), is_worked=worked.includes(appointment.day), at=at)
        if after is None:
            continue
        steps.append(step_to(appointment, after, at=at, by=by, reason=CLOSING))
        appointment.save()
        absent += after == AppointmentState.NO_SHOW
    AppointmentStep.objects.bulk_create(steps)
    return absent


def _last_tickets(appointments: Sequence[Appointment]) -> dict[Appointment, Ticket]:
    tickets = Ticket.objects.filter(appointment__in=appointments).select_related("appointment").order_by("recorded_at")
    return {ticket.appointment: ticket for ticket in tickets if ticket.appointment}


def _end_of(
    appointment: Appointment, ticket: Ticket | None, *, is_worked: bool, at: datetime
) -> AppointmentState | None:
    if appointment.is_booked:
        return AppointmentState.NO_SHOW if is_worked and appointment.has_passed(at) else None
    if ticket is None:
        return AppointmentState.LEFT
    if ticket.state in OPEN:
        return None
    return AppointmentState.NO_SHOW if ticket.state == TicketState.NO_SHOW else AppointmentState.LEFT


def step_to(
    appointment: Appointment, after: AppointmentState, *, at: datetime, by: Actor, reason: str = ""
) -> AppointmentStep:
    """The step, not yet saved, that takes the appointment to its next state."""
    before = AppointmentState(appointment.state)
    APPOINTMENT_LIFECYCLE.require(
        before,
        after,
        message=f"Esta hora está «{before.label.lower()}»: no puede pasar a «{after.label.lower()}».",
    )
    appointment.state = after
    return step_of(appointment, before, at=at, by=by, reason=reason)


def step_of(appointment: Appointment, before: str, *, at: datetime, by: Actor, reason: str = "") -> AppointmentStep:
    """A row of what was done; from a state to the same one when she was called or found in the registry."""
    return AppointmentStep(
        appointment_id=appointment.pk,
        before=before,
        after=AppointmentState(appointment.state),
        at=at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        reason=reason[:200],
    )
