"""What files bring to the registry, many rows at once: set-based actions that answer for every row."""

from ventanilla.registry.loading.facts import load_facts
from ventanilla.registry.loading.gone import close_extracts
from ventanilla.registry.loading.homes import load_homes, load_members
from ventanilla.registry.loading.people import load_contacts, load_people, load_relations
from ventanilla.registry.loading.references import (
    BLOCKED,
    UNKNOWN_HOME,
    UNKNOWN_PERSON,
    home_of,
    person_of,
)
from ventanilla.registry.loading.state import HARMLESS, load_familias, load_rsh_requests, load_subsidies

__all__ = [
    "BLOCKED",
    "HARMLESS",
    "UNKNOWN_HOME",
    "UNKNOWN_PERSON",
    "close_extracts",
    "home_of",
    "load_contacts",
    "load_facts",
    "load_familias",
    "load_homes",
    "load_members",
    "load_people",
    "load_relations",
    "load_rsh_requests",
    "load_subsidies",
    "person_of",
]
