"""``ventanilla db``: the database's life, from its first start to its last backup."""

import json
import os
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict

from ventanilla.config import environment as env
from ventanilla.config.cli.spanish import confirmed
from ventanilla.config.postgres import backup as backups
from ventanilla.config.postgres import cluster
from ventanilla.config.postgres.binaries import OLDEST_MAJOR, find_binaries
from ventanilla.config.postgres.migrate import migrate_as_owner, set_up_django
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.provision import NAMES, Names, create_extensions, provision, said
from ventanilla.config.postgres.roles import (
    APPLICATION_URL,
    OWNER_URL,
    application_database,
    cannot_connect,
    connect,
    owner_database,
    parameters,
    refuse_not_started,
    url_of,
)

NOT_RUNNING = 3
"""Exit status of «db status» when the database does not answer."""

as_json = click.option("--json", "machine", is_flag=True, help="Escribe el resultado en JSON.")
as_owner_too = click.option("--owner", "owner", is_flag=True, help="Con el rol dueño en vez del de la aplicación.")


@click.group("db", no_args_is_help=True, short_help="Inicia, migra, respalda y restaura la base de datos.")
def db() -> None:
    """La base de datos: iniciarla, detenerla, migrarla, respaldarla y restaurarla.

    Sin DATABASE_URL se usa un PostgreSQL propio, privado de esta instalación, que no escucha en la red.
    """


def _say(sentence: str, result: dict[str, Any], *, machine: bool) -> None:
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str) if machine else sentence)


def _refuse_foreign(order: str) -> None:
    if env.text(APPLICATION_URL):
        raise DatabaseProblem(
            f"{APPLICATION_URL} indica otro servidor, y «ventanilla db {order}» solo maneja el propio."
            " Use las herramientas de ese servidor, o quite la variable."
        )


@db.command("start", short_help="Inicia la base propia; no hace nada si ya corre.")
def start() -> None:
    """Inicia el PostgreSQL propio y prepara sus roles y su base. Repetirla no hace daño."""
    _refuse_foreign("start")
    running = cluster.ensure_running(var_folder())
    done = "iniciada" if running.started else "ya estaba iniciada"
    click.echo(f"Base de datos {done}: PostgreSQL {running.version} en {running.home}.")


@db.command("stop", short_help="Detiene la base propia.")
def stop() -> None:
    """Detiene el PostgreSQL propio, cerrando las sesiones abiertas. Lo guardado queda guardado."""
    _refuse_foreign("stop")
    click.echo("Base de datos detenida." if cluster.stop(var_folder()) else "La base de datos no estaba iniciada.")


@db.command("status", short_help="Dice si la base responde.")
@as_json
@click.pass_context
def status(ctx: click.Context, machine: bool) -> None:
    """Dice si la base de datos responde, su versión y dónde está. Termina con 3 si no responde."""
    if env.text(APPLICATION_URL):
        with connect(application_database(var_folder())) as connection:
            version = connection.info.parameter_status("server_version") or "desconocida"
        found: dict[str, Any] = {"running": True, "private": False, "version": version}
        _say(f"El servidor de {APPLICATION_URL} responde: PostgreSQL {version}.", found, machine=machine)
        return
    running = cluster.status(var_folder())
    if running is None:
        _say("La base de datos no está iniciada.", {"running": False, "private": True}, machine=machine)
        ctx.exit(NOT_RUNNING)
    found = {"running": True, "private": True} | asdict(running)
    del found["started"]
    sentence = f"Base de datos en marcha: PostgreSQL {running.version} en {running.home}, usuario {running.user}."
    _say(sentence, found, machine=machine)


@db.command("url", short_help="Escribe la dirección de la base.")
@as_owner_too
@as_json
def url(owner: bool, machine: bool) -> None:
    """Escribe la dirección de conexión, tal como la lee DATABASE_URL (con --owner, DATABASE_OWNER_URL)."""
    database = owner_database(var_folder()) if owner else application_database(var_folder())
    refuse_not_started(database)
    _say(url_of(database), {"url": url_of(database), "role": database["USER"]}, machine=machine)


def _database(owner: bool) -> dict[str, Any]:
    """Where to connect; checked, so that a database that is not started is told as such."""
    database = owner_database(var_folder()) if owner else application_database(var_folder())
    connect(database).close()
    return database


@db.command("shell", short_help="Abre psql en la base.")
@as_owner_too
def shell(owner: bool) -> None:
    """Abre psql con el rol de la aplicación: sin una institución elegida no muestra datos de vecinos."""
    given = {name: str(value) for name, value in parameters(_database(owner)).items() if value != ""}
    psql = find_binaries().program("psql")
    variables = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    variables |= {"requirepeer": "PGREQUIREPEER", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    environment = dict(os.environ) | {variables[name]: value for name, value in given.items() if name in variables}
    os.execve(psql, [psql], environment)  # noqa: S606 - psql takes this process over, terminal and all


@db.command("init", short_help="Prepara los roles y la base en otro servidor.")
@click.option(
    "--admin-url",
    metavar="DIRECCIÓN",
    envvar="DATABASE_ADMIN_URL",
    show_envvar=True,
    required=True,
    help="Dirección con un rol que pueda crear roles y bases.",
)
@click.option(
    "--database", metavar="NOMBRE", default=NAMES.database, help="Nombre de la base; si no se indica, ventanilla."
)
@click.option("--new-passwords", is_flag=True, help="Cambia la clave de los roles aunque ya existan.")
@as_json
def init(admin_url: str, database: str, new_passwords: bool, machine: bool) -> None:
    """Crea los dos roles y la base en un servidor PostgreSQL 15 o posterior, y escribe sus dos direcciones.

    Se puede repetir: lo que ya existe no cambia.
    """
    names = Names(database=database)
    try:
        given = {key: value for key, value in conninfo_to_dict(admin_url).items() if value is not None}
        with psycopg.connect(admin_url, autocommit=True) as admin:
            _refuse_old(admin)
            known = {row[0] for row in admin.execute("select rolname from pg_roles")}
            new = [role for role in (names.owner, names.application) if new_passwords or role not in known]
            passwords = {role: secrets.token_urlsafe(24) for role in new}
            provision(admin, names, passwords)
    except psycopg.ProgrammingError as error:
        raise DatabaseProblem(f"El servidor no aceptó la preparación. PostgreSQL dijo «{said(error)}».") from error
    except psycopg.OperationalError as error:
        where = {"HOST": "", "NAME": "de administración", "USER": "administrador", "OPTIONS": {}}
        raise DatabaseProblem(cannot_connect(error, where)) from error
    addresses = {
        variable: _as_django(given | {"dbname": database, "user": role}, passwords.get(role, ""))
        for variable, role in ((APPLICATION_URL, names.application), (OWNER_URL, names.owner))
    }
    if passwords.get(names.owner):
        with connect(addresses[OWNER_URL]) as owner:
            create_extensions(owner)
    else:
        click.echo("Los roles ya existían y conservan su clave: agréguela a las direcciones.", err=True)
    urls = {variable: url_of(address) for variable, address in addresses.items()}
    _say("\n".join(f"{variable}={address}" for variable, address in urls.items()), urls, machine=machine)


def _refuse_old(admin: psycopg.Connection[Any]) -> None:
    if admin.info.server_version // 10000 < OLDEST_MAJOR:
        raise DatabaseProblem(
            f"El servidor es PostgreSQL {admin.info.server_version // 10000} y Ventanilla necesita el {OLDEST_MAJOR}"
            " o uno posterior. No se tocó nada."
        )


def _as_django(given: dict[str, Any], password: str) -> dict[str, Any]:
    left = {key: value for key, value in given.items() if key not in {"dbname", "user", "password", "host", "port"}}
    return {
        "NAME": given["dbname"],
        "USER": given["user"],
        "PASSWORD": password,
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "OPTIONS": left,
    }


@db.command("migrate", short_help="Pone la base al día con el código.")
def migrate() -> None:
    """Aplica las migraciones como dueño y da sus permisos al rol de la aplicación. Dos a la vez se esperan."""
    _database(owner=True)
    set_up_django()
    applied = migrate_as_owner()
    click.echo(f"Migraciones aplicadas: {len(applied)}." if applied else "La base ya estaba al día.")


@db.command("backup", short_help="Respalda la base en un archivo.")
@click.argument("file", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def backup(file: Path, machine: bool) -> None:
    """Guarda toda la base en ARCHIVO, lo lee de vuelta y dice su tamaño, su SHA-256 y cuántas filas tiene."""
    made = backups.back_up(_database(owner=True), find_binaries(), file)
    sentence = f"Respaldo {made.file}: {made.size} bytes, SHA-256 {made.sha256}.\n{_rows(made.rows)}"
    _say(sentence, asdict(made), machine=machine)


@db.command("restore", short_help="Reemplaza la base por un respaldo.")
@click.argument("file", metavar="ARCHIVO", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="No pregunta antes de reemplazar la base.")
@click.option("--keep", is_flag=True, help="Conserva la base reemplazada con otro nombre.")
@click.option("--head", "heads", multiple=True, metavar="CABEZA", help="Cabeza guardada afuera; se puede repetir.")
@click.option("--broken-audit", is_flag=True, help="Restaura aunque la auditoría del respaldo no verifique.")
@as_json
def restore(file: Path, yes: bool, keep: bool, heads: tuple[str, ...], broken_audit: bool, machine: bool) -> None:
    """Restaura ARCHIVO en una base nueva, la revisa, y solo entonces la pone en lugar de la actual.

    La revisión recalcula los sellos de la auditoría, y no restaura un respaldo en que se cambiaron. Quienes estén
    trabajando pierden su conexión un momento. Si algo falla, la base actual queda como estaba.
    """
    owner = _database(owner=True)
    if not yes and not confirmed(f"Se reemplazará la base {owner['NAME']} por {file}. ¿Continuar?"):
        raise click.ClickException("No se restauró nada.")
    set_up_django()
    application = application_database(var_folder())["USER"]
    done = backups.restore(
        owner,
        application,
        find_binaries(),
        file,
        prepare=migrate_as_owner,
        keep=keep,
        heads=heads,
        accept_broken_chain=broken_audit,
    )
    sentence = f"Base {owner['NAME']} restaurada desde {file}.\n{_rows(done.rows)}\n{_audit(done)}"
    if done.replaced:
        sentence += f"\nLa base anterior quedó como {done.replaced}; bórrela cuando no la necesite."
    _say(sentence, {"database": owner["NAME"], **asdict(done)}, machine=machine)


def _audit(done: backups.Restored) -> str:
    if done.broken_chain:
        return f"ATENCIÓN, la auditoría restaurada está alterada: {done.broken_chain}"
    sealed = sum(chain.entries for chain in done.chains)
    return f"La auditoría verifica: {sealed} entradas selladas, iguales a como se sellaron."


def _rows(rows: dict[str, int]) -> str:
    lines = [f"  {table}: {number}" for table, number in rows.items() if number]
    return "\n".join([f"Filas en total: {sum(rows.values())}.", *lines])
