"""The rules of a consultation, pure: what may be ended, with reasons in Spanish, and what is frozen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ventanilla.core.calendar import WorkingDays
from ventanilla.core.secrecy import SECRECY_ORDER, Secrecy
from ventanilla.intake.states import ANSWERED, Outcome

AGE_GROUPS = ((0, 5), (6, 14), (15, 17), (18, 29), (30, 44), (45, 59), (60, 74))
OLDEST_GROUP = "75+"
UNTOLD = Secrecy.RESERVED
"""How secret a consultation is while nobody has said what it is about."""
TERMS = {Outcome.WAITING_DOCUMENTS: 10, Outcome.NEEDS_UNIT: 5, Outcome.NEEDS_CASE: 5}
"""Working days until what stays open is looked at again, when nobody said until when: the house's, not the law's."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the rules ask of a reason line."""

    name: str
    outcome: str
    secrecy: str
    index_group: str


def missing_to_end(lines: Sequence[LineFacts]) -> Iterator[str]:
    """Each thing that keeps the attention from ending; none means it can."""
    if not lines:
        yield "Marque al menos un motivo."
    for line in lines:
        if not line.outcome:
            yield f"Falta el resultado de {line.name}."


def all_answered(lines: Iterable[LineFacts]) -> bool:
    """Whether nothing stays open after the desk, so that ending the attention also resolves the consultation."""
    return all(line.outcome in ANSWERED for line in lines)


def highest(levels: Iterable[str]) -> str:
    """The most secret of the levels that are not empty; empty when there is none."""
    order = ["", *SECRECY_ORDER]
    return max(levels, key=order.index, default="")


def age_group(age: int | None) -> str:
    """The age band that the figures use; empty when the age is unknown."""
    if age is None:
        return ""
    return next((f"{low}-{high}" for low, high in AGE_GROUPS if age <= high), OLDEST_GROUP)


def index_groups(lines: Iterable[LineFacts]) -> str:
    """The distinct index groups of the lines, in order, joined by commas."""
    return ",".join(dict.fromkeys(line.index_group for line in lines))


def due_on(outcome: str, awaited_until: date | None, *, attended_on: date, days: WorkingDays) -> date:
    """Until when an open line is to be answered: what was promised to the neighbour, else the term of its outcome."""
    return awaited_until or days.end_of_term(attended_on, TERMS[Outcome(outcome)])


def needs_documents(outcome: str) -> bool:
    return outcome == Outcome.WAITING_DOCUMENTS


def bring_by(day: date, days: int) -> date:
    """Until when papers are awaited: so many days after, and on a Monday rather than a weekend."""
    found = day + timedelta(days=days)
    return found + timedelta(days=(7 - found.weekday()) % 7) if found.weekday() >= 5 else found
