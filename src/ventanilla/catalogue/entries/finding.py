"""How the pages find the entry of an address, for this actor."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ventanilla.access.gate import OperatorRequest
from ventanilla.catalogue.entries.listing import drafts_seen, known_entries
from ventanilla.catalogue.models import Entry, EntryDraft


def entry_or_404(request: OperatorRequest, entry_id: UUID) -> Entry:
    return get_object_or_404(known_entries(request.actor), pk=entry_id)


def draft_seen_of(request: OperatorRequest, entry: Entry) -> EntryDraft | None:
    return drafts_seen(request.actor).filter(entry=entry).first()
