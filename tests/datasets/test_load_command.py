"""``ventanilla load`` from outside: what it prints, its exit status, and what a kill leaves."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.make import MONTE_PATRIA

from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.run import Run
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import command_actor
from ventanilla.registry.models import Person

LOAD = [sys.executable, "-c", "from ventanilla.config.cli import main; main()", "load"]
MANY = 12_000


@pytest.fixture
def environment(database_environment: Mapping[str, str]) -> dict[str, str]:
    return os.environ | dict(database_environment)


def people_file(folder: Path, count: int, *, wrong: int = 0, commune: str = "") -> Path:
    path = folder / "personas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, DATASETS["personas"].headings, restval="", delimiter=";")
        writer.writeheader()
        for number in range(count):
            run = str(Run(90_000_000 + number)) if number >= wrong else "90.000.000-0"
            named = {"referencia": f"P-{number}", "run": run, "nombres": "Ana", "primer_apellido": "Vera"}
            stated = {"comuna_residencia": commune, "fuente": "rsh", "fecha_dato": "01-10-2026"}
            writer.writerow(named | stated)
    return path


def run(environment: dict[str, str], path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    institution = () if "--institution" in options else ("--institution", "04303")
    arguments = [*LOAD, path.stem, str(path), *institution, *options]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_result_is_told_in_json(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, people_file(tmp_path, 3, wrong=1), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["read"], told["new"], told["changed"], told["same"], told["rejected"]) == (3, 2, 0, 0, 1)
    assert (told["dataset"], told["institution"], sum(told["reasons"].values())) == ("personas", MONTE_PATRIA, 1)
    assert told["rejected_file"] == str(tmp_path / "personas.rechazadas.csv")


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (("--institution", "77"), 2, "No hay una institución con el número 77"),
        (("--institution", "diez"), 2, "Valor no válido"),
        (("--rejected", "/no/hay/aqui.csv"), 2, "No se puede escribir"),
    ],
)
def test_arguments_of_no_use_end_with_2_and_a_sentence(
    environment: dict[str, str], tmp_path: Path, options: tuple[str, ...], status: int, sentence: str
) -> None:
    done = run(environment, people_file(tmp_path, 1), *options)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_headings_and_what_the_file_does_not_say_are_told_as_options(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "personas.csv"
    path.write_text("Nómina ficticia\nNúmero;Nombres;Apellido paterno;Estado\n90.000.001-4;Ana;Vera;-\n")
    told = ("--columns", "Número=run", "--value", "fuente=rsh", "--value", "fecha_dato=01-10-2026")
    assert "le faltan las columnas «fuente», «fecha_dato»" in run(environment, path).stderr
    done = run(environment, path, *told)
    assert done.returncode == 0, done.stderr
    assert "No se usó la columna «Estado»." in done.stdout
    assert rows_kept() == 1


@pytest.mark.parametrize("option", [("--columns", "run"), ("--value", "=rsh")])
def test_options_that_are_not_understood_end_with_2(
    environment: dict[str, str], tmp_path: Path, option: tuple[str, str]
) -> None:
    done = run(environment, people_file(tmp_path, 1), *option)
    assert (done.returncode, f"No se entiende «{option[1]}». Escriba {option[0]}" in done.stderr) == (2, True)


def test_a_disk_that_fills_up_ends_the_load_with_a_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, people_file(tmp_path, 3, wrong=1), "--rejected", "/dev/full")
    assert done.returncode == 1
    assert "No se pudo terminar la carga de personas.csv: no queda espacio en el disco. Lo cargado" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows_kept() == 2


def test_a_file_of_another_municipality_ends_with_2_and_writes_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = people_file(tmp_path, 12, commune="04302")
    done = run(environment, path)
    assert done.returncode == 2
    assert "de sus primeras 12 filas con comuna, 12 son de Combarbalá, y aquí se atiende Monte Patria" in done.stderr
    assert rows_kept() == 0
    assert run(environment, path, "--any-commune").returncode == 0
    assert rows_kept() == 12


def subsidies_file(folder: Path, count: int, on: str) -> Path:
    path = folder / "subsidios.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, DATASETS["subsidios"].headings, restval="", delimiter=";")
        writer.writeheader()
        for number in range(count):
            writer.writerow({"persona": f"P-{number}", "subsidio": "suf", "fecha_extracto": on})
    return path


def test_an_extract_that_would_leave_out_too_many_ends_with_3_until_it_is_accepted(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert run(environment, people_file(tmp_path, 20)).returncode == 0
    assert run(environment, subsidies_file(tmp_path, 20, "01-09-2026")).returncode == 0
    few = subsidies_file(tmp_path, 4, "01-10-2026")
    done = run(environment, few)
    assert (done.returncode, "ATENCIÓN. Subsidio Familiar (SUF): dejarían de figurar 16 de 20" in done.stdout) == (
        3,
        True,
    )
    accepted = run(environment, few, "--accept-gone", "--json")
    assert (accepted.returncode, json.loads(accepted.stdout)["gone"]) == (0, 16)


def test_a_file_whose_rows_are_all_rejected_ends_with_1(environment: dict[str, str], tmp_path: Path) -> None:
    assert run(environment, people_file(tmp_path, 2, wrong=2)).returncode == 1


def test_a_killed_load_leaves_whole_batches_and_is_finished_by_repeating_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = people_file(tmp_path, MANY)
    process = subprocess.Popen([*LOAD, str(path), "--institution", "4303"], env=environment)
    while process.poll() is None and rows_kept() == 0:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = rows_kept()
    assert kept % 5_000 == 0 or kept == MANY
    done = run(environment, path, "--json")
    told = json.loads(done.stdout)
    assert (told["new"], told["same"], told["rejected"]) == (MANY - kept, kept, 0)
    with acting(command_actor(MONTE_PATRIA)):
        assert Person.objects.count() == MANY


def rows_kept() -> int:
    """What the figures of the load say, and they agree with the table."""
    with acting(command_actor(MONTE_PATRIA)):
        figures = Load.objects.values_list("rows_new", flat=True).first() or 0
        people = Person.objects.count()
    assert people >= figures
    return people
