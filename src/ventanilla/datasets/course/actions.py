"""The verbs of whoever loads a file in the browser; what takes time is left to a job."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.datasets import Dataset
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.jobs import queue
from ventanilla.datasets.course import storing
from ventanilla.datasets.declared import for_the_browser
from ventanilla.datasets.files.limits import LARGEST_FILE
from ventanilla.datasets.headings import fingerprint
from ventanilla.datasets.models import KnownHeadings, Load, LoadStep, RejectedRow
from ventanilla.datasets.numbers import next_number
from ventanilla.datasets.reading import NOTHING_TOLD
from ventanilla.datasets.states import LOAD_LIFECYCLE, LoadState

ONE_AT_A_TIME = "loads"
"""The lock of their jobs: however many files come, the worker has a hand free for letters and events."""


@transaction.atomic
def begin_load(
    dataset: Dataset, name: str, size: int, *, by: Actor, modified: int | None = None, from_folder: bool = False
) -> Load:
    """A place for a file that is about to come in pieces, or from the watched folder."""
    require(by, Permission.LOAD_RUN)
    if dataset not in for_the_browser():
        raise RuleBroken("Ese formato no se carga desde aquí.", field="dataset")
    if size <= 0:
        raise RuleBroken("El archivo está vacío: elija otro.", field="file")
    if size > LARGEST_FILE:
        raise RuleBroken("El archivo pesa más de 2 GiB. Pártalo en varios.", field="file")
    if not storing.has_room(size):
        raise RuleBroken("En el servidor no queda espacio para ese archivo. Avise a quien lo cuida.", field="file")
    load = Load.objects.create(
        number=next_number(),
        dataset=dataset.name,
        file_name=storing.safe_name(name),
        state=LoadState.RECEIVING,
        size=size,
        modified=modified,
        from_folder=from_folder,
        started_at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
    )
    _leave_step(load, "", by=by)
    return load


def receive(load: Load, piece: Iterable[bytes], *, at: int, by: Actor) -> int:
    """Add a piece of its file and answer how many bytes there are. The last one sends it on to be looked at.

    Raises ``storing.OutOfPlace`` when the piece does not follow what is there.
    """
    require(by, Permission.LOAD_RUN)
    if load.state != LoadState.RECEIVING:
        raise InvalidTransition(f"El archivo de la carga {load.number} ya está completo.")
    has = storing.append(storing.place_of(load), piece, at=at)
    if has > load.size:
        storing.forget(load)
        raise RuleBroken("Llegó más de lo que el archivo pesaba. Súbalo otra vez desde el principio.")
    if has < load.size:
        Load.objects.filter(pk=load.pk).update(done=has)
        return has
    send_on(load, LoadState.LOOKING, "look_at_load", by=by)
    return has


def look_again(load: Load, *, by: Actor, sheet: str = "", member: str = "", any_commune: bool = False) -> None:
    """At another sheet, at another file of the zip, or although it seems to be of another municipality."""
    require(by, Permission.LOAD_RUN)
    said: dict[str, Any] = {
        "sheet": sheet,
        "member": member,
        "any_commune": any_commune,
        "mapping": {},
        "constants": {},
    }
    send_on(load, LoadState.LOOKING, "look_at_load", by=by, **said)


@transaction.atomic
def try_load(load: Load, mapping: Mapping[str, str], *, by: Actor, constants: Mapping[str, str] = NOTHING_TOLD) -> None:
    """Try it with what somebody says its headings mean, which is remembered for the next file alike.

    ``mapping`` has every heading of the file, with the heading of a column of the format or nothing; ``constants``,
    columns that the file has not, with the cell of all its rows.
    """
    require(by, Permission.LOAD_RUN)
    told = {"mapping": dict(mapping), "constants": dict(constants)}
    said = told | {"said_at": clock.now(), "account_id": by.account_id}
    headings = fingerprint(load.seen.get("headings", []))
    KnownHeadings.objects.update_or_create(dataset=load.dataset, headings=headings, defaults=said)
    send_on(load, LoadState.TRYING, "try_load", by=by, **told)


def accept_load(load: Load, *, by: Actor, accept_gone: bool = False) -> None:
    """From here on it is written, in the name of whoever accepts.

    ``accept_gone`` says that whoever is not in the file no longer figures, however many they are.
    """
    require(by, Permission.LOAD_RUN)
    if load.state == LoadState.TRIED and not load.to_take:
        raise RuleBroken("Ninguna fila de este archivo se puede cargar. Corríjalo y súbalo otra vez.")
    said: dict[str, Any] = {"account_id": by.account_id, "posting_id": by.posting_id}
    if load.state == LoadState.TRIED:  # one that stopped goes on with what was said of it
        said["accept_gone"] = accept_gone
    send_on(load, LoadState.APPLYING, "apply_load", by=by, **said)


def undo_load(load: Load, *, by: Actor) -> None:
    """Take back what it wrote, if nothing that came later leans on it."""
    require(by, Permission.LOAD_RUN)
    if load.written_from is None:
        raise RuleBroken("Esta carga es de antes de que se pudieran deshacer.")
    send_on(load, LoadState.UNDOING, "undo_load", by=by, account_id=by.account_id, posting_id=by.posting_id)


@transaction.atomic
def discard_load(load: Load, *, by: Actor, note: str = "", **changed: Any) -> None:
    """Of what was not applied, nothing stays but that it was there, and why it went if nobody decided it."""
    require(by, Permission.LOAD_RUN)
    move(load, LoadState.DISCARDED, by=by, note=note, **changed)
    RejectedRow.objects.filter(load=load).delete()
    Load.objects.filter(pk=load.pk).update(seen={}, trial={})
    transaction.on_commit(lambda: storing.forget(load))


@transaction.atomic
def move(load: Load, to: LoadState, *, by: Actor, note: str = "", **changed: Any) -> None:
    """To another state, with the step that says so. Raises ``InvalidTransition`` when somebody was first."""
    before = LoadState(Load.objects.select_for_update().values_list("state", flat=True).get(pk=load.pk))
    LOAD_LIFECYCLE.require(
        before, to, message=f"La carga {load.number} está {before.label.lower()}: mire su página y decida otra vez."
    )
    load.state = to
    for name, value in changed.items():
        setattr(load, name, value)
    load.save(update_fields=["state", *changed])
    _leave_step(load, before, by=by, note=note)


def find_load(load_id: UUID, *, by: Actor) -> Load:
    """Raises ``Http404`` for one of others."""
    require(by, Permission.LOAD_RUN)
    found = Load.objects.visible_to(by).select_related("account").filter(pk=load_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def send_on(load: Load, to: LoadState, task: str, *, by: Actor, **changed: Any) -> None:
    """To the state in which a job has it."""
    move(load, to, by=by, problem="", done=0, **changed)
    job = queue.configure_task(task, queue="loads", lock=ONE_AT_A_TIME)
    job.defer(institution=load.institution_id, load=str(load.pk))


def _leave_step(load: Load, before: str, *, by: Actor, note: str = "") -> None:
    LoadStep.objects.create(
        load=load, before=before, after=load.state, note=note[:500], at=clock.now(), account_id=by.account_id
    )
