"""What keeps the database from working, told as a Spanish sentence that says what to do."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = "No queda espacio en el disco de {path}. Libere espacio y repita la orden; lo que ya estaba guardado sigue ahí."
_READ_ONLY = "El disco de {path} es de solo lectura. Móntelo con escritura, o indique otra carpeta en VENTANILLA_VAR."
_FORBIDDEN = (
    "No hay permiso para escribir en {path}. Ejecute la orden con el usuario que la creó,"
    " o indique otra carpeta en VENTANILLA_VAR."
)
_NOT_A_FOLDER = "{path} no es una carpeta. Quite ese archivo, o indique otra carpeta en VENTANILLA_VAR."

_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
}
# What PostgreSQL's programs write, in the C locale, for the same three.
_BY_TEXT = {
    "No space left on device": _FULL,
    "Disk quota exceeded": _FULL,
    "Read-only file system": _READ_ONLY,
    "Permission denied": _FORBIDDEN,
}
_NEARLY_FULL = 1024 * 1024


class DatabaseProblem(Exception):
    """The database cannot be started, reached or used; ``str(problem)`` is fit to show to whoever keeps the server."""


def of_system(error: OSError, path: Path) -> DatabaseProblem:
    """The sentence for a refusal of the operating system while working under ``path``."""
    sentence = _BY_NUMBER.get(error.errno or 0)
    if sentence:
        return DatabaseProblem(sentence.format(path=path))
    return DatabaseProblem(f"El sistema no permitió trabajar en {path}: {error.strerror or error}.")


def of_program(program: str, output: str, path: Path) -> DatabaseProblem:
    """The sentence for a PostgreSQL program that failed while working under ``path``, from what it wrote."""
    for text, sentence in _BY_TEXT.items():
        if text in output:
            return DatabaseProblem(sentence.format(path=path))
    if _is_full(path):  # then not even the log could be written
        return DatabaseProblem(_FULL.format(path=path))
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line or "error:" in line), None)
    last = said or (lines[-1] if lines else "no dijo nada")
    return DatabaseProblem(f"El programa {program} de PostgreSQL falló. Su mensaje fue «{last}».")


def _is_full(path: Path) -> bool:
    try:
        free = os.statvfs(path)
    except OSError:
        return False
    return free.f_bavail * free.f_frsize < _NEARLY_FULL


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn refusals of the operating system into ``DatabaseProblem``."""
    try:
        yield
    except OSError as error:
        raise of_system(error, Path(os.fsdecode(error.filename)) if error.filename else path) from error
