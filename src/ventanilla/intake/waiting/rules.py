"""Who is called next, and why: pure decisions, with their reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from ventanilla.intake.waiting.states import Priority

MOST_PREFERENTIAL_IN_A_ROW = 2
"""After so many, whoever waits without one is called: a preference is a shorter wait, not somebody else's loss."""
FEWEST_CALLS = 2
"""Called at least so many times before one is told not to have come."""
OLD_ENOUGH = 60
"""Ley 19.828: sixty years make an older person."""


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody who waits, as far as the order of calling goes."""

    id: UUID
    arrived_at: datetime
    is_preferential: bool
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    id: UUID
    why: str


def next_called(waiting: Sequence[InRoom], last_preferential: Sequence[bool]) -> Choice | None:
    """The one to call now. ``last_preferential`` says of the last numbers called, newest first, whether they were.

    Preference first, the urgent before the rest, then by arrival; but never more than two preferences in a row while
    somebody waits without one.
    """
    in_order = sorted(waiting, key=lambda one: (one.arrived_at, one.id))
    preferential = sorted((one for one in in_order if one.is_preferential), key=lambda one: not one.is_urgent)
    ordinary = [one for one in in_order if not one.is_preferential]
    newest = list(last_preferential[:MOST_PREFERENTIAL_IN_A_ROW])
    is_others_turn = len(newest) == MOST_PREFERENTIAL_IN_A_ROW and all(newest)
    if ordinary and is_others_turn:
        return Choice(
            ordinary[0].id, "Los dos últimos llamados tenían preferencia: sigue quien espera hace más tiempo."
        )
    if preferential:
        why = "Es urgente." if preferential[0].is_urgent else "Tiene preferencia."
        return Choice(preferential[0].id, why)
    if ordinary:
        return Choice(ordinary[0].id, "Es quien espera hace más tiempo.")
    return None


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


def mean_minutes(spans: Sequence[tuple[datetime | None, datetime | None]]) -> int | None:
    """The mean of the spans that have both ends, in whole minutes; None when none has."""
    known = [(end - start).total_seconds() / 60 for start, end in spans if start and end]
    return round(sum(known) / len(known)) if known else None
