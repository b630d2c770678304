"""The two roles, the database and its extensions: made when missing, checked when present."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ventanilla.config.postgres.initialise import SUPERUSER
from ventanilla.config.postgres.problems import DatabaseProblem

EXTENSIONS = ("pg_trgm", "btree_gin", "btree_gist", "unaccent")  # trusted: a database's owner may create them


@dataclass(frozen=True, slots=True)
class Names:
    database: str = "ventanilla"
    owner: str = "ventanilla_owner"
    application: str = "ventanilla_app"


NAMES = Names()


def data_directory(sockets: Path, port: int, server_user: str) -> Path | None:
    """The data folder of the server that listens there, if it is one of this user's."""
    try:
        with psycopg.connect(user=SUPERUSER, dbname="postgres", **_where(sockets, port, server_user)) as admin:
            shown = admin.execute("show data_directory").fetchone()
    except psycopg.Error:
        return None
    return Path(shown[0]) if shown else None


def _where(sockets: Path, port: int, server_user: str) -> dict[str, Any]:
    return {"host": str(sockets), "port": port, "requirepeer": server_user, "autocommit": True}


def provision_private(sockets: Path, port: int, server_user: str) -> None:
    """Roles, database and extensions of the private cluster; changes nothing when they are there."""
    where = _where(sockets, port, server_user)
    try:
        with psycopg.connect(user=SUPERUSER, dbname="postgres", **where) as admin:
            provision(admin, NAMES, {})
        with psycopg.connect(user=NAMES.owner, dbname=NAMES.database, **where) as owner:
            create_extensions(owner)
    except psycopg.Error as error:
        raise DatabaseProblem(
            f"La base de datos inició, pero no se pudo preparar. PostgreSQL dijo «{said(error)}»."
        ) from error


def said(error: psycopg.Error) -> str:
    """The first line of PostgreSQL's message, without its last stop."""
    message = error.diag.message_primary or str(error)
    return message.strip().splitlines()[0].rstrip(".") if message.strip() else type(error).__name__


def provision(admin: psycopg.Connection[Any], names: Names, passwords: Mapping[str, str]) -> list[str]:
    """Make the roles and the database through ``admin`` (autocommit); the names of the roles that were made.

    ``passwords`` by role, for servers that ask for one; a role that exists gets the one given for it.
    """
    created = [
        role
        for role, extra in ((names.owner, "createdb"), (names.application, "nocreatedb"))
        if _make_role(admin, role, extra, passwords.get(role))
    ]
    _refuse_powerful(admin, names)
    _join(admin, names)
    _make_database(admin, names)
    return created


def _make_role(admin: psycopg.Connection[Any], role: str, extra: str, password: str | None) -> bool:
    exists = admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if not exists:
        statement = "create role {} login nosuperuser nobypassrls nocreaterole noreplication {}"
        admin.execute(sql.SQL(statement).format(sql.Identifier(role), sql.SQL(extra)))
    if password is not None:
        # Hashed here, so that the password itself never reaches the server's log.
        hashed = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        admin.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(hashed)))
    return not exists


def _refuse_powerful(admin: psycopg.Connection[Any], names: Names) -> None:
    """A role somebody made before, with rights that would undo the walls between institutions, is not ours to mend."""
    powerful = admin.execute(
        "select rolname from pg_roles where rolname in (%s, %s) and (rolsuper or rolbypassrls)"
        " or rolname = %s and pg_has_role(oid, (select oid from pg_roles where rolname = %s), 'member')",
        [names.owner, names.application, names.application, names.owner],
    ).fetchone()
    if powerful:
        raise DatabaseProblem(
            f"El rol {powerful[0]} ya existe con más atribuciones de las que debe tener (superusuario, BYPASSRLS o"
            " miembro del dueño). Quíteselas, o elija otros nombres."
        )


def _join(admin: psycopg.Connection[Any], names: Names) -> None:
    # The owner may then end the application's sessions when a backup is restored; it gains nothing else by it.
    _grant_unless_member(admin, names.application, to=names.owner)
    is_superuser, me = admin.execute(
        "select rolsuper, rolname from pg_roles where rolname = current_user"
    ).fetchone() or (False, "")
    if not is_superuser:  # only a member of the owner may give it a database
        _grant_unless_member(admin, names.owner, to=me)


def _grant_unless_member(admin: psycopg.Connection[Any], role: str, *, to: str) -> None:
    found = admin.execute(
        "select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles g on g.oid = m.member"
        " where r.rolname = %s and g.rolname = %s",
        [role, to],
    ).fetchone()
    # A role's creator has it from version 16 on, but only to administer it: granting again adds the rest.
    if not found or to != NAMES.owner:
        admin.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(to)))


def _make_database(admin: psycopg.Connection[Any], names: Names) -> None:
    query = "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding) from pg_database where datname = %s"
    found = admin.execute(query, [names.database]).fetchone()
    if found is None:
        create_database(admin, names.database, owner=names.owner)
    elif found[0] != names.owner:
        raise DatabaseProblem(
            f"La base {names.database} ya existe y su dueño es {found[0]}, no {names.owner}."
            " Elija otro nombre de base, o cambie su dueño."
        )
    elif found[1] != "UTF8":
        raise DatabaseProblem(f"La base {names.database} ya existe y su codificación es {found[1]}, no UTF8.")
    limit_database(admin, names.database, names.application)


def create_database(
    connection: psycopg.Connection[Any], database: str, *, owner: str | None = None, template: str = "template0"
) -> None:
    statement = sql.SQL("create database {} template {} encoding 'UTF8'").format(
        sql.Identifier(database), sql.Identifier(template)
    )
    connection.execute(statement + (sql.SQL(" owner {}").format(sql.Identifier(owner)) if owner else sql.SQL("")))


def limit_database(connection: psycopg.Connection[Any], database: str, application: str) -> None:
    """Only the owner and the application role enter; the latter also makes the temporary tables of loads."""
    name, role = sql.Identifier(database), sql.Identifier(application)
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    connection.execute(sql.SQL("grant connect, temporary on database {} to {}").format(name, role))


def create_extensions(owner: psycopg.Connection[Any]) -> None:
    """As the database's owner, in that database."""
    present = {row[0] for row in owner.execute("select extname from pg_extension")}
    for name in EXTENSIONS:
        if name not in present:
            owner.execute(sql.SQL("create extension {}").format(sql.Identifier(name)))
