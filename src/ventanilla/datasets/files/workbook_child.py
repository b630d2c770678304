"""The process that opens a workbook, with bounds of its own: it imports nothing of the application but its limits.

``python -m ventanilla.datasets.files.workbook_child FILE FOLDER SHEET ROWS`` leaves in the folder a table for each
sheet that is seen, or for the one named, and ``book.json`` with what they are. No more than ROWS of each are written,
all when it is 0. A row of a table is the record of that number: rows without anything are lines without anything, and
those after the last row are not written.
"""

import csv
import errno
import json
import mmap
import os
import resource
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from ventanilla.datasets.files import limits

DISK_FULL = 3
"""Its exit status when there was no room for a table."""

_PIECE = 1 << 20
_MOST_MERGED = 500
_LINKS = "Trae vínculos a otros libros: no se siguieron, y se tomó el valor que guardaba cada celda."
_MACROS = "Trae macros: no se ejecutaron."
_FORMULAS = "Trae fórmulas: se tomó de cada una el último resultado que guardó la planilla."


def main() -> None:
    source, folder, sheet, rows = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    _bound()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    told: dict[str, Any] = {"problem": "", "sheets": [], "notes": [], "since_1904": False}
    try:
        told |= _look_over(source)
        with CalamineWorkbook.from_path(source) as book:
            told["sheets"] = _sheets(book, folder, sheet, rows)
    except PasswordError:
        told["problem"] = "password"
    except (CalamineError, ValueError, EOFError, NotImplementedError, RuntimeError) as problem:
        told["problem"] = "broken"
        sys.stderr.write(f"{type(problem).__name__}\n")
    _private(folder / "book.json").write(json.dumps(told, ensure_ascii=False).encode())


def _bound() -> None:
    """Memory, processor and disk; and no core dump, which would hold neighbours' data."""
    seconds = limits.WORKBOOK_SECONDS
    for kind, most in (
        (resource.RLIMIT_AS, limits.WORKBOOK_MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # a system without that bound
            resource.setrlimit(kind, (least, least))


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb", buffering=0)


def _look_over(source: Path) -> dict[str, Any]:
    """What it carries besides cells. All of a zip is inflated and counted before the library may do so."""
    if not is_zipfile(source):
        with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            has_macros = content.find("_VBA_PROJECT".encode("utf-16-le")) >= 0
            since_1904 = content.find(b"\x22\x00\x02\x00\x01\x00") >= 0  # the record DATEMODE of a BIFF stream
        return {"notes": [_MACROS] * has_macros, "since_1904": since_1904}
    notes: dict[str, None] = {}
    total, since_1904 = 0, False
    with ZipFile(source) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/externalLinks/"):
                notes[_LINKS] = None
            if part.filename.endswith("vbaProject.bin") or part.filename.startswith("Basic/"):
                notes[_MACROS] = None
            is_sheet = part.filename.startswith("xl/worksheets/") or part.filename == "content.xml"
            with archive.open(part) as opened:
                while piece := opened.read(_PIECE):
                    total += len(piece)
                    if total > limits.LARGEST_FILE:
                        raise ValueError("too much")
                    if is_sheet and (b"<f>" in piece or b"<f " in piece or b"table:formula=" in piece):
                        notes[_FORMULAS] = None
                    if part.filename == "xl/workbook.xml":
                        since_1904 |= b'date1904="1"' in piece or b'date1904="true"' in piece
    return {"notes": list(notes), "since_1904": since_1904}


def _sheets(book: Any, folder: Path, wanted: str, rows: int) -> list[dict[str, Any]]:
    """Those that are seen, or all when none is; a hidden one only by its name."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    seen = [one for one in tables if one.visible == SheetVisibleEnum.Visible] or tables
    told = []
    for number, one in enumerate(tables):
        is_hidden = one not in seen
        is_taken = one.name.strip().casefold() == wanted.strip().casefold() if wanted else not is_hidden
        entry: dict[str, Any] = {"name": one.name, "is_hidden": is_hidden, "columns": 0, "file": "", "merged": []}
        if is_taken:
            sheet = book.get_sheet_by_name(one.name)
            first = sheet.start[1] if sheet.start else 0
            entry["columns"] = sheet.width
            entry["merged"] = [
                (top, bottom, left - first)
                for (top, left), (bottom, _) in (sheet.merged_cell_ranges or ())[:_MOST_MERGED]
                if top < bottom
            ]
            if sheet.width <= limits.MOST_COLUMNS:
                entry["file"] = f"sheet-{number}.csv"
                _write(sheet, folder / entry["file"], rows)
        told.append(entry)
    return told


def _write(sheet: Any, path: Path, most: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";")  # ends lines with \r\n, so that a cell with either is quoted
        empty = written = 0
        for row in sheet.iter_rows() if sheet.start else ():
            cells = list(map(cell_text, row))
            if not any(cells):
                empty += 1
                continue
            file.write("\n" * empty)
            empty = 0
            writer.writerow(cells)
            written += 1
            if written == most:
                return


def cell_text(cell: Any) -> str:
    """A cell as somebody would type it: whole numbers without point, other ones with a comma, days as 2026-11-23."""
    kind = type(cell)
    if kind is str:
        return cell.replace("\0", " ") if cell.strip() else ""
    if kind is float or kind is int:
        return str(int(cell)) if cell == cell // 1 and abs(cell) < 1e15 else f"{cell:.15g}".replace(".", ",")
    if kind is bool:
        return "si" if cell else "no"
    if kind is datetime:
        return str(cell.isoformat(" ", "minutes" if not cell.second else "seconds"))
    if kind is date:
        return str(cell.isoformat())
    if kind is time:
        return str(cell.isoformat("minutes" if not cell.second else "seconds"))
    if kind is timedelta:
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(cell)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            sys.exit(DISK_FULL)
        raise
