"""How the cells of a loaded file are read: from what people write to the one form that PostgreSQL reads."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache

from ventanilla.core import run as runs

Reader = Callable[[str], str | None]
"""Given a cell that is not empty, without blanks around it; answers canonical text or raises ``Unreadable``."""


class Unreadable(ValueError):
    """A cell cannot be read. The message goes on from «La columna x …», without a final point."""


_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOMENT = re.compile(r"(\S+)[ T]+(\d{1,2}):(\d{2})(?::\d{2})?")
_PESOS = re.compile(r"\$? ?(\d{1,3}(?:\.\d{3})+|\d+)")
_DECIMAL = re.compile(r"\d{1,8}(?:[.,]\d{1,2})?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[\d ().-]+")
_USUAL_RUN = re.compile(r"(\d{1,8}|\d{1,2}\.\d{3}\.\d{3})-([\dkK])")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_COMMUNE = re.compile(r"\d{4,5}")
_OLDEST_YEAR = 1880
_LARGEST_INTEGER = 2**31 - 1
_DIGITS_OF_A_PHONE = range(8, 16)


def text(longest: int) -> Reader:
    """Any words, with single blanks between them."""

    def read(cell: str) -> str:
        words = " ".join(cell.split())
        if len(words) > longest:
            raise Unreadable(f"pasa de {longest} caracteres")
        return words

    return read


def paragraphs(longest: int) -> Reader:
    """Text that keeps its lines."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Unreadable(f"pasa de {longest} caracteres")
        return cell

    return read


def name(longest: int) -> Reader:
    """A name of somebody: words of which at least one letter is left."""
    words = text(longest)

    def read(cell: str) -> str | None:
        read_words = words(cell)
        if read_words is not None and not any(map(str.isalpha, read_words)):
            raise Unreadable("no tiene letras")
        return read_words

    return read


def choice(codes: Mapping[str, str]) -> Reader:
    """One of the Spanish codes of the file, as the code that is stored; capitals do not matter."""

    def read(cell: str) -> str:
        found = codes.get(cell) or codes.get(cell.lower())
        if found is None:
            raise Unreadable("no es uno de los valores admitidos: " + ", ".join(codes))
        return found

    return read


def choices(codes: Mapping[str, str]) -> Reader:
    """Several codes joined by ``|``, as a PostgreSQL array in the same order; an empty place stays empty."""
    one = choice(codes)

    def read(cell: str) -> str:
        parts = [part.strip() for part in cell.split("|")]
        return "{" + ",".join((one(part) or "") if part else '""' for part in parts) + "}"

    return lru_cache(maxsize=4096)(read)


@lru_cache(maxsize=50_000)  # the same few thousand days fill a file
def day(cell: str) -> str:
    """A date as 23-11-2026 (also with / or .) or 2026-11-23."""
    if match := _DAY.fullmatch(cell):
        numbers = int(match[3]), int(match[2]), int(match[1])
    elif match := _ISO_DAY.fullmatch(cell):
        numbers = int(match[1]), int(match[2]), int(match[3])
    else:
        raise Unreadable("no es una fecha como 23-11-2026")
    try:
        found = date(*numbers)
    except ValueError:
        raise Unreadable("no es una fecha que exista") from None
    if found.year < _OLDEST_YEAR:
        raise Unreadable(f"es una fecha anterior a {_OLDEST_YEAR}")
    return found.isoformat()


def moment(cell: str) -> str:
    """A day and an hour as 23-11-2026 09:30, on the clock of the institution."""
    match = _MOMENT.fullmatch(cell)
    if match is None:
        raise Unreadable("no es una fecha con hora como 23-11-2026 09:30")
    found = f"{day(match[1])} {int(match[2]):02d}:{match[3]}"
    try:
        datetime.fromisoformat(found)
    except ValueError:
        raise Unreadable("no es una hora que exista") from None
    return found


def flag(cell: str) -> str:
    lowered = cell.lower()
    if lowered in {"si", "sí"}:
        return "t"
    if lowered == "no":
        return "f"
    raise Unreadable("no es «si» ni «no»")


def pesos(cell: str) -> str:
    """Whole pesos, with or without points and sign; never negative."""
    match = _PESOS.fullmatch(cell)
    if match is None:
        raise Unreadable("no es un monto en pesos enteros, como 22007")
    digits = match[1].replace(".", "")
    if int(digits) > _LARGEST_INTEGER:
        raise Unreadable("es un monto demasiado grande")
    return digits


def decimal(cell: str) -> str:
    """A quantity with up to two decimals, written with comma or point."""
    if not _DECIMAL.fullmatch(cell):
        raise Unreadable("no es una cantidad, como 2 o 1,5")
    return cell.replace(",", ".")


def run(cell: str) -> str:
    """A RUN in any shape, as 12345678-5."""
    if match := _USUAL_RUN.fullmatch(cell):  # nearly all; half the time of taking the shape apart
        body = int(match[1].replace(".", ""))
        if body and match[2].upper() == runs.check_digit(body):
            return f"{body}-{match[2].upper()}"
    try:
        return runs.parse(cell).canonical
    except runs.BadRun:
        bare = "".join(cell.replace(".", "").split())
        if re.fullmatch(r"\d{1,8}-?[\dkK]", bare):
            raise Unreadable("tiene un RUN cuyo dígito verificador no corresponde") from None
        raise Unreadable("no es un RUN como 12.345.678-5") from None


def reference(longest: int) -> Reader:
    """What names a person in another file: a RUN in any shape, or the reference that ``personas`` gave her."""
    words = text(longest)

    def read(cell: str) -> str | None:
        if cell[0].isdigit():
            try:
                return run(cell)
            except Unreadable:
                pass
        return words(cell)

    return read


@lru_cache(maxsize=1000)
def commune(cell: str) -> str:
    """A commune's official code (CUT), five digits; a spreadsheet eats the zero in front."""
    if not _COMMUNE.fullmatch(cell):
        raise Unreadable("no es un código de comuna (CUT) de cinco dígitos, como 04303")
    return cell.zfill(5)


@lru_cache(maxsize=1000)
def country(cell: str) -> str:
    if not _COUNTRY.fullmatch(cell):
        raise Unreadable("no es un código de país de dos letras, como CL")
    return cell.upper()


def mail(cell: str) -> str:
    if not _MAIL.fullmatch(cell) or len(cell) > 120:
        raise Unreadable("no es un correo como nombre@ejemplo.cl")
    return cell


def phone(cell: str) -> str:
    if not _PHONE.fullmatch(cell) or sum(map(str.isdigit, cell)) not in _DIGITS_OF_A_PHONE:
        raise Unreadable("no es un teléfono con sus ocho o más números")
    return " ".join(cell.split())
