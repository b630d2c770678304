"""«ventanilla db …» in Spanish, in sentences, with a status that scripts can trust."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner

from ventanilla.config.cli import COMMANDS, main
from ventanilla.config.cli.db import NOT_RUNNING
from ventanilla.config.cli.db import db as db_group
from ventanilla.config.postgres.cluster import ensure_running

Ventanilla = Callable[..., "subprocess.CompletedProcess[str]"]
ENGLISH = re.compile(r"\b(the|and|is|not|show|usage|options?|commands?|missing|invalid|try|such|required)\b", re.I)


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name)


def test_every_command_of_the_table_exists() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        assert isinstance(main.get_command(context, name), click.Command)
    assert main.get_command(context, "no-existe") is None


@pytest.mark.parametrize("path", list(every_command(db_group, ("db",))), ids=" ".join)
def test_the_help_of_every_command_is_in_spanish(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"], prog_name="ventanilla")
    assert result.exit_code == 0
    assert result.output.startswith(f"Uso: ventanilla {' '.join(path)} [OPCIONES]")
    assert "Muestra esta ayuda y termina." in result.output
    assert not ENGLISH.search(result.output), result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nada"], "No existe la orden 'nada'."),
        (["db", "estart"], "No existe la orden 'estart'."),
        (["db", "start", "--forzar"], "No existe la opción '--forzar'."),
        (["db", "start", "ahora"], "Sobra un argumento (ahora)."),
        (["db", "start", "ahora", "ya"], "Sobran argumentos (ahora ya)."),
        (["db", "backup"], "Falta el argumento 'ARCHIVO'."),
        (["db", "backup", "/"], "Archivo '/' es una carpeta."),
        (["db", "restore", "/no/existe"], "Archivo '/no/existe' no existe."),
        (["db", "init"], "Falta la opción '--admin-url'"),
        (["db", "init", "--database"], "La opción '--database' necesita un valor."),
        (["db", "status", "--json=sí"], "La opción '--json' no lleva valor."),
    ],
)
def test_a_mistake_on_the_command_line_is_told_in_spanish(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(main, arguments, prog_name="ventanilla")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not ENGLISH.search(result.stderr.replace("Error:", "")), result.stderr


@pytest.mark.cluster
def test_a_day_in_the_life_of_the_database(ventanilla: Ventanilla, var: Path) -> None:
    asleep = ventanilla("db", "status", "--json")
    assert (asleep.returncode, json.loads(asleep.stdout)["running"]) == (NOT_RUNNING, False)
    assert ventanilla("db", "start").stdout.startswith("Base de datos iniciada: PostgreSQL ")
    assert ventanilla("db", "start").stdout.startswith("Base de datos ya estaba iniciada")
    awake = ventanilla("db", "status", "--json")
    assert (awake.returncode, json.loads(awake.stdout)["running"]) == (0, True)
    url = ventanilla("db", "url").stdout.strip()
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_user::text").fetchone() == ("ventanilla_app",)
    assert json.loads(ventanilla("db", "url", "--owner", "--json").stdout)["role"] == "ventanilla_owner"
    shell = ventanilla("db", "shell", text="select current_user;\n")
    assert "ventanilla_app" in shell.stdout
    assert ventanilla("db", "stop").stdout == "Base de datos detenida.\n"
    assert ventanilla("db", "stop").stdout == "La base de datos no estaba iniciada.\n"
    assert ventanilla("db", "status").returncode == NOT_RUNNING


@pytest.mark.parametrize("order", [["migrate"], ["backup", "respaldo.dump"], ["shell"], ["url"]], ids=" ".join)
def test_what_needs_a_database_says_that_it_is_not_started(ventanilla: Ventanilla, order: list[str]) -> None:
    result = ventanilla("db", *order)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == "Error: La base de datos no está iniciada. Iníciela con «ventanilla db start».\n"


def test_what_cannot_be_done_is_one_sentence_and_no_traceback(ventanilla: Ventanilla, var: Path) -> None:
    bad_programs = ventanilla("db", "start", PG_BINDIR="/no/existe")
    assert bad_programs.returncode == 1
    assert bad_programs.stderr.startswith("Error: PG_BINDIR apunta a /no/existe, donde falta el programa postgres.")
    bad_address = ventanilla("db", "url", DATABASE_URL="secreto")
    assert bad_address.returncode == 1
    assert bad_address.stderr.startswith("Error: DATABASE_URL debe ser una dirección de PostgreSQL")
    elsewhere = ventanilla("db", "start", DATABASE_URL="postgresql://app@127.0.0.1:1/muni")
    assert elsewhere.returncode == 1
    assert "solo maneja el propio" in elsewhere.stderr
    silent = ventanilla("db", "status", DATABASE_URL="postgresql://app@127.0.0.1:1/muni")
    assert silent.returncode == 1
    assert silent.stderr.startswith("Error: No se pudo conectar a la base muni como app.")
    for result in (bad_programs, bad_address, elsewhere, silent):
        assert "Traceback" not in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.cluster
def test_two_migrations_at_once_are_safe(
    var: Path, command_line: Callable[..., list[str]], environment: dict[str, str]
) -> None:
    ensure_running(var, durable=False)
    both = [
        subprocess.Popen(command_line("db", "migrate"), env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(one.communicate(timeout=120)[0] for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert said[0] == "La base ya estaba al día.\n"
    assert said[1].startswith("Migraciones aplicadas: ")


@pytest.mark.cluster
def test_another_server_is_prepared_and_then_used_by_its_two_addresses(ventanilla: Ventanilla, var: Path) -> None:
    ensure_running(var, durable=False)
    admin = ventanilla("db", "url").stdout.strip().replace("ventanilla_app@/ventanilla", "postgres@/postgres")
    prepared = ventanilla("db", "init", "--admin-url", admin, "--database", "otra", "--new-passwords", "--json")
    assert prepared.returncode == 0, prepared.stderr
    addresses = json.loads(prepared.stdout)
    assert set(addresses) == {"DATABASE_URL", "DATABASE_OWNER_URL"}
    migrated = ventanilla("db", "migrate", **addresses)
    assert migrated.stdout.startswith("Migraciones aplicadas: "), migrated.stderr
    with psycopg.connect(addresses["DATABASE_URL"]) as application:
        assert application.execute("select current_database()").fetchone() == ("otra",)
        assert application.execute("select count(*) from access_region").fetchone() == (16,)
    again = ventanilla("db", "init", DATABASE_ADMIN_URL=admin)
    assert again.returncode == 0
    assert "conservan su clave" in again.stderr
    powerless = admin.replace("postgres@", "ventanilla_app@")
    refused = ventanilla("db", "init", "--admin-url", powerless, "--database", "mía")
    assert refused.returncode == 1
    assert "PostgreSQL dijo «" in refused.stderr
