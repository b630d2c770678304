"""The operating system's user the server runs as: ourselves, or, since PostgreSQL refuses root, one made for it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ventanilla.config.postgres.problems import DatabaseProblem

OUTSIDE = Path("/var/lib/ventanilla")
"""Where root keeps clusters and programs that cannot live in a checkout only root can read."""
_NAME = "ventanilla"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """``is_other`` when we are root and lend the server another user's identity."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def run(self, command: Sequence[str | Path], *, inherited: Sequence[int] = ()) -> subprocess.CompletedProcess[str]:
        """Run as this user, in the C locale and without our PG* variables; both outputs joined in ``stdout``.

        ``inherited`` are descriptors the program keeps open.
        """
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        try:
            result: subprocess.CompletedProcess[str] = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd="/",
                env=clean_environment(),
                pass_fds=inherited,
                **identity,  # type: ignore[call-overload]  # the three are subprocess.run's own
            )
            return result
        except PermissionError as error:
            if not self.is_other or error.filename:
                raise
            raise DatabaseProblem(
                f"No se pudo pasar de root al usuario {self.name}, que PostgreSQL necesita."
                " Ejecute la orden con un usuario corriente, o use otro servidor con DATABASE_URL."
            ) from error

    def succeeds(self, command: Sequence[str | Path]) -> bool:
        try:
            return self.run(command).returncode == 0
        except (FileNotFoundError, PermissionError):
            return False

    def can_write(self, folder: Path) -> bool:
        """Whether this user can reach the folder from / and write in it."""
        return self.succeeds(["/bin/sh", "-c", 'cd "$0" && test -w .', folder])


def clean_environment() -> dict[str, str]:
    """Our environment with English messages and none of the variables that steer PostgreSQL's programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def server_user() -> ServerUser:
    """Ourselves; as root, the system user ``ventanilla`` (made if it can be), else ``nobody``."""
    if os.geteuid() != 0:
        return ServerUser(_own_name(), os.geteuid(), os.getegid(), is_other=False)
    entry = _entry(_NAME) or _made() or _entry("nobody")
    if entry is None:
        raise DatabaseProblem(
            "PostgreSQL no corre como root y no se pudo crear el usuario ventanilla."
            " Créelo (useradd --system ventanilla), o ejecute la orden con un usuario corriente."
        )
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other=True)


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise DatabaseProblem(
            f"El usuario número {os.geteuid()} no tiene nombre en esta máquina, y PostgreSQL lo necesita."
            " Agréguelo a /etc/passwd, o use otro servidor con DATABASE_URL."
        ) from None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    if useradd := shutil.which("useradd"):
        subprocess.run(
            [useradd, "--system", "--no-create-home", "--home-dir", OUTSIDE, "--shell", "/usr/sbin/nologin", _NAME],
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
    return _entry(_NAME)  # also when somebody else made it meanwhile
