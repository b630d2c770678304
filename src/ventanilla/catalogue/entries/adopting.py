"""The national layer in an institution's own rows: adopting it, following its versions, closing what is withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from ventanilla.catalogue.entries.actions import suggest_for
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import (
    Entry,
    EntryDraft,
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
    reasons = dict(Reason.objects.filter(is_local=False).values_list("national_id", "id"))
    versions: dict[str, list[NationalEntryVersion]] = {}
    for version in NationalEntryVersion.objects.order_by("entry", "number"):
        versions.setdefault(version.entry_id, []).append(version)
    added = followed = withdrawn = 0
    today = clock.today()
    for national in NationalEntry.objects.order_by("position"):
        entry = mine.get(national.pk)
        is_over = national.withdrawn_on is not None and national.withdrawn_on <= today
        if entry is None:
            if is_over or not versions.get(national.pk):
                continue
            entry = _adopt(national)
            suggest_for(entry, _known(national.reasons, reasons))
            added += 1
        is_new = entry.number == 0
        followed += _follow(entry, versions.get(national.pk, []), today=today) and not is_new
        if is_over and entry.state != EntryState.CLOSED:
            _withdraw(entry, national, mine)
            withdrawn += 1
    return Adopted(added, followed, withdrawn)


def _known(codes: Sequence[str], reasons: dict[str, UUID]) -> list[UUID]:
    return [reasons[code] for code in codes if code in reasons]


def _adopt(national: NationalEntry) -> Entry:
    code = national.pk.replace("_", "-")
    if Entry.objects.filter(code=code).exists():
        code = f"{code}-nacional"
    return Entry.objects.create(code=code, national=national, secrecy=national.secrecy, position=national.position)


def _follow(entry: Entry, versions: Sequence[NationalEntryVersion], *, today: date) -> bool:
    """Each national version that the entry does not have yet becomes one of its own, with what is completed here."""
    last = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    behind = [version for version in versions if last is None or version.number > (last.national_number or 0)]
    for version in behind:
        completed = as_kept(last, COMPLETED) if last else {}
        last = EntryVersion.objects.create(
            entry=entry,
            number=entry.number + 1,
            national_number=version.number,
            starts_on=max(version.starts_on, last.starts_on) if last else version.starts_on,
            note=f"Catálogo nacional, versión {version.number}.",
            unit_id=last.unit_id if last else None,
            provider_id=last.provider_id if last else None,
            at=clock.now(),
            **as_kept(version, SAID),
            **completed,
        )
        before, entry.number = (entry.state if entry.number else ""), last.number
        if entry.state == EntryState.DRAFT:
            entry.state = EntryState.PUBLISHED
        _note(entry, before, f"Catálogo nacional, versión {version.number}.", number=last.number)
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
    _note(entry, before, f"Retirada del catálogo nacional el {national.withdrawn_on:%d-%m-%Y}.")


def _note(entry: Entry, before: str, reason: str, *, number: int | None = None) -> None:
    EntryTransition.objects.create(
        entry=entry, before=before, after=entry.state, number=number, reason=reason, at=clock.now()
    )
