"""What the catalogue asks of whoever writes or publishes it: drafts to read, entries to look at, suspensions over."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.catalogue.entries.reach import is_of_all
from ventanilla.catalogue.entries.revalidation import nobody_gives, to_revalidate
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import SHOWN, Item


def drafts_to_review(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Sent to whoever publishes; not her own."""
    if not can(actor, Permission.CATALOGUE_PUBLISH):
        return
    sent = EntryDraft.objects.filter(entry__in=_published_by(actor), submitted_at__isnull=False)
    for draft in sent.select_related("written_by", "entry").order_by("submitted_at")[: SHOWN + 1]:
        yield Item(
            icon="edit",
            title=f"Revisar antes de publicar: {draft.name}",
            url=_url_of_draft(draft),
            detail=f"Escribió {draft.written_by.full_name}" if draft.written_by else "",
        )


def drafts_returned(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Hers, that came back with what is to be corrected."""
    if not can(actor, Permission.CATALOGUE_WRITE):
        return
    mine = EntryDraft.objects.filter(
        entry__in=Entry.objects.visible_to(actor), written_by=actor.account_id, submitted_at__isnull=True
    )
    for draft in mine.exclude(returned_for="").order_by("written_at")[: SHOWN + 1]:
        yield Item(
            icon="undo",
            title=f"Corregir: {draft.name}",
            url=reverse("entries:write", args=[draft.entry_id]),
            detail=draft.returned_for,
        )


def entries_to_revalidate(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """In a month, at once after a change of the nation, and those of which nobody answers any more."""
    if not can(actor, Permission.CATALOGUE_PUBLISH):
        return
    for version, why in to_revalidate(actor, on=on)[: SHOWN + 1]:
        is_nobodys = any(nobody_gives(version, on))
        yield Item(
            icon="gift",
            title=f"Revisar que siga vigente: {version.name}",
            url=reverse("entries:entry", args=[version.entry_id]),
            detail=". ".join(why),
            due_on=on if is_nobodys else version.entry.revalidate_on,
        )


def entries_withdrawn(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """National ones that the State no longer gives and of which a unit here answered."""
    if not can(actor, Permission.CATALOGUE_PUBLISH):
        return
    over = _published_by(actor).filter(
        state=EntryState.CLOSED, national__isnull=False, unit__isnull=False, revalidate_on__isnull=False
    )
    newest = EntryVersion.objects.of(over).in_force_on(on).select_related("entry").in_order()
    for version in newest[: SHOWN + 1]:
        yield Item(
            icon="flag",
            title=f"Retirada del catálogo nacional: {version.name}",
            url=reverse("entries:entry", args=[version.entry_id]),
            detail="Si se seguirá dando aquí, cópiela como local; si no, dela por vista",
            due_on=version.entry.revalidate_on,
        )


def entries_uncompleted(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """National ones of which no unit answers yet, as one thing to do of whoever writes for the whole institution."""
    if not is_of_all(actor, Permission.CATALOGUE_WRITE):
        return
    told = Entry.objects.visible_to(actor).told(on)
    if number := told.filter(national__isnull=False, unit__isnull=True).count():
        how_many = "1 prestación nacional" if number == 1 else f"{number} prestaciones nacionales"
        yield Item(
            icon="book",
            title=f"Completar {how_many}",
            url=f"{reverse('entries:entries')}?estado=sin-completar",
            detail="Falta decir qué unidad responde, dónde y cuándo se piden aquí",
        )


def suspensions_over(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Whose day to come back has passed, and nobody gave them again."""
    if not can(actor, Permission.CATALOGUE_PUBLISH):
        return
    past = _published_by(actor).filter(state=EntryState.SUSPENDED, suspended_until__lt=on)
    for version in EntryVersion.objects.of(past).in_force_on(on).select_related("entry").in_order()[: SHOWN + 1]:
        yield Item(
            icon="pause",
            title=f"Terminó su suspensión: {version.name}",
            url=reverse("entries:entry", args=[version.entry_id]),
            detail="Vuelva a entregarla, o diga hasta cuándo sigue suspendida",
            due_on=version.entry.suspended_until,
        )


def _published_by(actor: Actor) -> QuerySet[Entry]:
    return Entry.objects.visible_to(actor).filter(within_reach(actor, Permission.CATALOGUE_PUBLISH))


def _url_of_draft(draft: EntryDraft) -> str:
    return reverse("entries:draft" if draft.entry.number else "entries:entry", args=[draft.entry_id])
