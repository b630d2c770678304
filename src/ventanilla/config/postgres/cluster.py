"""The supervisor of the private PostgreSQL: starts it, finds it, stops it, and survives whatever happened before."""

import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from ventanilla.config.postgres.binaries import Binaries, find_binaries, usable_by
from ventanilla.config.postgres.initialise import configure, data_folder, initialise, refuse_foreign
from ventanilla.config.postgres.place import (
    PORT,
    Pointer,
    find_home,
    make_home,
    only_one,
    read_pointer,
    socket_folder,
    write_pointer,
)
from ventanilla.config.postgres.problems import DatabaseProblem, explained, of_program
from ventanilla.config.postgres.processes import (
    HAS_PROC,
    end,
    forget_postmaster,
    forget_socket,
    processes_of,
    recorded_postmaster,
)
from ventanilla.config.postgres.provision import NAMES, data_directory, provision_private
from ventanilla.config.postgres.server_user import ServerUser, clean_environment, server_user

_PATIENCE = 300.0  # seconds for a start; recovery after a crash may replay a gigabyte
_MUTE = 10.0  # seconds a living server may go without answering before it is started again
_ORPHANS = 5.0  # seconds that processes of a dead server get to end by themselves
_LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections. ``sockets`` is the HOST to connect to; ``started`` whether this call did."""

    home: Path
    sockets: Path
    port: int
    user: str
    version: str
    binaries: Path
    started: bool


class _Answer(IntEnum):
    """What pg_isready answers with."""

    READY = 0
    STARTING = 1
    SILENT = 2
    NOT_ASKED = 3


def ensure_running(var: Path, *, durable: bool = True) -> Running:
    """Start the cluster of ``var`` unless it runs, with its roles and database. Safe to call at any time, by anyone.

    ``durable=False`` trades safety for speed: for tests only. Raises ``DatabaseProblem``.
    """
    binaries = find_binaries()
    with explained(var):
        var.mkdir(parents=True, exist_ok=True)
        with only_one(var) as lock:
            user = server_user()
            home = make_home(var, user)
            if not refuse_foreign(home, user, binaries):
                binaries = usable_by(user, binaries)
                initialise(home, user, binaries, lock, durable=durable)
            pointer = read_pointer(var)
            sockets, started = _start(home, pointer.sockets if pointer else None, user, binaries, durable=durable)
            provision_private(sockets, PORT, user.name)
            now = Pointer(str(var.resolve()), str(home), str(sockets), PORT, user.name, binaries.version)
            if pointer != now:
                write_pointer(var, now)
    return Running(home, sockets, PORT, user.name, binaries.version, binaries.folder, started)


def status(var: Path) -> Running | None:
    """The server of ``var`` if it accepts connections. Changes nothing."""
    with explained(var):
        home, pointer = find_home(var), read_pointer(var)
    if home is None or pointer is None:
        return None
    binaries = find_binaries()
    if _ask(binaries, Path(pointer.sockets)) is not _Answer.READY:
        return None
    return Running(
        home, Path(pointer.sockets), pointer.port, pointer.user, pointer.version, binaries.folder, started=False
    )


def stop(var: Path) -> bool:
    """Stop the server of ``var``, ending open sessions; whether there was one. Raises ``DatabaseProblem``."""
    with explained(var):
        home = find_home(var)
        if home is None:
            return False
        with only_one(var):
            binaries, user = find_binaries(), server_user()
            if not refuse_foreign(home, user, binaries):
                return False
            data = data_folder(home)
            _, answer = _reach(data, user, binaries)
            if answer is _Answer.SILENT and recorded_postmaster(data) not in processes_of(data, user):
                return False
            _stop(data, user, usable_by(user, binaries))
            return True


def _start(
    home: Path, preferred: str | None, user: ServerUser, binaries: Binaries, *, durable: bool
) -> tuple[Path, bool]:
    """The socket's folder, and whether a server had to be started."""
    data = data_folder(home)
    give_up, mute_since, orphans_since = time.monotonic() + _PATIENCE, 0.0, 0.0
    while time.monotonic() < give_up:
        told, answer = _reach(data, user, binaries)
        if told and answer is _Answer.READY:
            return told, False
        if answer is _Answer.STARTING:
            time.sleep(0.1)
            continue
        alive = processes_of(data, user)
        if recorded_postmaster(data) in alive:
            # Just started by another, or its socket was swept away: it cannot be reached any more and starts again.
            mute_since = mute_since or time.monotonic()
            if time.monotonic() - mute_since > _MUTE or (told and not told.exists()):
                _stop(data, user, usable_by(user, binaries))
            time.sleep(0.1)
        elif alive:
            # What a killed server left behind: it sees that the server is gone and ends, or it is ended.
            orphans_since = orphans_since or time.monotonic()
            late = time.monotonic() - orphans_since - _ORPHANS
            if late > 0:
                end(alive, signal.SIGQUIT if late < _ORPHANS else signal.SIGKILL)
            time.sleep(0.1)
        else:
            if HAS_PROC:
                forget_postmaster(data)
            configure(data, user, durable=durable)
            wanted = str(told) if told else preferred
            is_free = wanted is not None and _ask(binaries, Path(wanted)) is _Answer.SILENT
            sockets = socket_folder(wanted if is_free else None, user)
            forget_socket(sockets, PORT)
            if _started(home, sockets, user, usable_by(user, binaries)):
                return sockets, True
    raise DatabaseProblem(
        f"La base de datos no respondió en {_PATIENCE / 60:.0f} minutos."
        f" Revise {home / 'postgres.log'} y repita la orden."
    )


def _started(home: Path, sockets: Path, user: ServerUser, binaries: Binaries) -> bool:
    """Start a server; ``False`` when it has to be tried again. Raises ``DatabaseProblem`` when that is no use."""
    log = home / "postgres.log"
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(home / "postgres.log.1")
    before = log.stat().st_size if log.exists() else 0
    # On the command line, where no later change of the configuration reaches: no network, and our folder only.
    options = f"-c listen_addresses='' -p {PORT} -k {shlex.quote(str(sockets))} -c unix_socket_permissions=0700"
    start = [binaries.program("pg_ctl"), "start", "-w", "-t", "20", "-o", options]
    result = user.run([*start, "-D", str(data_folder(home)), "-l", str(log)])
    if result.returncode == 0:
        return True
    if _ask(binaries, sockets) is _Answer.STARTING:
        return False
    written = _since(log, before)
    if 'lock file "postmaster.pid"' in written or "pre-existing shared memory block" in written:
        return False
    raise of_program("postgres", written or result.stdout, home)


def _since(log: Path, position: int) -> str:
    try:
        with log.open(errors="replace") as file:
            file.seek(position)
            return file.read()
    except OSError:
        return ""


def _stop(data: Path, user: ServerUser, binaries: Binaries) -> None:
    result = user.run([binaries.program("pg_ctl"), "stop", "-D", data, "-m", "fast", "-w", "-t", "60"])
    if result.returncode != 0 and recorded_postmaster(data) in processes_of(data, user):
        raise of_program("pg_ctl", result.stdout, data)


def _reach(data: Path, user: ServerUser, binaries: Binaries) -> tuple[Path | None, _Answer]:
    """Where the server of this data folder says it listens, and what it answers there."""
    told = _told_sockets(data)
    answer = _ask(binaries, told) if told else _Answer.SILENT
    if told and answer is _Answer.READY:
        # A folder copied with its server running also copied the name of the other's socket.
        serves = data_directory(told, PORT, user.name)
        if serves is None or not serves.exists() or not serves.samefile(data):
            return None, _Answer.SILENT
    return told, answer


def _told_sockets(data: Path) -> Path | None:
    """The folder of the socket as the server itself wrote it down; perhaps a server that is no more."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None


def _ask(binaries: Binaries, sockets: Path) -> _Answer:
    # With a role and database that exist, so that the question leaves no complaint in the server's log.
    command = [binaries.program("pg_isready"), "-q", "-t", "3", "-h", str(sockets), "-p", str(PORT)]
    who = ["-U", NAMES.application, "-d", "postgres"]
    return _Answer(subprocess.run([*command, *who], env=clean_environment()).returncode)
