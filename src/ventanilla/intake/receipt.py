"""What the receipt says of each reason: how it ended and what comes next, in the neighbour's words."""

from dataclasses import dataclass
from datetime import date

from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.states import Outcome

DISCREET = "Atención social"
"""Instead of a reason that is not ordinary: the paper may be read at home by anybody."""

NEXT = {
    Outcome.INFORMED: "Se le entregó la información. No queda nada pendiente.",
    Outcome.RESOLVED: "Quedó resuelto.",
    Outcome.WAITING_DOCUMENTS: "Falta que traiga lo siguiente.",
    Outcome.NEEDS_UNIT: "Lo verá otra unidad de la municipalidad.",
    Outcome.NEEDS_CASE: "Lo verá una trabajadora o un trabajador social.",
    Outcome.WITHDREW: "Usted prefirió no seguir por ahora.",
}


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """``papers`` are what she has to bring, one each; ``until`` is a date or nothing."""

    reason: str
    next_step: str
    papers: tuple[str, ...] = ()
    until: date | None = None


def receipt_line(line: ReasonLine) -> ReceiptLine:
    if line.reason.secrecy != Secrecy.ORDINARY:
        return ReceiptLine(DISCREET, "Su atención quedó registrada. Pregunte por ella con su folio.")
    next_step = NEXT.get(Outcome(line.outcome), "") if line.outcome else ""
    if line.outcome == Outcome.NEEDS_UNIT and line.function:
        next_step = f"Lo verá otra unidad: {line.function.name.lower()}."
    if line.answered_at and line.answer:
        next_step = f"{next_step} {line.answer}".strip()
    papers = tuple(part.strip() for part in line.awaited_documents.replace(";", "\n").splitlines() if part.strip())
    is_awaited = line.outcome == Outcome.WAITING_DOCUMENTS
    return ReceiptLine(
        line.reason.name, next_step, papers if is_awaited else (), line.awaited_until if is_awaited else None
    )
