"""What stays open of consultations, as the tests of pending work make it."""

from datetime import date
from typing import Any

from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person


def leave(
    by: Actor,
    outcome: Outcome = Outcome.WAITING_DOCUMENTS,
    *,
    reason: str = "suf",
    until: date | None = None,
    person: Person | None = None,
    **extra: Any,
) -> ReasonLine:
    """One line that ``by`` leaves open with somebody, due on a day if it is given."""
    with acting(by):
        papers = "Certificado de residencia" if outcome == Outcome.WAITING_DOCUMENTS else ""
        details = LineDetails(make.reason(reason).pk, outcome, awaited_documents=papers, awaited_until=until)
        started = start_consultation(person or make.person(**extra), by=by)
        return end_attention(started, Writing(lines=[details]), by=by).lines.get()


def again(line: ReasonLine) -> ReasonLine:
    """The line as it is kept now."""
    with make.inside():
        return ReasonLine.objects.select_related("assigned_to", "pending_in").get(pk=line.pk)
