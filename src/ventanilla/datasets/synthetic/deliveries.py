"""Benefits the municipality has given over the years: many homes none, few homes many, each with its act."""

from datetime import date
from functools import cache

from ventanilla.datasets.synthetic.draws import Draw, ballot, between, day_text, pick
from ventanilla.datasets.synthetic.fictional_runs import with_points
from ventanilla.datasets.synthetic.homes import Home, Rows
from ventanilla.datasets.synthetic.people import Person, Setting
from ventanilla.datasets.synthetic.working_days import working_day_before

# label, unit of measure, least and most pesos, weight, how many at most, unit that gives it
_GIVEN = (
    ("Caja de alimentos", "caja", 28_000, 42_000, 34, 2, "UAS"),
    ("Vale de gas 15 kg", "vale", 21_500, 26_500, 13, 2, "UAS"),
    ("Medicamentos", "receta", 8_000, 95_000, 11, 1, "UAS"),
    ("Exámenes médicos", "orden", 12_000, 160_000, 4, 1, "UAS"),
    ("Pañales de adulto", "paquete", 9_500, 14_000, 6, 4, "UAS"),
    ("Leche o suplemento alimenticio", "tarro", 11_000, 24_000, 3, 3, "UAS"),
    ("Materiales de construcción", "conjunto", 85_000, 620_000, 5, 1, "UAS"),
    ("Mediagua", "vivienda", 1_450_000, 1_950_000, 0.6, 1, "UAS"),
    ("Colchón y frazadas", "conjunto", 62_000, 118_000, 5, 2, "UAS"),
    ("Camarote", "unidad", 120_000, 180_000, 1.5, 1, "UAS"),
    ("Silla de ruedas", "unidad", 135_000, 260_000, 0.8, 1, "UAS"),
    ("Colchón antiescaras", "unidad", 45_000, 78_000, 0.8, 1, "UAS"),
    ("Bastón o andador", "unidad", 14_000, 38_000, 1, 1, "UAS"),
    ("Servicio funerario", "servicio", 320_000, 650_000, 0.9, 1, "UAS"),
    ("Aporte deuda de agua o luz", "aporte", 25_000, 140_000, 4, 1, "UAS"),
    ("Aporte de arriendo", "aporte", 80_000, 180_000, 1.6, 1, "UAS"),
    ("Pasajes para atención de salud", "pasaje", 3_500, 28_000, 4, 2, "UAS"),
    ("Set escolar", "set", 18_000, 29_000, 3, 3, "UAS"),
    ("Exención de derechos de aseo", "exención", 42_000, 58_000, 1.6, 1, "SUB"),
)
_BALLOT = ballot(((row, row[4]) for row in _GIVEN), 2000)
_MANY = ballot(((1, 46), (2, 22), (3, 12), (4, 7), (5, 4), (6, 3), (8, 2), (11, 2), (15, 1.4), (22, 0.6)), 500)
_CHANCE = {0: 0.05, 40: 0.27, 50: 0.16, 60: 0.10, 70: 0.04, 80: 0.02, 90: 0.006, 100: 0.003}
_YEARS_BACK = ballot(((0, 30), (1, 25), (2, 18), (3, 14), (4, 13)), 100)
_OF_AGE = frozenset({"Pañales de adulto", "Silla de ruedas", "Colchón antiescaras", "Bastón o andador"})


@cache
def act(ordinal: int) -> str:
    """The mayor's decree of a day: «DA 1.234/2026»; the number grows through the year, as decrees do."""
    day = date.fromordinal(ordinal)
    number = day.timetuple().tm_yday * 9 - 4
    return f"DA {number:,}/{day.year}".replace(",", ".")


def named(person: Person) -> str:
    """How a municipal register writes who received: her RUN, or our reference for who has none."""
    return with_points(person.body) if person.body else person.reference


def write_deliveries(draw: Draw, here: Setting, home: Home, first: int, rows: Rows) -> int:
    """Writes the deliveries of a home, the first numbered ``first``; answers the next free number."""
    if draw() >= _CHANCE[home.bracket]:
        return first
    out, adults = rows["entregas"], [p for p in home.family if p.age >= 18 and not p.died]
    if not adults:
        return first
    head = adults[0]
    oldest = max(adults, key=lambda p: p.age)
    for number in range(first, first + pick(draw, _MANY)):
        label, measure, low, high, _, most, unit = pick(draw, _BALLOT)
        person = oldest if label in _OF_AGE and oldest.age >= 60 else head if draw() < 0.85 else pick(draw, adults)
        if label in _OF_AGE and person.age < 60:
            label, measure, low, high, most = "Caja de alimentos", "caja", 28_000, 42_000, 2
        quantity = between(draw, 1, most) if most > 1 else 1
        amount = between(draw, low // 10, high // 10) * 10 * quantity
        day = working_day_before(here.reference - pick(draw, _YEARS_BACK) * 365 - between(draw, 1, 364))
        out.append(
            f"E-{number};{named(person)};{home.reference};{label};{quantity};{measure};{amount};{day_text(day)};{act(day)};{unit}"
        )
    return number + 1
