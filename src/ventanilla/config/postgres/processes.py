"""Which processes belong to a cluster, told by where they work and never by a number alone."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from ventanilla.config.postgres.server_user import ServerUser

# Asked as the server's own user: in a container root may not look into another user's processes.
_SEARCH = """
for process in /proc/[0-9]*; do
  read -r name < "$process/comm" && [ "$name" = postgres ] && [ "$(readlink "$process/cwd")" = "$0" ] \
    && echo "${process#/proc/}"
done 2>/dev/null
true
"""
_NOBODY = 2**31 - 1  # beyond what any kernel gives to a process
HAS_PROC = Path("/proc/self/cwd").exists()


def processes_of(data: Path, user: ServerUser) -> set[int]:
    """The numbers of the PostgreSQL processes, living ones, that work in this data folder."""
    return {int(line) for line in user.run(["/bin/sh", "-c", _SEARCH, data.resolve()]).stdout.split()}


def recorded_postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def forget_postmaster(data: Path) -> None:
    """Say that the recorded postmaster is dead, when another program has its number now.

    The file stays: PostgreSQL reads in its other lines whether anything of the dead server still runs.
    """
    path = data / "postmaster.pid"
    try:
        with path.open("r+") as file:
            _, *rest = file.read().splitlines(keepends=True) or [""]
            file.seek(0)
            file.writelines([f"{_NOBODY}\n", *rest])
            file.truncate()
    except FileNotFoundError:
        pass


def forget_socket(sockets: Path, port: int) -> None:
    """Remove what a dead server left in a folder only it used; the number in its lock may be somebody else's now."""
    for name in (f".s.PGSQL.{port}", f".s.PGSQL.{port}.lock"):
        (sockets / name).unlink(missing_ok=True)


def end(processes: set[int], how: signal.Signals) -> None:
    for number in processes:
        with suppress(ProcessLookupError):
            os.kill(number, how)
