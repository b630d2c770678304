"""Neighbours, their homes, what is known of them, and who may look."""

from ventanilla.registry.models.facts import Extract, Fact
from ventanilla.registry.models.homes import Dwelling, Home, Membership, Relation, Residence
from ventanilla.registry.models.people import ContactPoint, Identifier, Person
from ventanilla.registry.models.reading import ReadEntry, ReadPurpose
from ventanilla.registry.models.watch import Flag, FlagStep, Notice, WatchMark

__all__ = [
    "ContactPoint",
    "Dwelling",
    "Extract",
    "Fact",
    "Flag",
    "FlagStep",
    "Home",
    "Identifier",
    "Membership",
    "Notice",
    "Person",
    "ReadEntry",
    "ReadPurpose",
    "Relation",
    "Residence",
    "WatchMark",
]
