"""A file with the rows that a test gives, loaded as the command line would."""

import csv
from pathlib import Path
from typing import Any

from tests.make import MONTE_PATRIA

from ventanilla.config.datasets import DATASETS
from ventanilla.datasets.applying import Figures
from ventanilla.datasets.run import Loaded, command_actor, load_file


def load_rows(folder: Path, dataset: str, *rows: dict[str, str]) -> Figures:
    """What becomes of the rows; columns that a row does not mention are empty."""
    return loaded_rows(folder, dataset, *rows).figures


def loaded_rows(folder: Path, dataset: str, *rows: dict[str, str], **options: Any) -> Loaded:
    """The same with all that the load answers."""
    path = folder / f"{dataset}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, DATASETS[dataset].headings, restval="", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    by = command_actor(options.pop("institution", MONTE_PATRIA))
    return load_file(DATASETS[dataset], path, by=by, rejected_path=path.with_suffix(".no.csv"), **options)


def figures(found: Figures) -> tuple[int, int, int, int]:
    """New, changed, same, rejected; they are all that was read."""
    assert found.read == found.new + found.changed + found.same + found.doubtful + found.rejected
    return found.new, found.changed, found.same, found.rejected
