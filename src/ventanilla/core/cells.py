"""How the cells of a loaded file are read: from what people write to the one form that PostgreSQL reads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from ventanilla.core import run as runs

Reader = Callable[[str], str | None]
"""Given a cell that is not empty, without blanks around it; answers canonical text or raises ``Unreadable``."""


class Unreadable(ValueError):
    """A cell cannot be read. The message goes on from «La columna x …», without a final point."""


_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SHORT_DAY = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{2})")
_WORDED_DAY = re.compile(r"(?:[a-záé]+,? )?(\d{1,2})(?: de | del |[- ])([a-z]{3,10})\.?(?: de | del |[- ])(\d{4})")
_SERIAL = re.compile(r"([1-7]\d{4})(?:[.,]0)?")
_SERIAL_MOMENT = re.compile(r"([1-7]\d{4})[.,](\d{1,12})")
_DAY_AND_HOUR = re.compile(r"(\S+)[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?")
_MOMENT = re.compile(r"(\S+)[ T]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?")
_PESOS = re.compile(r"\$? ?(\d{1,3}(?:\.\d{3})+|\d+)(?:,00?|\.00?)?")
_DECIMAL = re.compile(r"\d{1,8}(?:[.,]\d{1,2})?")
_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{1,2})|(\d{1,3}(?:\.\d{3}){2,})")
_ONE_POINT = re.compile(r"\d{1,3}[.,]\d{3}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[\d ().-]+")
_USUAL_RUN = re.compile(r"(\d{1,8}|\d{1,2}\.\d{3}\.\d{3})-([\dkK])")
_PADDED_RUN = re.compile(r"0*([1-9](?:\d{0,7}|\d{0,2}(?:\.\d{3}){1,2})-?[\dkK])(?:[.,]0)?")
_SPREADSHEET_ERROR = re.compile(r"#(?:N/[AD]|¡?(?:REF|VALUE|VALOR|DIV/0|NULL|NULO|NUM)!|(?:NAME|¿NOMBRE)\?)")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_OLDEST_YEAR = 1880
_LARGEST_INTEGER = 2**31 - 1
_DIGITS_OF_A_PHONE = range(8, 16)
_FIRST_SERIAL_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet, as it counts from March 1900 on."""
_LAST_SERIAL = 73_050  # the last day of 2099
_MONTHS = {
    month: number
    for number, months in enumerate(
        [
            "enero ene",
            "febrero feb",
            "marzo mar",
            "abril abr",
            "mayo may",
            "junio jun",
            "julio jul",
            "agosto ago",
            "septiembre setiembre sep sept set",
            "octubre oct",
            "noviembre nov",
            "diciembre dic",
        ],
        start=1,
    )
    for month in months.split()
}
_THIS_CENTURY, _LAST_CENTURY = range(30), range(50, 100)
"""What a year of two figures can only be; one of those between may be of either century."""


def text(longest: int) -> Reader:
    """Any words, with single blanks between them."""

    def read(cell: str) -> str:
        words = " ".join(cell.split())
        if len(words) > longest:
            raise Unreadable(f"pasa de {longest} caracteres")
        if words[:1] == "#" and _SPREADSHEET_ERROR.fullmatch(words):
            raise Unreadable(f"trae un error de la planilla, {words}")
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


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of the Spanish codes of the file, as the code that is stored; capitals do not matter.

    ``also`` are words of other files for the same.
    """

    codes: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, cell: str) -> str:
        found = self.codes.get(cell) or self.codes.get(cell.lower()) or self.also.get(cell.lower())
        if found is None:
            raise Unreadable("no es uno de los valores admitidos: " + ", ".join(self.codes))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Several codes joined by ``|``, as a PostgreSQL array in the same order; an empty place stays empty."""

    codes: Mapping[str, str]
    read: Reader

    def __call__(self, cell: str) -> str | None:
        return self.read(cell)


def choice(codes: Mapping[str, str], *, also: Mapping[str, str] = MappingProxyType({})) -> Choice:
    return Choice(codes, also)


def choices(codes: Mapping[str, str]) -> Choices:
    one = Choice(codes)

    def read(cell: str) -> str:
        parts = [part.strip() for part in cell.split("|")]
        return "{" + ",".join((one(part) or "") if part else '""' for part in parts) + "}"

    return Choices(codes, lru_cache(maxsize=4096)(read))


@lru_cache(maxsize=50_000)  # the same few thousand days fill a file
def day(cell: str) -> str:
    """A date as 23-11-2026 (or with / or .), 2026-11-23, 23.11.26, «23 de noviembre de 2026» or a spreadsheet's number.

    An hour after it is left out.
    """
    return _day(cell, _THIS_CENTURY)


@lru_cache(maxsize=50_000)
def birth_day(cell: str) -> str:
    """A date like any other, but with two figures «25» may be somebody of a hundred years, and is refused."""
    return _day(cell, range(0))


def _day(cell: str, this_century: range) -> str:
    if match := _DAY.fullmatch(cell):
        numbers = int(match[3]), int(match[2]), int(match[1])
    elif match := _ISO_DAY.fullmatch(cell):
        numbers = int(match[1]), int(match[2]), int(match[3])
    else:
        return _rarer_day(cell, this_century)
    return _existing_day(*numbers)


def _existing_day(year: int, month: int, of_month: int) -> str:
    try:
        found = date(year, month, of_month)
    except ValueError:
        raise Unreadable("no es una fecha que exista") from None
    if found.year < _OLDEST_YEAR:
        raise Unreadable(f"es una fecha anterior a {_OLDEST_YEAR}")
    return found.isoformat()


def _rarer_day(cell: str, this_century: range) -> str:
    if match := _SHORT_DAY.fullmatch(cell):
        year = int(match[4])
        if year not in this_century and year not in _LAST_CENTURY:
            raise Unreadable(f"no dice si el año es 19{year:02d} o 20{year:02d}: escríbalo con sus cuatro cifras")
        return _existing_day(year + (2000 if year in this_century else 1900), int(match[3]), int(match[1]))
    if match := _WORDED_DAY.fullmatch(" ".join(cell.lower().split())):
        if month := _MONTHS.get(match[2]):
            return _existing_day(int(match[3]), month, int(match[1]))
    elif (match := _SERIAL.fullmatch(cell)) and int(match[1]) <= _LAST_SERIAL:
        return (_FIRST_SERIAL_DAY + timedelta(days=int(match[1]))).isoformat()
    elif match := _DAY_AND_HOUR.fullmatch(cell):
        return _day(match[1], this_century)
    raise Unreadable("no es una fecha como 23-11-2026")


def is_serial(cell: str) -> bool:
    """Whether a date is written as the number of its day, which not every workbook counts from the same one."""
    return bool(_SERIAL.fullmatch(cell) or _SERIAL_MOMENT.fullmatch(cell))


def moment(cell: str) -> str:
    """A day and an hour as 23-11-2026 09:30, on the institution's clock; or a spreadsheet's number with decimals."""
    if match := _SERIAL_MOMENT.fullmatch(cell):
        minutes = round(float(f"0.{match[2]}") * 24 * 60)
        return f"{datetime.fromisoformat(day(match[1])) + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
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
    if lowered in {"si", "sí", "verdadero", "true", "1"}:
        return "t"
    if lowered in {"no", "falso", "false", "0"}:
        return "f"
    raise Unreadable("no es «si» ni «no»")


def pesos(cell: str) -> str:
    """Whole pesos, with or without points, sign and decimals that are zero; never negative."""
    match = _PESOS.fullmatch(cell)
    if match is None:
        raise Unreadable("no es un monto en pesos enteros, como 22007")
    digits = match[1].replace(".", "")
    if int(digits) > _LARGEST_INTEGER:
        raise Unreadable("es un monto demasiado grande")
    return digits


def decimal(cell: str) -> str:
    """A quantity with up to two decimals, written with comma or point, and points between thousands if it has both."""
    if _DECIMAL.fullmatch(cell):
        return cell.replace(",", ".")
    if match := _THOUSANDS.fullmatch(cell):
        return (match[1] or match[3]).replace(".", "") + (f".{match[2]}" if match[2] else "")
    if _ONE_POINT.fullmatch(cell):
        raise Unreadable("puede ser de miles o de milésimas: escríbala sin puntos, como 1234 o 1,23")
    raise Unreadable("no es una cantidad, como 2 o 1,5")


def run(cell: str) -> str:
    """A RUN in any shape, as 12345678-5; also with zeros in front, or as a number of a spreadsheet."""
    if match := _USUAL_RUN.fullmatch(cell):  # nearly all; half the time of taking the shape apart
        body = int(match[1].replace(".", ""))
        if body and match[2].upper() == runs.check_digit(body):
            return f"{body}-{match[2].upper()}"
    if match := _PADDED_RUN.fullmatch(cell):
        cell = match[1]
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


# What to write in a cell, for whoever fills it in

_IN_WORDS: Mapping[Reader, str] = {
    day: "fecha, como 23-11-2026",
    birth_day: "fecha, como 23-11-1985",
    moment: "fecha y hora, como 23-11-2026 09:30",
    pesos: "pesos enteros, sin puntos ni signo",
    decimal: "cantidad, como 2 o 1,5",
    run: "RUN, con o sin puntos",
    country: "código de país de dos letras, como CL",
    mail: "correo electrónico",
    phone: "teléfono",
}


def options_of(read: Reader) -> tuple[str, ...]:
    """The values of which one is chosen; none of what is written freely."""
    if read is flag:
        return ("si", "no")
    return tuple(read.codes) if isinstance(read, Choice) else ()


def in_words(read: Reader) -> str:
    if isinstance(read, Choices):
        return "uno o más, separados por |: " + ", ".join(read.codes)
    return "uno de la lista" if options_of(read) else _IN_WORDS.get(read, "texto")
