"""Where a measurement happens: a durable PostgreSQL of its own in a folder under ``var/``."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Place:
    """``version`` is PostgreSQL's."""

    var: Path
    version: str


@contextmanager
def place(name: str) -> Iterator[Place]:
    """Django set up over ``var/<name>``, migrated; its PostgreSQL stops at the end. Once in a process."""
    var = CHECKOUT / "var" / name
    os.environ |= {"VENTANILLA_VAR": str(var), "VENTANILLA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    os.environ.pop("DATABASE_URL", None)

    from ventanilla.config.postgres.cluster import ensure_running, stop
    from ventanilla.config.postgres.migrate import migrate_as_owner, set_up_django

    var.mkdir(parents=True, exist_ok=True)
    version = ensure_running(var).version
    try:
        set_up_django()
        migrate_as_owner()
        yield Place(var, version)
    finally:
        stop(var)
