"""Reasons for coming, and what is offered: the national layer and each institution's own rows."""

from ventanilla.catalogue.models.entries import (
    Entry,
    EntryDraft,
    EntryReason,
    EntryTransition,
    EntryVersion,
    OwnFact,
)
from ventanilla.catalogue.models.national import LegalAmount, NationalEntry, NationalEntryVersion
from ventanilla.catalogue.models.reasons import IndexGroup, NationalReason, Reason, ReasonQuerySet, ReasonVersion

__all__ = [
    "Entry",
    "EntryDraft",
    "EntryReason",
    "EntryTransition",
    "EntryVersion",
    "IndexGroup",
    "LegalAmount",
    "NationalEntry",
    "NationalEntryVersion",
    "NationalReason",
    "OwnFact",
    "Reason",
    "ReasonQuerySet",
    "ReasonVersion",
]
