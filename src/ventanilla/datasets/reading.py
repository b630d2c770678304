"""Reading a file row by row with flat memory, and refusing at once what is not a table of the dataset."""

import csv
import hashlib
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from ventanilla.core.datasets import Dataset
from ventanilla.core.errors import DomainError
from ventanilla.core.spreadsheets import unshield

ADDED = ("fila", "motivo")
"""Columns that a file of rejected rows carries besides its own; they are passed over when it is loaded again."""

_PIECE = 1 << 20
_KINDS = {
    b"%PDF": "es un PDF",
    b"PK\x03\x04": "es una planilla de cálculo o un archivo comprimido",
    b"\xd0\xcf\x11\xe0": "es una planilla de cálculo antigua",
    b"\xff\xfe": "está en UTF-16",
    b"\xfe\xff": "está en UTF-16",
}
_AS_CSV = "Guárdelo como «CSV UTF-8 (delimitado por comas)» y repita la carga."


class UnusableFile(DomainError):
    """The file is not one of this dataset; nothing was written."""

    title = "No se puede leer el archivo"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that was looked through: its digest, its size in bytes, and at which of its headings each column is."""

    path: Path
    sha256: str
    size: int
    delimiter: str
    width: int
    places: tuple[int, ...]


class FileRow(NamedTuple):
    """``number`` is that of the row in a spreadsheet, headings being row 1; ``raw`` has all its cells as they came.

    ``cells`` are those of the dataset, in its order and without shield; None when the row has not as many cells as
    there are headings.
    """

    number: int
    cells: Sequence[str] | None
    raw: Sequence[str]


def inspect(path: Path, dataset: Dataset) -> TableFile:
    """Read the file once, from end to end. Raises ``UnusableFile`` with a sentence that says what to do."""
    digest, decoder, size, heading_line = hashlib.sha256(), getincrementaldecoder("utf-8-sig")(), 0, ""
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if size == 0:
                    _refuse_other_kinds(path, piece)
                size += len(piece)
                digest.update(piece)
                decoded = decoder.decode(piece)
                if b"\0" in piece:
                    raise UnusableFile(f"{path.name} no es un archivo de texto. {_AS_CSV}")
                if heading_line == "":
                    heading_line = next(iter(decoded.splitlines()), "")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise UnusableFile(f"{path.name} no está en UTF-8. {_AS_CSV}") from None
    except OSError as error:
        raise UnusableFile(f"No se pudo leer {path.name}: {error.strerror}.") from error
    if not heading_line.strip():
        raise UnusableFile(f"{path.name} está vacío. Su primera fila debe traer los nombres de las columnas.")
    delimiter, headings = _split(heading_line)
    return TableFile(path, digest.hexdigest(), size, delimiter, len(headings), _places(path, headings, dataset))


def _refuse_other_kinds(path: Path, piece: bytes) -> None:
    for start, kind in _KINDS.items():
        if piece.startswith(start):
            raise UnusableFile(f"{path.name} {kind}. {_AS_CSV}")


def _split(line: str) -> tuple[str, list[str]]:
    """The delimiter that occurs most in the headings, and the headings."""
    delimiter = ";" if line.count(";") >= line.count(",") else ","
    return delimiter, next(csv.reader(StringIO(line), delimiter=delimiter), [])


def _places(path: Path, headings: Sequence[str], dataset: Dataset) -> tuple[int, ...]:
    found = [heading.strip().lower() for heading in headings]
    for names, sentence in (
        ([name for name in dataset.headings if name not in found], "le falta la columna|le faltan las columnas"),
        (
            [name for name in dict.fromkeys(found) if name not in (*dataset.headings, *ADDED)],
            "le sobra la columna|le sobran las columnas",
        ),
        ([name for name in dict.fromkeys(found) if found.count(name) > 1], "tiene repetida la columna|tiene repetidas"),
    ):
        if names:
            words = sentence.split("|")[len(names) > 1]
            raise UnusableFile(
                f"A {path.name} {words} {_listed(names)}. El archivo «{dataset.name}» lleva: "
                + ", ".join(dataset.headings)
                + "."
            )
    return tuple(found.index(name) for name in dataset.headings)


def _listed(names: Sequence[str]) -> str:
    shown = [f"«{name}»" if name else "(sin nombre)" for name in names[:8]]
    return ", ".join(shown) + (" y otras" if len(names) > len(shown) else "")


def rows(table: TableFile, told: list[int]) -> Iterator[FileRow]:
    """Every row that is not blank. ``told[0]`` is kept at the bytes read so far, for whoever shows progress.

    A quotation mark that is never closed would swallow the rows after it: a row that spans several lines and has not
    its cells is taken for its first line alone, and the others are read again.
    """
    with table.path.open("rb") as binary, TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
        again: deque[str] = deque()
        taken: list[str] = []
        number = 0
        for record in _records(file, again, taken, table.delimiter):
            number += 1
            is_whole = record is not None and len(record) == table.width
            raw = record or []
            if not is_whole and len(taken) > 1:
                again.extendleft(reversed(taken[1:]))
                raw = taken[0].rstrip("\r\n").split(table.delimiter)
            taken.clear()
            if number == 1 or not any(map(str.strip, raw)):
                continue
            if number % 1000 == 0:
                told[0] = binary.tell()
            yield FileRow(number, [unshield(raw[place]) for place in table.places] if is_whole else None, raw)
    told[0] = table.size


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
