"""Who is called next, and why: pure decisions, with their reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import mean, median
from uuid import UUID

from ventanilla.intake.waiting.states import Priority

MOST_PREFERENTIAL_IN_A_ROW = 2
"""After so many, whoever waits without one is called: a preference is a shorter wait, not somebody else's loss."""
FEWEST_CALLS = 2
"""Called at least so many times before one is told not to have come."""
OLD_ENOUGH = 60
"""Ley 19.828: sixty years make an older person."""
GRACE = timedelta(minutes=10)
"""Who comes up to so long after her hour kept it."""


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody who waits, as far as the order of calling goes. ``expected_at`` is her hour, local, if she had one."""

    id: UUID
    arrived_at: datetime
    is_preferential: bool
    is_urgent: bool = False
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    id: UUID
    why: str


def kept_her_hour(arrived_at: datetime, expected_at: datetime) -> bool:
    return arrived_at <= expected_at + GRACE


def next_called(waiting: Sequence[InRoom], went_first: Sequence[bool], *, now: datetime) -> Choice | None:
    """The one to call now. ``went_first`` says of the last numbers called, newest first, whether they went first.

    First go a preference and an hour kept that has come: the urgent before the rest, then by whoever came, or had her
    hour, earlier. Nobody is called before her hour while others wait; who came late lost it, and waits by her arrival
    like everybody. Never more than two go first in a row while somebody waits for her turn: an hour, as a preference,
    is a shorter wait, not somebody else's loss.
    """
    first: list[tuple[bool, datetime, UUID, InRoom]] = []
    ordinary: list[tuple[datetime, UUID, InRoom]] = []
    early: list[tuple[datetime, UUID, InRoom]] = []
    for one in waiting:
        kept = one.expected_at if one.expected_at and kept_her_hour(one.arrived_at, one.expected_at) else None
        if one.is_preferential:
            first.append((not one.is_urgent, min(one.arrived_at, kept or one.arrived_at), one.id, one))
        elif kept is None:
            ordinary.append((one.arrived_at, one.id, one))
        elif kept <= now:
            first.append((True, kept, one.id, one))
        else:
            early.append((kept, one.id, one))
    newest = list(went_first[:MOST_PREFERENTIAL_IN_A_ROW])
    is_others_turn = len(newest) == MOST_PREFERENTIAL_IN_A_ROW and all(newest)
    if ordinary and is_others_turn:
        chosen = min(ordinary)[-1]
        return Choice(
            chosen.id, "Los dos últimos llamados tenían preferencia u hora: sigue quien espera hace más tiempo."
        )
    if first:
        chosen = min(first)[-1]
        return Choice(chosen.id, _why_first(chosen))
    if ordinary:
        return Choice(min(ordinary)[-1].id, "Es quien espera hace más tiempo.")
    if early:
        hour, _, chosen = min(early)
        return Choice(chosen.id, f"Nadie más espera: pasa antes de su hora de las {hour:%H:%M}.")
    return None


def _why_first(chosen: InRoom) -> str:
    if chosen.is_urgent:
        return "Es urgente."
    if chosen.is_preferential:
        return "Tiene preferencia."
    return f"Tenía hora a las {chosen.expected_at:%H:%M}."


def objection_to_priority(priority: str, evidence: str, age: int | None) -> str | None:
    """Why a preference cannot be given as asked; None when it can.

    A disability or a carer's is shown by a credential or certificate (Ley 20.422 art. 8 quáter, by Ley 21.768); an
    urgency says what it is; the age is refused only when the birth date is known and says otherwise.
    """
    if priority in (Priority.DISABILITY, Priority.CARER) and not evidence.strip():
        return "Escriba con qué se acreditó: credencial, certificado o registro."
    if priority == Priority.URGENCY and not evidence.strip():
        return "Escriba en pocas palabras por qué es urgente."
    if priority == Priority.AGE and age is not None and age < OLD_ENOUGH:
        return f"Según su fecha de nacimiento tiene {age} años; la preferencia por edad comienza a los {OLD_ENOUGH}."
    return None


def is_giving_numbers(opens_at: time | None, closes_at: time | None, at: time) -> bool:
    """Whether a queue with those hours gives numbers at that hour; without hours it always does."""
    return (opens_at is None or at >= opens_at) and (closes_at is None or at < closes_at)


Spans = Sequence[tuple[datetime | None, datetime | None]]


def mean_minutes(spans: Spans) -> int | None:
    """The mean of the spans that have both ends, in whole minutes; None when none has."""
    known = _known(spans)
    return round(mean(known)) if known else None


def median_minutes(spans: Spans) -> int | None:
    """What half of them took at most: one who waited all morning does not move it."""
    known = _known(spans)
    return round(median(known)) if known else None


def _known(spans: Spans) -> list[float]:
    return [_minutes(start, end) for start, end in spans if start and end]


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes; none when the clock of the server was set back meanwhile."""
    return round(_minutes(start, end))


def _minutes(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 60)
