"""Neighbours, their homes, what is known of them, and who may look."""

from ventanilla.registry.models.facts import Extract, Fact
from ventanilla.registry.models.homes import Dwelling, Home, Membership, Relation, Residence
from ventanilla.registry.models.merging import DuplicateSearch, DuplicateStep, Merge, MergeMove, PossibleDuplicate
from ventanilla.registry.models.people import ContactPoint, Identifier, Person
from ventanilla.registry.models.reading import ReadEntry, ReadPurpose
from ventanilla.registry.models.watch import Flag, FlagStep, Notice, WatchMark

__all__ = [
    "ContactPoint",
    "DuplicateSearch",
    "DuplicateStep",
    "Dwelling",
    "Extract",
    "Fact",
    "Flag",
    "FlagStep",
    "Home",
    "Identifier",
    "Membership",
    "Merge",
    "MergeMove",
    "Notice",
    "Person",
    "PossibleDuplicate",
    "ReadEntry",
    "ReadPurpose",
    "Relation",
    "Residence",
    "WatchMark",
]
