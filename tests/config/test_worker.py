"""The worker beside the server: started with it, started again when it dies, ended with it however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("ventanilla")


def processes_of(server: int) -> dict[int, str]:
    """The descendants of a process, with their command lines."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
                lines[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:  # it ended meanwhile
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    for pid in parents:
        above = pid
        while above in parents and above != server:
            above = parents[above]
        if above == server and pid != server:
            found[pid] = lines[pid]
    return found


def worker_of(server: int) -> int | None:
    return next((pid for pid, line in processes_of(server).items() if "ventanilla work" in line), None)


def eventually(what: Callable[[], bool], seconds: float = 40) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.2)
    return False


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.fixture
def server(database_environment: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"VENTANILLA_VAR": str(tmp_path), "VENTANILLA_DEMO": "1", "WORKERS": "1", "LOG_JSON": "0", "WORKER": "1"}
    environment = os.environ | database_environment | own
    found = subprocess.Popen([PROGRAM, "serve", f"--port={port}"], env=environment, stdout=subprocess.DEVNULL)
    try:
        assert eventually(lambda: worker_of(found.pid) is not None)
        yield found
    finally:
        found.kill()
        found.wait(timeout=60)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_is_started_again_when_it_dies_and_ends_with_the_server(
    how: signal.Signals, server: "subprocess.Popen[bytes]"
) -> None:
    first = worker_of(server.pid)
    assert first
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: worker_of(server.pid) not in (None, first))
    second = worker_of(server.pid)
    assert second
    server.send_signal(how)
    server.wait(timeout=60)
    assert eventually(lambda: not is_running(second))


@pytest.mark.django_db(transaction=True)
def test_without_its_supervisor_it_still_ends_with_the_server(server: "subprocess.Popen[bytes]") -> None:
    worker = worker_of(server.pid)
    assert worker
    os.kill(parent_of(worker), signal.SIGKILL)
    server.kill()
    server.wait(timeout=60)
    assert eventually(lambda: not is_running(worker))


@pytest.mark.django_db(transaction=True)
def test_what_it_cannot_do_without_a_database_is_one_sentence(tmp_path: Path) -> None:
    environment = os.environ | {"VENTANILLA_VAR": str(tmp_path), "DATABASE_URL": "postgresql://nadie@127.0.0.1:9/nada"}
    done = subprocess.run([PROGRAM, "work", "--once"], env=environment, text=True, capture_output=True, timeout=60)
    assert done.returncode != 0
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
