"""``python -m bench.compare``: a town loaded by the engine and the same one seeded leave the same in every table."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bench.place import CHECKOUT, place

TOWN = "05804:3000"
_COLUMNS = """
select table_name, column_name, data_type from information_schema.columns
where table_schema = 'public' and table_name ~ '^(registry|intake|benefits|catalogue|access|datasets)_'
    and table_name !~ '_[0-9]{2}$' order by table_name, column_name
"""
_DRAWN = {"recorded_at", "password", "salt", "xact", "at", "started_at", "ended_at"}
"""What is another each time: chance and the clock. Of these, and of keys, only the nulls are compared."""


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_shape_of(sys.argv[1])))
        return
    by_engine, seeded = (_asked(way) for way in ("engine", "seed"))
    other = {column: (shape, seeded[column]) for column, shape in by_engine.items() if shape != seeded[column]}
    rows = sum({column.partition(".")[0]: shape[0] for column, shape in seeded.items()}.values())
    print(f"{len(seeded)} columns, {rows:,} rows; not the same: {other or 'none'}")
    raise SystemExit(bool(other))


def _asked(way: str) -> dict[str, list[Any]]:
    """The shape, asked in a process of its own: Django is set up over one database."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.compare", way], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
    )
    shape: dict[str, list[Any]] = json.loads(made.stdout.splitlines()[-1])
    return shape


def _shape_of(way: str) -> dict[str, Any]:
    with place(f"compare-{way}") as here:
        from bench import population, seed
        from ventanilla.datasets.synthetic.plan import orders, sizes
        from ventanilla.datasets.synthetic.population import synthesize

        people = sizes([TOWN], is_country=False, people=None)
        plan = orders(
            people, seed=1, reference=date(2026, 11, 23), since=population.SINCE, until=population.UNTIL, typos=0.04
        )
        synthesize(plan, here.var / "files")
        if way == "seed":
            seed.seed(here.var / "files")
        else:
            population.load(here.var / "files")
        found = _shape(here.var)
    shutil.rmtree(here.var)
    return found


def _shape(var: Path) -> dict[str, Any]:
    """Of every column its rows, how many are not null, and a digest of their values in order."""
    from psycopg import sql

    from ventanilla.config.postgres.roles import connect, owner_database

    found: dict[str, Any] = {}
    with connect(owner_database(var)) as owner:
        for table, column, kind in owner.execute(_COLUMNS).fetchall():
            digest = sql.SQL("md5(string_agg({0}::text, '|' order by {0}::text))").format(sql.Identifier(column))
            if kind == "uuid" or column in _DRAWN:
                digest = sql.SQL("null").format()
            query = sql.SQL("select count(*), count({}), {} from {}")
            query_of = query.format(sql.Identifier(column), digest, sql.Identifier(table))
            found[f"{table}.{column}"] = owner.execute(query_of).fetchone()
    return found


if __name__ == "__main__":
    main()
