"""Real clusters in folders of their own, gone when the test ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ventanilla.config.postgres.cluster import stop
from ventanilla.config.postgres.initialise import data_folder
from ventanilla.config.postgres.place import find_home, read_pointer
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.processes import end, processes_of
from ventanilla.config.postgres.server_user import server_user

Command = Callable[..., subprocess.CompletedProcess[str]]


_MEMORY = "/dev/shm"  # a new cluster is a thousand files: the disk is most of its cost
_ROOM = 1024**3
_OTHER_SERVERS = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "VENTANILLA_VAR"}


def _has_room(folder: str) -> bool:
    return os.path.isdir(folder) and shutil.disk_usage(folder).free > _ROOM


@pytest.fixture
def no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the shell says of databases, in a test that is about what it may say."""
    for name in _OTHER_SERVERS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    """For a process of its own that works on this ``var`` and no other database."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OTHER_SERVERS}
    return inherited | {"VENTANILLA_VAR": str(var)}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder the server's user can reach, unlike pytest's own, which are closed to all but us."""
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-test-", dir=_MEMORY if _has_room(_MEMORY) else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def removed_afterwards() -> Iterator[Callable[[Path], Path]]:
    """Call it with a ``var``: a server started there ends with the test, however the test left it."""
    folders: list[Path] = []

    def remember(var: Path) -> Path:
        folders.append(var)
        return var

    yield remember
    for var in folders:
        _remove_cluster(var)


@pytest.fixture
def var(open_folder: Path, removed_afterwards: Callable[[Path], Path]) -> Path:
    """The ``var`` of a checkout; not made yet."""
    return removed_afterwards(open_folder / "var")


def _remove_cluster(var: Path) -> None:
    home, pointer = find_home(var), read_pointer(var)
    with suppress(DatabaseProblem):  # some tests leave a cluster that cannot be stopped properly
        stop(var)
    if home:
        end(processes_of(data_folder(home), server_user()), signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)
    if pointer:
        shutil.rmtree(pointer.sockets, ignore_errors=True)


@pytest.fixture
def mount(open_folder: Path) -> Iterator[Callable[[Path, str], None]]:
    """Mount a small disk in memory at a folder; skipped where that is not allowed.

    A test names it before ``var``, whose server must end before its disk goes.
    """
    mounted: list[Path] = []

    def small_disk(folder: Path, options: str) -> None:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"this machine does not let us mount a disk: {done.stderr.strip()}")
        mounted.append(folder)

    yield small_disk
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def command_line() -> Callable[..., list[str]]:
    """The words that run ``ventanilla`` with these arguments in a process of its own."""
    program = "from ventanilla.config.cli import main; main(prog_name='ventanilla')"
    return lambda *arguments: [sys.executable, "-c", program, *arguments]


@pytest.fixture
def ventanilla(environment: dict[str, str], command_line: Callable[..., list[str]]) -> Command:
    """Run ``ventanilla`` on this ``var`` to its end."""

    def run(*arguments: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line(*arguments),
            input=text,
            capture_output=True,
            text=True,
            env=environment | variables,
            timeout=120,
        )

    return run
