"""Which column of a dataset each heading of a file means, and in which row the headings are."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import NamedTuple

from ventanilla.core.datasets import Column, Dataset
from ventanilla.core.plain import plain
from ventanilla.datasets.files.problems import Asks, UnusableFile, quoted
from ventanilla.datasets.files.workbooks import Sheet

ADDED = ("fila", "motivo")
"""Columns that a file of rejected rows carries besides its own; they are passed over when it is loaded again."""

FIRST_ROWS = 30
"""Among how many rows, counted from the top, the headings are looked for."""

DELIMITERS = (";", ",", "\t")

_FIRST_CHARACTERS = 1 << 18
_INITIALS = re.compile(r"\b(\w)\. ?(?=\w\b)")

Mapped = Mapping[str, str]
"""Headings of a file to the columns they are; to nothing, those that are to be passed over."""

Constants = Mapping[str, str]
"""Columns that a file has not to the cell that each of its rows would have in them."""


def fingerprint(headings: Sequence[str]) -> str:
    """SHA-256 of the headings of a file, in their order and however they are written: files alike have the same."""
    return hashlib.sha256("\x1f".join(map(plain, headings)).encode()).hexdigest()


class Meaning(NamedTuple):
    """The column that a heading is, or of which it is the check digit."""

    column: Column
    is_digit: bool = False


def fold(heading: str) -> str:
    """A heading without case, accents or signs; «R.U.N.» is «run»."""
    return plain(_INITIALS.sub(r"\1", heading))


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings of a table: which row it is, from 1, how many lines there are up to its end, what it says."""

    row: int
    lines: int
    delimiter: str
    cells: tuple[str, ...]
    meanings: tuple[Meaning | None, ...]

    @property
    def recognised(self) -> int:
        return len({meaning.column.name for meaning in self.meanings if meaning and not meaning.is_digit})


@lru_cache(maxsize=64)
def _known(dataset_name: str, columns: tuple[Column, ...]) -> dict[str, Meaning]:
    """By folded heading. The name that a format gives a column is never another's synonym; a test holds it."""
    found: dict[str, Meaning] = {}
    for column in columns:
        found |= {fold(heading): Meaning(column, is_digit=True) for heading in column.digits}
        found |= {fold(heading): Meaning(column) for heading in (column.heading, *column.synonyms)}
    return found


def meant(name: str, dataset: Dataset) -> Meaning:
    """What somebody means who names a column. Raises ``UnusableFile`` when the dataset has not such a one."""
    try:
        return _known(dataset.name, dataset.columns)[fold(name)]
    except KeyError:
        raise UnusableFile(
            f"El archivo «{dataset.name}» no tiene una columna «{name}». Lleva: {', '.join(dataset.headings)}."
        ) from None


def meanings_of(cells: Sequence[str], dataset: Dataset, mapping: Mapped) -> tuple[Meaning | None, ...]:
    """Raises ``UnusableFile`` when the mapping names a column that the dataset has not."""
    known = _known(dataset.name, dataset.columns)
    given = {fold(heading): meant(name, dataset) if name.strip() else None for heading, name in mapping.items()}
    return tuple(given[cell] if cell in given else known.get(cell) for cell in map(fold, cells))


def find(sheet: Sheet, dataset: Dataset, mapping: Mapped, *, is_text: bool) -> Heading | None:
    """The row that has most columns of the dataset, the first of those; None when no row has any."""
    with sheet.path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read(_FIRST_CHARACTERS)
    best: Heading | None = None
    for delimiter in DELIMITERS if is_text else (";",):
        for rows in (_records(text, delimiter), _lines(text, delimiter)):
            for number, (lines, cells) in enumerate(_with_merged(rows, sheet.merged), start=1):
                found = Heading(number, lines, delimiter, cells, meanings_of(cells, dataset, mapping))
                if best is None or found.recognised > best.recognised:
                    best = found
            if best is not None and best.recognised:
                break
    return best if best is not None and best.recognised else None


def widest(sheet: Sheet, *, is_text: bool) -> Heading | None:
    """The first of the rows with most cells that are not empty, to be shown when no heading is recognised."""
    with sheet.path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read(_FIRST_CHARACTERS)
    rows = [
        Heading(number, lines, delimiter, tuple(cells), (None,) * len(cells))
        for delimiter in (DELIMITERS if is_text else (";",))
        for number, (lines, cells) in enumerate(_records(text, delimiter), start=1)
        if any(map(str.strip, cells))
    ]
    return max(rows, key=lambda row: sum(bool(cell.strip()) for cell in row.cells), default=None)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first rows as a reader of CSV takes them, each with how many lines there are up to its end."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for _, cells in zip(range(FIRST_ROWS), reader, strict=False):
            yield reader.line_num, cells
    except csv.Error:
        return


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first lines, each as a row: a quotation mark in a title that nobody closed does not hide the headings."""
    for number, line in zip(range(FIRST_ROWS), StringIO(text, newline=""), strict=False):
        yield number + 1, next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])


def _with_merged(
    rows: Iterable[tuple[int, list[str]]], merged: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """A heading that spans rows is that of each of them."""
    above: list[list[str]] = []
    for number, (lines, cells) in enumerate(rows):
        filled = list(cells)
        for first, last, column in merged:
            if first < number <= last and column < len(filled) and not filled[column] and column < len(above[first]):
                filled[column] = above[first][column]
        above.append(filled)
        yield lines, tuple(filled)


def refuse_unless_whole(
    found: Heading | None, dataset: Dataset, mapping: Mapped, constants: Constants, name: str
) -> Heading:
    """The headings, when every required column is there or told, and none twice. Else ``UnusableFile`` says which."""
    meanings = found.meanings if found else ()
    cells = found.cells if found else ()
    there = {meaning.column.name for meaning in meanings if meaning and not meaning.is_digit}
    unheard = tuple(heading for heading in mapping if fold(heading) not in map(fold, cells))
    if found and unheard:
        raise UnusableFile(
            f"{name} no tiene {_column_or_columns(unheard)}. Tiene {quoted(tuple(filter(None, cells)))}."
        )
    told = {meant(column, dataset).column.name for column in constants}
    missing = tuple(column.heading for column in dataset.columns if column.required and column.name not in there | told)
    if missing or found is None:
        words = "le falta la columna" if len(missing) == 1 else "le faltan las columnas"
        missing = missing or dataset.headings
        raise UnusableFile(
            f"A {name} {words} {quoted(missing)}. El archivo «{dataset.name}» lleva: {', '.join(dataset.headings)}.",
            asks=Asks.COLUMNS if found else None,
        )
    _refuse_repeated(found, name)
    return found


def _column_or_columns(names: tuple[str, ...]) -> str:
    return f"{'la columna' if len(names) == 1 else 'las columnas'} {quoted(names)}"


def _refuse_repeated(found: Heading, name: str) -> None:
    counts = Counter(meaning for meaning in found.meanings if meaning)
    for meaning, count in counts.items():
        if count > 1:
            both = tuple(cell for cell, one in zip(found.cells, found.meanings, strict=True) if one == meaning)
            raise UnusableFile(
                f"A {name} le sobra una columna: {quoted(both)} serían todas «{meaning.column.heading}»."
                " Deje una, o diga con --columns cuál no se carga."
            )
