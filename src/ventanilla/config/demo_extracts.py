"""Extracts of the State in the demonstration, as they would come weeks after what its files say: some no longer do.

They are made of the fictional population that was written, the same each time, so that the screening has what it shows:
a history, a subsidy about to end, somebody who is no longer in a programme, a request on its way.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from ventanilla.core.cells import Unreadable, day
from ventanilla.core.datasets import Dataset
from ventanilla.datasets.parsing import parser
from ventanilla.datasets.reading import FileRow
from ventanilla.registry.state_datasets import FAMILIAS, RSH_REQUESTS, SUBSIDIES_HELD

Row = dict[str, str]
_LEAVES, _LEAVES_THE_PROGRAMME = 37, 11
"""One of how many is no longer in the newer extract."""
_ASKS = 60
"""One of how many people has a request in the RSH."""
_STATES = ("ingresada", "en_revision", "observada", "en_visita", "aprobada", "rechazada")
_MATTERS = (
    ("actualizacion", "cambio de domicilio"),
    ("actualizacion", "incorporación de un recién nacido"),
    ("complemento", "pensión de alimentos"),
    ("rectificacion", "ingresos"),
    ("ingreso", ""),
)


def write_extracts(folder: Path, *, on: date) -> None:
    """Beside the other files of the municipality."""
    told = list(_read(folder / "antecedentes.csv"))
    _write(folder, SUBSIDIES_HELD, _subsidies(told, on), on)
    _write(folder, FAMILIAS, _families(told, on), on)
    _write(folder, RSH_REQUESTS, _requests(_read(folder / "personas.csv"), on), on)


def _subsidies(told: Iterable[Row], on: date) -> Iterator[Row]:
    held = {(row["persona"], row["valor"]): row for row in told if row["tipo"] == "subsidio" and row["persona"]}
    for number, row in enumerate(held.values()):
        until = _day(row["vigente_hasta"])
        if (until and until < on) or number % _LEAVES == _LEAVES // 2:
            continue
        granted = f"Res. {1000 + number % 900} del {row['vigente_desde']}" if row["vigente_desde"] else ""
        yield {
            "persona": row["persona"],
            "subsidio": row["valor"],
            "monto": row["monto"],
            "desde": row["vigente_desde"],
            "hasta": row["vigente_hasta"],
            "resolucion": granted,
            "fecha_extracto": f"{on:%d-%m-%Y}",
        }


def _families(told: Iterable[Row], on: date) -> Iterator[Row]:
    """A step further than they were, with one indicator less."""
    stages: dict[str, Row] = {}
    unmet: dict[str, list[str]] = {}
    for row in told:
        if row["tipo"] == "programa_familias":
            stages[row["hogar"]] = row
        elif row["tipo"] == "indicador_familias":
            unmet.setdefault(row["hogar"], []).append(row["valor"])
    for number, (home, row) in enumerate(stages.items()):
        if number % _LEAVES_THE_PROGRAMME == _LEAVES_THE_PROGRAMME // 2:
            continue
        session = 3 + number % 12
        yield {
            "hogar": home,
            "acompanamiento": ("psicosocial", "integral")[number % 2],
            "etapa": "acompanamiento" if number % 3 else "plan_familiar",
            "sesion": str(session) if number % 3 else "",
            "desde": row["vigente_desde"],
            "indicadores": "|".join(unmet.get(home, [])[1:]),
            "fecha_extracto": f"{on:%d-%m-%Y}",
        }


def _requests(people: Iterable[Row], on: date) -> Iterator[Row]:
    grown = (row for row in people if row["run"] and _is_grown(row, on))
    for number, row in enumerate(grown):
        if number % _ASKS:
            continue
        turn = number // _ASKS
        kind, matter = _MATTERS[turn % len(_MATTERS)]
        came = on - timedelta(days=4 + turn % 25)
        yield {
            "folio": f"FICTICIA-{turn + 1:04d}",
            "persona": row["run"],
            "tipo": kind,
            "materia": matter,
            "estado": _STATES[turn % len(_STATES)],
            "fecha_ingreso": f"{came:%d-%m-%Y}",
            "fecha_estado": f"{on - timedelta(days=turn % 4):%d-%m-%Y}",
            "fecha_extracto": f"{on:%d-%m-%Y}",
        }


def _is_grown(row: Row, on: date) -> bool:
    born = _day(row["fecha_nacimiento"])
    return born is not None and born.year <= on.year - 19


def _day(text: str) -> date | None:
    """None of what is empty, and of what was written wrong on purpose."""
    try:
        return date.fromisoformat(day(text))
    except Unreadable:
        return None


def _read(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8", newline="") as read:
        yield from csv.DictReader(read, delimiter=";")


def _write(folder: Path, dataset: Dataset, rows: Iterable[Row], on: date) -> None:
    """Without what was written wrong on purpose: an extract with rows to be corrected marks nobody."""
    parse = parser(dataset, institution_id=int(folder.name), today=on)
    with (folder / f"{dataset.name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, dataset.headings, restval="", delimiter=";")
        writer.writeheader()
        for number, row in enumerate(rows, start=2):
            cells = [row.get(heading, "") for heading in dataset.headings]
            if not parse(FileRow(number, cells, cells)).reason:
                writer.writerow(row)
