"""Migrations: applied as the owner, one process at a time, and followed by the application role's grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.roles import application_database, as_owner, connect, owner_database

_LOCK = 4_303_202_611  # any number, as long as every migration takes the same


def set_up_django() -> None:
    """Load settings and apps; only the commands that touch tables pay for it."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ventanilla.config.settings")
    django.setup()


def migrate_as_owner(database: str | None = None) -> list[str]:
    """Bring the connection's database, or the one named, up to the code; the names of what was applied.

    A second call meanwhile waits for the first. Needs Django set up. Raises ``DatabaseProblem`` when the database
    holds migrations that this code does not know.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from ventanilla.core.tables import grant_to_application

    name = database or connection.settings_dict["NAME"]
    application = application_database(settings.VAR)["USER"]
    with _alone(owner_database(settings.VAR), name), as_owner(database):
        executor = MigrationExecutor(connection)
        _refuse_newer(executor)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            grant_to_application(cursor, application)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in pending]


def _refuse_newer(executor: Any) -> None:
    loader = executor.loader
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - set(loader.replacements)
    if unknown:
        app, migration = min(unknown)
        raise DatabaseProblem(
            f"La base contiene la migración {app}.{migration}, que esta versión de Ventanilla no conoce."
            " Instale la versión con que se hizo, o una posterior."
        )


@contextmanager
def _alone(owner: dict[str, Any], database: str) -> Iterator[None]:
    with connect(owner, name=database) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        yield  # the lock goes with the connection, also when we are killed
