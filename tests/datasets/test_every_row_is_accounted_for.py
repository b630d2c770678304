"""Whatever the file, its cells come back as they were, and each of its rows is in the database or rejected."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.tables import HEADINGS, read
from tests.make import MONTE_PATRIA

from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.run import Run
from ventanilla.core.spreadsheets import unshield
from ventanilla.datasets.files.workbook_child import cell_text
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import Loaded, command_actor, load_file
from ventanilla.registry.models import Person, PossibleDuplicate

LETTERS = st.text("abñÑáéÓ°º «»;,\"'=-\n\r\t019.", max_size=10)
DAYS = st.dates(date(1905, 1, 1), date(2099, 12, 31))
VALUES = st.one_of(
    LETTERS,
    st.integers(-(10**12), 10**12),
    st.decimals(0, 10**6, places=2).map(float),
    DAYS,
    st.booleans(),
)
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=20)


def saved(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook with text as text, numbers as numbers and days as days."""
    with xlsxwriter.Workbook(path) as book:
        sheet, as_date = book.add_worksheet("Hoja"), book.add_format({"num_format": "dd-mm-yyyy"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, as_date)
                else:
                    sheet.write(number, place, cell)
    return path


def shown(cell: Any) -> str:
    return unshield(cell_text(cell)).strip()


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_a_table_comes_back_the_same_from_a_workbook(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[Any, ...]]
) -> None:
    path = saved(tmp_path_factory.mktemp("book") / "gente.xlsx", [HEADINGS, *table])
    written = {number: tuple(map(shown, row)) for number, row in enumerate(table, start=2)}
    found = {row.number: tuple(cell.strip() for cell in row.cells or ()) for row in read(path).rows}
    assert found == {number: row for number, row in written.items() if any(row)}


PEOPLE = DATASETS["personas"]
COLUMNS = ("run", "nombres", "primer_apellido", "fecha_nacimiento", "comuna_residencia", "fuente", "fecha_dato")
RUNS = st.integers(90_000_000, 90_000_040).map(Run)


GOOD = st.tuples(
    st.one_of(RUNS.map(str), RUNS.map(lambda run: run.canonical)),
    st.sampled_from(["Amalia", "Fresia  Ñusta", "José;Luis", "Rosa\nElvira"]),
    st.sampled_from(["Vera", "O'Ryan", "Muñoz"]),
    st.sampled_from(["", "03-03-1990", "3 de marzo de 1990", "32935"]),
    st.sampled_from(["", "Monte Patria", "4303"]),
    st.sampled_from(["rsh", "municipal"]),
    st.just("01-10-2025"),
)
MISTAKES = (
    *((0, run) for run in ("90.000.001-7", "", "x")),
    *((1, name) for name in ("", "-")),
    *((3, day) for day in ("31-02-1984", "14-05-2999", "03/03/45")),
    *((4, "99999"), (5, "vecina"), (6, "14-05-2999")),
)


def spoilt(row: tuple[str, ...], mistake: tuple[int, str]) -> tuple[str, ...]:
    place, cell = mistake
    return (*row[:place], cell, *row[place + 1 :])


BAD = st.builds(spoilt, GOOD, st.sampled_from(MISTAKES))
BLANK = st.just(("",) * len(COLUMNS))
FILES = st.tuples(*[st.lists(kind, max_size=6) for kind in (GOOD, BAD, GOOD, BLANK, BAD, GOOD)]).map(
    lambda parts: [row for part in parts for row in part]
)
KINDS = ("utf-8", "utf-8-sig", "windows-1252", "utf-16", "xlsx")


def file_of(folder: Path, rows: Sequence[Sequence[str]], kind: str, delimiter: str) -> Path:
    if kind == "xlsx":
        return saved(folder / "personas.xlsx", [COLUMNS, *rows])
    path = folder / "personas.csv"
    with path.open("w", encoding=kind, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([COLUMNS, *rows])
    return path


def load(path: Path, batch_rows: int) -> Loaded:
    rejected = path.with_suffix(".no.csv")
    by = command_actor(MONTE_PATRIA)
    return load_file(PEOPLE, path, by=by, rejected_path=rejected, batch_rows=batch_rows, any_commune=True)


def rejections(loaded: Loaded) -> dict[int, dict[str, str]]:
    if loaded.rejected_file is None:
        return {}
    text = loaded.rejected_file.read_text(encoding="utf-8-sig")
    delimiter = "," if ",fila,motivo" in text else ";"
    return {int(row["fila"]): row for row in csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)}


def figures(loaded: Loaded) -> tuple[int, int, int, int, int]:
    found = loaded.figures
    return found.read, found.new, found.changed, found.same, found.rejected


@pytest.mark.django_db
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, st.sampled_from(KINDS), st.sampled_from(";,\t"), st.sampled_from([1, 3, 100]))
def test_each_row_is_in_the_database_or_among_the_rejected(
    tmp_path_factory: pytest.TempPathFactory,
    db: None,
    rows: list[tuple[str, ...]],
    kind: str,
    delimiter: str,
    batch_rows: int,
) -> None:
    written = {number: row for number, row in enumerate(rows, start=2) if any(row)}
    path = file_of(tmp_path_factory.mktemp("rows"), rows, kind, delimiter)
    with transaction.atomic():
        loaded = load(path, batch_rows)
        rejected = rejections(loaded)
        accepted = {number: row for number, row in written.items() if number not in rejected}
        assert figures(loaded) == (len(written), len(accepted), 0, 0, len(rejected))
        assert loaded.figures.reasons == Counter(row["motivo"] for row in rejected.values())
        for number, row in rejected.items():
            assert [unshield(row[name]) for name in COLUMNS] == list(written[number])
        with acting(command_actor(MONTE_PATRIA)):
            kept = Load.objects.values_list("rows_read", "rows_new", "rows_changed", "rows_same", "rows_rejected")
            assert kept.get(pk=loaded.load_id) == figures(loaded)
            people = Counter((person.run, person.given_names) for person in Person.objects.all())
        assert people == Counter((row[0].replace(".", ""), " ".join(row[1].split())) for row in accepted.values())
        assert figures(load(path, batch_rows)) == (len(written), 0, 0, len(accepted), len(rejected))
        transaction.set_rollback(True)  # the next example begins with nobody


@pytest.mark.django_db
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, FILES, st.sampled_from([1, 3, 100]))
def test_each_row_of_a_second_file_is_hers_of_somebody_apart_or_rejected(
    tmp_path_factory: pytest.TempPathFactory,
    db: None,
    first: list[tuple[str, ...]],
    second: list[tuple[str, ...]],
    batch_rows: int,
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with transaction.atomic():
        load(file_of(folder, first, "utf-8", ";"), batch_rows)
        before = set(names_by_run())
        loaded = load(file_of(folder, second, "utf-8", ";"), batch_rows)
        found, rejected, now = loaded.figures, rejections(loaded), names_by_run()
        assert found.read == found.new + found.changed + found.same + found.doubtful + found.rejected
        assert found.read == sum(any(row) for row in second)
        for number, row in enumerate(second, start=2):
            if any(row) and number not in rejected:
                name = " ".join(row[1].split())
                assert now[row[0].replace(".", ""), name] or now[None, name]
        assert sum(now.values()) == len(before) + found.new + found.doubtful
        with acting(command_actor(MONTE_PATRIA)):
            assert PossibleDuplicate.objects.count() >= found.doubtful
        transaction.set_rollback(True)


def names_by_run() -> Counter[tuple[str | None, str]]:
    with acting(command_actor(MONTE_PATRIA)):
        return Counter((person.run, person.given_names) for person in Person.objects.all())
