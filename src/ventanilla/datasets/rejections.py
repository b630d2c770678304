"""The file of the rows that were not taken: as they came, with the number of each and the reason."""

import csv
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ventanilla.core.spreadsheets import shield
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.headings import ADDED, fold
from ventanilla.datasets.reading import TableFile


def default_path(path: Path) -> Path:
    return path.with_suffix(".rechazadas.csv")


def _open_for_us_alone(path: Path) -> TextIO:
    """Empty, and read by who loads and nobody else, also when the file was there before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")


def _can_be_ours(path: Path) -> bool:
    """Whether it can be written and, when it is a file that exists, closed to others: only its owner may do that."""
    if not path.exists():
        return os.access(path.parent, os.W_OK)
    is_ours = not path.is_file() or os.geteuid() in (0, path.stat().st_uid)
    return is_ours and not path.is_dir() and os.access(path, os.W_OK)


class RejectionFile:
    """Opened at the first rejection, so that a load without any leaves no file. Close it when the load ends.

    Only its owner may read it, and no cell of it is a formula for the spreadsheet in which it will be corrected.
    """

    def __init__(self, path: Path, table: TableFile) -> None:
        """Raises ``UnusableFile`` when it could not be written, before anything is loaded."""
        if path.exists() and path.samefile(table.original):
            raise UnusableFile("El archivo de rechazadas no puede ser el mismo que se carga.")
        if not _can_be_ours(path):
            raise UnusableFile(f"No se puede escribir {path}. Indique otro archivo con --rejected.")
        self.path = path
        self._table = table
        self._file: TextIO | None = None
        self._kept = [place for place, name in enumerate(table.headings) if fold(name) not in ADDED]
        self._delimiter = "," if table.delimiter == "," else ";"

    @property
    def is_open(self) -> bool:
        return self._file is not None

    def add(self, number: int, raw: Sequence[str], reason: str) -> None:
        if self._file is None:
            self._file = self._open()
        # Cells beyond the headings go last, so that nothing of the row is lost.
        cells = [shield(raw[place]) if place < len(raw) else "" for place in self._kept]
        csv.writer(self._file, delimiter=self._delimiter).writerow(
            [*cells, number, reason, *map(shield, raw[self._table.width :])]
        )

    def _open(self) -> TextIO:
        file = _open_for_us_alone(self.path)
        headings = [self._table.headings[place] for place in self._kept]
        csv.writer(file, delimiter=self._delimiter).writerow([*headings, *ADDED])
        return file

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
