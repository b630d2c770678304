"""Who may receive what is pending, and which lines may pass to her: pure decisions, with their reasons in words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ventanilla.access.register_rules import PostingDates


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is asked of a line: who has it now, and who had it on the page from which it is passed on."""

    is_answered: bool
    is_pending: bool
    holder: UUID | None
    holder_seen: UUID | None
    holder_name: str
    is_closed_to_receiver: bool
    """Whether it is restricted and the receiver is not among those who may see it."""


NOT_HERE = "no tiene un desempeño en su unidad"


def unavailability(dates: PostingDates, *, is_active: bool, on: date) -> str | None:
    """Why nothing can be given on that day to whoever holds this posting, in words that follow her name; or None."""
    if not is_active:
        return "tiene su cuenta suspendida"
    if dates.ends_on is not None and dates.ends_on < on:
        return f"terminó su desempeño el {dates.ends_on:%d-%m-%Y}"
    if dates.starts_on > on:
        return f"empieza su desempeño el {dates.starts_on:%d-%m-%Y}"
    if dates.away_from is not None and dates.away_from <= on and (dates.away_until is None or dates.away_until >= on):
        until = f"hasta el {dates.away_until:%d-%m-%Y}" if dates.away_until else "sin fecha de regreso"
        return f"está con licencia o suspensión {until}"
    return None


def objection_to_passing(line: LineFacts, receiver: UUID | None, *, is_head: bool) -> str | None:
    """Why this line does not pass; None when it does, or when the receiver has it already."""
    if line.is_answered:
        return "Ya fue respondido."
    if not line.is_pending:
        return "Su consulta fue anulada."
    if line.holder == receiver:
        return None
    now = f"a cargo de {line.holder_name}" if line.holder else "sin asignar"
    if line.holder != line.holder_seen:
        return f"Entretanto quedó {now}: revise y márquelo de nuevo."
    if line.holder is not None and not is_head:
        return f"Está {now}: solo la jefatura lo pasa a otra persona."
    if line.is_closed_to_receiver:
        return "Es restringido, y esa persona no está entre quienes pueden verlo."
    return None
