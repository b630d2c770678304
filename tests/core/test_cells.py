"""Cells as people and programs write them: read when they can mean one thing only, refused when they may mean two."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core import cells
from ventanilla.core.cells import Unreadable
from ventanilla.core.run import Run

MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "3-3-2025",
            "03-03-2025",
            "03/03/2025",
            "03.03.2025",
            "2025-03-03",
            "03.03.25",
            "03/03/25",
            "45719",
            "45719,0",
        ),
        *("3 de marzo de 2025", "03 de Marzo del 2025", "lunes, 3 de marzo de 2025", "3-mar-2025", "3 mar. 2025"),
        *("2025-03-03 00:00:00", "03/03/2025 9:30", "2025-03-03T00:00:00.000"),
    ],
)
def test_a_day_is_read_in_each_of_its_shapes(cell: str) -> None:
    assert cells.day(cell) == "2025-03-03"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("03.03.35", "no dice si el año es 1935 o 2035"),
        ("25-03-03", "no es una fecha como"),
        ("20250303", "no es una fecha como"),
        ("1985", "no es una fecha como"),
        ("99999", "no es una fecha como"),
        ("3 de brumario de 2025", "no es una fecha como"),
        ("31 de abril de 2025", "no es una fecha que exista"),
        ("12/25/2025", "no es una fecha que exista"),
        ("01-01-1700", "anterior a 1880"),
    ],
)
def test_a_day_that_may_be_two_or_none_is_refused(cell: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        cells.day(cell)


def test_somebody_born_in_25_may_be_a_hundred_years_old() -> None:
    assert cells.day("03.03.25") == "2025-03-03"
    assert cells.birth_day("03.03.51") == "1951-03-03"
    with pytest.raises(Unreadable, match="1925 o 2025: escríbalo con sus cuatro cifras"):
        cells.birth_day("03.03.25")


@given(st.dates(min_value=date(1927, 6, 1), max_value=date(2099, 12, 31)))
def test_whatever_its_shape_it_is_the_same_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    shapes = (
        f"{day:%d-%m-%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} de {MONTHS[day.month - 1]} de {day.year}",
    )
    assert {cells.day(shape) for shape in (*shapes, str(serial))} == {day.isoformat()}


@pytest.mark.parametrize("cell", ["23-11-2026 09:30", "2026-11-23 9:30", "2026-11-23T09:30:59", "46349,3958333333"])
def test_a_moment_is_read_in_each_of_its_shapes(cell: str) -> None:
    assert cells.moment(cell) == "2026-11-23 09:30"


@pytest.mark.parametrize(
    ("read", "cell", "found"),
    [
        (cells.pesos, "$ 1.234.567", "1234567"),
        (cells.pesos, "22007,00", "22007"),
        (cells.pesos, "22.007,0", "22007"),
        (cells.pesos, "22007.00", "22007"),
        (cells.decimal, "1,5", "1.5"),
        (cells.decimal, "1.5", "1.5"),
        (cells.decimal, "1.234,5", "1234.5"),
        (cells.decimal, "1.234.567", "1234567"),
        (cells.flag, "VERDADERO", "t"),
        (cells.flag, "FALSE", "f"),
        (cells.choice({"mujer": "female"}, also={"femenino": "female"}), "Femenino", "female"),
    ],
)
def test_figures_and_words_of_spreadsheets_are_read(read: Callable[[str], str], cell: str, found: str) -> None:
    assert read(cell) == found


@pytest.mark.parametrize(
    ("read", "cell", "sentence"),
    [
        (cells.pesos, "1,234", "no es un monto"),
        (cells.pesos, "22007,5", "no es un monto"),
        (cells.pesos, "-5", "no es un monto"),
        (cells.decimal, "1.234", "puede ser de miles o de milésimas"),
        (cells.decimal, "1,234", "puede ser de miles o de milésimas"),
        (cells.decimal, "1,234.5", "no es una cantidad"),
        (cells.name(80), "#N/A", "un error de la planilla"),
        (cells.text(80), "#¡REF!", "un error de la planilla"),
        (cells.choice({"mujer": "female"}), "M", "no es uno de los valores"),
    ],
)
def test_what_may_be_two_figures_is_refused(read: Callable[[str], str], cell: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read(cell)


def test_a_number_sign_is_no_error_by_itself() -> None:
    assert cells.text(80)("# 12, depto 3") == "# 12, depto 3"


@given(st.integers(min_value=1_000_000, max_value=99_999_999))
def test_a_run_is_the_same_in_whatever_shape_a_system_gives_it(body: int) -> None:
    run = Run(body)
    bare = f"{body}{run.digit}"
    shapes = [str(run), run.canonical, run.canonical.lower(), bare, f"000{run.canonical}", f"0{bare}", f"0{run}"]
    if run.digit != "K":
        shapes += [f"{bare}.0", f"{bare},0"]
    assert {cells.run(shape) for shape in shapes} == {run.canonical}


@pytest.mark.parametrize("cell", ["9,0123E+08", "90000001", "90.000.001-5", "90000001-", "0", "1.2.3-4", "P-1"])
def test_what_is_no_run_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        cells.run(cell)
