"""«Pasa ahora»: whoever was attended with a number goes with it to the desk that receives her referral."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.core import clock
from ventanilla.intake.models import Consultation, Queue, Ticket
from ventanilla.intake.waiting.actions import walk_over
from ventanilla.intake.waiting.states import TicketState


@dataclass(frozen=True, slots=True)
class Walk:
    """The number she has today, and the queue of the receiving unit at the same site."""

    ticket: Ticket
    queue: Queue

    def __str__(self) -> str:
        return f"{self.ticket.label} queda en la fila de {self.queue.name}"


def walk_to(consultation: Consultation, unit_id: UUID | None, *, by: Actor) -> Walk | None:
    """None where she has no number of today, or nobody of that unit calls numbers there."""
    if unit_id is None or unit_id == consultation.unit_id:
        return None
    today = timezone.localtime(clock.now()).date()
    mine = Ticket.objects.visible_to(by).filter(consultation=consultation, day=today).select_related("queue")
    ticket = mine.order_by("-recorded_at").first()
    if ticket is None:
        return None
    queues = Queue.objects.visible_to(by).filter(unit=unit_id, site=ticket.queue.site_id, closed_on__isnull=True)
    numbered = Ticket.objects.filter(day=ticket.day, letter=ticket.letter, number=ticket.number)
    was_there = numbered.exclude(state=TicketState.HANDED_OVER).values("queue")
    queue = queues.exclude(pk__in=was_there).order_by("letter").first()
    return Walk(ticket, queue) if queue else None


def send_walking(walk: Walk, *, by: Actor) -> str:
    """Puts her number in the other queue; the words for the history."""
    passed = walk_over(walk.ticket, walk.queue, by=by)
    return f"Pasa ahora: {passed.label} en la fila de {walk.queue.name}"
