"""What a file can have that makes it of no use."""

import errno
from enum import StrEnum, auto

from ventanilla.core.errors import DomainError

_DISK_FULL = "no queda espacio en el disco"
_NOT_ALLOWED = "no hay permiso"
_BECAUSE = {
    errno.ENOENT: "no existe",
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: "el disco es de solo lectura",
    errno.EIO: "el disco falla",
}


class Asks(StrEnum):
    """What whoever loads may say, so that a file that was refused is taken."""

    SHEET = auto()
    MEMBER = auto()
    COMMUNE = auto()
    COLUMNS = auto()


class UnusableFile(DomainError):
    """The file is not one of this dataset; nothing was written. ``choices`` are those of what it ``asks``, if any."""

    title = "No se puede leer el archivo"

    def __init__(self, message: str, *, asks: Asks | None = None, choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.asks = asks
        self.choices = choices


def is_disk_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def because(error: OSError) -> str:
    """Why the system refused, in words that end a sentence."""
    return _BECAUSE.get(error.errno or 0) or f"el sistema dice «{error.strerror or error}»"


def quoted(names: tuple[str, ...], *, shown: int = 8) -> str:
    """The first of them between quotation marks, fit for a sentence; what has no letters is said so."""
    clean = ["".join(filter(str.isprintable, " ".join(name.split())))[:80] for name in names[:shown]]
    return ", ".join(f"«{name}»" if name else "(sin nombre)" for name in clean) + (
        " y otras" if len(names) > shown else ""
    )
