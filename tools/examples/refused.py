"""Files that no load takes, each for a reason that is said in one sentence."""

from pathlib import Path

import xlsxwriter

from tools.examples.neighbours import COMBARBALA, MONTE_PATRIA, Neighbour, neighbours
from tools.examples.writing import Row, put, text, xlsx

_HEADINGS = ("RUN", "Nombres", "Apellido paterno", "Apellido materno", "Comuna")


def _row(one: Neighbour, run: str, commune: str) -> Row:
    return [run, one.given, one.first, one.second, commune]


def of_another_municipality(path: Path) -> None:
    rows = [_row(one, str(one.run), "Combarbalá") for one in neighbours(COMBARBALA, 25, skip=400)]
    text(path, [["Datos ficticios"], _HEADINGS, *rows], encoding="utf-8", delimiter=";")


def without_check_digit(path: Path) -> None:
    rows = [_row(one, str(one.run.body), "Monte Patria") for one in neighbours(MONTE_PATRIA, 25, skip=440)]
    text(path, [["Datos ficticios"], _HEADINGS, *rows], encoding="windows-1252", delimiter=";")


def two_months(path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for place, month in enumerate(("Agosto", "Septiembre")):
            people = neighbours(MONTE_PATRIA, 12, skip=480 + 20 * place)
            rows = [_row(one, str(one.run), "Monte Patria") for one in people]
            put(book.add_worksheet(month), [["Datos ficticios"], [], _HEADINGS, *rows])

    xlsx(path, fill)


def paper(path: Path) -> None:
    """A scanned list that somebody renamed."""
    path.write_bytes(b"%PDF-1.4\n% Nomina escaneada. Datos ficticios.\n%%EOF\n")
