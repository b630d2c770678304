"""With which role one connects, and which roles the server refuses to serve with."""

from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from ventanilla.config.environment import BadSetting
from ventanilla.config.postgres.binaries import OLDEST_MAJOR
from ventanilla.config.postgres.cluster import ensure_running
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.provision import Names, provision
from ventanilla.config.postgres.roles import (
    application_database,
    as_owner,
    connect,
    owner_database,
    refuse_not_started,
    refuse_unsafe_role,
    url_of,
)


@pytest.mark.usefixtures("no_other_server")
def test_the_address_given_wins_over_the_private_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:s%40cret@db.example:6432/muni?sslmode=require")
    assert application_database(tmp_path) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "muni",
        "USER": "app",
        "PASSWORD": "s@cret",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.usefixtures("no_other_server")
@pytest.mark.parametrize("url", ["mysql://a:secreto@b/c", "secreto", "postgresql://:secreto@host/", "postgresql://a:b"])
def test_a_bad_address_is_told_by_its_variable_and_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadSetting, match="DATABASE_URL debe ser una dirección de PostgreSQL") as refused:
        application_database(tmp_path)
    assert "secreto" not in str(refused.value)


@pytest.mark.usefixtures("no_other_server")
def test_the_owners_address_is_asked_for_where_the_applications_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/muni")
    with pytest.raises(DatabaseProblem, match="Falta DATABASE_OWNER_URL"):
        owner_database(tmp_path)
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://dueno@db.example/muni")
    assert owner_database(tmp_path)["USER"] == "dueno"


@pytest.mark.usefixtures("no_other_server")
def test_both_addresses_must_name_the_same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/muni")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://dueno@db.example/otra")
    with pytest.raises(DatabaseProblem, match="nombran bases distintas: muni y otra"):
        owner_database(tmp_path)


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(user=text, password=text, name=text, host=st.sampled_from(["db.example", "::1", "/run/x y", ""]))
def test_an_address_that_is_written_reads_back_the_same(user: str, password: str, name: str, host: str) -> None:
    database = {"NAME": name, "USER": user, "PASSWORD": password, "HOST": host, "PORT": "", "OPTIONS": {}}
    read = conninfo_to_dict(url_of(database))
    assert (read["dbname"], read["user"], read["password"]) == (name, user, password)
    assert read.get("host", "") == host


@pytest.mark.usefixtures("no_other_server")
def test_settings_load_without_a_database_and_connecting_says_what_to_do(
    tmp_path: Path, django_db_blocker: Any
) -> None:
    database = application_database(tmp_path)
    with pytest.raises(DatabaseProblem, match="La base de datos no está iniciada"):
        refuse_not_started(database)
    with pytest.raises(DatabaseProblem, match="La base de datos no está iniciada"):
        connect(database)
    django = ConnectionHandler({"default": database})["default"]
    with (
        django_db_blocker.unblock(),
        pytest.raises(OperationalError, match="Inicie primero la base de datos: ventanilla db start"),
    ):
        django.ensure_connection()


def refuse_as(role: str, running: Any) -> None:
    """What the server does when it starts, connected as ``role``."""
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "ventanilla",
        "USER": role,
        "HOST": str(running.sockets),
        "PORT": str(running.port),
    }
    with closing(ConnectionHandler({"default": database})["default"]) as django:
        refuse_unsafe_role(django)


@pytest.mark.cluster
def test_the_server_refuses_every_role_that_could_look_over_the_wall(var: Path, django_db_blocker: Any) -> None:
    running = ensure_running(var, durable=False)
    superuser: dict[str, Any] = {
        "host": str(running.sockets),
        "port": running.port,
        "user": "postgres",
        "dbname": "ventanilla",
    }
    with psycopg.connect(**superuser, autocommit=True) as admin, django_db_blocker.unblock():
        refuse_as("ventanilla_app", running)
        with pytest.raises(DatabaseProblem, match="rol postgres porque es superusuario"):
            refuse_as("postgres", running)
        admin.execute("alter role ventanilla_app bypassrls")
        with pytest.raises(DatabaseProblem, match="rol ventanilla_app porque tiene BYPASSRLS"):
            refuse_as("ventanilla_app", running)
        admin.execute("alter role ventanilla_app nobypassrls")
        admin.execute("create table owned (id int)")
        admin.execute("alter table owned owner to ventanilla_owner")
        refuse_as("ventanilla_app", running)
        with pytest.raises(DatabaseProblem, match="rol ventanilla_owner porque es dueño de tablas"):
            refuse_as("ventanilla_owner", running)
        admin.execute("alter table owned owner to ventanilla_app")
        with pytest.raises(DatabaseProblem, match="rol ventanilla_app porque es dueño de tablas"):
            refuse_as("ventanilla_app", running)


class OldServer:
    """Stands for Django's connection to a server of an older version."""

    settings_dict = {"USER": "ventanilla_app"}

    def cursor(self) -> "OldServer":
        return self

    def __enter__(self) -> "OldServer":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def execute(self, query: str) -> None:
        pass

    def fetchone(self) -> tuple[int, bool, bool, bool]:
        return OLDEST_MAJOR - 1, False, False, False


def test_the_server_refuses_a_postgresql_that_is_too_old() -> None:
    with pytest.raises(DatabaseProblem, match="El servidor es PostgreSQL 14 y Ventanilla necesita el 15"):
        refuse_unsafe_role(OldServer())


@pytest.mark.django_db(transaction=True)
def test_the_tests_run_as_the_application_role_and_return_to_it_from_the_owners() -> None:
    def who() -> str:
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            (name,) = cursor.fetchone()
        return str(name)

    application = application_database(settings.VAR)["USER"]
    assert who() == application
    with as_owner():
        assert who() == owner_database(settings.VAR)["USER"]
        with pytest.raises(DatabaseProblem, match="es dueño de tablas"):
            refuse_unsafe_role(connection)
    assert who() == application
    with pytest.raises(ZeroDivisionError), as_owner():
        raise ZeroDivisionError
    assert who() == application


@pytest.mark.django_db
def test_the_role_is_never_changed_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), as_owner():
        pass


@pytest.mark.cluster
def test_an_administrator_who_is_no_superuser_can_prepare_a_server(var: Path) -> None:
    running = ensure_running(var, durable=False)
    names = Names("otra", "otra_owner", "otra_app")
    with psycopg.connect(
        host=str(running.sockets), port=running.port, user="postgres", dbname="postgres", autocommit=True
    ) as admin:
        admin.execute("create role administrator createrole createdb")
        admin.execute("set role administrator")
        assert provision(admin, names, {"otra_app": "una clave"}) == ["otra_owner", "otra_app"]
        assert provision(admin, names, {}) == []
        admin.execute("reset role")
        hashed = admin.execute("select rolpassword from pg_authid where rolname = 'otra_app'").fetchone()
        assert hashed is not None
        assert hashed[0].startswith("SCRAM-SHA-256$")
        admin.execute("alter role otra_app bypassrls")
        with pytest.raises(DatabaseProblem, match="rol otra_app ya existe con más atribuciones"):
            provision(admin, names, {})
        admin.execute("alter role otra_app nobypassrls")
        with pytest.raises(DatabaseProblem, match="su dueño es otra_owner, no distinto"):
            provision(admin, Names("otra", "distinto", "otra_app"), {})
