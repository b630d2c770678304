"""What the end of an attention leaves pending, and what takes it off; used by the consultation's own verbs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake import rules
from ventanilla.intake.models import Consultation, LineAssignment, ReasonLine
from ventanilla.intake.states import ANSWERED, Outcome


def leave_pending(consultation: Consultation, lines: Sequence[ReasonLine], *, at: datetime, by: Actor) -> None:
    """Give each open line its unit and its term.

    Papers are brought to whoever asked for them, so their line stays with her; what another unit or a case must
    answer is in nobody's charge until somebody takes it or the head gives it.
    """
    still_open = [line for line in lines if line.outcome not in ANSWERED]
    if not still_open:
        return
    day = timezone.localtime(at).date()
    needs_term = any(line.awaited_until is None for line in still_open)
    days = service_days(by.institution, around=day) if needs_term else WorkingDays(frozenset())
    for line in still_open:
        line.pending_in_id = consultation.unit_id
        line.due_on = rules.due_on(line.outcome, line.awaited_until, attended_on=day, days=days)
        line.assigned_to_id = by.account_id if line.outcome == Outcome.WAITING_DOCUMENTS else None
    ReasonLine.objects.bulk_update(still_open, ["pending_in", "due_on", "assigned_to"])
    LineAssignment.objects.bulk_create(
        assignment_of(line, None, at=at, by=by) for line in still_open if line.assigned_to_id
    )


def assignment_of(
    line: ReasonLine, before: UUID | None, *, at: datetime, by: Actor, reason: str = ""
) -> LineAssignment:
    """The row, not yet saved, that says from whom the line passed to whoever has it now."""
    return LineAssignment(
        line_id=line.pk,
        before_id=before,
        after_id=line.assigned_to_id,
        at=at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        reason=reason,
    )


def forget_pending(consultation: Consultation) -> None:
    """Nothing of it is to be answered any more."""
    ReasonLine.objects.filter(consultation=consultation, pending_in__isnull=False).update(pending_in=None)
