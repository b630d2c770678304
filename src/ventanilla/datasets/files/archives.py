"""The one table that a zip holds, taken out of it within bounds."""

import os
from collections.abc import Iterable
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadDeflate  # noqa: N812 - zlib gives its error a name that says nothing here

from ventanilla.datasets.files import limits
from ventanilla.datasets.files.kinds import BROKEN_ZIP, opened_zip, what_else
from ventanilla.datasets.files.problems import Asks, UnusableFile, is_disk_full, quoted

_IS_ENCRYPTED = 1
_PIECE = 1 << 20
_BOMB = "se descomprime en mucho más de lo que dice traer o de lo que cabe. No se abrió."
BROKEN = (BadZipFile, BadDeflate, OSError, EOFError, NotImplementedError, RuntimeError)


def refuse_bombs(parts: Iterable[ZipInfo], name: str) -> None:
    """By the sizes that the archive itself declares, before anything is taken out of it."""
    total = 0
    for part in parts:
        total += part.file_size
        is_inflated = part.file_size > limits.COMMON_RATIO * max(part.compress_size, 1)
        if total > limits.LARGEST_FILE or (part.file_size > limits.SMALL and is_inflated):
            raise UnusableFile(f"{name} {_BOMB}")


def unpacked(path: Path, name: str, member: str, into: Path) -> tuple[Path, str]:
    """Where the member was put and how it is called; with no ``member``, the only table that there is."""
    with opened_zip(path, name) as archive:
        part = _chosen(archive, name, member)
        refuse_bombs([part], name)
        if part.flag_bits & _IS_ENCRYPTED:
            raise UnusableFile(f"{name} tiene contraseña. Comprima el archivo sin contraseña y repita la carga.")
        target = into / "member"
        try:
            _copy(archive, part, target, name)
        except BROKEN as problem:
            if is_disk_full(problem):
                raise
            raise UnusableFile(f"{name} {BROKEN_ZIP}") from None
    return target, part.filename


def _copy(archive: ZipFile, part: ZipInfo, target: Path, name: str) -> None:
    """What comes out is counted, whatever was declared."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    written = 0
    with os.fdopen(descriptor, "wb") as file, archive.open(part) as source:
        while piece := source.read(_PIECE):
            written += len(piece)
            if written > min(part.file_size, limits.LARGEST_FILE):
                raise UnusableFile(f"{name} {_BOMB}")
            file.write(piece)


def _chosen(archive: ZipFile, name: str, member: str) -> ZipInfo:
    parts = [part for part in archive.infolist() if not part.is_dir() and not _is_left_by_a_system(part.filename)]
    if member:
        wanted = [part for part in parts if part.filename == member] or [
            part for part in parts if part.filename.rpartition("/")[2].casefold() == member.casefold()
        ]
        if len(wanted) != 1:
            there_is = quoted(tuple(part.filename for part in parts)) or "nada"
            raise UnusableFile(f"{name} no trae «{member}». Trae {there_is}.")
        return wanted[0]
    tables = tuple(part for part in parts if _may_be_a_table(archive, part))
    names = tuple(part.filename for part in tables)
    if not tables:
        raise UnusableFile(f"{name} no trae ninguna tabla adentro.")
    if len(tables) > 1:
        raise UnusableFile(f"{name} trae más de un archivo: {quoted(names)}.", asks=Asks.MEMBER, choices=names)
    return tables[0]


def _is_left_by_a_system(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".") or name.endswith("/Thumbs.db")


def _may_be_a_table(archive: ZipFile, part: ZipInfo) -> bool:
    if part.file_size == 0:
        return False
    try:
        with archive.open(part) as source:
            return what_else(source.read(512)) is None
    except BROKEN:
        return True  # it is told when it is taken out
