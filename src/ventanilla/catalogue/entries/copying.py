"""A new entry that begins with what another says."""

from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor
from ventanilla.catalogue.entries.actions import write_entry
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.catalogue.models.content import COMPLETED, SAID, as_kept
from ventanilla.core.errors import RuleBroken


@transaction.atomic
def copy_entry(entry: Entry, *, by: Actor, name: str, entry_id: UUID | None = None) -> Entry:
    """A local draft that begins with what another says: of one the nation withdrew, to go on giving it here."""
    said = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    if said is None:
        raise RuleBroken("Esa prestación no dice nada que copiar.")
    copied = write_entry(EntryDetails(name=name, unit=said.unit), by=by, entry_id=entry_id)
    draft = EntryDraft.objects.select_for_update().get(entry=copied)
    for column, value in as_kept(said, SAID + COMPLETED).items():
        if column != "name":
            setattr(draft, column, value)
    draft.provider_id = said.provider_id
    draft.save()
    return copied
