"""The file of rejected rows holds neighbours' data and is opened in a spreadsheet: closed to others, and harmless."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import MONTE_PATRIA
from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.spreadsheets import shield
from ventanilla.datasets.files.opening import opened
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.reading import TableFile, inspect, rows
from ventanilla.datasets.rejections import RejectionFile
from ventanilla.datasets.run import Loaded, command_actor, load_file
from ventanilla.registry.models import Person

UNITS = DATASETS["unidades"]
ATTACKS = ('=HYPERLINK("x")', "+56 9 5555 0001", "-1", "@SUM(A1)", " =1+1", "\t=1+1")


def write(path: Path, *cells_of_rows: list[str], headings: tuple[str, ...] = UNITS.headings) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([headings, *cells_of_rows])
    return path


def table_at(path: Path) -> TableFile:
    """A text in UTF-8 is read where it is, also when it is no longer open."""
    with opened(path) as source:
        return inspect(source, UNITS)


def rejected(path: Path, *cells_of_rows: list[str], at: Path) -> list[list[str]]:
    """What a spreadsheet would get from the file of rejected rows, without its headings."""
    table = table_at(write(path, *cells_of_rows))
    rejections = RejectionFile(at, table)
    for row in rows(table, [0]):
        rejections.add(row.number, row.raw, "No se tomó.")
    rejections.close()
    with at.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))[1:]


@pytest.mark.parametrize("was_there", [False, True])
def test_nobody_else_may_read_it(tmp_path: Path, was_there: bool) -> None:
    at = tmp_path / "rechazadas.csv"
    if was_there:
        at.write_text("de antes")
        at.chmod(0o666)
    before = os.umask(0)
    try:
        rejected(tmp_path / "unidades.csv", ["UAS", "Asistencia Social", "", "", "", ""], at=at)
    finally:
        os.umask(before)
    assert at.stat().st_mode & 0o777 == 0o600
    assert "de antes" not in at.read_text()


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_is_a_formula(tmp_path: Path, attack: str) -> None:
    row = [attack, "Unidad", "", "", "", "", attack]  # one cell more than there are headings
    (kept,) = rejected(tmp_path / "unidades.csv", row, at=tmp_path / "rechazadas.csv")
    assert (kept[0], kept[-1]) == (f"'{attack}", f"'{attack}")
    assert kept[1] == "Unidad"


@given(st.lists(st.text("='+-@ ab", max_size=6), min_size=6, max_size=6).filter(lambda row: any(map(str.strip, row))))
def test_loading_it_again_reads_what_the_first_file_said(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("again")
    first = table_at(write(folder / "unidades.csv", cells))
    (kept,) = rejected(folder / "unidades.csv", cells, at=folder / "rechazadas.csv")
    again = table_at(write(folder / "otra.csv", kept[:6]))
    assert [row.cells for row in rows(again, [0])] == [row.cells for row in rows(first, [0])]


def test_a_shield_is_put_on_once() -> None:
    assert [shield(shield(cell)) for cell in ATTACKS] == [shield(cell) for cell in ATTACKS]
    assert shield("Rosa Elvira") == "Rosa Elvira"
    assert shield("'tis") == "'tis"


@pytest.mark.django_db
def test_a_phone_that_was_rejected_with_its_row_is_loaded_when_the_row_is_corrected(tmp_path: Path) -> None:
    person = {"referencia": "P-1", "nombres": "Fresia", "primer_apellido": "-Araya", "fuente": "rsh"}
    loaded = load(tmp_path / "personas.csv", person)
    assert loaded.rejected_file is not None
    with loaded.rejected_file.open(encoding="utf-8-sig", newline="") as file:
        (kept,) = csv.DictReader(file, delimiter=";")
    assert kept["primer_apellido"] == "'-Araya"
    load(tmp_path / "corregidas.csv", kept | {"fecha_dato": "01-10-2026"})
    with acting(command_actor(MONTE_PATRIA)):
        assert Person.objects.get().first_surname == "-Araya"


def load(path: Path, row: dict[str, str]) -> Loaded:
    dataset = DATASETS["personas"]
    cells = [row.get(heading, "") for heading in dataset.headings]
    write(path, cells, headings=dataset.headings)
    return load_file(dataset, path, by=command_actor(MONTE_PATRIA), rejected_path=path.with_suffix(".no.csv"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_that_is_somebody_elses_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_at(write(tmp_path / "unidades.csv"))
    at = tmp_path / "rechazadas.csv"
    at.touch(mode=0o666)
    os.chown(at, 12345, 12345)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(UnusableFile, match="Indique otro archivo"):
        RejectionFile(at, table)
