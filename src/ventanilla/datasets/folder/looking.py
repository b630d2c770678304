"""What lies in the watched folder for an institution: ``<folder>/<commune>/<dataset>/<file>``."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ventanilla.core import clock
from ventanilla.core.datasets import Dataset
from ventanilla.datasets.declared import declared, for_the_browser
from ventanilla.datasets.files.problems import because

SETTLES = 120
"""Seconds without a change after which a file is whole: whoever writes it tells nobody when it ends."""

UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", "~")
"""How what copies files calls those that it has not ended. Names with a dot before them are no files of anybody's."""

LONGEST_PLACE = 500
_NANOSECONDS = 10**9


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that is whole. ``place`` is where it is within the folder; ``modified`` is in nanoseconds."""

    dataset: Dataset
    place: str
    size: int
    modified: int

    @property
    def name(self) -> str:
        return self.place.rpartition("/")[2]


@dataclass(slots=True)
class Seen:
    """What was there: files that are whole, how many still come, and what does not serve, in words."""

    whole: list[Lying] = field(default_factory=list)
    coming: int = 0
    problems: list[str] = field(default_factory=list)


def folder_of(root: Path, institution_id: int) -> str | None:
    """The name of its folder, which says its number with or without the zero that spreadsheets eat.

    Raises ``OSError`` when the folder of all cannot be read.
    """
    for name in sorted(path.name for path in root.iterdir()):
        if name.isascii() and name.isdecimal() and int(name) == institution_id:
            return name
    return None


def seen_in(root: Path, folder: str) -> Seen:
    """Raises ``OSError`` when it cannot be read."""
    seen = Seen()
    formats = {dataset.name: dataset for dataset in for_the_browser()}
    for entry in sorted(os.scandir(root / folder), key=lambda one: one.name):
        if entry.name.startswith("."):
            continue
        if not entry.is_dir(follow_symlinks=False):
            seen.problems.append(f"«{_shown(entry.name)}» no está dentro de la carpeta de un formato.")
        elif entry.name in formats:
            _look_within(root, f"{folder}/{entry.name}", formats[entry.name], seen)
        elif entry.name in declared():
            seen.problems.append(f"«{entry.name}» da derechos: se carga solo desde el servidor.")
        else:
            seen.problems.append(f"«{_shown(entry.name)}» no es un formato. Los que hay: {', '.join(formats)}.")
    return seen


def _look_within(root: Path, place: str, dataset: Dataset, seen: Seen) -> None:
    for name, found in _files_of(root / place, place, seen):
        changed = max(found.st_mtime_ns, found.st_ctime_ns) / _NANOSECONDS
        if abs(clock.now().timestamp() - changed) < SETTLES:
            seen.coming += 1
        elif not found.st_size:
            seen.problems.append(f"«{place}/{name}» está vacío.")
        elif not os.access(root / place / name, os.R_OK):
            seen.problems.append(f"«{place}/{name}» no se puede leer con los permisos que tiene.")
        else:
            seen.whole.append(Lying(dataset, f"{place}/{name}", found.st_size, found.st_mtime_ns))


def _files_of(folder: Path, place: str, seen: Seen) -> Iterator[tuple[str, os.stat_result]]:
    """Neither links nor folders: a link may lead to anything that the server can read."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        seen.problems.append(f"«{place}» no se puede leer: {because(error)}.")
        return
    for name in names:
        if name.startswith("."):
            continue
        if name.lower().endswith(UNFINISHED):
            seen.coming += 1
            continue
        try:
            found = os.lstat(folder / name)
        except OSError:
            continue  # it was taken away meanwhile
        if not stat.S_ISREG(found.st_mode):
            continue
        if not name.isprintable() or len(f"{place}/{name}") > LONGEST_PLACE:
            seen.problems.append(f"«{place}» tiene un archivo cuyo nombre no se entiende: «{_shown(name)}».")
            continue
        yield name, found


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
