"""A workbook of Excel 97 of one sheet, as few bytes as a reader asks for: no small maintained library writes them."""

import struct
from collections.abc import Sequence
from pathlib import Path

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHLL", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", value))


def _stream(name: str, rows: Sequence[Sequence[str | float]], since_1904: bool) -> bytes:
    title = name.encode("utf-16-le")
    start = _beginning(5) + (_record(0x22, struct.pack("<H", 1)) if since_1904 else b"")
    end = _record(0x0A, b"")
    at = len(start) + 4 + 8 + len(title) + len(end)
    sheet = _record(0x85, struct.pack("<LHBB", at, 0, len(name), 1) + title)
    cells = b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    return start + sheet + end + _beginning(0x10) + cells + end


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    title = name.encode("utf-16-le")
    length = len(title) + 2 if name else 0
    start_of_entry = title.ljust(64, b"\0") + struct.pack("<HBBLLL", length, kind, 1, _FREE, _FREE, child)
    return start_of_entry + bytes(36) + struct.pack("<LQ", start, size)


def old_workbook(path: Path, name: str, rows: Sequence[Sequence[str | float]], *, since_1904: bool = False) -> Path:
    """Text and numbers only; a row may be shorter than another."""
    stream = _stream(name, rows, since_1904)
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    fat = [_FAT, _END, *range(3, sectors + 2), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<L", 0).ljust(436, b"\xff")
    root = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    table = b"".join(struct.pack("<L", sector) for sector in fat).ljust(_SECTOR, b"\xff")
    path.write_bytes(header + table + root.ljust(_SECTOR, b"\0") + stream)
    return path
