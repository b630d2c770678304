"""Two people on one consultation: what one typed beside what the other kept, so that she can choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account
from ventanilla.core.models import AuditEvent
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import Channel, Outcome, Requester

if TYPE_CHECKING:
    from ventanilla.intake.forms import Desk, LineForm


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the consultation; blank is what that side does not say."""

    what: str
    mine: str
    kept: str

    @property
    def is_same(self) -> bool:
        return self.mine == self.kept


@dataclass(frozen=True, slots=True)
class Conflict:
    """``who`` is empty when it is not known, and ``is_oneself`` when it was she herself, in another window."""

    who: str
    is_oneself: bool
    at: datetime | None
    parts: Sequence[Compared]


def conflict_between(consultation: Consultation, kept: Sequence[ReasonLine], desk: "Desk", *, by: Actor) -> Conflict:
    """``desk`` is the form as it was typed; it need not be valid. Who kept the rest is what the audit says."""
    last = AuditEvent.objects.filter(
        institution_id=consultation.institution_id, row_id=str(consultation.pk), table_name=consultation._meta.db_table
    ).order_by("-id")[:1]
    event = next(iter(last), None)
    parts = [*_reasons(kept, desk), *_head(consultation, desk)]
    if event is None or event.account_id is None:
        return Conflict("", False, event.at if event else None, parts)
    account = Account.objects.filter(pk=event.account_id).first()
    return Conflict(account.full_name if account else "", event.account_id == by.account_id, event.at, parts)


def _reasons(kept: Sequence[ReasonLine], desk: "Desk") -> Iterator[Compared]:
    by_reason = {line.reason_id: line for line in kept}
    for form in desk.lines:
        line = by_reason.get(form.reason.pk)
        if line or form.is_marked:
            yield Compared(form.reason.name, _typed(form) if form.is_marked else "", _kept(line) if line else "")


def _typed(form: "LineForm") -> str:
    outcome = form["outcome"].value() or ""
    papers = [*(form["papers"].value() or []), form["awaited_documents"].value() or ""]
    return _told(outcome, "; ".join(filter(None, papers)))


def _kept(line: ReasonLine) -> str:
    return _told(line.outcome, line.awaited_documents)


def _told(outcome: str, papers: str) -> str:
    said = Outcome(outcome).label if outcome in Outcome.values else "Sin resultado"
    return f"{said}: {papers}" if papers and outcome == Outcome.WAITING_DOCUMENTS else said


def _head(consultation: Consultation, desk: "Desk") -> Iterator[Compared]:
    def typed(name: str) -> str:
        return str(desk.form[name].value() or "").replace("\r\n", "\n").strip()

    channels, requesters = dict(Channel.choices), dict(Requester.choices)
    for part in (
        Compared("Notas", typed("notes"), consultation.notes),
        Compared("Canal", channels.get(typed("channel"), ""), consultation.get_channel_display()),
        Compared("Quién consulta", requesters.get(typed("requester"), ""), consultation.get_requester_display()),
        Compared("Quién es", typed("requester_detail"), consultation.requester_detail),
    ):
        if part.what == "Notas" or not part.is_same:
            yield part
