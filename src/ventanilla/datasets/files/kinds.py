"""What a file is, found out by its content and never by its name."""

import mmap
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ventanilla.datasets.files.limits import LARGEST_DIRECTORY
from ventanilla.datasets.files.problems import UnusableFile

SAVE_AS = "Ábralo con su programa, guárdelo como «Libro de Excel (.xlsx)» o «CSV UTF-8» y repita la carga."
BROKEN_ZIP = "está dañado o incompleto: no se pudo abrir. Vuelva a copiarlo o a descargarlo."
LOCKED = "está protegido con contraseña. Guarde una copia sin contraseña y cárguela."

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_KINDS = (
    (b"%PDF", "es un PDF"),
    (b"\x89PNG", "es una imagen"),
    (b"\xff\xd8\xff", "es una imagen"),
    (b"GIF8", "es una imagen"),
    (b"II*\0", "es una imagen"),
    (b"MM\0*", "es una imagen"),
    (b"Rar!", "es un comprimido que no es zip"),
    (b"7z\xbc\xaf", "es un comprimido que no es zip"),
    (b"\x1f\x8b", "es un comprimido que no es zip"),
    (b"SQLite format 3", "es una base de datos"),
    (b"{\\rtf", "es un documento de texto"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")


class Kind(StrEnum):
    """The kinds that are read."""

    TEXT = "text"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    ZIP = "zip"

    @property
    def is_workbook(self) -> bool:
        return self in {Kind.XLSX, Kind.XLSB, Kind.XLS, Kind.ODS}


def what_else(start: bytes) -> str | None:
    """What the first bytes say that it is, if it is none of what is read: words that go on from the file's name."""
    for bytes_of_kind, words in _OTHER_KINDS:
        if start.startswith(bytes_of_kind):
            return words
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "es una imagen"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if text.startswith(_PAGES) or (text.startswith(b"<?xml") and b"html" in text):
        return "es una página web guardada como si fuera una planilla"
    return "es un archivo XML" if text.startswith(b"<?xml") else None


def kind_of(path: Path, name: str) -> Kind:
    """Raises ``UnusableFile`` with what it is and what to do, when it is none of what is read."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise UnusableFile(f"{name} está vacío: tiene 0 bytes.")
    if other := what_else(start):
        raise UnusableFile(f"{name} {other}. {SAVE_AS}")
    if start.startswith(_OLD_OFFICE):
        return _old_office(path, name)
    return _zipped(path, name) if start.startswith(_ZIP_STARTS) else Kind.TEXT


def _old_office(path: Path, name: str) -> Kind:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def has(stream: str) -> bool:
            return content.find(stream.encode("utf-16-le")) >= 0

        if has("EncryptedPackage"):
            raise UnusableFile(f"{name} {LOCKED}")
        if has("WordDocument"):
            raise UnusableFile(f"{name} es un documento de texto. {SAVE_AS}")
        if has("Workbook") or has("Book"):
            return Kind.XLS
    raise UnusableFile(f"{name} no es una planilla que se pueda leer. {SAVE_AS}")


def _zipped(path: Path, name: str) -> Kind:
    with opened_zip(path, name) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return Kind.XLSX
        if "xl/workbook.bin" in names:
            return Kind.XLSB
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            try:
                mimetype = archive.read("mimetype")
            except (BadZipFile, OSError, NotImplementedError, RuntimeError):
                raise UnusableFile(f"{name} {BROKEN_ZIP}") from None
            if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return Kind.ODS
            raise UnusableFile(f"{name} es un documento de otra clase. {SAVE_AS}")
        if "[Content_Types].xml" in names:
            raise UnusableFile(f"{name} es un documento de otra clase. {SAVE_AS}")
    return Kind.ZIP


def opened_zip(path: Path, name: str) -> ZipFile:
    """The archive, once its list of parts is known to be of a size that memory can hold."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - (1 << 16) - 22, 0))
        tail = file.read()
    at = len(tail) - 22
    if tail[at : at + 4] != b"PK\x05\x06":
        at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise UnusableFile(f"{name} {BROKEN_ZIP}")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > LARGEST_DIRECTORY:
        raise UnusableFile(f"{name} trae demasiados archivos adentro. Comprima solo la tabla que va a cargar.")
    try:
        return ZipFile(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnusableFile(f"{name} {BROKEN_ZIP}") from None
