"""What becomes of a reason that another unit answers: it leaves the desk, comes back, or is answered from there.

The step that sends it away asks the right of whoever does; here the consultation is held and stays true.
"""

from collections.abc import Sequence
from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.core import clock
from ventanilla.intake import rules
from ventanilla.intake.actions.consultations import move_consultation, note_answered
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import ConsultationState, Outcome


def hold_consultation(consultation_id: UUID) -> Consultation:
    """Hold its row until the transaction ends."""
    return Consultation.objects.select_for_update().get(pk=consultation_id)


def hand_over(lines: Sequence[ReasonLine]) -> None:
    """Another unit has them: nothing of them is pending here."""
    ReasonLine.objects.filter(pk__in=[line.pk for line in lines]).update(pending_in=None, assigned_to=None)


def take_back(lines: Sequence[ReasonLine], consultation: Consultation, *, by: Actor) -> None:
    """Nobody there will answer: each that has no answer is pending again in the unit that attended, as new."""
    if consultation.state != ConsultationState.ATTENDED:
        return
    today = clock.today()
    due_on = rules.due_on(Outcome.NEEDS_UNIT, None, attended_on=today, days=service_days(by.institution, around=today))
    still_open = ReasonLine.objects.filter(pk__in=[line.pk for line in lines], answered_at__isnull=True)
    still_open.update(pending_in=consultation.unit_id, due_on=due_on, assigned_to=None)


def answer_from_there(lines: Sequence[ReasonLine], consultation: Consultation, answer: str, *, by: Actor) -> None:
    """Another unit answered them; the last one answered resolves the consultation."""
    now = clock.now()
    theirs = ReasonLine.objects.filter(pk__in=[line.pk for line in lines])
    theirs.update(answer=answer, answered_at=now, pending_in=None, assigned_to=None)
    note_answered(consultation, at=now, by=by)


def open_again(lines: Sequence[ReasonLine], consultation: Consultation, *, by: Actor, reason: str) -> None:
    """The answer from there did not stand: the lines wait for another, and so does the consultation."""
    theirs = ReasonLine.objects.filter(pk__in=[line.pk for line in lines])
    theirs.update(answer="", answered_at=None, pending_in=None, assigned_to=None)
    consultation.version += 1
    if consultation.state == ConsultationState.RESOLVED:
        consultation.resolved_at = None
        step = move_consultation(consultation, ConsultationState.ATTENDED, at=clock.now(), by=by, reason=reason)
        step.save(force_insert=True)
    consultation.save()
