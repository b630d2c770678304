"""What the end of a consultation means for the number it came with; used by the consultation's own verbs."""

from datetime import datetime

from ventanilla.access.actors import Actor
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.models.waiting import Ticket, TicketStep
from ventanilla.intake.waiting.states import TICKET_LIFECYCLE, TicketState


def finish_ticket_of(consultation: Consultation, *, at: datetime, by: Actor) -> None:
    """Its number, if it came with one and still is at a desk, is done."""
    for ticket in Ticket.objects.select_for_update(of=("self",)).filter(
        consultation=consultation, state=TicketState.ATTENDING
    ):
        step = step_to(ticket, TicketState.DONE, at=at, by=by)
        ticket.finished_at = at
        ticket.save()
        step.save(force_insert=True)


def step_to(ticket: Ticket, after: TicketState, *, at: datetime, by: Actor, reason: str = "") -> TicketStep:
    """The step, not yet saved, that takes the number to its next state."""
    before = TicketState(ticket.state)
    TICKET_LIFECYCLE.require(
        before,
        after,
        message=f"{ticket.label} está «{before.label.lower()}»: no puede pasar a «{after.label.lower()}».",
    )
    ticket.state = after
    return step_of(ticket, before, at=at, by=by, reason=reason)


def step_of(ticket: Ticket, before: str, *, at: datetime, by: Actor, reason: str = "") -> TicketStep:
    """A row of what was done to the number; from a state to the same one when it was called again."""
    return TicketStep(
        ticket_id=ticket.pk,
        before=before,
        after=TicketState(ticket.state),
        at=at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        desk_id=ticket.desk_id,
        reason=reason,
    )


def name_ticket_of(consultation: Consultation) -> None:
    """The number of who was attended without a name is hers too."""
    Ticket.objects.filter(consultation=consultation, person=None).update(person=consultation.person)
