"""The tests' database: a private cluster, migrated once into a template, used as the application role."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql

import ventanilla
from ventanilla.config import environment as env
from ventanilla.config.postgres.binaries import find_binaries
from ventanilla.config.postgres.cluster import ensure_running, stop
from ventanilla.config.postgres.migrate import migrate_as_owner
from ventanilla.config.postgres.place import var_folder
from ventanilla.config.postgres.provision import create_database, create_extensions
from ventanilla.config.postgres.roles import (
    application_database,
    connect,
    owner_database,
    refuse_unsafe_role,
    url_of,
)
from ventanilla.core import statements

# How long a test takes is the machine's to say: speed is measured in bench/.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

_PACKAGE = Path(ventanilla.__file__).parent
_FOLDERS_OF_A_SCHEMA = {"migrations", "data", "sql", "national"}
_FILES_OF_A_SCHEMA = ("core/tables.py", "access/migration_operations.py", "access/tenancy.py")


_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY = 1024**3


def _var_of_tests() -> Path:
    """Where the test cluster lives: in memory if there is room, for a database is hundreds of files to copy."""
    major = str(find_binaries().major)
    key = hashlib.sha256(os.fsencode(var_folder().resolve())).hexdigest()[:8]
    in_memory = _MEMORY / f"ventanilla-tests-{os.geteuid()}-{key}"
    if _MEMORY.is_dir() and (in_memory.exists() or shutil.disk_usage(_MEMORY).free > _ENOUGH_MEMORY):
        in_memory.mkdir(mode=0o755, exist_ok=True)
        if in_memory.stat().st_uid == os.geteuid():
            return in_memory / major
    return var_folder() / "test-postgres" / major


def _schema_fingerprint() -> str:
    """Changes when what migrations make may change; then the template is made again."""
    files = [_PACKAGE / name for name in _FILES_OF_A_SCHEMA]
    files += [path for path in _PACKAGE.rglob("*") if path.is_file() and _FOLDERS_OF_A_SCHEMA & {*path.parts}]
    found = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix != ".pyc"):
        found.update(str(path.relative_to(_PACKAGE)).encode() + path.read_bytes())
    for library in ("django", "django-allauth"):
        found.update(version(library).encode())
    return found.hexdigest()[:16]


def _connect_as_owner() -> psycopg.Connection[Any]:
    return connect(owner_database(settings.VAR), name="postgres")


def _drop(server: psycopg.Connection[Any], database: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _ensure_template(template: str) -> None:
    """Migrate once into ``template``; of several workers one does it and the others wait."""
    with _connect_as_owner() as server:
        server.execute("select pg_advisory_lock(hashtext(%s))", [template])
        if server.execute("select 1 from pg_database where datname = %s", [template]).fetchone():
            return
        draft = f"{template}_draft"
        _drop(server, draft)
        create_database(server, draft)
        with connect(owner_database(settings.VAR), name=draft) as owner:
            create_extensions(owner)
        migrate_as_owner(draft)
        rename = sql.SQL("alter database {} rename to {}")
        server.execute(rename.format(sql.Identifier(draft), sql.Identifier(template)))


def _recreate(database: str, template: str) -> None:
    """Give the worker an untouched copy of the template: quicker and more exact than emptying its tables."""
    connection.close()
    with _connect_as_owner() as server:
        _drop(server, database)
        name, source = sql.Identifier(database), sql.Identifier(template)
        # Copying files is the quicker of the two ways when nothing is synced to a disk.
        server.execute(sql.SQL("create database {} template {} strategy file_copy").format(name, source))


def _clean_up(template: str) -> None:
    """What other runs left, killed ones included; only called when no other run is using the server."""
    with _connect_as_owner() as server:
        found = server.execute(
            "select datname from pg_database where datname ~ '^(test|template)_[0-9a-z_]+$' and datname <> %s",
            [template],
        )
        for (name,) in found.fetchall():
            _drop(server, name)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Each worker has its own database, and Django's connection the application role, as in production."""
    is_private = not env.text("DATABASE_URL")
    if is_private:
        settings.VAR = _var_of_tests()
    settings.VAR.mkdir(parents=True, exist_ok=True)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    database, template = f"test_{run}_{worker}", f"template_{_schema_fingerprint()}"
    with open(settings.VAR / "in-use.lock", "w") as users, django_db_blocker.unblock():
        fcntl.flock(users, fcntl.LOCK_SH)
        if is_private:
            ensure_running(settings.VAR, durable=False)
        connection.close()
        connection.settings_dict.update(application_database(settings.VAR))
        connection.settings_dict["OPTIONS"] |= statements.OPTIONS
        _ensure_template(template)
        _recreate(database, template)
        connection.settings_dict["NAME"] = database
        # Django's own way empties every table, which the application role may not do.
        teardown = "_fixture_teardown"
        setattr(TransactionTestCase, teardown, lambda case: _recreate(database, template))
        refuse_unsafe_role(connection)
        with django_db_blocker.block():
            yield
        connection.close()
        with _connect_as_owner() as server:
            _drop(server, database)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # other workers, or another run, still need the server
            return
        _clean_up(template)
        if is_private:
            stop(settings.VAR)


@pytest.fixture
def database_environment(transactional_db: None) -> dict[str, str]:
    """Variables with which another process, such as a server, works on this test's database."""
    name = connection.settings_dict["NAME"]
    return {
        "DATABASE_URL": url_of(application_database(settings.VAR) | {"NAME": name}),
        "DATABASE_OWNER_URL": url_of(owner_database(settings.VAR) | {"NAME": name}),
    }


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pages asked in the test's own process name static files as they are; the journeys use the compressed ones."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(scope="session", autouse=True)
def plain_http() -> None:
    """Django's own client asks over HTTP, which in production leads to HTTPS (tests/config/test_safe_defaults.py)."""
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hashing for real takes a third of a second, and every operator of the tests has a password."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
