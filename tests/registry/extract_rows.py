"""Rows of extracts of the State as tests write them, and what is then known."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.datasets.file_of import loaded_rows
from tests.make import MONTE_PATRIA

from ventanilla.access.tenancy import acting
from ventanilla.core.datasets import Closed
from ventanilla.core.run import Run
from ventanilla.datasets.run import command_actor
from ventanilla.registry.models import Fact

RUNS = [Run(90_000_501 + number).canonical for number in range(30)]
ROSA, LUIS, INES = RUNS[:3]
SEPTEMBER, OCTOBER, NOVEMBER = "01-09-2026", "01-10-2026", "01-11-2026"


def day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def suf(run: str, on: str, **cells: str) -> dict[str, str]:
    return {"persona": run, "subsidio": "suf", "monto": "22007", "desde": "01-06-2025", "fecha_extracto": on} | cells


def load(folder: Path, *rows: dict[str, str], dataset: str = "subsidios", **options: Any) -> Closed:
    return loaded_rows(folder, dataset, *rows, **options).closed


def facts(**about: Any) -> list[Fact]:
    with acting(command_actor(MONTE_PATRIA)):
        return list(Fact.objects.filter(**about).select_related("person", "holder").order_by("as_of", "id"))
