"""The sample files: written again byte for byte, and loaded as their README says, to the row."""

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.make import MONTE_PATRIA
from tools.examples.registers import FILES, write_all

from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import command_actor
from ventanilla.registry.models import ContactPoint, Fact, Home, Membership, Person

EXAMPLES = Path(__file__).parents[2] / "examples"
LOAD = [sys.executable, "-c", "from ventanilla.config.cli import main; main()", "load"]
LARGEST = 200 * 1024
Line = dict[str, str]


def table_under(heading: str) -> list[Line]:
    """The rows of the first table under a heading of the README, by its columns and without backquotes."""
    section = (EXAMPLES / "README.md").read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    lines = [line.strip("|").split("|") for line in section.partition("\n## ")[0].splitlines() if line[:1] == "|"]
    names, _, *rows = [[cell.strip().strip("`") for cell in line] for line in lines]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_files_are_written_again_byte_for_byte(tmp_path: Path) -> None:
    write_all(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name: path.read_bytes() for path in EXAMPLES.iterdir() if path.name != "README.md"} == written
    assert max(map(len, written.values())) <= LARGEST


def test_the_readme_speaks_of_every_file() -> None:
    spoken_of = {line["Archivo"] for line in table_under("Cargas") + table_under("Archivos que se rechazan enteros")}
    assert spoken_of == set(FILES)


def run(environment: Mapping[str, str], folder: Path, line: Line) -> subprocess.CompletedProcess[str]:
    options = [line["Formato"], line["Archivo"], "--institution", str(MONTE_PATRIA), *shlex.split(line["Opciones"])]
    command = [*LOAD, *options, "--json"]
    return subprocess.run(
        command, env=os.environ | dict(environment), cwd=folder, capture_output=True, text=True, check=False
    )


def rejected_rows(path: Path) -> dict[str, list[int]]:
    """The numbers of the rows of a file of rejections, by their reason."""
    text = path.read_text(encoding="utf-8-sig")
    found: dict[str, list[int]] = {}
    delimiter = ";" if ";fila;motivo" in text else ","
    for row in csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter):
        found.setdefault(row["motivo"], []).append(int(row["fila"]))
    return found


def rejections_told(load: Line) -> dict[str, list[int]]:
    return {
        line["Motivo"]: [int(number) for number in line["Filas"].split(",")]
        for line in table_under("Filas rechazadas")
        if (line["Archivo"], line["Formato"]) == (load["Archivo"], load["Formato"])
    }


def test_each_load_does_what_the_readme_says_to_the_row(
    database_environment: Mapping[str, str], tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLES, tmp_path / "examples")
    new: Counter[str] = Counter()
    for line in table_under("Cargas"):
        done = run(database_environment, folder, line)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        told = json.loads(done.stdout)
        figures = (told[name] for name in ("read", "new", "changed", "same", "rejected"))
        expected = (int(line[name]) for name in ("Leídas", "Nuevas", "Cambiadas", "Iguales", "Rechazadas"))
        assert (line, *figures) == (line, *expected)
        rejected = rejected_rows(folder / told["rejected_file"])
        assert rejected == rejections_told(line), line
        assert {reason: len(rows) for reason, rows in rejected.items()} == told["reasons"]
        new[line["Formato"]] += told["new"]
    with acting(command_actor(MONTE_PATRIA)):
        assert new == {
            "personas": Person.objects.count(),
            "hogares": Home.objects.count(),
            "integrantes": Membership.objects.count(),
            "entregas": Delivery.objects.count(),
            "contactos": ContactPoint.objects.count(),
            "antecedentes": Fact.objects.count(),
        }


@pytest.mark.parametrize("line", table_under("Archivos que se rechazan enteros"), ids=lambda line: line["Archivo"])
def test_a_file_that_is_refused_writes_nothing_and_says_why(
    database_environment: Mapping[str, str], line: Line
) -> None:
    done = run(database_environment, EXAMPLES, line)
    assert (done.returncode, done.stderr.removeprefix("Error: ").strip()) == (2, line["Lo que se dice"])
    with acting(command_actor(MONTE_PATRIA)):
        assert not Load.objects.exists()
