"""The municipalities that are measured: written by the generator, and loaded."""

import random
from datetime import date
from pathlib import Path

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Agent
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.reasons.actions import adopt_national_reasons
from ventanilla.config.datasets import DATASETS
from ventanilla.datasets.rejections import default_path
from ventanilla.datasets.run import load_file
from ventanilla.datasets.synthetic.plan import orders, sizes
from ventanilla.datasets.synthetic.population import synthesize

PEOPLE = 1_000_000
CONSULTATIONS = 5_000_000
TOWN = "13201"
"""Puente Alto stands for the one town of 300,000."""
TOWN_PEOPLE = 300_000
SINCE, UNTIL = date(2025, 12, 1), date(2026, 11, 20)


def chosen(scale: float) -> list[str]:
    """The town, and as many municipalities, each of its full size, as make the scale: sizes stay believable."""
    country = sizes([f"{TOWN}:{TOWN_PEOPLE}"], is_country=True, people=PEOPLE)
    others = [(place.code, people) for place, people in country.items() if place.code != TOWN]
    random.Random(4303).shuffle(others)
    wanted = [(TOWN, round(TOWN_PEOPLE * scale))]
    for code, people in others:
        if sum(size for _, size in wanted) >= PEOPLE * scale:
            break
        wanted.append((code, people))
    return [f"{code}:{people}" for code, people in wanted]


def write(files: Path, scale: float) -> None:
    """The country at a scale as files, once; the same scale gives the same files."""
    if (files / "manifest.json").exists():
        return
    plan = orders(
        sizes(chosen(scale), is_country=False, people=None),
        seed=1,
        reference=date(2026, 11, 23),
        since=SINCE,
        until=UNTIL,
        consultations=round(CONSULTATIONS * scale),
    )
    synthesize(plan, files, jobs=2)


def load(files: Path) -> dict[str, tuple[int, float]]:
    """Load every folder by the application's own engine; rows read and seconds of each kind of file."""
    spent: dict[str, tuple[int, float]] = {}
    for folder in sorted(path for path in files.iterdir() if path.is_dir()):
        by = Actor(Agent.COMMAND, int(folder.name))
        with acting(by):
            adopt_national_reasons()
            adopt_national_entries()
        for name, dataset in DATASETS.items():
            file = folder / f"{name}.csv"
            if not file.exists():
                continue
            loaded = load_file(dataset, file, by=by, rejected_path=default_path(file))
            rows, seconds = spent.get(name, (0, 0.0))
            spent[name] = rows + loaded.figures.read, seconds + loaded.seconds
    return spent
