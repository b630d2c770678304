"""``python -m bench.duplicates``: who is registered twice among 100,000 people, of whom some were on purpose."""

import csv
import random
import resource
import shutil
import time
from collections.abc import Sequence
from itertools import islice

from bench import extracts
from bench.clients import misspelt
from bench.files import LARGE, OFFICE
from bench.place import place

TWICE = 50
"""One in so many is there again without RUN, with a slip in her name; of some the day and month are changed over."""


def main() -> None:
    with place("bench-duplicates") as here:
        from ventanilla.access.tenancy import acting
        from ventanilla.config.datasets import DATASETS
        from ventanilla.datasets.run import command_actor, load_file
        from ventanilla.registry.merging.search import compare_all, read_people
        from ventanilla.registry.models import Identifier, Person

        people, again = here.var / "personas.csv", here.var / "otra_vez.csv"
        extracts.as_csv(people, extracts.people(LARGE))
        choice = random.Random(11)
        with again.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(("referencia", *extracts.HEADINGS[1:]))
            for number, row in enumerate(islice(extracts.people(LARGE), 0, None, TWICE)):
                writer.writerow((f"D-{number * TWICE}", *_slipped(row, choice)))
        by = command_actor(OFFICE)
        for path in (people, again):
            load_file(DATASETS["personas"], path, by=by, rejected_path=path.with_suffix(".no.csv"))
        began = time.perf_counter()
        found = compare_all(read_people(by=by))
        took = time.perf_counter() - began
        with acting(by):
            of_run = dict(Person.objects.exclude(run=None).values_list("run", "pk"))
            known = dict(Identifier.objects.filter(value__startswith="D-").values_list("value", "person_id"))
        planted = {
            frozenset((person, of_run[extracts.run_of(int(name[2:])).replace(".", "")]))
            for name, person in known.items()
        }
        pairs = {frozenset((pair.one, pair.other)) for pair in found.pairs}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        recall, precision = len(pairs & planted) / len(planted), len(pairs & planted) / max(len(pairs), 1)
        print(
            f"{found.people} personas, {len(planted)} dos veces: {took:.1f} s (≤ 60), {memory:.0f} MB, {len(pairs)}"
            f" pares; recuerdo {recall:.1%}, precisión {precision:.1%}."
        )
    shutil.rmtree(here.var)


def _slipped(row: Sequence[str], choice: random.Random) -> list[str]:
    cells = list(row[1:])
    place = choice.randrange(3)
    cells[place] = misspelt(cells[place], choice.randrange(10**6)) or cells[place]
    day, month, year = cells[4].split("-")
    if choice.random() < 0.1 and int(day) <= 12:
        cells[4] = f"{month}-{day}-{year}"
    return cells


if __name__ == "__main__":
    main()
