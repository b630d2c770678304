"""Tables as a load reads them, and workbooks made for a test."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from ventanilla.core import cells
from ventanilla.core.datasets import DIGIT_HEADINGS, RUN_HEADINGS, Applied, Column, Dataset
from ventanilla.datasets.files.opening import Source, opened
from ventanilla.datasets.reading import FileRow, TableFile, inspect, rows

PEOPLE = Dataset(
    name="gente",
    title="Gente",
    columns=(
        Column("run", "run", cells.run, required=True, synonyms=RUN_HEADINGS, digits=DIGIT_HEADINGS),
        Column("nombres", "name", cells.text(80), required=True, synonyms=("Nombre completo",)),
        Column("fecha_nacimiento", "born", cells.birth_day, type="date", synonyms=("Fecha Nac.", "F. Nacimiento")),
        Column("nota", "note", cells.paragraphs(200)),
    ),
    keys=lambda values: [values["run"] or ""],
    apply=lambda *_, **__: Applied(),
)
HEADINGS = PEOPLE.headings
AMALIA = ("90.000.001-4", "Amalia Muñoz", "03-03-1990", "")


class Read:
    """What was read of a file while it was open."""

    def __init__(self, source: Source, table: TableFile) -> None:
        self.source, self.table = source, table
        self.rows: list[FileRow] = list(rows(table, [0]))

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [tuple(row.cells or ()) for row in self.rows]


def read(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    sheet: str = "",
    member: str = "",
) -> Read:
    with opened(path, sheet=sheet, member=member) as source:
        return Read(source, inspect(source, PEOPLE, mapping or {}, constants or {}))


def text_file(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """An XLSX with these rows of each sheet; dates get a format of date."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows_of_sheet in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows_of_sheet):
                sheet.write_row(number, 0, row)
    return path


def zipped(path: Path, **members: bytes) -> Path:
    """Names with ``__`` for a point, which no argument may have."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path
