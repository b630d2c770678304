"""Two records of one person, decided: which is kept, what of each, and what stands in the way; pure functions."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ventanilla.registry.models import Person
from ventanilla.registry.vocabulary import Source

FIELDS: Sequence[tuple[str, ...]] = (
    ("run",),
    ("given_names",),
    ("first_surname",),
    ("second_surname",),
    ("social_name",),
    ("sex",),
    ("birth_on",),
    ("nationality",),
    ("indigenous_people",),
    ("commune_id",),
    ("died_on", "death_source"),
)
"""What is chosen of one record or the other: columns that go together, named by the first."""

NAMES = tuple(columns[0] for columns in FIELDS)
HOME = "home"
"""Which of two homes is hers, when each record has another by the same source."""

_OF_THE_FINGERPRINT = ("run", "given_names", "first_surname", "second_surname", "social_name", "sex", "birth_on")


def fingerprint(one: Person, other: Person) -> str:
    """Of what two people are told apart by: another when any of it changes. The order of the two does not matter."""
    said = sorted([str(getattr(person, name) or "") for name in _OF_THE_FINGERPRINT] for person in (one, other))
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def which_is_kept(one: Person, other: Person) -> tuple[Person, Person]:
    """The record that is kept and the one that joins it: with RUN before without, of a registry, then the older."""

    def rank(person: Person) -> tuple[Any, ...]:
        return (person.run is None, person.source == Source.DECLARED, person.recorded_at, str(person.pk))

    kept, absorbed = sorted((one, other), key=rank)
    return kept, absorbed


def prevails(new: Person, old: Person) -> bool:
    """As in loads: registries over what was declared, then the newest date."""
    if (new.source == Source.DECLARED) != (old.source == Source.DECLARED):
        return new.source != Source.DECLARED
    return old.as_of is None or (new.as_of is not None and new.as_of > old.as_of)


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of the two, where they differ or not, and which of both is proposed."""

    name: str
    kept: Any
    absorbed: Any
    takes_absorbed: bool

    @property
    def differs(self) -> bool:
        return bool(self.kept != self.absorbed)


def choices(kept: Person, absorbed: Person) -> list[Choice]:
    """Never an empty one over a known one; else that of the record that prevails."""
    wins = prevails(absorbed, kept)
    found = []
    for name in NAMES:
        mine, theirs = getattr(kept, name) or "", getattr(absorbed, name) or ""
        takes = bool(theirs) and (not mine or (wins and mine != theirs))
        if name == "run" and mine:
            takes = False  # the RUN of the record that is kept stays unless somebody says otherwise
        found.append(Choice(name, mine, theirs, takes))
    return found


def objections(kept: Person, absorbed: Person, *, are_related: bool, reason: str) -> Iterator[str]:
    """Each reason why the two may not be joined as they are, in words."""
    if kept.pk == absorbed.pk:
        yield "Son la misma ficha."
    if are_related:
        yield (
            "Entre las dos consta una relación, como madre, tutora o cuidadora: nadie lo es de sí misma. Revise cuál de"
            " los dos datos está equivocado."
        )
    if kept.run and absorbed.run and kept.run != absorbed.run and not reason:
        yield "Tienen RUN distintos. Escriba cómo supo que son la misma persona."


def chosen_columns(kept: Person, absorbed: Person, taken: Mapping[str, bool]) -> dict[str, Any]:
    """What changes in the record that is kept, by column; ``run`` apart, for no two may have it at once."""
    changes = {}
    for columns in FIELDS:
        if columns[0] == "run" or not taken.get(columns[0]):
            continue
        for column in columns:
            if getattr(kept, column) != getattr(absorbed, column):
                changes[column] = getattr(absorbed, column)
    return changes
