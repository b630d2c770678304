"""Where the private cluster of a ``var`` folder lives, and the pointer in ``var`` that says so to everyone else."""

import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ventanilla.config import environment as env
from ventanilla.config.postgres.server_user import OUTSIDE, ServerUser

PORT = 5432
"""Only names the socket's file: each cluster has a folder of its own, and none listens on a network."""
_CHECKOUT = Path(__file__).resolve().parents[4]
_POINTER = "postgres.json"
_LOCK = "postgres.lock"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What ``var/postgres.json`` holds: the ``var`` it was written for, and how to reach its server."""

    var: str
    home: str
    sockets: str
    port: int
    user: str
    version: str


def var_folder() -> Path:
    """Where everything that is not code is kept: ``VENTANILLA_VAR``, else ``var`` in the checkout."""
    return Path(env.text("VENTANILLA_VAR", str(_CHECKOUT / "var")))


def read_pointer(var: Path) -> Pointer | None:
    """The pointer of this ``var``; none if there is none, it is damaged, or it came along in a copy of the checkout."""
    try:
        written = json.loads((var / _POINTER).read_text())
        pointer = Pointer(**{field.name: written[field.name] for field in fields(Pointer)})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pointer if pointer.var == str(var.resolve()) or not Path(pointer.var).exists() else None


def write_pointer(var: Path, pointer: Pointer) -> None:
    write_whole(var / _POINTER, json.dumps(asdict(pointer), indent=2) + "\n", mode=0o644)


def write_whole(path: Path, text: str, *, mode: int, owner: ServerUser | None = None) -> None:
    """Write by a draft and a rename, never through a link that someone left at ``path``."""
    descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            os.fchmod(file.fileno(), mode)
            if owner and owner.is_other:
                os.fchown(file.fileno(), owner.uid, owner.gid)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(path)
    except OSError:
        Path(draft).unlink()
        raise


@contextmanager
def only_one(var: Path) -> Iterator[int]:
    """Hold the lock of this ``var``: of two starts at once, the second waits and finds the first's server.

    Yields its descriptor: a program that inherits it holds the lock until it ends, also when we are killed.
    """
    descriptor = os.open(var / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)  # the kernel also lets go of it when we are killed


def find_home(var: Path) -> Path | None:
    """The cluster's folder if there is one already; makes nothing."""
    pointer = read_pointer(var)
    known = [Path(pointer.home)] if pointer else []
    return next((home for home in [*known, _inside(var), _outside(var)] if home.exists()), None)


def make_home(var: Path, user: ServerUser) -> Path:
    """The cluster's folder: in ``var`` if the server's user can reach it, else under ``OUTSIDE``, keyed by ``var``."""
    if found := find_home(var):
        return found
    inside = _inside(var)
    if _made_for(inside, user):
        return inside
    outside = _outside(var)
    outside.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not _made_for(outside, user):
        raise PermissionError(13, "Permission denied", str(outside))
    return outside


def _inside(var: Path) -> Path:
    return var.resolve() / "postgres"


def _outside(var: Path) -> Path:
    return OUTSIDE / hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:12]


def _made_for(home: Path, user: ServerUser) -> bool:
    home.mkdir(mode=0o700)
    try:
        if user.is_other:
            os.chown(home, user.uid, user.gid)
        if user.can_write(home):
            return True
    except PermissionError:  # a folder shared from another machine may refuse to change hands
        pass
    home.rmdir()
    return False


def socket_folder(preferred: str | None, user: ServerUser) -> Path:
    """A folder only the server's user enters, short enough for a socket's 107 bytes however long the checkout's path.

    ``preferred`` is the one used last; after a restart of the machine it is gone, or may be somebody else's.
    """
    if preferred and _is_private(Path(preferred), user):
        return Path(preferred)
    made = tempfile.mkdtemp(prefix="ventanilla-", dir=_short_base())
    if user.is_other:
        os.chown(made, user.uid, user.gid)
    return Path(made)


def _short_base() -> str:
    # /run is not swept and is the same for every service; only root may write there.
    return "/run" if os.geteuid() == 0 and os.access("/run", os.W_OK) else "/tmp"  # noqa: S108 - a folder of its own is made in it


def _is_private(folder: Path, user: ServerUser) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user.uid and stat.S_IMODE(found.st_mode) == 0o700
