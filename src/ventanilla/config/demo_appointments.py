"""The agendas of the demonstration: hours of the social assistance of Monte Patria, of today and to come."""

from datetime import datetime, time, timedelta
from itertools import cycle

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Site, Unit
from ventanilla.access.tenancy import acting
from ventanilla.config.demo_room import IN_THE_ROOM, uas_of
from ventanilla.core import clock
from ventanilla.intake.appointments.actions import Request, arrive, book_appointment
from ventanilla.intake.appointments.arranging import add_hours, open_agenda
from ventanilla.intake.appointments.slots import free_slots, offered_on
from ventanilla.intake.appointments.states import AppointmentState
from ventanilla.intake.models import Agenda, Appointment, AppointmentStep, Queue
from ventanilla.registry.models import Person

HOURS_GIVEN = 14
FOR = ("Informe social", "Subsidio familiar", "Revisar su registro social", "Ayuda para materiales", "")


def fill_agendas(institution: int) -> None:
    """Open two agendas the first time; and when nobody has an hour to come, give some."""
    if (found := uas_of(institution)) is None:
        return
    unit, head = found
    with acting(head):
        agendas = list(Agenda.objects.in_use().filter(unit=unit)) or _open(institution, unit, by=head)
        if Appointment.objects.booked().filter(agenda__in=agendas, starts_at__gt=clock.now()).exists():
            return
        people = Person.objects.unblocked().filter(died_on__isnull=True).order_by("sort_key")[IN_THE_ROOM:100]
        requests = [Request(person=person, about=about) for person, about in zip(people, cycle(FOR), strict=False)]
        _make_past(agendas[0], requests[HOURS_GIVEN:], by=head)
        _give(agendas[0], requests[:HOURS_GIVEN], by=head)


def _open(institution: int, unit: Unit, *, by: Actor) -> list[Agenda]:
    site = Site.objects.filter(institution_id=institution).order_by("id")[0]
    queue = Queue.objects.in_use().filter(unit=unit, site=site).first()
    social, visits = (
        open_agenda(site, unit, by=by, name=name, queue=arrival)
        for name, arrival in (("Asistente social", queue), ("Visita al domicilio", None))
    )
    today = clock.today()
    for starts, ends in ((time(8, 30), time(13)), (time(14), time(20))):
        add_hours(
            social,
            by=by,
            weekdays=[0, 1, 2, 3, 4],
            starts_at=starts,
            ends_at=ends,
            minutes=30,
            capacity=2,
            from_on=today,
        )
    add_hours(
        visits,
        by=by,
        weekdays=[1, 3],
        starts_at=time(15),
        ends_at=time(18),
        minutes=60,
        capacity=1,
        from_on=today,
    )
    return [social, visits]


def _give(agenda: Agenda, requests: list[Request], *, by: Actor) -> None:
    """Every other free hour of the next days, so that there is room left; the first of today has come already."""
    requests.insert(1, Request(name="Marie-Ange Joseph", phone="9 8765 4321", about="Primera vez"))
    free = free_slots(agenda, after=clock.now(), most=2 * HOURS_GIVEN)[::2]
    given = [
        book_appointment(agenda, slot.starts_at, request, by=by) for slot, request in zip(free, requests, strict=False)
    ]
    for appointment in given[:1]:
        if appointment.day == clock.today():
            arrive(appointment, by=by)


def _make_past(agenda: Agenda, requests: list[Request], *, by: Actor) -> None:
    """The hours of today that went by: attended, but for one who did not come."""
    today, now = clock.today(), clock.now()
    is_worked = service_days(by.institution, around=today).includes(today)
    if not is_worked or Appointment.objects.on(today).filter(agenda=agenda).exists():
        return
    offered = list(offered_on(today, list(agenda.hours.all())))
    gone = [(hours, starts_at) for hours, starts_at in offered if starts_at < now][::2]
    for place, ((hours, starts_at), request) in enumerate(zip(gone, requests, strict=False)):
        came = place != 2
        appointment = Appointment.objects.create(
            agenda=agenda,
            hours=hours,
            place=1,
            day=today,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=hours.minutes),
            person=request.person,
            about=request.about,
            state=AppointmentState.ATTENDED if came else AppointmentState.NO_SHOW,
            booked_at=starts_at - timedelta(days=3),
            booked_by_id=by.account_id,
            posting_id=by.posting_id,
            arrived_at=starts_at - timedelta(minutes=4) if came else None,
        )
        steps: list[tuple[str, str, datetime]] = [("", AppointmentState.BOOKED, appointment.booked_at)]
        if came:
            steps.append((AppointmentState.BOOKED, AppointmentState.ARRIVED, starts_at - timedelta(minutes=4)))
        steps.append((steps[-1][1], appointment.state, starts_at + timedelta(minutes=2)))
        AppointmentStep.objects.bulk_create(
            AppointmentStep(appointment=appointment, before=before, after=after, at=at, account_id=by.account_id)
            for before, after, at in steps
        )
