"""``python -m bench.files``: files of many rows loaded by the command, against a plain COPY of the rows they made."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import extracts
from bench.clients import Times, measure
from bench.place import CHECKOUT, place
from bench.server import PORT, serving

if TYPE_CHECKING:
    import psycopg

OFFICE, BESIDE, TOWN = 4303, 4302, 13201
"""Where the desk attends, another municipality, and the one of a million."""
LARGE, HUGE = (round(rows * float(os.environ.get("SCALE") or 1)) for rows in (100_000, 1_000_000))
_SINCE = "select * from {table} where institution_id = %s and recorded_at >= %s"
PEOPLE = {
    "registry_person": _SINCE,
    "registry_person_name": "select n.* from {table} n join registry_person p"
    " on (p.institution_id, p.id) = (n.institution_id, n.person_id) where p.institution_id = %s and recorded_at >= %s",
}
GIVEN = {"benefits_delivery": _SINCE}
"""The tables that a file fills, without the audit, and how the rows of one load are told."""
BESIDE_THE_DESK = 300_000
"""Rows of the load beside which a desk asks: more than are loaded while it does."""

QUESTIONS = 400
AT_ONCE = 2
"""Desks that ask while a load runs."""


@dataclass(frozen=True, slots=True)
class FileLoaded:
    """Rows of a file, those that were taken, seconds and the most memory of the process in megabytes.

    ``copied`` are the seconds in which PostgreSQL copies the rows it made into a table with the same indexes, without
    row-level security, foreign keys or audit; None when it made none.
    """

    name: str
    rows: int
    taken: int
    seconds: float
    megabytes: float
    copied: float | None


@dataclass(frozen=True, slots=True)
class Files:
    loads: list[FileLoaded]
    idle: Times
    beside_a_load: Times


def measured() -> Files:
    """Over a database of its own; some minutes."""
    with place("bench-files") as here:
        from bench import population
        from ventanilla.config.postgres.roles import connect, owner_database
        from ventanilla.datasets.synthetic.plan import orders, sizes
        from ventanilla.datasets.synthetic.population import synthesize

        files = here.var / "files"
        offices = orders(
            sizes([f"{OFFICE:05d}:3000", f"{BESIDE:05d}:500", f"{TOWN:05d}:500"], is_country=False, people=None),
            seed=3,
            reference=population.UNTIL,
            since=population.SINCE,
            until=population.UNTIL,
            consultations=2_000,
        )
        synthesize(offices, files)
        population.load(files)
        with connect(owner_database(here.var)) as owner:
            loads = list(_loads(here.var, owner))
        idle, beside = _desk(here.var)
    shutil.rmtree(here.var)
    return Files(loads, idle, beside)


def _loads(folder: Path, owner: "psycopg.Connection[Any]") -> Iterator[FileLoaded]:
    def load(name: str, dataset: str, path: Path, to: int, tables: Mapping[str, str]) -> FileLoaded:
        since = owner.execute("select clock_timestamp()").fetchone()
        told, megabytes = _command(dataset, path, to)
        made = [_copied(owner, table, asked, to, since) for table, asked in tables.items()] if told["new"] else []
        path.unlink()
        taken = told["read"] - told["rejected"]
        found = FileLoaded(name, told["read"], taken, told["seconds"], megabytes, sum(made) or None)
        print(line(found), file=sys.stderr, flush=True)
        return found

    path = folder / "personas.csv"
    extracts.as_csv(path, extracts.people(LARGE))
    yield load("personas, CSV", "personas", path, OFFICE, PEOPLE)
    extracts.as_csv(path, extracts.people(LARGE, changed=True))
    yield load("las mismas, 1 % cambiadas", "personas", path, OFFICE, {})
    extracts.as_csv(path, extracts.people(LARGE, on=extracts.NEW, changed=True))
    yield load("las mismas, todas con la fecha de un mes después", "personas", path, OFFICE, {})
    book = folder / "personas.xlsx"
    extracts.as_xlsx(book, extracts.people(LARGE))
    yield load("personas, XLSX", "personas", book, BESIDE, PEOPLE)
    register = folder / "registro.csv"
    extracts.register(register, LARGE, of=LARGE)
    yield load("registro municipal de muchas manos, CSV", "entregas", register, OFFICE, GIVEN)
    extracts.as_csv(path, extracts.people(HUGE, first=2 * LARGE))
    yield load("personas, CSV", "personas", path, TOWN, PEOPLE)


_LOAD = "from ventanilla.config.cli import main; main()"


def _command(dataset: str, path: Path, to: int) -> tuple[dict[str, Any], float]:
    """What the command says of a load, and the most memory it held."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _LOAD, "load", dataset, str(path), "--institution", str(to), "--json"],
            cwd=CHECKOUT,
            stdout=said,
            env=os.environ,
        )
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"the load of {path.name} ended with {status}")
        said.seek(0)
        return json.loads(said.read()), used.ru_maxrss / 1024


def _copied(owner: "psycopg.Connection[Any]", table: str, rows_of: str, institution: int, since: Any) -> float:
    """Seconds to COPY what a load wrote into a table made like its own, and dropped after."""
    from psycopg import ClientCursor, sql

    name, twin = sql.Identifier(table), sql.Identifier(f"plain_{table}")
    asked = ClientCursor(owner).mogrify(rows_of.format(table=table), (institution, since[0]))
    with tempfile.TemporaryFile() as rows:
        with owner.cursor().copy(f"copy ({asked}) to stdout") as reading:
            for block in reading:
                rows.write(block)
        rows.seek(0)
        owner.execute(sql.SQL("create table {} (like {} including all)").format(twin, name))
        began = time.perf_counter()
        with owner.cursor().copy(sql.SQL("copy {} from stdin").format(twin)) as writing:
            while block := rows.read(1 << 20):
                writing.write(block)
        took = time.perf_counter() - began
    owner.execute(sql.SQL("drop table {}").format(twin))
    return took


def _desk(var: Path) -> tuple[Times, Times]:
    """The answers of a desk with nothing else to do, and while people are loaded into the same municipality."""
    from bench.operators import make_ready, postings_at_desks, signed_in

    posting = make_ready(postings_at_desks(OFFICE)[0])
    path = var / "personas.csv"
    with serving(var):
        clients = [signed_in(posting, PORT) for _ in range(AT_ONCE)]

        def ask(client: Any, number: int) -> bool:
            if number % 4 == 0:
                return bool(client.get("/consultas/") == 200)
            if number % 4 == 1:
                return bool(client.get("/") == 200)
            return bool(client.post("/buscar/opciones/", q=extracts.run_of(number)) == 200)

        idle = measure(ask, clients, QUESTIONS)
        extracts.as_csv(path, extracts.people(BESIDE_THE_DESK, first=5 * HUGE))
        with _loading(path) as is_running:
            beside = measure(ask, clients, QUESTIONS)
            if not is_running():
                raise SystemExit("the load ended before the desk's questions")
    return idle, beside


@contextmanager
def _loading(path: Path) -> Iterator[Callable[[], bool]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _LOAD, "load", "personas", str(path), "--institution", str(OFFICE)],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(3)  # until it writes
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        process.wait()


def line(load: FileLoaded) -> str:
    ratio = f"{load.seconds / load.copied:.1f}" if load.copied else "no aplica"
    return (
        f"| {load.name} | {load.rows} | {load.taken} | {load.seconds:.1f} s | {load.rows / load.seconds:.0f}"
        f" | {load.megabytes:.0f} MB | {ratio} |"
    )


def told(found: Files) -> Iterator[str]:
    """As the table of docs/performance.md."""
    yield "| Archivo | Filas | Tomadas | Tiempo | Filas por segundo | Memoria | Carga ÷ COPY |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    yield from map(line, found.loads)
    first, second = found.loads[:2]
    yield ""
    yield (
        f"La segunda carga tarda {second.seconds / first.seconds:.2f} de la primera (≤ 0,5). Las respuestas del mesón"
        f" mientras se cargan personas en su misma municipalidad: p95 {found.beside_a_load.p95:.0f} ms contra"
        f" {found.idle.p95:.0f} ms sin carga, {found.beside_a_load.p95 / found.idle.p95:.1f} veces (≤ 2); medianas"
        f" {found.beside_a_load.p50:.0f} y {found.idle.p50:.0f} ms, {AT_ONCE} mesones a la vez."
    )


def main() -> None:
    print("\n".join(told(measured())))


if __name__ == "__main__":
    main()
