"""The verbs of an entry: written as a draft, reviewed, published in versions, suspended, closed, revalidated."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries import details as detail_rules
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.catalogue.entries.reach import require_reach
from ventanilla.catalogue.entries.states import ENTRY_LIFECYCLE, TOLD, EntryState, SuspensionGround
from ventanilla.catalogue.models import Entry, EntryDraft, EntryReason, EntryTransition, EntryVersion, OwnFact, Reason
from ventanilla.catalogue.models.content import COMPLETED, SAID, CompletedHere, SaidOfEntry, as_kept
from ventanilla.catalogue.rule.checks import check_rule
from ventanilla.catalogue.rule.conditions import Rule, read_rule, write_rule
from ventanilla.catalogue.words import one_line
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken, StaleVersion
from ventanilla.core.ids import new_id

REVALIDATED_EVERY = timedelta(days=365)
LONGEST_CODE = 60
ITS_OWN = ("unit_id", "provider_id", "reasons", "secrecy")
"""What a draft says beside its texts."""

_COLUMNS = (*SaidOfEntry._meta.local_fields, *CompletedHere._meta.local_fields)
_LONGEST = {field.name: field.max_length for field in _COLUMNS}


# Writing


@transaction.atomic
def write_entry(details: EntryDetails, *, by: Actor, entry_id: UUID | None = None) -> Entry:
    """A local entry, as a draft that nobody is told of. ``entry_id``, made with the form, makes one sent twice once."""
    require(by, Permission.CATALOGUE_WRITE)
    if entry_id and (sent := Entry.objects.filter(pk=entry_id).first()):
        return sent
    name = one_line(details.name)
    if not name:
        raise RuleBroken("Escriba el nombre de la prestación.", field="name")
    _refuse_same_name(name, but=None)
    last = Entry.objects.order_by("-position").values_list("position", flat=True).first() or 0
    entry = Entry(id=entry_id or new_id(), code=_free_code(name), unit=details.unit, position=last + 1)
    entry.secrecy = details.secrecy
    require_reach(by, Permission.CATALOGUE_WRITE, details.unit.pk if details.unit else None)
    entry.save(force_insert=True)
    draft = EntryDraft(entry=entry, written_at=clock.now())
    _say(draft, details, entry=entry)
    _sign(draft, by)
    draft.save(force_insert=True)
    _note(entry, before="", by=by, reason="Se empezó a escribir.")
    return entry


@transaction.atomic
def change_draft(
    entry: Entry, details: EntryDetails, *, by: Actor, version: int, number: int | None = None
) -> EntryDraft:
    """Say something else of an entry in its next version. ``version`` is that of the draft read, 0 when there was none.

    ``number`` is the newest version there was then. Of a national entry only what is completed here may be said. The
    same sent again changes nothing.
    """
    draft = _draft_to_change(entry, by=by)
    require_reach(by, Permission.CATALOGUE_WRITE, details.unit.pk if details.unit else None)
    before = _said_by(draft)
    _say(draft, details, entry=entry)
    return _save_draft(draft, before=before, by=by, version=version, number=number)


@transaction.atomic
def change_rule(entry: Entry, rule: Rule, *, by: Actor, version: int, number: int | None = None) -> EntryDraft:
    """Who may receive it from the next version on. A rule that is national, or that nobody could meet, is refused."""
    draft = _draft_to_change(entry, by=by)
    if not entry.is_local:
        raise RuleBroken("La regla es del catálogo nacional: aquí no se cambia.")
    check_rule(rule, own=own_about(), names=own_facts())
    before = _said_by(draft)
    draft.rule = write_rule(rule)
    return _save_draft(draft, before=before, by=by, version=version, number=number)


@transaction.atomic
def discard_draft(entry: Entry, *, by: Actor) -> None:
    """The next version is not written after all; of an entry that never was published, nothing is left to offer."""
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_WRITE, entry.unit_id)
    EntryDraft.objects.filter(entry=entry).delete()
    if entry.number == 0:
        _move(entry, EntryState.CLOSED, by=by, reason="Borrador descartado.", closed_on=clock.today())


@transaction.atomic
def submit_draft(entry: Entry, *, by: Actor, version: int) -> None:
    """Ask whoever publishes to read it."""
    draft = _draft_to_change(entry, by=by)
    _refuse_stale(draft, version)
    _refuse_incomplete(draft)
    if draft.submitted_at is not None:
        return
    draft.submitted_at, draft.returned_for = clock.now(), ""
    draft.save()
    if entry.number == 0:
        _move(entry, EntryState.IN_REVIEW, by=by, reason="Se envió a revisión.")
    else:
        _note(entry, before=entry.state, by=by, reason="Se envió a revisión la próxima versión.")


@transaction.atomic
def return_draft(entry: Entry, *, by: Actor, reason: str) -> None:
    """What was sent to be reviewed goes back to whoever wrote it, and is told why."""
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    draft = EntryDraft.objects.select_for_update().filter(entry=entry, submitted_at__isnull=False).first()
    if draft is None:
        raise InvalidTransition("No hay nada en revisión.")
    if not (said := one_line(reason)):
        raise RuleBroken("Escriba qué hay que corregir.", field="reason")
    draft.submitted_at, draft.returned_for = None, said[:500]
    draft.save()
    if entry.number == 0:
        _move(entry, EntryState.DRAFT, by=by, reason=said[:500])
    else:
        _note(entry, before=entry.state, by=by, reason=said[:500])


# Publishing and after


@transaction.atomic
def publish_draft(
    entry: Entry,
    *,
    by: Actor,
    starts_on: date,
    version: int,
    number: int | None = None,
    note: str = "",
    is_history: bool = False,
) -> EntryVersion:
    """What is written becomes a version, from a day on. Those before it stay as they were, for ever.

    ``number`` is the newest version when it was read, to notice another one. ``is_history`` records what was given
    before it was written here: a past day, while nobody was told another thing.
    """
    _lock(entry)
    draft = EntryDraft.objects.select_for_update().filter(entry=entry).first()
    if draft is None:
        raise InvalidTransition("No hay ningún cambio que publicar.")
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    require_reach(by, Permission.CATALOGUE_PUBLISH, draft.unit_id)
    _refuse_stale(draft, version, number)
    _refuse_incomplete(draft)
    check_rule(read_rule(draft.rule), own=own_about(), names=own_facts())
    last = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    detail_rules.refuse_start(starts_on, last, today=clock.today(), is_history=is_history)
    detail_rules.refuse_opening(entry.secrecy, draft.secrecy, starts_on=starts_on, today=clock.today())
    published = EntryVersion.objects.create(
        entry=entry,
        number=entry.number + 1,
        national_number=last.national_number if last else None,
        starts_on=starts_on,
        note=one_line(note)[:300],
        unit_id=draft.unit_id,
        provider_id=draft.provider_id,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        **as_kept(draft, SAID + COMPLETED),
    )
    suggest_for(entry, draft.reasons)
    entry.number, entry.unit_id, entry.secrecy = published.number, draft.unit_id, draft.secrecy
    draft.delete()
    after = EntryState.SUSPENDED if entry.state == EntryState.SUSPENDED else EntryState.PUBLISHED
    said = f"Se publicó la versión {published.number}, que vale desde el {starts_on:%d-%m-%Y}."
    next_look = clock.today() + REVALIDATED_EVERY
    _move(entry, after, by=by, reason=said, number=published.number, revalidate_on=next_look)
    return published


@transaction.atomic
def suspend_entry(
    entry: Entry, *, by: Actor, ground: SuspensionGround, until: date | None = None, reason: str = ""
) -> None:
    """For a time it is not given; whoever asks is told so, and why."""
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    if until is not None and until < clock.today():
        raise RuleBroken("El día en que vuelve ya pasó.", field="until")
    if (entry.state, entry.suspended_for, entry.suspended_until) == (EntryState.SUSPENDED, ground, until):
        return
    said = ". ".join(filter(None, (ground.label, one_line(reason))))
    _move(entry, EntryState.SUSPENDED, by=by, reason=said[:500], suspended_for=ground, suspended_until=until)


@transaction.atomic
def resume_entry(entry: Entry, *, by: Actor) -> None:
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    if entry.state != EntryState.SUSPENDED:
        raise InvalidTransition("La prestación no está suspendida.")
    _move(entry, EntryState.PUBLISHED, by=by, reason="Se vuelve a entregar.")


@transaction.atomic
def close_entry(entry: Entry, *, by: Actor, reason: str, replaced_by: Entry | None = None) -> None:
    """It is not offered any more. What points to it stays: deliveries, consultations and its own versions."""
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    if not entry.is_local:
        raise RuleBroken("Es del catálogo nacional: la cierra quien lo publica. Aquí puede suspenderla.")
    if not (said := one_line(reason)):
        raise RuleBroken("Escriba por qué se cierra.", field="reason")
    if replaced_by is not None and (replaced_by.pk == entry.pk or replaced_by.state == EntryState.CLOSED):
        raise RuleBroken("Elija otra prestación, que siga ofreciéndose.", field="replaced_by")
    EntryDraft.objects.filter(entry=entry).delete()
    entry.replaced_by = replaced_by
    _move(entry, EntryState.CLOSED, by=by, reason=said[:500], closed_on=clock.today())


@transaction.atomic
def revalidate_entry(entry: Entry, *, by: Actor, version: int) -> None:
    """It was read again and is still true; in a year it is read again. Of one the nation withdrew, that it was seen."""
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_PUBLISH, entry.unit_id)
    if entry.revalidate_on == clock.today() + REVALIDATED_EVERY:
        return
    if entry.version != version:
        raise StaleVersion("La prestación cambió mientras la leía. Léala de nuevo.")
    is_over = entry.state == EntryState.CLOSED
    if entry.state not in TOLD and not (is_over and entry.revalidate_on):
        raise InvalidTransition("Solo se revisa lo que está publicado.")
    entry.revalidate_on = None if is_over else clock.today() + REVALIDATED_EVERY
    entry.version += 1
    entry.save()
    said = "Se vio que el catálogo nacional la retiró." if is_over else "Se revisó y sigue vigente."
    _note(entry, before=entry.state, by=by, reason=said)


# Own facts


def own_about() -> dict[str, str]:
    """Of whom each of those facts is, by code."""
    return dict(OwnFact.objects.filter(retired_on__isnull=True).values_list("code", "about"))


def own_facts() -> dict[str, str]:
    """The names of the municipality's own facts in use, by code."""
    return dict(OwnFact.objects.filter(retired_on__isnull=True).values_list("code", "name"))


# The pieces


def suggest_for(entry: Entry, reasons: Collection[UUID]) -> None:
    """The reasons that from now on suggest it."""
    kept = set(EntryReason.objects.filter(entry=entry).values_list("reason_id", flat=True))
    EntryReason.objects.filter(entry=entry).exclude(reason__in=reasons).delete()
    known = Reason.objects.filter(pk__in=set(reasons) - kept)
    EntryReason.objects.bulk_create(EntryReason(entry=entry, reason=reason) for reason in known)


def draft_from(entry: Entry) -> EntryDraft:
    """A draft that says what the newest version says; not kept yet."""
    said = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    draft = EntryDraft(entry=entry, version=0, secrecy=entry.secrecy, written_at=clock.now())
    draft.reasons = list(EntryReason.objects.filter(entry=entry).values_list("reason_id", flat=True))
    if said:
        for column, value in as_kept(said, SAID + COMPLETED).items():
            setattr(draft, column, value)
        draft.unit_id, draft.provider_id = said.unit_id, said.provider_id
    return draft


def _lock(entry: Entry) -> None:
    entry.refresh_from_db(from_queryset=Entry.objects.select_for_update())


def _draft_to_change(entry: Entry, *, by: Actor) -> EntryDraft:
    _lock(entry)
    require_reach(by, Permission.CATALOGUE_WRITE, entry.unit_id)
    if entry.state == EntryState.CLOSED:
        raise InvalidTransition("La prestación está cerrada. Cópiela como una nueva.")
    draft = EntryDraft.objects.select_for_update().filter(entry=entry).first()
    return draft or draft_from(entry)


def _say(draft: EntryDraft, details: EntryDetails, *, entry: Entry) -> None:
    """Put the details on the draft as they are kept, or say what is wrong with one."""
    kept = detail_rules.kept_of(details, _LONGEST)
    empty = detail_rules.kept_of(EntryDetails(), {})
    for name in SAID:
        if name == "rule":
            continue
        if entry.is_local:
            setattr(draft, name, kept[name])
        elif kept[name] not in (empty[name], getattr(draft, name)):
            raise RuleBroken("Lo dice el catálogo nacional: aquí se completa, no se cambia.", field=name)
    if entry.is_local:
        if not draft.name:
            raise RuleBroken("Escriba el nombre de la prestación.", field="name")
        _refuse_same_name(draft.name, but=entry)
        draft.secrecy = details.secrecy
    for name in COMPLETED:
        setattr(draft, name, kept[name])
    draft.unit, draft.provider = details.unit, details.provider
    draft.reasons = sorted(set(details.reasons))


def _said_by(draft: EntryDraft) -> dict[str, Any]:
    return as_kept(draft, SAID + COMPLETED) | {name: getattr(draft, name) for name in ITS_OWN}


def _sign(draft: EntryDraft, by: Actor) -> None:
    draft.written_by_id, draft.written_at = by.account_id, clock.now()


def _save_draft(
    draft: EntryDraft, *, before: dict[str, Any], by: Actor, version: int, number: int | None
) -> EntryDraft:
    if _said_by(draft) == before:
        return draft
    _refuse_stale(draft, version, number)
    draft.version += 1
    draft.submitted_at = None
    _sign(draft, by)
    draft.save()
    entry = draft.entry
    if entry.number == 0 and (entry.unit_id, entry.secrecy) != (draft.unit_id, draft.secrecy):
        entry.unit_id, entry.secrecy = draft.unit_id, draft.secrecy  # it is as secret as what is written of it
        entry.save()
    if entry.state == EntryState.IN_REVIEW:
        _move(entry, EntryState.DRAFT, by=by, reason="Se siguió escribiendo.")
    return draft


def _refuse_stale(draft: EntryDraft, version: int, number: int | None = None) -> None:
    """A draft begins to count again after each version published: ``number`` tells one from the next."""
    if draft.version != version or number not in (None, draft.entry.number):
        raise StaleVersion("Otra persona cambió esta prestación mientras usted escribía. Vea cómo quedó y decida.")


def _refuse_incomplete(draft: EntryDraft) -> None:
    for missing in detail_rules.missing_of(draft):
        if missing.stops:
            raise RuleBroken(f"Falta: {missing.what[:1].lower()}{missing.what[1:]}.", field=missing.field)


def _refuse_same_name(name: str, *, but: Entry | None) -> None:
    """Two entries that are offered do not share a name: files and people know them by it."""
    today = clock.today()
    others = EntryVersion.objects.in_force_on(today).filter(entry__in=Entry.objects.told(today))
    drafted = EntryDraft.objects.exclude(entry__state=EntryState.CLOSED)
    for said in (others, drafted):
        for whose, other in said.values_list("entry_id", "name"):
            if (but is None or whose != but.pk) and other.casefold() == name.casefold():
                raise RuleBroken(f"Ya hay una prestación con el nombre «{other}».", field="name")


def _free_code(name: str) -> str:
    base = slugify(name)[: LONGEST_CODE - 4].strip("-") or "prestacion"
    taken = set(Entry.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 999))) if code not in taken)


def _move(entry: Entry, after: EntryState, *, by: Actor, reason: str, number: int | None = None, **fields: Any) -> None:
    before = EntryState(entry.state)
    if before != after or before is not EntryState.SUSPENDED:
        message = f"La prestación está {before.label.lower()}: ya no se puede."
        ENTRY_LIFECYCLE.require(before, after, message=message)
    entry.state = after
    if after is not EntryState.SUSPENDED:
        entry.suspended_for, entry.suspended_until = "", None
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save()
    _note(entry, before=before, by=by, reason=reason, number=number)


def _note(entry: Entry, *, before: str, by: Actor, reason: str, number: int | None = None) -> None:
    EntryTransition.objects.create(
        entry=entry,
        before=before,
        after=entry.state,
        number=number,
        reason=reason,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
    )
