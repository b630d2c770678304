"""A rule tried before it is published: on sample homes, and counted over the municipality without naming anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.rule.conditions import Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.eligibility.asking.given import tells
from ventanilla.eligibility.compiling import counts
from ventanilla.eligibility.finding import Who
from ventanilla.eligibility.household import FACTS_ASKED
from ventanilla.eligibility.institution import what_is_here
from ventanilla.eligibility.query import OFFICIAL
from ventanilla.eligibility.samples import Sample, samples
from ventanilla.eligibility.verdicts import Answer, answer, subjects_of
from ventanilla.registry.vocabulary import FactKind

FEWEST = 10
"""A smaller count of people is not told: together with a narrow rule it could say who."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of a rule for one sample home."""

    sample: Sample
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many would meet it today; None is a number too small to be told."""

    could: int | None
    cannot: int | None
    unknown: int | None
    of_homes: bool


def try_rule(rule: Rule, *, entry_id: UUID, by: Actor, on: date) -> list[Tried]:
    """The rule on each sample home."""
    if rule.is_empty:
        return []
    tried = []
    for sample in samples(on, own=what_is_here(by).own_about, entry_id=entry_id):
        answers = [
            answer(rule, Who(sample.household, member, entry_id)) for member in subjects_of(rule, sample.household)
        ]
        tried.append(Tried(sample, answers))
    return tried


def count_rule(rule: Rule, *, entry_id: UUID, by: Actor, on: date) -> Counted:
    """Over everybody in the institution, with small numbers left out. Nobody's record is shown."""
    require(by, Permission.CATALOGUE_WRITE)
    found = counts(rule, by=by, on=on, entry_id=entry_id)
    told = {value: number if number >= FEWEST or number == 0 else None for value, number in found.items()}
    return Counted(told[True], told[False], told[None], rule.subject is Subject.HOME)


def facts_nobody_has(rule: Rule, *, by: Actor) -> list[str]:
    """What the rule asks and nothing loaded in this institution could tell: of everybody it would not be known."""
    here = what_is_here(by)
    missing = []
    for condition in rule.conditions:
        if condition.kind is Kind.OWN:
            if condition.values[0] not in here.own_kept:
                missing.append("Nadie ha cargado el dato propio que pide la regla.")
        elif condition.kind in FACTS_ASKED:
            asked = FACTS_ASKED[condition.kind]
            sources = tells(condition.values) if asked is FactKind.SUBSIDY else OFFICIAL[asked]
            asks = condition.kind.label
            missing += [f"Falta cargar {one.label}: lo pide «{asks}»." for one in sources if one not in here.loaded]
    return list(dict.fromkeys(missing))
