"""What may be written down later, from a sheet of paper: pure decisions with their sentences."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ventanilla.intake.folios import SHEETS

OLDEST = timedelta(days=30)
"""How far back a consultation may be written down. The house's: figures of a month should not move for longer."""
_OF_THE_SERIES = re.compile(rf"^{SHEETS}-?(\d{{4}})-?(\d{{1,6}})$")


def objection_to_moment(occurred_at: datetime, now: datetime) -> str | None:
    """Why it cannot have happened then; None when it can."""
    if occurred_at > now:
        return "No puede haber ocurrido en el futuro. Revise el día y la hora de la hoja."
    if now - occurred_at > OLDEST:
        return (
            f"Ocurrió hace más de {OLDEST.days} días. Pasado ese plazo no se anota: las cifras de ese mes ya se usaron."
        )
    return None


def canonical_sheet(text: str) -> str:
    """The number as it is kept: a printed one in full («h-2026-7» is H-2026-000007), any other as it is."""
    plain = " ".join(text.upper().split())
    found = _OF_THE_SERIES.match(plain.replace(" ", ""))
    return sheet_number(int(found[1]), int(found[2])) if found else plain


def sheet_number(year: int, number: int) -> str:
    return f"{SHEETS}-{year}-{number:06d}"


def in_series(sheet: str) -> tuple[int, int] | None:
    """Year and number of a sheet that we printed; None for any other paper."""
    found = _OF_THE_SERIES.match(sheet)
    return (int(found[1]), int(found[2])) if found else None


def next_sheet(sheet: str) -> str:
    """The one that probably follows in the pile; empty when nobody can tell."""
    found = in_series(sheet)
    return sheet_number(found[0], found[1] + 1) if found else ""


def in_columns(names: Sequence[str], columns: int) -> list[list[str]]:
    """The rows of a table whose columns are read downwards; where there is no more, nothing."""
    height = -(-len(names) // columns)
    padded = [*names, *[""] * (height * columns - len(names))]
    return [padded[row::height] for row in range(height)]


def same_paper(sheet: str, day: date) -> dict[str, str | date]:
    """By what one tells that two records are of one paper: a printed number is never repeated, others may be."""
    return {"sheet": sheet} if in_series(sheet) else {"sheet": sheet, "sheet_day": day}
