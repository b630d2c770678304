"""Workbooks turned into plain tables by a process of their own, whose end, however it comes, is a sentence."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ventanilla.datasets.files import limits
from ventanilla.datasets.files.archives import BROKEN, refuse_bombs
from ventanilla.datasets.files.kinds import BROKEN_ZIP, LOCKED, SAVE_AS, Kind, opened_zip
from ventanilla.datasets.files.problems import Asks, UnusableFile, quoted
from ventanilla.datasets.files.workbook_child import DISK_FULL

_TOO_BIG = (
    "{name} no se pudo leer: la planilla pide más memoria o más tiempo de lo que se le da a un archivo."
    " Borre las filas y columnas de más, o guárdela como «CSV UTF-8» y repita la carga."
)
_NO_ROOM = (
    "{name} no se pudo leer: no queda espacio en el disco para abrir la planilla. Libere espacio y repita la carga."
)
_ENDED = (
    "{name} no se pudo leer: el proceso que abre las planillas terminó de improviso. Nada se escribió;"
    " repita la carga y, si vuelve a ocurrir, guárdela como «CSV UTF-8»."
)
run_process = subprocess.run
# A Rust library that is refused memory aborts; one that passes its time or its disk is sent a signal.
_SIGNALS_OF_A_BOUND = {-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGXFSZ}
_WORDS_OF_A_BOUND = (b"MemoryError", b"memory allocation", b"capacity overflow", b"File too large")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a table in UTF-8 divided by ``;``. ``merged`` are cells over rows: first, last, column, from 0."""

    name: str
    path: Path
    merged: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The tables of a workbook; ``others`` are its sheets that were not turned."""

    sheets: tuple[Sheet, ...]
    others: tuple[str, ...]
    notes: tuple[str, ...]
    is_since_1904: bool


def turned(path: Path, kind: Kind, name: str, into: Path, *, sheet: str = "", most_rows: int = 0) -> Book:
    """Every sheet that is seen, or the one asked for. Raises ``UnusableFile``."""
    if kind is not Kind.XLS:
        _refuse_what_cannot_be_opened(path, kind, name)
    _run(path, name, into, sheet, most_rows)
    told = json.loads((into / "book.json").read_text(encoding="utf-8"))
    if told["problem"] == "password":
        raise UnusableFile(f"{name} {LOCKED}")
    if told["problem"]:
        raise UnusableFile(f"{name} {BROKEN_ZIP} {SAVE_AS}")
    return _book(told, name, into, sheet)


def _refuse_what_cannot_be_opened(path: Path, kind: Kind, name: str) -> None:
    with opened_zip(path, name) as archive:
        parts = archive.infolist()
        refuse_bombs(parts, name)
        is_closed = any(part.flag_bits & 1 for part in parts)
        if kind is Kind.ODS and not is_closed:
            try:
                is_closed = b"encryption-data" in archive.read("META-INF/manifest.xml")
            except (KeyError, *BROKEN):
                raise UnusableFile(f"{name} {BROKEN_ZIP}") from None
    if is_closed:
        raise UnusableFile(f"{name} {LOCKED}")


def _run(path: Path, name: str, into: Path, sheet: str, most_rows: int) -> None:
    """The process gets nothing of ours but the file: neither settings nor secrets nor the database's socket."""
    command = [sys.executable, "-I", "-X", "utf8", "-m", "ventanilla.datasets.files.workbook_child"]
    try:
        done = run_process(
            [*command, str(path), str(into), sheet, str(most_rows)],
            env={"PATH": "", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=limits.WORKBOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnusableFile(_TOO_BIG.format(name=name)) from None
    if done.returncode == 0 and (into / "book.json").exists():
        return
    if done.returncode == DISK_FULL:
        raise UnusableFile(_NO_ROOM.format(name=name))
    ran_out = done.returncode in _SIGNALS_OF_A_BOUND or any(word in done.stderr for word in _WORDS_OF_A_BOUND)
    raise UnusableFile((_TOO_BIG if ran_out else _ENDED).format(name=name))


def _book(told: dict[str, Any], name: str, into: Path, wanted: str) -> Book:
    sheets = tuple(
        Sheet(one["name"], into / one["file"], tuple((top, bottom, column) for top, bottom, column in one["merged"]))
        for one in told["sheets"]
        if one["file"]
    )
    wide = tuple(one["name"] for one in told["sheets"] if one["columns"] > limits.MOST_COLUMNS)
    names = tuple(one["name"] for one in told["sheets"])
    if not sheets and wide:
        raise UnusableFile(
            f"La hoja {quoted(wide)} de {name} tiene más de {limits.MOST_COLUMNS} columnas."
            " Borre las que sobran, también las que parecen vacías, y repita la carga."
        )
    if not sheets and wanted:
        raise UnusableFile(
            f"{name} no tiene una hoja «{wanted}». Tiene {quoted(names)}.", asks=Asks.SHEET, choices=names
        )
    if not sheets:
        raise UnusableFile(f"{name} no tiene ninguna hoja con celdas.")
    others = tuple(one["name"] for one in told["sheets"] if not one["file"])
    return Book(sheets, others, tuple(told["notes"]), told["since_1904"])
