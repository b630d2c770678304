"""Neighbours, their homes, what is known of them, and who may look."""

from ventanilla.registry.models.facts import Fact
from ventanilla.registry.models.homes import Dwelling, Home, Membership, Relation, Residence
from ventanilla.registry.models.people import ContactPoint, Identifier, Person
from ventanilla.registry.models.reading import ReadEntry, ReadPurpose

__all__ = [
    "ContactPoint",
    "Dwelling",
    "Fact",
    "Home",
    "Identifier",
    "Membership",
    "Person",
    "ReadEntry",
    "ReadPurpose",
    "Relation",
    "Residence",
]
