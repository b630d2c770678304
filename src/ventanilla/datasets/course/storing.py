"""Where the file of a load waits: outside what is served, read by us alone, and gone once it is of no more use."""

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ventanilla.core.errors import RuleBroken
from ventanilla.datasets.files.problems import because
from ventanilla.datasets.models import Load

LONGEST_NAME = 120


class OutOfPlace(RuleBroken):
    """A piece that does not follow what is there; ``has`` are the bytes that are."""

    def __init__(self, has: int) -> None:
        super().__init__("Ese trozo no sigue a lo que ya se recibió.")
        self.has = has


def safe_name(name: str) -> str:
    """What a browser says a file is called, as a name in a folder of ours: it is shown, and messages tell it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter if letter.isprintable() else " " for letter in last).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > LONGEST_NAME and dot:
        clean = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return clean[:LONGEST_NAME] or "archivo"


def place_of(load: Load) -> Path:
    return _folder(load) / load.file_name


def has_room(size: int) -> bool:
    """For the file and for its text, which a workbook is turned into."""
    root = _root()
    return shutil.disk_usage(root).free > 3 * size + (64 << 20)


def append(path: Path, piece: Iterable[bytes], *, at: int) -> int:
    """Add a piece at the end, and how many bytes there are then. Raises ``OutOfPlace`` when ``at`` is not the end."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            has = file.seek(0, os.SEEK_END)
            if has != at:
                raise OutOfPlace(has)
            try:
                for part in piece:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(at)
                raise
            return file.tell()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RuleBroken("No queda espacio en el servidor para el archivo. Avise a quien lo cuida.") from error
        raise RuleBroken(
            f"No se pudo guardar el archivo: {because(error)}. Avise a quien cuida el servidor."
        ) from error


def received(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def forget(load: Load) -> None:
    shutil.rmtree(_folder(load), ignore_errors=True)


def _folder(load: Load) -> Path:
    return _root() / str(load.institution_id) / str(load.pk)


def _root() -> Path:
    root = Path(settings.LOADS_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root
