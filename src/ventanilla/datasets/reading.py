"""A table of a dataset inside a file: where its columns are, and its rows one by one with flat memory."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ventanilla.core import cells
from ventanilla.core.cells import Unreadable
from ventanilla.core.datasets import Dataset
from ventanilla.core.spreadsheets import unshield
from ventanilla.datasets.files.kinds import Kind
from ventanilla.datasets.files.limits import MOST_COLUMNS
from ventanilla.datasets.files.opening import Source
from ventanilla.datasets.files.problems import Asks, UnusableFile, quoted
from ventanilla.datasets.files.workbooks import Sheet
from ventanilla.datasets.headings import ADDED, Constants, Heading, Mapped, find, fold, meant, refuse_unless_whole

NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})

_SAMPLE = 200
_BARE_NUMBER = re.compile(r"\d{6,8}")
_HAS_NO_DIGIT = re.compile(r"[\d.\s]+")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table that was looked through. ``path`` is its text in UTF-8 and ``size`` the bytes of that; ``name``,
    ``original`` and ``sha256`` are of the file that was given.

    ``places`` says at which heading each column of the dataset is, or None; ``constants``, the cell that each row has
    in one that is at none; ``digits``, at which heading the check digit of a column is. The row of headings is
    ``heading_row`` and ends with line ``heading_lines``.
    """

    path: Path
    original: Path
    name: str
    sha256: str
    size: int
    delimiter: str
    headings: tuple[str, ...]
    heading_row: int
    heading_lines: int
    places: tuple[int | None, ...]
    digits: tuple[tuple[int, int], ...]
    constants: tuple[tuple[int, str], ...]
    passed_over: tuple[str, ...]
    sheet: str
    notes: tuple[str, ...]
    has_days_since_1900: bool

    @property
    def width(self) -> int:
        return len(self.headings)


class FileRow(NamedTuple):
    """``number`` is that of the row in its sheet, the first being row 1; ``raw`` has all its cells as they came.

    ``cells`` are those of the dataset, in its order and without shield, empty where the file has no such column; None
    when the row has not as many cells as there are headings.
    """

    number: int
    cells: Sequence[str] | None
    raw: Sequence[str]


def inspect(
    source: Source, dataset: Dataset, mapping: Mapped = NOTHING_TOLD, constants: Constants = NOTHING_TOLD
) -> TableFile:
    """The sheet whose headings fit best, and where its columns are. Raises ``UnusableFile`` with what to do."""
    sheet, found = choose(source, dataset, mapping)
    heading = refuse_unless_whole(found, dataset, mapping, constants, _called(source, sheet))
    table = table_of(source, sheet, heading, dataset, constants)
    if table.width > MOST_COLUMNS:
        raise UnusableFile(
            f"{source.name} tiene más de {MOST_COLUMNS} columnas. Borre las que sobran y repita la carga."
        )
    _refuse_without_check_digit(table, dataset)
    return table


def _called(source: Source, sheet: Sheet) -> str:
    return f"la hoja «{sheet.name}» de {source.name}" if len(source.sheets) > 1 else source.name


def choose(source: Source, dataset: Dataset, mapping: Mapped) -> tuple[Sheet, Heading | None]:
    """Of the sheets that have rows, the one with most columns of the dataset. Two as good are refused by name."""
    is_text = source.kind is Kind.TEXT
    fits = [(sheet, find(sheet, dataset, mapping, is_text=is_text)) for sheet in source.sheets]
    if len(fits) == 1:
        return fits[0]
    best = max(found.recognised if found else 0 for _, found in fits)
    if not best:
        return fits[0]
    equal = [(sheet, found) for sheet, found in fits if found and found.recognised == best]
    filled = [(sheet, found) for sheet, found in equal if _has_rows(sheet, found)] or equal
    if len(filled) > 1:
        names = tuple(sheet.name for sheet, _ in filled)
        raise UnusableFile(
            f"{source.name} tiene más de una hoja con esas columnas: {quoted(names)}.",
            asks=Asks.SHEET,
            choices=names,
        )
    return filled[0]


def _has_rows(sheet: Sheet, heading: Heading) -> bool:
    with sheet.path.open(encoding="utf-8-sig", newline="") as file:
        return any(line.strip("; \r\n") for line in islice(file, heading.lines, None))


def table_of(source: Source, sheet: Sheet, heading: Heading, dataset: Dataset, constants: Constants) -> TableFile:
    """Where everything is, whether or not all that is required is there. Raises ``UnusableFile`` for bad constants."""
    places: dict[str, int] = {}
    digits: dict[str, int] = {}
    for place, meaning in enumerate(heading.meanings):
        if meaning is not None:
            (digits if meaning.is_digit else places).setdefault(meaning.column.name, place)
    names = [column.name for column in dataset.columns]
    passed_over = tuple(
        cell.strip()
        for cell, meaning in zip(heading.cells, heading.meanings, strict=True)
        if cell.strip() and (meaning is None or meaning.column.name not in places) and fold(cell) not in ADDED
    )
    return TableFile(
        path=sheet.path,
        original=source.path,
        name=source.name,
        sha256=source.sha256,
        size=sheet.path.stat().st_size,
        delimiter=heading.delimiter,
        headings=heading.cells,
        heading_row=heading.row,
        heading_lines=heading.lines,
        places=tuple(places.get(name) for name in names),
        digits=tuple((names.index(name), place) for name, place in digits.items() if name in places),
        constants=tuple(_checked(constants, dataset, places, source.name)),
        passed_over=passed_over,
        sheet=sheet.name,
        notes=(*source.notes, *_told_of(source, sheet, heading)),
        has_days_since_1900=not source.is_since_1904,
    )


def _checked(
    constants: Constants, dataset: Dataset, places: Mapping[str, int], file_name: str
) -> Iterator[tuple[int, str]]:
    """Each as a row would have it, by the place of its column in the dataset."""
    for name, cell in constants.items():
        column = meant(name, dataset).column
        if column.name in places:
            raise UnusableFile(f"{file_name} ya trae la columna «{column.heading}»: no se le puede dar otro valor.")
        if not cell.strip():
            raise UnusableFile(f"Falta el valor que se da a {file_name} en la columna «{column.heading}».")
        try:
            column.read(cell.strip())
        except Unreadable as problem:
            raise UnusableFile(
                f"No se puede dar a {file_name} el valor «{cell}»: la columna «{column.heading}» {problem}."
            ) from None
        yield dataset.columns.index(column), cell


def _told_of(source: Source, sheet: Sheet, heading: Heading) -> Iterator[str]:
    others = (*(other.name for other in source.sheets if other.name != sheet.name), *source.others)
    if others:
        yield f"Se leyó la hoja «{sheet.name}». No se leyeron: {quoted(others)}."
    if any(last >= heading.row for _, last, _ in sheet.merged):
        yield "Hay celdas combinadas entre filas: su valor se tomó solo en la primera de ellas."


def _refuse_without_check_digit(table: TableFile, dataset: Dataset) -> None:
    """One number in eleven without its check digit looks like a RUN with it, and is somebody else's."""
    apart = {index for index, _ in table.digits}
    for index, column in enumerate(dataset.columns):
        if column.read is not cells.run or table.places[index] is None or index in apart:
            continue
        sample = [row.cells[index].strip() for row in islice(rows(table, [0]), _SAMPLE) if row.cells]
        bare = [cell for cell in sample if _BARE_NUMBER.fullmatch(cell)]
        if len(bare) >= 5 and sum(not _is_run(cell) for cell in bare) * 2 > len(bare):
            place = table.places[index] or 0
            raise UnusableFile(
                f"La columna «{table.headings[place].strip()}» de {table.name} trae el RUN sin su dígito verificador."
                " Agréguelo, o ponga junto a ella una columna «DV» que lo traiga."
            )


def _is_run(cell: str) -> bool:
    try:
        cells.run(cell)
    except Unreadable:
        return False
    return True


def rows(table: TableFile, told: list[int]) -> Iterator[FileRow]:
    """Every row that is not blank. ``told[0]`` is kept at the bytes read so far, for whoever shows progress.

    A quotation mark that is never closed would swallow the rows after it: a row that spans several lines and has not
    its cells is taken for its first line alone, and the others are read again.
    """
    width, pick = table.width, _picker(table)
    with table.path.open("rb") as binary, TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
        again: deque[str] = deque()
        taken: list[str] = []
        number = table.heading_row
        for _ in islice(file, table.heading_lines):
            pass
        for record in _records(file, again, taken, table.delimiter):
            number += 1
            is_whole = record is not None and (len(record) == width or _only_blanks_after(record, width))
            raw = record or []
            if not is_whole and len(taken) > 1:
                again.extendleft(reversed(taken[1:]))
                raw = taken[0].rstrip("\r\n").split(table.delimiter)
            taken.clear()
            if not any(map(str.strip, raw)):
                continue
            if number % 1000 == 0:
                told[0] = binary.tell()
            yield FileRow(number, pick(raw) if is_whole else None, raw)
    told[0] = table.size


def _only_blanks_after(record: Sequence[str], width: int) -> bool:
    return len(record) > width and not any(map(str.strip, record[width:]))


def _picker(table: TableFile) -> Callable[[Sequence[str]], list[str]]:
    """The function that takes the cells of the dataset out of a row; it is called for each."""
    places, digits = table.places, table.digits
    whole = [place for place in places if place is not None]
    if len(whole) == len(places) and not digits:
        return lambda raw: [unshield(raw[place]) for place in whole]

    constants = dict(table.constants)
    sources = [(place, constants.get(index, "")) for index, place in enumerate(places)]

    def pick(raw: Sequence[str]) -> list[str]:
        picked = [constant if place is None else unshield(raw[place]) for place, constant in sources]
        for index, place in digits:
            picked[index] = with_digit(picked[index].strip(), raw[place].strip())
        return picked

    return pick


def with_digit(number: str, digit: str) -> str:
    """A RUN whose check digit is in a column of its own. What has one already keeps it, if both say the same."""
    if not number:
        return ""
    if not _HAS_NO_DIGIT.fullmatch(number):
        return number if not digit or number[-1:].upper() == digit.upper() else f"{number}-{digit}"
    return f"{number.removesuffix('.0')}-{digit}"


def _records(file: Iterable[str], again: "deque[str]", taken: list[str], delimiter: str) -> Iterator[list[str] | None]:
    """Each record, or None for one too long. ``taken`` are its lines; those of ``again`` come first."""
    source = iter(file)

    def lines() -> Iterator[str]:
        while True:
            line = again.popleft() if again else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        try:
            record = next(reader, None)
        except csv.Error:
            reader = csv.reader(lines(), delimiter=delimiter)
            yield None
            continue
        if record is not None:
            yield record
        elif again:
            reader = csv.reader(lines(), delimiter=delimiter)
        else:
            return
