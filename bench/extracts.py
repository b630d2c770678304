"""Files as an office brings them, of many rows: people, the same a month later, and a register of many hands."""

import csv
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from tools.examples.neighbours import neighbours

from ventanilla.core.run import Run
from ventanilla.datasets.synthetic.fictional_runs import body

HEADINGS = ("RUN", "Nombres", "Apellido paterno", "Apellido materno", "Sexo", "Fecha de nacimiento", "fuente",
            "fecha_dato")  # fmt: skip
OLD, NEW = "01-09-2026", "01-10-2026"
CHANGED_EACH = 100
"""One in so many comes with another name the second time."""

_NAMES_OF = 2_000
_AIDS = (
    ("Canasta de alimentos", "caja", 35_000),
    ("Pañales adulto", "paquete", 18_990),
    ("Gas licuado 15 kg", "kg", 21_900),
)
_REGISTER = ("Folio", "RUT", "Nombre del beneficiario", "Ayuda entregada", "Cant.", "U. medida", "Valor", "F. Entrega",
             "D.A.", "Observación")  # fmt: skip
_BAD_EACH = 20


def run_of(position: int) -> str:
    return str(Run(body(position)))


def people(count: int, *, first: int = 0, on: str = OLD, changed: bool = False) -> Iterator[Sequence[str]]:
    """Fictional, their RUNs from a position of the space on; names are parts of those of a town, put together again.

    ``changed`` gives one in a hundred another name.
    """
    town, choice = neighbours("04303", _NAMES_OF), random.Random(first)
    for position in range(first, first + count):
        given, one, other = choice.choice(town), choice.choice(town), choice.choice(town)
        born = f"{given.born + timedelta(choice.randrange(365)):%d-%m-%Y}"
        sex = "mujer" if given.is_woman else "hombre"
        name = f"{given.given} Segunda" if changed and position % CHANGED_EACH == 0 else given.given
        yield run_of(position), name, one.first, other.second, sex, born, "rsh", on


def as_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(rows)


def as_xlsx(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """With a title above the headings, and every cell a text."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Nómina")
        sheet.write_string(0, 0, "Nómina de personas (DATOS FICTICIOS)")
        for line, row in enumerate(itertools.chain([HEADINGS], rows), start=2):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell)


def register(path: Path, count: int, *, of: int) -> None:
    """What was given to the first ``of`` people, in Latin-1 under three titles. One row in twenty has a mistake."""
    choice = random.Random(5)
    with path.open("w", encoding="windows-1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["ILUSTRE MUNICIPALIDAD - DIRECCIÓN DE DESARROLLO COMUNITARIO"])
        writer.writerow(["Registro de ayudas sociales (DATOS FICTICIOS)"])
        writer.writerow(["Emitido el 30/09/2026"])
        writer.writerow(_REGISTER)
        for number in range(count):
            writer.writerow(_given(number, choice, of))


def _given(number: int, choice: random.Random, of: int) -> list[str]:
    aid, measure, price = choice.choice(_AIDS)
    day = date(choice.randint(2015, 2025), choice.randint(1, 12), choice.randint(1, 28))
    run = run_of(choice.randrange(of))
    points = f"{price:,}".replace(",", ".")
    row = [f"AS-{number:06d}", run if number % 3 else run.replace(".", ""), "", aid, ("1", "2", "1,5")[number % 3],
           measure, (f"$ {points}", str(price), f"{points},00")[number % 3],
           (f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%y}")[number % 3], f"DA {number % 900}/{day.year}",
           'Visita "urgente" del día\r\nanterior' if number % 10 == 3 else ""]  # fmt: skip
    if number % _BAD_EACH == 0:
        place, cell = ((1, run_of(of + number)), (6, "35 mil"), (7, "30/02/2025"), (3, ""))[number // _BAD_EACH % 4]
        row[place] = cell
    return row
