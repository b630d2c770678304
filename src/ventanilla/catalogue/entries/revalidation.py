"""What of the catalogue somebody must look at again: a year has passed, or who gives it is no longer there."""

from collections.abc import Iterator
from datetime import date, timedelta

from ventanilla.access.actors import Actor
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.catalogue.entries.states import TOLD
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion

NOTICE = timedelta(days=30)
"""How long before its day an entry is to be looked at."""

WITHOUT_UNIT = "Sin unidad vigente"
WITHOUT_PROVIDER = "Su prestador dejó de atender"


def is_connected(unit: Unit, on: date) -> bool:
    begins, ends = unit.connected_from, unit.connected_until
    return begins is not None and begins <= on and (ends is None or on <= ends)


def nobody_gives(said: EntryVersion | EntryDraft, on: date) -> Iterator[str]:
    """Why nobody answers for it any more: its unit was disconnected, its provider ended."""
    if said.unit and not is_connected(said.unit, on):
        yield WITHOUT_UNIT
    if said.provider and said.provider.ended_on and said.provider.ended_on <= on:
        yield WITHOUT_PROVIDER


def to_look_at(entry: Entry, said: EntryVersion | EntryDraft, on: date) -> Iterator[str]:
    """Why it must be looked at again, if it must. A national one that nobody completed waits for that first."""
    if entry.state in TOLD:
        if not entry.is_local and entry.unit_id is None:
            return
        yield from nobody_gives(said, on)
        if entry.revalidate_on and entry.revalidate_on <= on + NOTICE:
            yield f"Se revisa {'desde el' if entry.revalidate_on <= on else 'antes del'} {entry.revalidate_on:%d-%m-%Y}"
    elif entry.revalidate_on and entry.closed_on:
        yield f"El catálogo nacional la retiró el {entry.closed_on:%d-%m-%Y}"


def to_revalidate(actor: Actor, *, on: date) -> list[tuple[EntryVersion, list[str]]]:
    """Those within reach of whoever publishes, each with why; the soonest first. One query."""
    mine = Entry.objects.visible_to(actor).filter(within_reach(actor, Permission.CATALOGUE_PUBLISH))
    versions = EntryVersion.objects.in_force_on(on).of(mine.told(on)).select_related("entry", "unit", "provider")
    found = [(version, list(to_look_at(version.entry, version, on))) for version in versions.in_order()]
    return sorted((one for one in found if one[1]), key=lambda one: one[0].entry.revalidate_on or date.max)
