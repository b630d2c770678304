"""The list of the catalogue as an actor sees it: what is offered and, for whoever writes it, what is being written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.reach import in_reach
from ventanilla.catalogue.entries.reading import found_by
from ventanilla.catalogue.entries.revalidation import to_look_at
from ventanilla.catalogue.entries.stamp import MOST_KEPT, catalogue_stamp
from ventanilla.catalogue.entries.states import TOLD, EntryState
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.catalogue.models.content import AT_LENGTH
from ventanilla.catalogue.models.entries import EntryQuerySet


@dataclass(frozen=True, slots=True)
class Mark:
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what it says: today, or from the day it begins, or in the draft while nothing is published."""

    entry: Entry
    said: EntryVersion | EntryDraft
    draft: EntryDraft | None
    on: date

    @property
    def begins_on(self) -> date | None:
        """When it begins, if it has not."""
        return self.said.starts_on if isinstance(self.said, EntryVersion) and self.said.starts_on > self.on else None

    @property
    def is_offered(self) -> bool:
        return self.entry.state == EntryState.PUBLISHED and self.begins_on is None

    @property
    def is_uncompleted(self) -> bool:
        """A national one of which no unit here answers."""
        return self.entry.state in TOLD and not self.entry.is_local and self.entry.unit_id is None

    @property
    def looks(self) -> list[str]:
        return list(to_look_at(self.entry, self.said, self.on))

    @property
    def given_by(self) -> str:
        if self.said.provider:
            return self.said.provider.name
        return self.said.unit.name if self.said.unit else ""

    @property
    def state(self) -> Mark:
        state = EntryState(self.entry.state)
        if state is EntryState.PUBLISHED and self.begins_on:
            return Mark(f"Desde el {self.begins_on:%d-%m-%Y}", "info")
        if self.is_offered and not self.said.is_in_season(self.on):
            return Mark(self._out_of_season(), "warn")
        if self.is_offered:
            return Mark("Se ofrece")
        return Mark(state.label, self.entry.tone)

    def _out_of_season(self) -> str:
        if self.said.opens_on and self.said.opens_on > self.on:
            return f"Se postula desde el {self.said.opens_on:%d-%m-%Y}"
        return f"Se postulaba hasta el {self.said.closes_on:%d-%m-%Y}"

    @property
    def marks(self) -> Iterator[Mark]:
        """What else is to be known of it at a glance."""
        if self.draft and self.entry.number:
            yield Mark("Cambios en revisión" if self.draft.submitted_at else "Cambios en borrador", "info")
        for look in self.looks:
            yield Mark(look, "warn")


STANDINGS: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("Todas menos las cerradas", lambda row: row.entry.state != EntryState.CLOSED),
    "ofrecidas": ("Se ofrecen hoy", lambda row: row.is_offered),
    "suspendidas": ("Suspendidas", lambda row: row.entry.state == EntryState.SUSPENDED),
    "escribiendo": ("Se están escribiendo", lambda row: row.draft is not None),
    "revisar": ("Por revisar", lambda row: bool(row.looks)),
    "sin-completar": ("Nacionales sin completar", lambda row: row.is_uncompleted),
    "cerradas": ("Cerradas", lambda row: row.entry.state == EntryState.CLOSED),
}
OF_WHO_WRITES = ("escribiendo", "revisar", "sin-completar")
"""What a clerk who only reads has no use for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of the list; blank is anything."""

    text: str = ""
    modality: str = ""
    audience: str = ""
    unit: str = ""
    standing: str = ""

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows wanted, and the units one may choose among. ``is_bare`` when the catalogue has nothing at all."""

    rows: Sequence[Row]
    units: Sequence[tuple[str, str]]
    is_bare: bool


def writes_or_publishes(actor: Actor) -> bool:
    return any(actor.scope(right) for right in (Permission.CATALOGUE_WRITE, Permission.CATALOGUE_PUBLISH))


def known_entries(actor: Actor) -> EntryQuerySet:
    """What has been published at least once; what never was, only to who writes or publishes it."""
    visible = Entry.objects.visible_to(actor).select_related("unit", "national", "replaced_by")
    return visible.filter(Q(number__gt=0) | _written_by(actor))


def drafts_seen(actor: Actor) -> QuerySet[EntryDraft]:
    """What is being written of entries within her reach, by whoever."""
    mine = Entry.objects.visible_to(actor).filter(_written_by(actor))
    return EntryDraft.objects.filter(entry__in=mine).select_related("unit", "provider", "written_by")


def _written_by(actor: Actor) -> Q:
    return in_reach(actor, Permission.CATALOGUE_WRITE) | in_reach(actor, Permission.CATALOGUE_PUBLISH)


def list_entries(actor: Actor, wanted: Wanted, *, on: date) -> Listing:
    """At most four queries, however many they are."""
    drafts = {draft.entry_id: draft for draft in drafts_seen(actor)} if writes_or_publishes(actor) else {}
    rows = []
    for entry, published in _published(catalogue_stamp(actor), actor.alike, on):
        draft = drafts.get(entry.pk)
        if said := published or draft:  # of one discarded before it was ever published nothing is said
            rows.append(Row(entry, said, draft, on))
    units = {str(row.said.unit_id): row.said.unit.name for row in rows if row.said.unit}
    wanted_rows = [row for row in rows if _is_wanted(row, wanted)]
    if wanted.text.strip():
        by_said = {row.said.pk: row for row in wanted_rows}
        wanted_rows = [by_said[said.pk] for said in found_by(wanted.text, [row.said for row in wanted_rows])]
    return Listing(wanted_rows, sorted(units.items(), key=lambda one: one[1]), is_bare=not rows)


@lru_cache(MOST_KEPT)
def _published(stamp: str, actor: Actor, on: date) -> Sequence[tuple[Entry, EntryVersion | None]]:
    """Each entry that an actor knows, with what it says that day, else from the day it begins."""
    versions = EntryVersion.objects.visible_to(actor).of(Entry.objects.visible_to(actor))
    now: dict[UUID, EntryVersion] = {}
    later: dict[UUID, EntryVersion] = {}
    known = versions.select_related("unit", "provider").defer("rule", *AT_LENGTH)
    for version in known.in_force_or_later(on).order_by("-number"):
        (now if version.starts_on <= on else later)[version.entry_id] = version
    return tuple((entry, now.get(entry.pk) or later.get(entry.pk)) for entry in known_entries(actor).in_order())


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    return (
        STANDINGS[wanted.standing][1](row)
        and wanted.modality in ("", row.said.modality)
        and (not wanted.audience or not row.said.audience or wanted.audience in row.said.audience)
        and wanted.unit in ("", str(row.said.unit_id))
    )
