"""``python -m bench.loads``: a town loaded from its files by the engine, against a plain COPY of the same rows."""

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bench.place import CHECKOUT, place

if TYPE_CHECKING:
    import psycopg

TOWN = "04303:20000"
CONSULTATIONS = 60_000
TABLES = {
    "personas": ("registry_person", "registry_identifier"),
    "integrantes": ("registry_membership",),
    "antecedentes": ("registry_fact",),
    "consultas": ("intake_consultation", "intake_reasonline", "intake_transition"),
}
"""Of the files that are told apart, the tables that each fills."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of a file and seconds that its load took; ``copied`` is what PostgreSQL needs to COPY the rows they made
    into tables with the same indexes, and neither row-level security, foreign keys nor audit.
    """

    name: str
    rows: int
    seconds: float
    copied: float


def measured() -> list[Loaded]:
    """Asked in a process of its own, over a database of its own."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.loads"], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
    )
    return [Loaded(*row) for row in json.loads(made.stdout.splitlines()[-1])]


def main() -> None:
    with place("bench-loads") as here:
        from bench import population
        from ventanilla.config.postgres.roles import connect, owner_database
        from ventanilla.datasets.synthetic.plan import orders, sizes
        from ventanilla.datasets.synthetic.population import synthesize

        people = sizes([TOWN], is_country=False, people=None)
        synthesize(
            orders(
                people,
                seed=2,
                reference=date(2026, 11, 23),
                since=population.SINCE,
                until=population.UNTIL,
                consultations=CONSULTATIONS,
            ),
            here.var / "files",
        )
        spent = population.load(here.var / "files")
        with connect(owner_database(here.var)) as owner:
            rows = [(name, *spent[name], sum(_copied(owner, table) for table in TABLES[name])) for name in TABLES]
    shutil.rmtree(here.var)
    print(json.dumps(rows))


def _copied(owner: "psycopg.Connection[Any]", table: str) -> float:
    """Seconds to COPY a table into one made like it."""
    from psycopg import sql

    rows = BytesIO()
    with owner.cursor().copy(sql.SQL("copy {} to stdout").format(sql.Identifier(table))) as reading:
        for block in reading:
            rows.write(block)
    twin = sql.Identifier(f"plain_{table}")
    owner.execute(sql.SQL("create table {} (like {} including all)").format(twin, sql.Identifier(table)))
    began = time.perf_counter()
    with owner.cursor().copy(sql.SQL("copy {} from stdin").format(twin)) as writing:
        writing.write(rows.getvalue())
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
