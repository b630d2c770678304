"""The private cluster starts, is found, stops, and keeps its walls."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ventanilla.config.postgres.cluster import Running, ensure_running, status, stop
from ventanilla.config.postgres.place import read_pointer
from ventanilla.config.postgres.server_user import OUTSIDE

pytestmark = pytest.mark.cluster
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server another user's identity")


Remove = Callable[[Path], Path]


def connected(running: Running, user: str = "postgres", database: str = "ventanilla") -> psycopg.Connection:
    return psycopg.connect(host=str(running.sockets), port=running.port, user=user, dbname=database, autocommit=True)


def value(running: Running, query: str) -> object:
    with connected(running) as connection:
        (found,) = connection.execute(query).fetchone() or (None,)
        return found


def test_a_cluster_starts_once_and_is_found_afterwards(var: Path) -> None:
    assert status(var) is None
    first = ensure_running(var, durable=False)
    second = ensure_running(var, durable=False)
    assert first.started
    assert not second.started
    assert second.sockets == first.sockets
    found = status(var)
    assert found is not None
    assert found.sockets == first.sockets
    assert stop(var)
    assert status(var) is None
    assert not stop(var)
    again = ensure_running(var, durable=False)
    assert again.started
    assert again.sockets == first.sockets


def test_the_cluster_is_durable_checked_and_out_of_the_network(var: Path) -> None:
    running = ensure_running(var)
    assert value(running, "show listen_addresses") == ""
    assert value(running, "show data_checksums") == "on"
    assert value(running, "show fsync") == "on"
    assert value(running, "show synchronous_commit") == "on"
    assert value(running, "show server_encoding") == "UTF8"
    assert value(running, "select upper('ñandú')") == "ÑANDÚ"
    assert value(running, "select 'Álvarez' < 'Zúñiga'") is False  # by code point: lists sort by a key of ours
    assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700
    assert len(os.fsencode(running.sockets / f".s.PGSQL.{running.port}")) < 108


def test_the_servers_log_never_quotes_a_refused_value(var: Path) -> None:
    running = ensure_running(var, durable=False)
    with connected(running) as connection:
        connection.execute("create table neighbour (run text unique)")
        connection.execute("insert into neighbour values ('90000001-K')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into neighbour values ('90000001-K')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("select '90000001-K'::text::int")
    stop(var)
    log = (running.home / "postgres.log").read_text()
    assert "database system is shut down" in log
    assert "90000001" not in log


def test_the_owner_owns_and_the_application_role_cannot_pass_the_wall(var: Path) -> None:
    running = ensure_running(var, durable=False)
    with connected(running) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles"
            " where rolname like 'ventanilla%' order by 1"
        ).fetchall()
        extensions = {name for (name,) in connection.execute("select extname from pg_extension")}
    assert roles == [
        ("ventanilla_app", False, False, False, False, True),
        ("ventanilla_owner", False, False, False, True, True),
    ]
    assert value(running, "select pg_get_userbyid(datdba) from pg_database where datname = 'ventanilla'") == (
        "ventanilla_owner"
    )
    assert {"pg_trgm", "btree_gin", "btree_gist", "unaccent"} <= extensions
    with connected(running, "ventanilla_app") as application:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("create table mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("set role ventanilla_owner")
        application.execute("create temporary table loaded (id int)")


@as_root
def test_another_user_of_the_machine_is_refused_even_with_the_folder_open(var: Path) -> None:
    running = ensure_running(var, durable=False)
    assert running.user != "nobody"
    running.sockets.chmod(0o755)
    (running.sockets / f".s.PGSQL.{running.port}").chmod(0o777)
    psql = [
        str(running.binaries / "psql"),
        "-h",
        str(running.sockets),
        "-U",
        "ventanilla_app",
        "ventanilla",
        "-c",
        "select 1",
    ]
    stranger = subprocess.run(psql, user="nobody", group="nogroup", extra_groups=[], capture_output=True, text=True)
    assert stranger.returncode != 0
    assert "Peer authentication failed" in stranger.stderr


def test_a_path_of_any_length_has_a_short_socket(open_folder: Path, removed_afterwards: Remove) -> None:
    var = removed_afterwards(open_folder.joinpath(*["una-carpeta-de-nombre-muy-largo"] * 8) / "var")
    var.mkdir(parents=True)
    assert len(str(var)) > 107
    running = ensure_running(var, durable=False)
    assert value(running, "select 1") == 1


@as_root
def test_a_checkout_only_root_can_read_keeps_its_cluster_outside(var: Path) -> None:
    var.parent.chmod(0o700)
    running = ensure_running(var, durable=False)
    assert running.home.parent == OUTSIDE
    pointer = read_pointer(var)
    assert pointer is not None
    assert pointer.home == str(running.home)
    assert not (var / "postgres").exists()
    assert value(running, "select 1") == 1
    assert not ensure_running(var, durable=False).started


def test_a_moved_checkout_keeps_its_data(var: Path, removed_afterwards: Remove) -> None:
    running = ensure_running(var, durable=False)
    with connected(running) as connection:
        connection.execute("create table kept (id int)")
    stop(var)
    moved = removed_afterwards(var.with_name("moved"))
    var.rename(moved)
    running = ensure_running(moved, durable=False)
    assert running.home == moved / "postgres"
    assert value(running, "select count(*) from kept") == 0


def test_a_copied_checkout_has_a_server_of_its_own(var: Path, removed_afterwards: Remove) -> None:
    original = ensure_running(var, durable=False)
    copied = removed_afterwards(var.with_name("copied"))
    subprocess.run(["cp", "-a", var, copied], check=True)
    copy = ensure_running(copied, durable=False)
    assert copy.started
    assert copy.home == copied / "postgres"
    assert copy.sockets != original.sockets
    assert value(copy, "show data_directory") == str(copied / "postgres" / "data")
    assert value(original, "show data_directory") == str(var / "postgres" / "data")


def test_settings_of_the_municipality_survive_a_start(var: Path) -> None:
    running = ensure_running(var, durable=False)
    with connected(running) as connection:
        connection.execute("alter system set work_mem = '32MB'")
    stop(var)
    assert value(ensure_running(var, durable=False), "show work_mem") == "32MB"


def test_a_lost_pointer_is_written_again(var: Path) -> None:
    first = ensure_running(var, durable=False)
    (var / "postgres.json").unlink()
    assert ensure_running(var, durable=False).sockets == first.sockets
    (var / "postgres.json").write_text("{")
    assert ensure_running(var, durable=False).sockets == first.sockets
    assert read_pointer(var) is not None


def test_the_sockets_folder_of_somebody_else_is_not_used(var: Path) -> None:
    first = ensure_running(var, durable=False)
    stop(var)
    shutil.rmtree(first.sockets)
    first.sockets.mkdir(mode=0o755)
    first.sockets.chmod(0o755)
    try:
        second = ensure_running(var, durable=False)
        assert second.sockets != first.sockets
        assert value(second, "select 1") == 1
    finally:
        first.sockets.rmdir()
