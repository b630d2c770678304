"""From the cells of a row to the line that is staged, or to the reasons why it cannot be."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from uuid_utils import uuid7

from ventanilla.core.cells import Reader, Unreadable, is_serial
from ventanilla.core.datasets import Dataset
from ventanilla.datasets.reading import FileRow

_NOT_AS_MANY = "La fila no tiene tantas celdas como columnas hay, o tiene comillas que no se cierran."
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Parsed(NamedTuple):
    """A row as COPY takes it, or its ``reason``. ``keys`` are digests of what makes it unique in its file."""

    row: FileRow
    line: str = ""
    keys: tuple[str, ...] = ()
    reason: str = ""


def staged_columns(dataset: Dataset) -> list[tuple[str, str]]:
    """Name and type of each staged column, in the order in which a line holds them."""
    return [
        ("row", "int"),
        ("keys", "uuid[]"),
        *((name, "uuid") for name in dataset.ids),
        *((column.name, column.type) for column in dataset.columns),
        *dataset.derived.items(),
    ]


def parser(
    dataset: Dataset, *, institution_id: int, today: date, has_days_since_1900: bool = True
) -> Callable[[FileRow], Parsed]:
    """The function that reads the rows of a dataset; it is called for each, so all that repeats is made here.

    Days written as numbers are read only from files that count them from 1900.
    """
    plan = [
        (
            column.name,
            column.heading,
            _without_serials(column.read)
            if column.type in {"date", "timestamp"} and not has_days_since_1900
            else column.read,
            column.required,
        )
        for column in dataset.columns
    ]
    names = [column.name for column in dataset.columns]
    objections, keys_of, derive, ids = dataset.objections, dataset.keys, dataset.derive, range(len(dataset.ids))

    def parse(row: FileRow) -> Parsed:
        if row.cells is None:
            return Parsed(row, reason=_NOT_AS_MANY)
        values: dict[str, str | None] = {}
        reasons: list[str] = []
        for (name, heading, read, required), cell in zip(plan, row.cells, strict=True):
            cell = cell.strip()
            if not cell:
                values[name] = None
                if required:
                    reasons.append(f"Falta la columna «{heading}».")
                continue
            try:
                values[name] = read(cell)
            except Unreadable as problem:
                reasons.append(f"La columna «{heading}» {problem}.")
        reasons = reasons or list(objections(values, today))
        if reasons:
            return Parsed(row, reason=" ".join(reasons))
        keys = tuple(_digest(key) for key in keys_of(values))
        cells = [
            str(row.number),
            "{" + ",".join(keys) + "}",
            *[str(uuid7()) for _ in ids],
            *["\\N" if (value := values[name]) is None else value for name in names],
            *["\\N" if value is None else value for value in derive(values, institution_id)],
        ]
        return Parsed(row, _line(cells), keys)

    return parse


def _without_serials(read: Reader) -> Reader:
    def read_what_is_written(cell: str) -> str | None:
        if is_serial(cell):
            raise Unreadable("es un número, y este libro no cuenta los días desde 1900: dele formato de fecha")
        return read(cell)

    return read_what_is_written


def _digest(key: str) -> str:
    return hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()


def _line(cells: Sequence[str]) -> str:
    line = "\t".join(cells)
    if "\n" in line or "\r" in line or line.count("\\") != line.count("\\N") or line.count("\t") >= len(cells):
        line = "\t".join(cell if cell == "\\N" else cell.translate(_ESCAPES) for cell in cells)
    return line
