"""Files of the watched folder become loads: each once, copied by a job, and from there like any other."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.operators import ever_operated, of_the_command
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.jobs import NotTaken, queue
from ventanilla.datasets.course import storing
from ventanilla.datasets.course.actions import ONE_AT_A_TIME, begin_load, discard_load, send_on
from ventanilla.datasets.course.working import in_state
from ventanilla.datasets.files.problems import because
from ventanilla.datasets.folder.lateness import MISSED_FOR
from ventanilla.datasets.folder.looking import Lying, Seen, folder_of, seen_in
from ventanilla.datasets.models import Load, TakenFile, WatchedFolder
from ventanilla.datasets.states import LoadState

log = structlog.get_logger()

PIECE = 1 << 20

_CHANGED = "El archivo cambió mientras se copiaba, o ya no está."


@dataclass(slots=True)
class Looked:
    """Of a look: the loads that begin, the files that still come, those that were taken before, what does not serve."""

    taken: list[Load] = field(default_factory=list)
    coming: int = 0
    before: int = 0
    problems: list[str] = field(default_factory=list)


def is_watched() -> bool:
    return bool(settings.LOADS_FOLDER)


def look_everywhere() -> Iterator[tuple[Institution, Looked]]:
    """In the folder of each institution that has one."""
    for institution in ever_operated():
        if (looked := look_in_folder(by=of_the_command(institution.pk))) is not None:
            yield institution, looked


def look_in_folder(*, by: Actor) -> Looked | None:
    """Take what is whole and was not taken. None when the institution has no folder, and had none lately."""
    require(by, Permission.LOAD_RUN)
    is_there, seen = _seen(by.institution)
    with acting(by):
        watched = WatchedFolder.objects.first()
        if not is_there and not _is_in_use(watched):
            WatchedFolder.objects.all().delete()
            return None
        looked = Looked(coming=seen.coming, problems=seen.problems)
        for lying in seen.whole:
            _take(lying, looked, by)
        now = {"looked_at": clock.now(), "problem": " ".join(looked.problems)}
        WatchedFolder.objects.update_or_create(pk=watched.pk if watched else new_id(), defaults=now)
    for problem in looked.problems:
        log.warning("folder.problem", institution=by.institution, problem=problem)
    return looked


def _seen(institution_id: int) -> tuple[bool, Seen]:
    """Whether its folder is there, and what is in it."""
    try:
        if name := folder_of(_root(), institution_id):
            return True, seen_in(_root(), name)
    except OSError as error:
        return False, Seen(problems=[f"La carpeta de los extractos no se puede leer: {because(error)}."])
    return False, Seen(problems=["La carpeta de esta municipalidad ya no está."])


def _is_in_use(watched: WatchedFolder | None) -> bool:
    """One that went away is missed while something came by it lately; nobody misses one that was never there."""
    lately = clock.now() - MISSED_FOR
    return watched is not None and TakenFile.objects.filter(taken_at__gte=lately).exists()


def _take(lying: Lying, looked: Looked, by: Actor) -> None:
    this = {"place": lying.place, "size": lying.size, "modified": lying.modified}
    if TakenFile.objects.filter(**this).exists():
        looked.before += 1
        return
    try:
        with transaction.atomic():
            load = begin_load(lying.dataset, lying.name, lying.size, by=by, from_folder=True)
            TakenFile.objects.create(**this, taken_at=clock.now(), load=load)
            job = queue.configure_task("bring_from_folder", queue="loads", lock=ONE_AT_A_TIME)
            job.defer(institution=by.institution, load=str(load.pk))
    except RuleBroken as refusal:
        looked.problems.append(f"«{lying.place}»: {refusal}")
    except IntegrityError:  # another look took it at this very moment
        looked.before += 1
    else:
        looked.taken.append(load)


def bring(load_id: UUID, *, by: Actor) -> None:
    """Copy its file to where loads have theirs, whole or not at all, and send it on. Killed, it begins again."""
    load = in_state(load_id, LoadState.RECEIVING, by=by)
    if load is None:
        return
    with acting(by):
        taken = TakenFile.objects.get(load=load)
    try:
        is_whole = _copied(taken, load)
    except (OSError, RuleBroken) as error:
        why = str(error) if isinstance(error, RuleBroken) else f"No se pudo leer el archivo: {because(error)}."
        with acting(by):
            Load.objects.filter(pk=load.pk).update(problem=f"{why} Se intenta otra vez más tarde.")
        raise NotTaken(why) from error
    with acting(by):
        if is_whole:
            send_on(load, LoadState.LOOKING, "look_at_load", by=by)
        else:
            discard_load(load, by=by, note=_CHANGED)
            taken.delete()  # as it is now, the next look takes it


def _copied(taken: TakenFile, load: Load) -> bool:
    """Whether what was copied is the file that was taken. Raises ``OSError`` and ``RuleBroken``."""
    storing.forget(load)
    try:
        descriptor = os.open(_root() / taken.place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        if not _is_still(taken, file.fileno()):
            return False
        has = storing.append(storing.place_of(load), _pieces(file), at=0)
        return has == taken.size and _is_still(taken, file.fileno())


def _is_still(taken: TakenFile, descriptor: int) -> bool:
    found = os.fstat(descriptor)
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (taken.size, taken.modified)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _root() -> Path:
    return Path(settings.LOADS_FOLDER)
