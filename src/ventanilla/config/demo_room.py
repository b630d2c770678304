"""The waiting room of the demonstration: a queue for the social assistance of Monte Patria, with people in it."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Desk, Posting, Site, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.folios import take
from ventanilla.intake.models import Queue, Ticket, TicketCounter, TicketStep
from ventanilla.intake.waiting.actions import Preference, take_number
from ventanilla.intake.waiting.arranging import open_queue
from ventanilla.intake.waiting.day import last_worked_before
from ventanilla.intake.waiting.rules import OLD_ENOUGH
from ventanilla.intake.waiting.states import Priority, TicketState
from ventanilla.registry.models import Person

IN_THE_ROOM = 7
ATTENDED = 22
OPENS = time(9)
BY_AGE = Preference(Priority.AGE, "Cédula a la vista")


def fill_room(institution: int) -> None:
    """Open the queue the first time; and when nobody waits, let some arrive."""
    if (found := uas_of(institution)) is None:
        return
    unit, head = found
    with acting(head):
        queue = Queue.objects.filter(unit=unit).first() or _open(institution, unit, by=head)
    _open_where_they_are_referred(institution)
    with acting(head):
        now = clock.now()
        if Ticket.objects.in_room(now).filter(queue=queue).exists():
            return
        _make_past(queue, by=head)
        people = Person.objects.unblocked().filter(died_on__isnull=True).order_by("sort_key")[:IN_THE_ROOM]
        for place, person in enumerate(people):
            is_old = (person.age_on(clock.today()) or 0) >= OLD_ENOUGH
            came = now - timedelta(minutes=5 * (IN_THE_ROOM - place))
            take_number(queue, by=head, person=person, preference=BY_AGE if is_old else None, arrived_at=came)


def _open_where_they_are_referred(institution: int) -> None:
    """Once: a queue of the register at the same site, so that whoever is referred there may go with her number."""
    if (found := _headed(institution, "rsh", Role.UNIT_HEAD)) is None:
        return
    unit, head = found
    with acting(head):
        if not Queue.objects.filter(unit=unit).exists():
            _open(institution, unit, by=head, name="Registro Social", letter="R", only_last_desk=True)


def uas_of(institution: int) -> tuple[Unit, Actor] | None:
    """Its unit of social assistance and who heads it."""
    return _headed(institution, SOCIAL_ASSISTANCE, Role.UAS_HEAD)


def _headed(institution: int, function: str, role: Role) -> tuple[Unit, Actor] | None:
    units = Unit.objects.filter(institution_id=institution, functions__function=function)
    heads = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=role)
    unit = units.order_by("code").first()
    posting = heads.filter(unit=unit).with_context().order_by("id").first()
    return (unit, actor_in(posting)) if unit and posting else None


def _open(
    institution: int,
    unit: Unit,
    *,
    by: Actor,
    name: str = "Asistencia Social",
    letter: str = "A",
    only_last_desk: bool = False,
) -> Queue:
    site = Site.objects.filter(institution_id=institution).order_by("id")[0]
    desks = list(Desk.objects.filter(institution_id=institution, site=site).order_by("name"))
    return open_queue(site, unit, by=by, name=name, letter=letter, desks=desks[-1:] if only_last_desk else desks)


def _make_past(queue: Queue, *, by: Actor) -> None:
    """Whom it attended since nine on the working day before and today, so that a head has figures to look at."""
    now = clock.now()
    today = clock.today()
    before = last_worked_before(today, service_days(by.institution, around=today))
    for day in filter(None, (before, today)):
        if Ticket.objects.filter(queue=queue, day=day).exists():
            continue
        opened = datetime.combine(day, OPENS, timezone.get_current_timezone())
        for place in range(ATTENDED):
            came = opened + timedelta(minutes=11 * place + place % 3)
            started = came + timedelta(minutes=4 + 7 * (place % 5))
            ended = started + timedelta(minutes=5 + 3 * (place % 4))
            if ended < now:
                _attended(queue, came, started, ended, by=by)


def _attended(queue: Queue, came: datetime, started: datetime, ended: datetime, *, by: Actor) -> None:
    day = timezone.localtime(came).date()
    ticket = Ticket(queue=queue, day=day, letter=queue.letter, arrived_at=came, recorded_at=came)
    ticket.posting_id, ticket.calls, ticket.state = by.posting_id, 1, TicketState.DONE
    ticket.called_at = ticket.started_at = started
    ticket.finished_at = ended
    ticket.number = take(TicketCounter, queue_id=queue.pk, day=day)
    ticket.save(force_insert=True)
    TicketStep.objects.bulk_create(
        TicketStep(ticket=ticket, before=was, after=is_now, at=at, account_id=by.account_id, posting_id=by.posting_id)
        for was, is_now, at in (
            ("", TicketState.WAITING, came),
            (TicketState.WAITING, TicketState.CALLED, started),
            (TicketState.CALLED, TicketState.ATTENDING, started),
            (TicketState.ATTENDING, TicketState.DONE, ended),
        )
    )
