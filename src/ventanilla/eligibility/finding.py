"""What is found of one condition for one subject: whether it holds, why in words, and who says so since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ventanilla.catalogue.rule.conditions import Condition, in_words
from ventanilla.eligibility.household import Household, Member
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.query import OFFICIAL, ONLY_ITS_OWN
from ventanilla.registry.models import Fact
from ventanilla.registry.vocabulary import FactKind, Source

DAY = "%d\N{NON-BREAKING HYPHEN}%m\N{NON-BREAKING HYPHEN}%Y"
OLD_AFTER_DAYS = 365

NAMED: Mapping[Source, str] = {
    Source.RSH: "el Registro Social de Hogares",
    Source.SUBSIDIES: "la plataforma de subsidios",
    Source.FAMILIAS: "el registro de Programa Familias",
    Source.SENADIS: "el registro de Senadis",
    Source.MINEDUC: "el registro del Mineduc",
    Source.IPS: "el registro del IPS",
    Source.CIVIL_REGISTRY: "el Registro Civil",
    Source.MUNICIPAL: "los registros de la municipalidad",
    Source.DECLARED: "lo que la persona declara",
}
"""Each source inside a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``why`` is a sentence that may be read to the person. ``aside`` says what is old, or what contradicts it."""

    condition: Condition
    holds: Known
    why: str
    source: Source | None = None
    as_of: date | None = None
    aside: str = ""
    own_name: str = ""
    """How the municipality calls its own fact, where one is asked."""

    @property
    def asks(self) -> str:
        """What is asked, in words."""
        return in_words(self.condition, {self.condition.values[0]: self.own_name} if self.own_name else None)

    @property
    def source_name(self) -> str:
        return self.source.label if self.source else ""


@dataclass(frozen=True, slots=True)
class Who:
    """The subject of a rule: somebody of the home, or the home itself when ``member`` is None."""

    household: Household
    member: Member | None = None
    entry_id: UUID | None = None

    @property
    def on(self) -> date:
        return self.household.on

    @property
    def id(self) -> UUID | None:
        return self.member.person.pk if self.member else None

    @property
    def companions(self) -> list[Member]:
        """Whom the home may know of, and herself."""
        return [one for one in self.household.members if one.is_open or one is self.member]

    def official(self, kind: FactKind, *, of_home: bool = False) -> Fact | None:
        """The newest statement by who says it: by the first of its sources before any other."""
        return official_of(self.household.of(None if of_home else self.id, kind), kind)

    def declared(self, kind: FactKind, *, of_home: bool = False) -> Fact | None:
        """What is declared and in force."""
        facts = self.household.of(None if of_home else self.id, kind)
        mine = (fact for fact in facts if fact.source == Source.DECLARED and is_in_force(fact, self.on))
        return next(mine, None)

    def is_loaded(self, sources: Sequence[Source]) -> bool:
        return set(sources) <= set(self.household.here.loaded)


def official_of(facts: Sequence[Fact], kind: FactKind) -> Fact | None:
    first = OFFICIAL[kind][0]
    said = [fact for fact in facts if fact.source != Source.DECLARED]
    mine = [fact for fact in said if fact.source == first]
    if kind in ONLY_ITS_OWN:
        return mine[0] if mine else None
    return next(iter(mine or said), None)


def is_in_force(fact: Fact, on: date) -> bool:
    return fact.valid_until is None or fact.valid_until >= on


def found(
    condition: Condition, holds: Known, why: str, fact: Fact | None = None, *, on: date, aside: str = ""
) -> Finding:
    """A finding by a statement; an old one is said to be so."""
    if fact is None:
        return Finding(condition, holds, why, aside=aside)
    if not aside and (on - fact.as_of).days > OLD_AFTER_DAYS:
        aside = "El dato tiene más de un año: conviene confirmarlo."
    return Finding(condition, holds, why, Source(fact.source), fact.as_of, aside)


def absent(condition: Condition, who: Who, kind: FactKind, *, what: str) -> Finding:
    """Nobody says ``what``: no if whoever would say it is loaded here, else it is not known."""
    sources = OFFICIAL[kind]
    names = " ni ".join(NAMED[source] for source in sources)
    if who.is_loaded(sources):
        as_of = min(who.household.here.loaded[source] for source in sources)
        return Finding(condition, False, f"No consta {what} en {names}.", sources[0], as_of)
    return Finding(condition, None, f"No se sabe: falta cargar {names}.")


def declares(condition: Condition, fact: Fact, *, what: str) -> Finding:
    """Only the person says it: it decides nothing until somebody proves it."""
    return Finding(condition, None, f"Lo declara la persona ({what}): falta acreditarlo.", Source.DECLARED, fact.as_of)
