"""With which role one connects: the application's for everything, the owner's for migrations, backups and tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ventanilla.config import environment as env
from ventanilla.config.postgres.binaries import OLDEST_MAJOR
from ventanilla.config.postgres.place import read_pointer
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.provision import NAMES
from ventanilla.core import statements

APPLICATION_URL = "DATABASE_URL"
OWNER_URL = "DATABASE_OWNER_URL"

# Settings must load where there is no database (lint, types, --help). PostgreSQL's client repeats the folder of the
# socket it did not find, so that the folder's name is what the reader gets to see.
_NOT_STARTED = "/Inicie primero la base de datos: ventanilla db start"

_NOT_RUNNING = "La base de datos no está iniciada. Iníciela con «ventanilla db start»."


def application_database(var: Path) -> dict[str, Any]:
    """Django's ``DATABASES["default"]``: ``DATABASE_URL``, else the private cluster of ``var``."""
    return _from_environment(APPLICATION_URL) or _private(var, NAMES.application)


def owner_database(var: Path) -> dict[str, Any]:
    """The same as the owner: ``DATABASE_OWNER_URL``, which must be given where ``DATABASE_URL`` is."""
    owner = _from_environment(OWNER_URL)
    if owner is None and env.text(APPLICATION_URL):
        raise DatabaseProblem(
            f"Falta {OWNER_URL}. Con {APPLICATION_URL} en uso, esta orden necesita también la dirección del dueño"
            " de la base; «ventanilla db init» entrega ambas."
        )
    if owner is None:
        return _private(var, NAMES.owner)
    application = application_database(var)
    if owner["NAME"] != application["NAME"]:
        raise DatabaseProblem(
            f"{APPLICATION_URL} y {OWNER_URL} nombran bases distintas: {application['NAME']} y {owner['NAME']}."
            " Deben ser la misma."
        )
    return owner


def _from_environment(name: str) -> dict[str, Any] | None:
    url = env.text(name)
    if not url:
        return None
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        given = {}
    if not given.get("dbname") or not given.get("user"):  # the value holds a password: it is not repeated
        raise env.BadSetting(
            f"{name} debe ser una dirección de PostgreSQL con usuario y base,"
            " como postgresql://usuario:clave@servidor:5432/ventanilla."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname"),
        "USER": given.pop("user"),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "")),
        "OPTIONS": given,
    }


def _private(var: Path, role: str) -> dict[str, Any]:
    pointer = read_pointer(var)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAMES.database,
        "USER": role,
        "PASSWORD": "",
        "HOST": pointer.sockets if pointer else _NOT_STARTED,
        "PORT": str(pointer.port) if pointer else "",
        # Whoever listens in that folder must be the server's own user, or nothing is said to it.
        "OPTIONS": {"requirepeer": pointer.user} if pointer else {},
    }


def url_of(database: Mapping[str, Any]) -> str:
    """The same connection as an address for ``DATABASE_URL``; with its password, if it has one."""
    options = {str(key): str(value) for key, value in database["OPTIONS"].items()}
    host, where = str(database["HOST"]), ""
    if host.startswith("/"):  # a folder does not fit where addresses have their host
        options = {"host": host} | ({"port": str(database["PORT"])} if database["PORT"] else {}) | options
    elif host:
        where = f"[{host}]" if ":" in host else host
        where += f":{database['PORT']}" if database["PORT"] else ""
    who = quote(str(database["USER"]), safe="")
    secret = f":{quote(str(database['PASSWORD']), safe='')}" if database["PASSWORD"] else ""
    query = f"?{urlencode(options, quote_via=quote, safe='/')}" if options else ""
    return f"postgresql://{who}{secret}@{where}/{quote(str(database['NAME']), safe='')}{query}"


def connect(database: Mapping[str, Any], *, name: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
    """A plain connection (autocommit) with Django's settings, to the database ``name`` if it is another one."""
    options = {key: value for key, value in parameters(database).items() if value != ""}
    try:
        return psycopg.connect(**options | ({"dbname": name} if name else {}), autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseProblem(cannot_connect(error, database)) from error


def parameters(database: Mapping[str, Any]) -> dict[str, Any]:
    """Django's settings in the words of PostgreSQL's client library; what only Django reads is left out."""
    return {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": database["NAME"],
        **{name: value for name, value in database["OPTIONS"].items() if name not in statements.OPTIONS},
    }


def refuse_not_started(database: Mapping[str, Any]) -> None:
    """Raise ``DatabaseProblem`` when the settings name no server because the private one was never started."""
    if database["HOST"] == _NOT_STARTED:
        raise DatabaseProblem(_NOT_RUNNING)


def cannot_connect(error: Exception, database: Mapping[str, Any]) -> str:
    """The sentence for a connection that failed."""
    text = str(error)
    is_silent = "No such file or directory" in text or "Connection refused" in text
    if database["HOST"] == _NOT_STARTED or (is_silent and "requirepeer" in database["OPTIONS"]):
        return _NOT_RUNNING
    detail = (text.strip().splitlines() or ["sin detalle"])[0].rstrip(".")
    return (
        f"No se pudo conectar a la base {database['NAME']} como {database['USER']}. Revise su dirección y que el"
        f" servidor esté en marcha. PostgreSQL dijo «{detail}»."
    )


@contextmanager
def as_owner(database: str | None = None) -> Iterator[None]:
    """Django's connection with the owner's role, to the same database or the one named; then as it was before.

    Not inside a transaction: the connection is closed at both ends.
    """
    from django.conf import settings
    from django.db import connection

    if connection.in_atomic_block:
        raise RuntimeError("the role cannot be changed inside a transaction")
    owner = owner_database(settings.VAR)
    before = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in before} | {"NAME": database or before["NAME"]})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


_WHO = """
select current_setting('server_version_num')::int / 10000,
       bool_or(r.rolsuper),
       bool_or(r.rolbypassrls),
       bool_or(exists(
           select from pg_class c where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm')
           and pg_has_role(r.oid, c.relowner, 'member')
       ))
from pg_roles r where r.rolname in (session_user, current_user)
"""


def refuse_unsafe_role(connection: Any) -> None:
    """Raise ``DatabaseProblem`` unless row-level security binds the connected role and the server is recent enough.

    ``connection`` is Django's. A superuser, a role with BYPASSRLS and the owner of a table (or a member of its role)
    all see every institution.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHO)
        major, is_superuser, bypasses, owns = cursor.fetchone()
    role = connection.settings_dict["USER"]
    if major < OLDEST_MAJOR:
        raise DatabaseProblem(
            f"El servidor es PostgreSQL {major} y Ventanilla necesita el {OLDEST_MAJOR} o uno posterior."
        )
    reason = (
        "es superusuario"
        if is_superuser
        else "tiene BYPASSRLS"
        if bypasses
        else "es dueño de tablas o miembro de su dueño"
        if owns
        else None
    )
    if reason:
        raise DatabaseProblem(
            f"Ventanilla no se inicia con el rol {role} porque {reason}, y así vería los datos de todas las"
            f" instituciones. Use en {APPLICATION_URL} el rol de la aplicación, que hace «ventanilla db init»."
        )
