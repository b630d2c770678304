"""The waiting room of the demonstration: a queue for the social assistance of Monte Patria, with people in it."""

from datetime import timedelta

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.models import Desk, Posting, Site, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.waiting.actions import Preference, take_number
from ventanilla.intake.waiting.arranging import open_queue
from ventanilla.intake.waiting.rules import OLD_ENOUGH
from ventanilla.intake.waiting.states import Priority
from ventanilla.registry.models import Person

IN_THE_ROOM = 7
BY_AGE = Preference(Priority.AGE, "Cédula a la vista")


def fill_room(institution: int) -> None:
    """Open the queue the first time; and when nobody waits, let some arrive."""
    units = Unit.objects.filter(institution_id=institution, functions__function=SOCIAL_ASSISTANCE)
    unit = units.order_by("code").first()
    head = _actor(institution, Role.UAS_HEAD, unit)
    if unit is None or head is None:
        return
    with acting(head):
        queue = Queue.objects.filter(unit=unit).first() or _open(institution, unit, by=head)
        now = clock.now()
        if Ticket.objects.in_room(now).filter(queue=queue).exists():
            return
        people = Person.objects.unblocked().filter(died_on__isnull=True).order_by("sort_key")[:IN_THE_ROOM]
        for place, person in enumerate(people):
            is_old = (person.age_on(clock.today()) or 0) >= OLD_ENOUGH
            came = now - timedelta(minutes=5 * (IN_THE_ROOM - place))
            take_number(queue, by=head, person=person, preference=BY_AGE if is_old else None, arrived_at=came)


def _actor(institution: int, role: Role, unit: Unit | None) -> Actor | None:
    heads = Posting.objects.in_force_on(clock.today()).filter(institution_id=institution, role=role, unit=unit)
    posting = heads.with_context().order_by("id").first()
    return actor_in(posting) if posting else None


def _open(institution: int, unit: Unit, *, by: Actor) -> Queue:
    site = Site.objects.filter(institution_id=institution).order_by("id")[0]
    desks = list(Desk.objects.filter(institution_id=institution, site=site).order_by("name"))
    return open_queue(site, unit, by=by, name="Asistencia Social", letter="A", desks=desks)
