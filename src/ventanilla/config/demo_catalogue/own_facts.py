"""The municipality's own facts in the demonstration: a file as it would load, made from the homes that were written."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ventanilla.registry.datasets import FACTS

HOMES = {4303: ("damnificada-2026", 45), 4302: ("sin-red-de-agua", 30)}
"""Which fact homes have, and one of how many has it."""
PEOPLE = {4303: ("credencial-crianceros", 90)}


def write_own_facts(institution: int, folder: Path, *, on: date) -> Path:
    """Beside the other files of the municipality; the same homes each time."""
    file = folder / "antecedentes-propios.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(FACTS.headings)
        day = f"{on:%d-%m-%Y}"
        for home, code in _some(folder / "hogares.csv", "referencia", HOMES.get(institution)):
            rows.writerow(["", home, "propio_hogar", code, "", "", "", "municipal", day])
        for run, code in _some(folder / "personas.csv", "run", PEOPLE.get(institution)):
            rows.writerow([run, "", "propio", code, "", "", "", "municipal", day])
    return file


def _some(file: Path, column: str, chosen: tuple[str, int] | None) -> Iterator[tuple[str, str]]:
    if chosen is None:
        return
    code, every = chosen
    with file.open(encoding="utf-8", newline="") as read:
        for number, row in enumerate(csv.DictReader(read, delimiter=";")):
            if number % every == every // 2 and row[column]:
                yield row[column], code
