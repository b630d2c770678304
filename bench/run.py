"""``make bench``: seed a country at a scale, start the real server, measure the budgets, write the table.

Everything lives in a folder of its own under ``var/``; PostgreSQL is durable, row-level security is on, and the actor
is the least privileged operator.
"""

import argparse
import os

from bench.place import place


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    asked = float(os.environ.get("SCALE") or "0.05")
    options.add_argument("--scale", type=float, default=asked, help="1 is a million people in 345 municipalities")
    options.add_argument("--questions", type=int, default=400, help="answers measured for each row")
    options.add_argument("--minutes", type=float, help="of the day's mix; ten at scale 1, else two")
    options.add_argument("--only", default="", help="print the rows of the pages called so in part, and write nothing")
    given = options.parse_args()
    with place(f"bench-{given.scale:g}") as here:
        from bench import catalogue, day, loads, population, rows, seed
        from bench.report import Measured, line, told, write
        from bench.server import memory, serving

        population.write(here.var / "files", given.scale)
        seeded, seconds = seed.seed(here.var / "files")
        if seeded:
            print(f"seeded {seeded:,} rows in {seconds:.0f} s", flush=True)
        if given.only:
            with serving(here.var):
                for row in rows.measured(given.questions, given.only):
                    print(line(row), flush=True)
            return
        with serving(here.var) as server:
            table = list(rows.measured(given.questions))
            lived = day.live(given.minutes or (10 if given.scale >= 1 else 2))
            held = memory(server, here.var)
        compared = catalogue.compare()
        report = told(
            Measured(table, rows.recall(300), lived, held, loads.measured(), compared),
            scale=given.scale,
            version=here.version,
        )
        print(report)
        write(report)


if __name__ == "__main__":
    main()
