"""The file of the rows that were not taken: as they came, with the number of each and the reason."""

import csv
import os
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO

from ventanilla.datasets.reading import ADDED, TableFile, UnusableFile


def default_path(path: Path) -> Path:
    return path.with_suffix(".rechazadas.csv")


class RejectionFile:
    """Opened at the first rejection, so that a load without any leaves no file. Close it when the load ends."""

    def __init__(self, path: Path, table: TableFile) -> None:
        """Raises ``UnusableFile`` when it could not be written, before anything is loaded."""
        if path.exists() and path.samefile(table.path):
            raise UnusableFile("El archivo de rechazadas no puede ser el mismo que se carga.")
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise UnusableFile(f"No se puede escribir {path}. Indique otro archivo con --rejected.")
        self.path = path
        self._table = table
        self._file: TextIO | None = None
        self._kept: list[int] = []

    @property
    def is_open(self) -> bool:
        return self._file is not None

    def add(self, number: int, raw: Sequence[str], reason: str) -> None:
        if self._file is None:
            self._file = self._open()
        # Cells beyond the headings go last, so that nothing of the row is lost.
        cells = [raw[place] if place < len(raw) else "" for place in self._kept]
        csv.writer(self._file, delimiter=self._table.delimiter).writerow(
            [*cells, number, reason, *raw[self._table.width :]]
        )

    def _open(self) -> TextIO:
        with self._table.path.open(encoding="utf-8-sig", newline="") as source:
            headings = next(csv.reader(StringIO(source.readline()), delimiter=self._table.delimiter))
        self._kept = [place for place, name in enumerate(headings) if name.strip().lower() not in ADDED]
        file = self.path.open("w", encoding="utf-8-sig", newline="")
        csv.writer(file, delimiter=self._table.delimiter).writerow([headings[place] for place in self._kept] + [*ADDED])
        return file

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
