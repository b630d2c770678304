"""What an office of social aid wrote down of what it gave: this year's register, and an old workbook before it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tools.examples.neighbours import MONTE_PATRIA, neighbours
from tools.examples.old_workbook import old_workbook
from tools.examples.people import KNOWN
from tools.examples.writing import Cell, text
from ventanilla.datasets.synthetic.draws import Draw, between, pick, stream

_FIRST_SERIAL = date(1899, 12, 30)
_AIDS = (
    ("Canasta de alimentos", "caja", 35_000),
    ("Pañales adulto", "paquete", 18_990),
    ("Aporte para medicamentos", "", 42_500),
    ("Gas licuado 15 kg", "kg", 21_900),
    ("Plancha de zinc", "unidad", 7_990),
    ("Ayuda para cambio de humo", "", 15_000),  # nothing in any catalogue is called so
)


class Given:
    """One delivery, before it is written in the manner of a file."""

    def __init__(self, draw: Draw, number: int, year: int) -> None:
        self.folio = f"AS-{year}-{number:04d}"
        self.person = pick(draw, KNOWN[:90])
        self.aid, self.measure, price = pick(draw, _AIDS)
        self.quantity = pick(draw, ("1", "2", "1,5", "0,5", "3"))
        self.pesos = int(price * float(self.quantity.replace(",", ".")))
        self.day = date(year, between(draw, 1, 8), between(draw, 1, 28))
        self.decree = f"DA {between(draw, 100, 990)}/{year}"


def _given(name: str, year: int, count: int) -> list[Given]:
    draw = stream("ejemplos", name)
    return [Given(draw, number, year) for number in range(1, count + 1)]


REGISTER = _given("registro", 2025, 130)
BEFORE = _given("anteriores", 2011, 60)


def register(path: Path) -> None:
    """Latin-1 divided by semicolons: three rows of titles, decimal commas, signs of pesos, notes of several lines."""
    rows = [_register_row(place, one) for place, one in enumerate(REGISTER)]
    rows[8][4] = "1.234"
    rows[19][6] = "-35000"
    rows[27][6] = "35 mil"
    rows[35][7] = "30/02/2025"
    rows[36][7] = "15-03-2062"
    rows[50][1] = str(neighbours(MONTE_PATRIA, 1, skip=381)[0].run)
    rows[51][1] = REGISTER[51].person.wrong_run
    rows[52][1] = ""
    rows[77][3] = ""
    rows[90][0] = rows[89][0]
    rows[101][4] = "0"
    rows[115] = rows[115][:6]
    headings = ["Folio", "RUT", "Nombre del beneficiario", "Ayuda entregada", "Cant.", "U. medida", "Valor",
                "F. Entrega", "D.A.", "Observación"]  # fmt: skip
    titles: list[list[Cell]] = [
        ["ILUSTRE MUNICIPALIDAD - DIRECCIÓN DE DESARROLLO COMUNITARIO"],
        ["Registro de ayudas sociales año 2025 (DATOS FICTICIOS)"],
        ["Emitido el 30/09/2025"],
    ]
    text(path, [*titles, headings, *rows], encoding="windows-1252", delimiter=";")


def _register_row(place: int, one: Given) -> list[Cell]:
    points = f"{one.pesos:,}".replace(",", ".")
    amounts = (f"$ {points}", str(one.pesos), f"{points},00", f"${points}")
    days = (f"{one.day:%d/%m/%Y}", f"{one.day:%d-%m-%Y}", f"{one.day:%d.%m.%y}")
    note = 'Visita "urgente" del día\r\nanterior; ver ficha' if place % 10 == 3 else ""
    return [one.folio, str(one.person.run), one.person.name, one.aid, one.quantity, one.measure, amounts[place % 4],
            days[place % 3], one.decree, note]  # fmt: skip


def before(path: Path) -> None:
    """Excel 97: RUNs and days as numbers. Ten deliveries of the register as they were, five with another amount."""
    again = [REGISTER[place] for place in range(60, 75)]
    rows = [_old_row(one, one.pesos + (1_000 if place >= 10 else 0)) for place, one in enumerate(again)]
    rows += [_old_row(one, one.pesos) for one in BEFORE]
    rows[20][1] = KNOWN[0].wrong_run
    rows[33][6] = "s/f"
    rows[46][6] = "31-11-2011"
    headings: list[str | float] = ["N° entrega", "R.U.T.", "Beneficio", "Cant.", "Unidad de medida", "Valor total",
                                   "Fecha entrega", "Decreto"]  # fmt: skip
    titles: Sequence[Sequence[str | float]] = (["Ayudas sociales (DATOS FICTICIOS)"], [])
    old_workbook(path, "Ayudas", [*titles, headings, *rows])


def _old_row(one: Given, pesos: int) -> list[str | float]:
    return [one.folio, one.person.number, one.aid, float(one.quantity.replace(",", ".")), one.measure, float(pesos),
            float((one.day - _FIRST_SERIAL).days), one.decree]  # fmt: skip
