"""One fictional person: where the family comes from, surnames that follow from the parents, a name of her time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from ventanilla.datasets.synthetic import surnames
from ventanilla.datasets.synthetic.draws import YEAR, Draw, age_on, ballot, birth_day, pick
from ventanilla.datasets.synthetic.given_names import given_names
from ventanilla.datasets.synthetic.territory import Commune

CHILE = "CL"
_OWN_SURNAME = 0.7  # chance that someone of an indigenous people carries a surname of it
_BORN_HERE_BELOW = 6  # children of migrants younger than this were mostly born in Chile


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a family comes from, and the surnames that tell it."""

    nationality: str
    people: str
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What the families of one commune share. ``reference`` is today, ``opens`` the day of the first consultation."""

    place: Commune
    reference: int
    opens: int
    year: int
    lineages: tuple[Lineage, ...]
    known: Mapping[tuple[str, str], Lineage]
    surnames: tuple[str, ...]


@dataclass(slots=True)
class Person:
    """Someone who does not exist. ``number`` is given when she is written; 0 in a date means it has not happened."""

    sex: str
    age: int
    born: int
    given: str
    first: str
    second: str
    nationality: str
    people: str
    kinship: str = "jefatura"
    mother: "Person | None" = None
    father: "Person | None" = None
    number: int = -1
    died: int = 0
    left: int = 0
    position: int = -1  # hers alone among the numbers of the whole output
    body: int = 0  # of the RUN; 0 for who has none

    @property
    def reference(self) -> str:
        return f"P-{self.number}"


@cache
def _lineages(place: Commune) -> tuple[Lineage, ...]:
    rest = 1 - place.migrant_share - sum(place.peoples.values())
    options = [(Lineage(CHILE, "", ()), rest)]
    options += [(Lineage(CHILE, people, surnames.of_people(people)), share) for people, share in place.peoples.items()]
    total = sum(weight for _, weight in place.nationalities)
    options += [
        (Lineage(country, "", surnames.from_abroad(country)), place.migrant_share * weight / total)
        for country, weight in place.nationalities
    ]
    return ballot(options, 4000)


def setting(place: Commune, reference: date, opens: date) -> Setting:
    today, first = reference.toordinal(), min(reference, opens).toordinal()
    lines = _lineages(place)
    known = {(line.nationality, line.people): line for line in lines}
    return Setting(place, today, first, reference.year, lines, known, surnames.chilean(place.region))


def lineage(draw: Draw, here: Setting) -> Lineage:
    return pick(draw, here.lineages)


def surname(draw: Draw, here: Setting, line: Lineage) -> str:
    if line.own and (line.nationality != CHILE or draw() < _OWN_SURNAME):
        return pick(draw, line.own)
    return pick(draw, here.surnames)


def adult(
    draw: Draw, here: Setting, sex: str, age: int, line: Lineage | None = None, kinship: str = "jefatura"
) -> Person:
    """Someone whose parents are not in the home."""
    line = line or lineage(draw, here)
    born = birth_day(draw, age, here.reference)
    second = "" if line.nationality == "HT" else surname(draw, here, line)
    given = given_names(draw, sex, here.year - age, line.nationality)
    first = surname(draw, here, line)
    exact = age_on(born, here.reference)
    return Person(sex, exact, born, given, first, second, line.nationality, line.people, kinship)


def partner(draw: Draw, here: Setting, of: Person, age: int) -> Person:
    """Of the other sex; more often than chance from the same people or country."""
    line = None
    if draw() < 0.65 or (of.nationality != CHILE and draw() < 0.6):
        line = here.known.get((of.nationality, of.people))
    together = "conyuge" if draw() < (0.85 if of.age > 55 else 0.45) else "conviviente"
    return adult(draw, here, "hombre" if of.sex == "mujer" else "mujer", max(18, age), line, together)


def child(
    draw: Draw,
    here: Setting,
    age: int,
    mother: Person | None,
    father: Person | None,
    absent: str,
    kinship: str = "hijo",
) -> Person:
    """Carries the father's first surname and the mother's first; ``absent`` is that of a parent who is not there.

    A father who did not recognise the child leaves both surnames of the mother, as the registry does.
    """
    sex = "mujer" if draw() < 0.49 else "hombre"
    parent = mother or father
    first = father.first if father else absent or (mother.first if mother else "")
    second = mother.first if mother else absent
    if father is None and mother and not absent:
        second = mother.second or mother.first
    nationality = parent.nationality if parent else CHILE
    named_as = nationality
    if nationality != CHILE and (age < _BORN_HERE_BELOW or (age < 12 and draw() < 0.35)):
        nationality = CHILE
        named_as = named_as if draw() < 0.4 else CHILE
    people = (mother.people if mother else "") or (father.people if father else "")
    born = birth_day(draw, age, here.reference)
    oldest = max((p.born for p in (mother, father) if p), default=0)
    born = max(born, oldest + int(14 * YEAR))  # a birthday drawn at random must not make a parent of 13
    given = given_names(draw, sex, here.year - age, named_as)
    if nationality == "HT":
        second = ""
    return Person(
        sex,
        age_on(born, here.reference),
        born,
        given,
        first,
        second,
        nationality,
        people,
        kinship,
        mother,
        father,
    )


def distinct(siblings: Sequence[Person]) -> list[Person]:
    """Brothers and sisters of one home do not share a given name: the second who would is left out."""
    seen: set[str] = set()
    out = []
    for one in siblings:
        if one.given not in seen:
            seen.add(one.given)
            out.append(one)
    return out
