"""A country in minutes: the loads' own statements with every trigger asleep; what they would have done is done after.

What is written is what ``ventanilla load`` writes, for it is written by the same SQL: only the rows of the audit are
missing. ``python -m bench.compare`` proves it on a small town loaded in both ways.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ventanilla.config.postgres.initialise import SUPERUSER

if TYPE_CHECKING:
    from ventanilla.access.actors import Actor

BATCH_ROWS = 20_000
JOBS = 2

_ASLEEP = "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '64MB'"
_NAMES = """
insert into registry_person_name (institution_id, person_id, name_key)
select institution_id, id, search_key from registry_person order by institution_id on conflict do nothing
"""
_FOREIGN_KEYS = """
select format('alter table %1$s drop constraint %2$I, add constraint %2$I %3$s',
    conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by conrelid, conname
"""


def seed(files: Path) -> tuple[int, float]:
    """Load the folders that were not loaded yet; rows and seconds, zero rows when all were."""
    done = files / "seeded"
    kept = set(done.read_text().split()) if done.exists() else set()
    folders = [folder for folder in _folders(files) if folder.name not in kept]
    if not folders:
        return 0, 0.0
    began = time.perf_counter()
    _adopt(folders)
    rows = 0
    with multiprocessing.get_context("spawn").Pool(JOBS, initializer=_wake) as pool, done.open("a") as log:
        for name, count in pool.imap_unordered(_load_folder, folders):
            rows += count
            log.write(f"{name}\n")
            log.flush()
            print(f"  {name}: {count:,} rows, {time.perf_counter() - began:.0f} s", flush=True)
    make_good()
    return rows, time.perf_counter() - began


def _folders(files: Path) -> list[Path]:
    """One an institution, the largest first, so that the processes end together."""
    folders = [path for path in files.iterdir() if path.is_dir()]
    return sorted(folders, key=lambda folder: -(folder / "personas.csv").stat().st_size)


def _actor(folder: Path) -> "Actor":
    from ventanilla.access.actors import Actor
    from ventanilla.access.permissions import Agent

    return Actor(Agent.COMMAND, int(folder.name))


def _adopt(folders: Iterable[Path]) -> None:
    """As the application, for it asks through the ORM, which leaves institutions to row-level security."""
    from ventanilla.access.tenancy import acting
    from ventanilla.catalogue.entries.adopting import adopt_national_entries
    from ventanilla.catalogue.reasons.actions import adopt_national_reasons

    for folder in folders:
        with acting(_actor(folder)):
            adopt_national_reasons()
            adopt_national_entries()


def _wake() -> None:
    """A process of the pool: Django connected as the cluster's superuser, whose session may put triggers to sleep."""
    from django.db import connection

    from ventanilla.config.postgres.migrate import set_up_django

    set_up_django()
    connection.close()
    connection.settings_dict["USER"] = SUPERUSER
    with connection.cursor() as cursor:
        cursor.execute(_ASLEEP)


def _load_folder(folder: Path) -> tuple[str, int]:
    from ventanilla.config.datasets import DATASETS
    from ventanilla.datasets.run import load_file

    rows = 0
    with tempfile.TemporaryDirectory() as rejected:
        for name, dataset in DATASETS.items():
            file = folder / f"{name}.csv"
            if not file.exists():
                continue
            loaded = load_file(
                dataset,
                file,
                by=_actor(folder),
                rejected_path=Path(rejected) / name,
                batch_rows=BATCH_ROWS,
            )
            rows += loaded.figures.read
            for reason, count in loaded.figures.reasons.items():
                print(f"  {folder.name}/{name}: {count} rejected, {reason}", flush=True)
    return folder.name, rows


def make_good() -> None:
    """The index of names is filled, every foreign key is checked over all its rows, and tables are counted."""
    from django.conf import settings

    from ventanilla.config.postgres.roles import connect, owner_database

    with connect(owner_database(settings.VAR)) as owner:
        owner.execute("set maintenance_work_mem = '512MB'; set work_mem = '128MB'")
        _timed("names", lambda: owner.execute(_NAMES))
        _timed("vacuum analyze", lambda: owner.execute("vacuum analyze"))
        checks = owner.execute(_FOREIGN_KEYS).fetchall()
        _timed(f"{len(checks)} foreign keys", lambda: [owner.execute(check) for (check,) in checks])


def _timed(name: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"  {name}: {time.perf_counter() - began:.0f} s", flush=True)
