"""How the letters of a text are written, and the same text in UTF-8."""

import hashlib
import re
from codecs import IncrementalDecoder, getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path

from ventanilla.datasets.files.limits import LONGEST_LINE
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.files.working import private_text

UTF8 = "utf-8"
WINDOWS = "windows-1252"

_PIECE = 1 << 20
_AS_CSV = "Guárdelo como «CSV UTF-8 (delimitado por comas)» y repita la carga."
_ASCII = bytes(range(128))
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
# What Spanish text has in Windows-1252: letters, º ª ° ¿ « » ´; elsewhere these are drawings and fractions.
_USUAL = bytes(code for code in range(0xC0, 0x100) if code not in (0xD7, 0xF7)) + b"\xba\xaa\xb0\xbf\xab\xbb\xb4"
_UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Scanned:
    """A text that was looked through from end to end."""

    encoding: str
    sha256: str


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def scan(path: Path, name: str) -> Scanned:
    """Raises ``UnusableFile`` when it is no text, or when nobody can say which letters it has."""
    with path.open("rb") as file:
        if encoding := _utf16(file.read(4096)):
            return Scanned(encoding, digest(path))
    found, decoder, is_utf8 = hashlib.sha256(), getincrementaldecoder("utf-8-sig")(), True
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
            _refuse_what_is_no_text(piece, name)
            is_utf8 = is_utf8 and _goes_on(decoder, piece)
    if is_utf8 and _goes_on(decoder, b"", final=True):
        return Scanned(UTF8, found.hexdigest())
    _refuse_unless_windows(path, name)
    return Scanned(WINDOWS, found.hexdigest())


def _refuse_what_is_no_text(piece: bytes, name: str) -> None:
    if b"\0" in piece:
        raise UnusableFile(f"{name} no es un archivo de texto. {_AS_CSV}")
    if len(piece) >= LONGEST_LINE and b"\n" not in piece and b"\r" not in piece:
        raise UnusableFile(f"{name} tiene una línea de más de un millón de caracteres: no es una tabla.")


def _goes_on(decoder: IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(start: bytes) -> str | None:
    """By its mark, or because every second byte of it is zero."""
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return None  # UTF-32: nobody saves it, and it is told as what is no text
    if start.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if start.startswith(b"\xfe\xff"):
        return "utf-16-be"
    pairs = len(start) // 2
    if pairs < 8:
        return None
    first, second = start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
    if second > 0.8 * pairs and first == 0:
        return "utf-16-le"
    return "utf-16-be" if first > 0.8 * pairs and second == 0 else None


def _refuse_unless_windows(path: Path, name: str) -> None:
    """Not every byte has a letter in Windows-1252, and those of Spanish are others in the alphabets of DOS and Mac."""
    high = usual = undefined = pairs = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            rare = piece.translate(None, _ASCII)
            high += len(rare)
            usual += len(rare) - len(rare.translate(None, _USUAL))
            undefined += len(rare) - len(rare.translate(None, _UNDEFINED))
            pairs += len(_UTF8_PAIR.findall(piece))
    if 20 * pairs > high:
        raise UnusableFile(f"{name} no está en UTF-8 entero: mezcla dos codificaciones. {_AS_CSV}")
    if undefined or 2 * usual < high:
        raise UnusableFile(f"{name} no está en UTF-8 y no se reconoce su codificación. {_AS_CSV}")


def rewrite(path: Path, encoding: str, into: Path, name: str) -> None:
    """The same text in UTF-8."""
    try:
        with path.open(encoding=encoding, newline="") as source, private_text(into) as target:
            mark = "\ufeff"
            while piece := source.read(_PIECE):
                _refuse_what_is_no_text(piece.encode(), name)
                target.write(piece.removeprefix(mark))
                mark = ""
    except UnicodeError:
        raise UnusableFile(f"{name} no es un archivo de texto entero. {_AS_CSV}") from None
