"""The template of every dataset: what it holds, that its example is no row, and that as one it would be right."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests import make
from tests.datasets.file_of import figures
from tests.datasets.workbook import read_workbook

from ventanilla.config.cli.template import template
from ventanilla.config.datasets import DATASETS
from ventanilla.core import cells
from ventanilla.core.datasets import Dataset
from ventanilla.datasets.applying import Figures
from ventanilla.datasets.run import command_actor, load_file
from ventanilla.datasets.template import DATA, EXPLAINED, LISTS, template_of
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Fact, Person


def loaded(folder: Path, dataset: Dataset, rows: Sequence[Sequence[str]]) -> Figures:
    """The rows of a sheet as a spreadsheet saves them."""
    path = folder / f"{dataset.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    by = command_actor(make.MONTE_PATRIA)
    return load_file(dataset, path, by=by, rejected_path=path.with_suffix(".no.csv")).figures


def data_of(dataset: Dataset) -> list[list[str]]:
    """Its first sheet, each row as wide as its headings."""
    rows = read_workbook(template_of(dataset))[0].rows
    return [row + [""] * (len(dataset.headings) - len(row)) for row in rows]


@pytest.mark.parametrize("name", DATASETS)
def test_it_has_the_headings_an_example_and_what_explains_them(name: str) -> None:
    dataset = DATASETS[name]
    data, explained, lists = read_workbook(template_of(dataset))
    assert (data.name, explained.name, lists.name, lists.is_hidden) == (DATA, EXPLAINED, LISTS, True)
    assert data_of(dataset) == [list(dataset.headings), dataset.example_cells]
    told = {row[0].removesuffix(" *"): row for row in explained.rows[-len(dataset.columns) :]}
    for column in dataset.columns:
        assert told[column.heading][1] == ("sí" if column.required else "no")


@pytest.mark.parametrize("name", DATASETS)
def test_what_is_one_of_a_list_is_chosen_from_it(name: str) -> None:
    dataset = DATASETS[name]
    data, _, lists = read_workbook(template_of(dataset))
    chosen = [column for column in dataset.columns if cells.options_of(column.read)]
    assert len(data.lists) == len(chosen)
    for place, column in enumerate(chosen):
        options = [row[place] for row in lists.rows[1:] if len(row) > place and row[place]]
        assert options == list(cells.options_of(column.read))
        letter = "ABCDEFGHIJ"[place]
        assert f"{LISTS}!${letter}$2:${letter}${len(options) + 1}" in data.lists.values()
        for option in options:
            assert column.read(option) is not None, option


@pytest.mark.django_db
@pytest.mark.parametrize("name", DATASETS)
def test_the_template_as_it_is_loads_nothing(name: str, tmp_path: Path) -> None:
    assert figures(loaded(tmp_path, DATASETS[name], data_of(DATASETS[name]))) == (0, 0, 0, 0)


@pytest.mark.django_db
def test_a_row_written_over_the_example_is_loaded(tmp_path: Path) -> None:
    headings, example = data_of(DATASETS["personas"])
    written = ["P-1" if cell == "EJEMPLO-1" else cell for cell in example]
    assert figures(loaded(tmp_path, DATASETS["personas"], [headings, example, written])) == (1, 0, 0, 0)


@pytest.mark.django_db
def test_the_examples_as_rows_are_all_accepted_one_after_the_other(tmp_path: Path) -> None:
    with make.inside():
        make.person(run="99999998-0")
    for name, dataset in DATASETS.items():
        found = loaded(tmp_path, replace(dataset, example=""), data_of(dataset))
        assert (name, figures(found), list(found.reasons)) == (name, (1, 0, 0, 0), [])
    with make.inside():
        assert Person.objects.filter(run="99999999-9").exists()
        assert Fact.objects.filter(person__run="99999999-9", kind="subsidy", holder__run="99999998-0").exists()
        assert Consultation.objects.filter(person__run="99999999-9").exists()


def test_the_same_template_gives_the_same_bytes() -> None:
    assert template_of(DATASETS["subsidios"]) == template_of(DATASETS["subsidios"])


# The command


def test_the_command_writes_it_and_never_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "plantilla.xlsx"
    first = CliRunner().invoke(template, ["subsidios", "-o", str(path)])
    assert (first.exit_code, first.output) == (0, f"Plantilla de «Subsidios y pensiones vigentes» en {path}.\n")
    assert read_workbook(path.read_bytes())[0].name == DATA
    again = CliRunner().invoke(template, ["subsidios", "-o", str(path)])
    assert (again.exit_code, "ya existe" in again.output) == (1, True)


def test_the_command_says_which_formats_there_are() -> None:
    found = CliRunner().invoke(template, ["nada"])
    assert (found.exit_code, "personas" in found.output) == (1, True)
