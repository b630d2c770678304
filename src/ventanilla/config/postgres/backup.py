"""A backup is one file that was read back; a restore is a new database that takes the old one's name."""

import hashlib
import os
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from ventanilla.config.postgres.binaries import Binaries
from ventanilla.config.postgres.problems import DatabaseProblem, explained, of_program
from ventanilla.config.postgres.provision import create_database, limit_database, said
from ventanilla.config.postgres.roles import connect, parameters
from ventanilla.config.postgres.server_user import clean_environment
from ventanilla.core import seals

Connection = psycopg.Connection[tuple[Any, ...]]
_MAGIC = b"PGDMP"
_LOCK = 4303
_SWAPS = 10


@dataclass(frozen=True, slots=True)
class Backup:
    """``rows`` by table, counted in the very snapshot that was saved."""

    file: Path
    size: int
    sha256: str
    rows: dict[str, int]


def back_up(owner: Mapping[str, Any], binaries: Binaries, file: Path) -> Backup:
    """Save the whole database in ``file``, replacing an earlier backup only when the new one is complete.

    As owner: row-level security does not bind it, so every institution is saved. Raises ``DatabaseProblem``.
    """
    with explained(file):
        _refuse_other_file(file)
        draft = file.with_name(f".{file.name}.{os.getpid()}.partial")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))  # it is full of personal data
        try:
            rows = _dump(owner, binaries, draft)
            _run(binaries, "pg_restore", ["--list", draft], owner, file)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
                sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            draft.rename(file)
        finally:
            draft.unlink(missing_ok=True)
        return Backup(file, file.stat().st_size, sha256, rows)


def _refuse_other_file(file: Path) -> None:
    if not file.exists():
        return
    with file.open("rb") as present:
        if present.read(len(_MAGIC)) not in {_MAGIC, b""}:
            raise DatabaseProblem(f"{file} ya existe y no es un respaldo; no se tocó. Elija otro nombre.")


def _dump(owner: Mapping[str, Any], binaries: Binaries, draft: Path) -> dict[str, int]:
    with connect(owner) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        ((snapshot,),) = connection.execute("select pg_export_snapshot()").fetchall()
        _run(binaries, "pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={draft}"], owner, draft.parent)
        return count_rows(connection)


def count_rows(connection: Connection) -> dict[str, int]:
    """The exact number of rows of every table, without the parts of partitioned ones."""
    names = connection.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        " and not c.relispartition order by 1"
    ).fetchall()
    count = sql.SQL("select count(*) from public.{}")
    return {
        name: number
        for (name,) in names
        for (number,) in connection.execute(count.format(sql.Identifier(name))).fetchall()
    }


@dataclass(frozen=True, slots=True)
class Restored:
    """``rows`` by table; ``replaced`` is the name of the former database, if it was kept."""

    rows: dict[str, int]
    replaced: str | None
    chains: list[seals.Chain]
    broken_chain: str
    """What is wrong with the seals of both logs, when the restore went on in spite of it."""


def restore(
    owner: Mapping[str, Any],
    application: str,
    binaries: Binaries,
    file: Path,
    *,
    prepare: Callable[[str], object],
    keep: bool = False,
    heads: tuple[str, ...] = (),
    accept_broken_chain: bool = False,
) -> Restored:
    """Put the backup in place of the database ``owner`` names.

    The backup goes into a database of its own, which ``prepare`` (given its name) brings up to date and grants, and
    whose sealed logs are verified, against the ``heads`` kept outside too; only when all of that is done do the two
    change names, in one transaction. Until then the live one is untouched. Raises ``DatabaseProblem``.
    """
    live = owner["NAME"]
    with explained(file):
        _refuse_damaged(owner, binaries, file)
    with connect(owner, name="postgres") as server, _one_restore(server, live):
        fresh = f"{live}_restore_{secrets.token_hex(4)}"
        try:
            create_database(server, fresh)
            limit_database(server, fresh, application)
            target = {**owner, "NAME": fresh}
            _run(binaries, "pg_restore", [*_RESTORE, "--dbname", _conninfo(target), file], target, file)
            prepare(fresh)
            with connect(target) as restored:
                _refuse_open_doors(restored)
                chains, broken_chain = _verified(restored, heads)
                if broken_chain and not accept_broken_chain:
                    raise DatabaseProblem(
                        f"No se restauró: la auditoría de este respaldo fue alterada. {broken_chain} La base {live}"
                        " sigue como estaba. Pruebe con un respaldo anterior y avise a protección de datos; si no hay"
                        " otro, repita la orden con --broken-audit."
                    )
                rows = count_rows(restored)
            replaced = f"{live}_before_{secrets.token_hex(4)}"
            _swap(server, live, fresh, replaced)
        except BaseException as error:
            _drop(server, fresh)
            if isinstance(error, psycopg.Error):
                raise DatabaseProblem(
                    f"No se pudo restaurar; la base {live} sigue como estaba. PostgreSQL dijo «{said(error)}»."
                ) from error
            raise
        if not keep:
            _drop(server, replaced)
    return Restored(rows, replaced if keep else None, chains, broken_chain)


# With the privileges of the backup: they are what keeps everybody out of the owner's functions.
_RESTORE = ("--no-owner", "--exit-on-error", "--jobs=2")


def _refuse_damaged(owner: Mapping[str, Any], binaries: Binaries, file: Path) -> None:
    with file.open("rb") as backup:
        if backup.read(len(_MAGIC)) != _MAGIC:
            raise DatabaseProblem(f"{file} no es un respaldo de «ventanilla db backup». La base no se tocó.")
    _run(binaries, "pg_restore", ["--list", file], owner, file)


@contextmanager
def _one_restore(server: Connection, live: str) -> Iterator[None]:
    # The number of the restore and that of the name: two databases of one server may be restored at once.
    ((locked,),) = server.execute("select pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, live]).fetchall()
    if not locked:
        raise DatabaseProblem("Ya hay una restauración en marcha. Espere a que termine y repita la orden.")
    left = "select datname from pg_database where datname ~ ('^' || %s || '_restore_[0-9a-f]{8}$')"
    for (name,) in server.execute(left, [live]).fetchall():  # of one that was killed
        _drop(server, name)
    yield


def _swap(server: Connection, live: str, fresh: str, replaced: str) -> None:
    """Exchange the names in one transaction; people at work are disconnected first, and may come back at once."""
    rename = sql.SQL("alter database {} rename to {}")
    for attempt in range(_SWAPS):
        _disconnect(server, live)
        _disconnect(server, fresh)
        try:
            with server.transaction():
                server.execute(rename.format(sql.Identifier(live), sql.Identifier(replaced)))
                server.execute(rename.format(sql.Identifier(fresh), sql.Identifier(live)))
            return
        except psycopg.errors.ObjectInUse:  # somebody connected in between
            if attempt == _SWAPS - 1:
                raise DatabaseProblem(
                    f"La base {live} sigue en uso y no se pudo reemplazar; sigue como estaba."
                    " Detenga el servidor y sus tareas, y repita la orden."
                ) from None


def _disconnect(server: Connection, database: str) -> None:
    server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend' and pid <> pg_backend_pid()",
        [database],
    )


def _drop(server: Connection, database: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _refuse_open_doors(restored: Connection) -> None:
    """The owner's functions see every institution: no restored one may be open to all."""
    found = restored.execute(
        "select p.proname from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace"
        " and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)"
    ).fetchone()
    if found:
        raise DatabaseProblem(
            f"El respaldo dejaría la función {found[0]} abierta a todos los roles. La base no se tocó."
        )


def _verified(restored: Connection, heads: tuple[str, ...]) -> tuple[list[seals.Chain], str]:
    """Both chains as they came back, or the first thing that is wrong with them."""
    try:
        return seals.verify(restored, heads), ""
    except seals.ChainBroken as broken:
        return [], str(broken)


def _run(binaries: Binaries, program: str, options: list[Any], owner: Mapping[str, Any], path: Path) -> str:
    environment = clean_environment() | ({"PGPASSWORD": str(owner["PASSWORD"])} if owner["PASSWORD"] else {})
    where = ["--dbname", _conninfo(owner)] if program == "pg_dump" else []
    command = [binaries.program(program), *map(str, options), *where]
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", env=environment
    )
    if result.returncode == 0:
        return result.stdout
    if "server version mismatch" in result.stderr:
        raise DatabaseProblem(
            f"Los programas de PostgreSQL {binaries.version} no sirven para este servidor, que es más nuevo."
            " Indique en PG_BINDIR los de la versión del servidor."
        )
    raise of_program(program, result.stderr, path)


def _conninfo(database: Mapping[str, Any]) -> str:
    """Without the password: the list of processes shows it to everyone."""
    given = {key: value for key, value in parameters(database).items() if value != "" and key != "password"}
    return make_conninfo("", **given)
