"""Files of each kind out of plain rows, the same bytes on any machine: archives are stored and not deflated."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Cell = str | float | date
Row = Sequence[Cell]

_SAVED = (2025, 9, 30, 9, 0, 0)
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""


def text(path: Path, rows: Iterable[Row], *, encoding: str, delimiter: str) -> None:
    """As programs of Windows save it."""
    path.write_bytes(table(rows, delimiter).encode(encoding))


def table(rows: Iterable[Row], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def archive(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    with ZipFile(path, "w", ZIP_STORED) as out:
        for name, content in members:
            out.writestr(ZipInfo(name, _SAVED), content)


def xlsx(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    """A workbook that ``fill`` writes into."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"title": "Datos ficticios", "created": datetime(*_SAVED, tzinfo=UTC)})
        fill(book)
    with ZipFile(held) as parts:
        archive(path, [(part.filename, parts.read(part)) for part in parts.infolist()])


def put(sheet: Worksheet, rows: Iterable[Row], *, first: int = 0, left: int = 0) -> None:
    for number, row in enumerate(rows, start=first):
        sheet.write_row(number, left, row)


def ods(path: Path, sheets: Iterable[tuple[str, Iterable[Row]]]) -> None:
    """A workbook of LibreOffice. A row without cells is a blank one; the first of a sheet spans its columns."""
    tables = "\n".join(_ods_sheet(name, list(rows)) for name, rows in sheets)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMESPACES} office:version="1.3">'
        f"<office:body><office:spreadsheet>\n{tables}\n</office:spreadsheet></office:body></office:document-content>\n"
    )
    members = (("mimetype", _ODS), ("META-INF/manifest.xml", _MANIFEST), ("content.xml", content))
    archive(path, [(name, part.encode()) for name, part in members])


def _ods_sheet(name: str, rows: Sequence[Row]) -> str:
    width = max(map(len, rows))
    lines = [_ods_row([_ods_cell(cell) for cell in row], width) for row in rows[1:]]
    title = f'<table:table-cell table:number-columns-spanned="{width}" table:number-rows-spanned="1"'
    lines.insert(0, _ods_row([title + _ods_value(rows[0][0]), "<table:covered-table-cell/>" * (width - 1)], width))
    return f'<table:table table:name="{escape(name)}">\n' + "\n".join(lines) + "\n</table:table>"


def _ods_row(cells: Sequence[str], width: int) -> str:
    blank = f'<table:table-cell table:number-columns-repeated="{width}"/>'
    return f"<table:table-row>{''.join(cells) or blank}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    return "<table:table-cell" + _ods_value(cell) if cell != "" else "<table:table-cell/>"


def _ods_value(cell: Cell) -> str:
    if isinstance(cell, date):
        return f' office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return f' office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f' office:value-type="float" office:value="{cell:.15g}"/>'
