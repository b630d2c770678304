"""The national layer in an institution's own rows: adopting it, following its versions, closing what is withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count

from django.db import transaction

from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import (
    Entry,
    EntryDraft,
    EntryReason,
    EntryTransition,
    EntryVersion,
    NationalEntry,
    NationalEntryVersion,
    Reason,
)
from ventanilla.catalogue.models.content import COMPLETED, SAID, as_kept
from ventanilla.core import clock


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many entries were added, got a new version, and were closed."""

    added: int = 0
    followed: int = 0
    withdrawn: int = 0


@transaction.atomic
def adopt_national_entries() -> Adopted:
    """Bring the institution entered up to date with the national catalogue. Idempotent.

    What it completed stays in the next version, to be looked at again; what the nation withdrew is closed, with all
    its versions kept.
    """
    mine = {entry.national_id: entry for entry in Entry.objects.select_for_update().filter(national__isnull=False)}
    versions: dict[str, list[NationalEntryVersion]] = {}
    for version in NationalEntryVersion.objects.order_by("entry", "number"):
        versions.setdefault(version.entry_id, []).append(version)
    today = clock.today()
    nationals = list(NationalEntry.objects.order_by("position"))
    over = {one.pk for one in nationals if one.withdrawn_on is not None and one.withdrawn_on <= today}
    new = [one for one in nationals if one.pk not in mine and one.pk not in over and versions.get(one.pk)]
    followed = sum(_follow(entry, versions.get(code or "", []), today=today) for code, entry in mine.items())
    mine |= {entry.national_id: entry for entry in _add(new, versions, today=today)}
    withdrawn = 0
    for national in nationals:
        entry = mine.get(national.pk)
        if entry is not None and national.pk in over and entry.state != EntryState.CLOSED:
            _withdraw(entry, national, mine)
            withdrawn += 1
    return Adopted(len(new), followed, withdrawn)


def _add(
    nationals: Sequence[NationalEntry], versions: Mapping[str, Sequence[NationalEntryVersion]], *, today: date
) -> list[Entry]:
    """The entries that it did not have, all at once, with every version that the nation published of them."""
    taken = set(Entry.objects.values_list("code", flat=True))
    reasons = dict(Reason.objects.filter(is_local=False).values_list("national_id", "id"))
    entries, said, steps, suggestions = [], [], [], []
    for national in nationals:
        entry = Entry(
            code=_free_code(national.pk, taken),
            national=national,
            secrecy=national.secrecy,
            position=national.position,
            state=EntryState.PUBLISHED,
            number=len(versions[national.pk]),
            revalidate_on=today,
        )
        entries.append(entry)
        for number, version in enumerate(versions[national.pk], start=1):
            said.append(_said(entry, version, number=number, starts_on=version.starts_on))
            steps.append(_step(entry, before=entry.state if number > 1 else "", version=version, number=number))
        suggestions += [EntryReason(entry=entry, reason_id=reasons[one]) for one in national.reasons if one in reasons]
    Entry.objects.bulk_create(entries)
    EntryVersion.objects.bulk_create(said)
    EntryTransition.objects.bulk_create(steps)
    EntryReason.objects.bulk_create(suggestions)
    return entries


def _free_code(code: str, taken: set[str]) -> str:
    """The national one, unless a local entry has it."""
    base = code.replace("_", "-")
    choices = chain((base, f"{base}-nacional"), (f"{base}-nacional-{n}" for n in count(2)))
    free = next(one for one in choices if one not in taken)
    taken.add(free)
    return free


def _follow(entry: Entry, versions: Sequence[NationalEntryVersion], *, today: date) -> bool:
    """Each national version that the entry does not have yet becomes one of its own, with what is completed here."""
    last = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    behind = [version for version in versions if last is None or version.number > (last.national_number or 0)]
    for version in behind:
        starts_on = max(version.starts_on, last.starts_on) if last else version.starts_on
        said = _said(entry, version, number=entry.number + 1, starts_on=starts_on, before=last)
        said.save(force_insert=True)
        last, entry.number = said, said.number
        _step(entry, before=entry.state, version=version, number=said.number).save(force_insert=True)
    if not behind:
        return False
    entry.revalidate_on = today
    entry.version += 1
    entry.save()
    for draft in EntryDraft.objects.select_for_update().filter(entry=entry):
        for column, value in as_kept(behind[-1], SAID).items():
            setattr(draft, column, value)
        draft.version += 1
        draft.save()
    return True


def _withdraw(entry: Entry, national: NationalEntry, mine: dict[str | None, Entry]) -> None:
    before = entry.state
    EntryDraft.objects.filter(entry=entry).delete()
    entry.state, entry.closed_on = EntryState.CLOSED, national.withdrawn_on
    entry.suspended_for, entry.suspended_until = "", None
    entry.replaced_by = mine.get(national.replaced_by_id) if national.replaced_by_id else None
    entry.revalidate_on = clock.today()
    entry.version += 1
    entry.save()
    reason = f"Retirada del catálogo nacional el {national.withdrawn_on:%d-%m-%Y}."
    EntryTransition.objects.create(entry=entry, before=before, after=entry.state, reason=reason, at=clock.now())


def _said(
    entry: Entry, version: NationalEntryVersion, *, number: int, starts_on: date, before: EntryVersion | None = None
) -> EntryVersion:
    """What the nation says, with what the version before it was completed with."""
    return EntryVersion(
        entry=entry,
        number=number,
        national_number=version.number,
        starts_on=starts_on,
        note=_note_of(version),
        unit_id=before.unit_id if before else None,
        provider_id=before.provider_id if before else None,
        at=clock.now(),
        **as_kept(version, SAID),
        **(as_kept(before, COMPLETED) if before else {}),
    )


def _note_of(version: NationalEntryVersion) -> str:
    return f"Catálogo nacional, versión {version.number}."


def _step(entry: Entry, *, before: str, version: NationalEntryVersion, number: int) -> EntryTransition:
    return EntryTransition(
        entry=entry, before=before, after=entry.state, number=number, reason=_note_of(version), at=clock.now()
    )
