"""What comes of a rule for a home: for each subject whether it could receive, and why, fact by fact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule, read_rule
from ventanilla.catalogue.rule.kinds import RECEIVED, Kind, Subject, Whose
from ventanilla.eligibility.asking import ASKED
from ventanilla.eligibility.finding import Finding, Who
from ventanilla.eligibility.household import Household, Member
from ventanilla.eligibility.kleene import Known, all_of, any_of

HIDDEN = "Este dato no se muestra aquí: lo ve Asistencia Social."


class Verdict(StrEnum):
    """Advice, never a decision."""

    COULD = "could"  # all that is known holds; what is left is proved on applying
    MISSING = "missing"  # some fact is not known
    RECEIVES = "receives"
    CANNOT = "cannot"


WORDS = {
    Verdict.COULD: "Podría recibirla",
    Verdict.MISSING: "No se sabe",
    Verdict.RECEIVES: "Ya la recibe",
    Verdict.CANNOT: "No cumple",
}
TONES = {Verdict.COULD: "ok", Verdict.MISSING: "warn", Verdict.RECEIVES: "info", Verdict.CANNOT: ""}
_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}

MOST_READ = 10_000
_READ: dict[UUID, Rule] = {}
"""Rules by the version they are of, of the whole server."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked: a condition, or alternatives of which one is enough."""

    findings: Sequence[Finding]
    holds: Known

    @property
    def why(self) -> str:
        """The reason that decided it: of alternatives none of which holds, each one's."""
        told = [finding.why for finding in self.findings if finding.holds is self.holds]
        return " ".join(dict.fromkeys(told))

    @property
    def sentence(self) -> str:
        """What is asked; alternatives are joined."""
        return " o bien ".join(finding.asks for finding in self.findings)

    @property
    def is_only_to_prove(self) -> bool:
        """Not known, and only because it is proved when one applies."""
        unknown = [finding for finding in self.findings if finding.holds is None]
        return self.holds is None and any(finding.condition.kind is Kind.TO_PROVE for finding in unknown)


@dataclass(frozen=True, slots=True)
class Answer:
    """For one subject, on a day. ``receives`` is the finding that says she has it already."""

    member: Member | None
    on: date
    holds: Known
    clauses: Sequence[Clause]
    verdict: Verdict
    receives: Finding | None = None

    @property
    def name(self) -> str:
        """Whose it is, as one says it at the desk."""
        return self.member.person.social_name or self.member.person.given_names if self.member else "El hogar"

    @property
    def age(self) -> int | None:
        return self.member.person.age_on(self.on) if self.member else None

    @property
    def failed(self) -> list[Clause]:
        return [clause for clause in self.clauses if clause.holds is False]

    @property
    def unknown(self) -> list[Clause]:
        return [clause for clause in self.clauses if clause.holds is None and not clause.is_only_to_prove]

    @property
    def to_prove(self) -> list[Clause]:
        return [clause for clause in self.clauses if clause.is_only_to_prove]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is told of one entry: the answers of all its subjects, the most hopeful first."""

    version: EntryVersion
    answers: Sequence[Answer]
    is_suggested: bool = False

    @property
    def verdict(self) -> Verdict:
        return self.answers[0].verdict

    @property
    def words(self) -> str:
        return WORDS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]

    @property
    def best(self) -> Sequence[Answer]:
        """Those with the verdict that is told."""
        return [answer for answer in self.answers if answer.verdict is self.verdict]


def asked_by(version: EntryVersion) -> Rule:
    """Its rule, read once: a version never changes."""
    rule = _READ.get(version.pk)
    if rule is None:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        rule = _READ[version.pk] = read_rule(version.rule)
    return rule


def judge_rule(rule: Rule, who: Who) -> tuple[Known, list[Clause]]:
    """Whether the subject meets the rule, and what was found of each clause."""
    clauses = [_judge_clause(clause, who) for clause in rule.clauses]
    return all_of(clause.holds for clause in clauses), clauses


def _judge_clause(conditions: Sequence[Condition], who: Who) -> Clause:
    findings = [judge(condition, who) for condition in conditions]
    return Clause(findings, any_of(finding.holds for finding in findings))


def judge(condition: Condition, who: Who) -> Finding:
    """One condition, asked only of the ages it is for, and not shown where the profile may not know."""
    if condition.is_of_some_ages and who.member is not None:
        ages = Condition(Kind.AGE, low=condition.only_from, high=condition.only_to)
        is_asked = ASKED[Kind.AGE].judge(ages, who)
        if is_asked.holds is False:
            return Finding(condition, True, f"No se le pide. {is_asked.why}", is_asked.source, is_asked.as_of)
        found = _ask(condition, who)
        if is_asked.holds is None and found.holds is False:
            return Finding(condition, None, is_asked.why)
        return found
    return _ask(condition, who)


def _ask(condition: Condition, who: Who) -> Finding:
    if condition.kind in who.household.hidden:
        name = who.household.here.own_names.get(condition.values[0], "") if condition.kind is Kind.OWN else ""
        return Finding(condition, None, HIDDEN, own_name=name)
    return ASKED[condition.kind].judge(condition, who)


def subjects_of(rule: Rule, household: Household) -> list[Member | None]:
    """Who could receive: the home, or each of those whose home it is."""
    if rule.subject is Subject.HOME:
        return [None]
    here = [member for member in household.members if member.is_here and member.person.died_on is None]
    return list(here)


def advise(
    household: Household, versions: Iterable[EntryVersion], *, suggested: frozenset[UUID] = frozenset()
) -> list[Advice]:
    """Of each entry that has a rule, what could come of it; the suggested first, then the most hopeful."""
    advice = []
    for version in versions:
        rule = asked_by(version)
        if rule.is_empty:
            continue
        asked = [Who(household, member, version.entry_id) for member in subjects_of(rule, household)]
        answers = [answer(rule, who, _receives(version, who)) for who in asked]
        if answers:
            answers.sort(key=lambda one: _ORDER[one.verdict])
            advice.append(Advice(version, answers, version.entry_id in suggested))
    return sorted(advice, key=lambda one: (not one.is_suggested, _ORDER[one.verdict]))


def answer(rule: Rule, who: Who, receives: Finding | None = None) -> Answer:
    """What comes of a rule for one subject."""
    holds, clauses = judge_rule(rule, who)
    verdict = Verdict.RECEIVES if receives else _verdict(holds, clauses)
    return Answer(who.member, who.on, holds, clauses, verdict, receives)


def _verdict(holds: Known, clauses: Iterable[Clause]) -> Verdict:
    if holds is False:
        return Verdict.CANNOT
    if all(clause.holds or clause.is_only_to_prove for clause in clauses):
        return Verdict.COULD
    return Verdict.MISSING


def _receives(version: EntryVersion, who: Who) -> Finding | None:
    """That a registry says she has it already."""
    code = version.entry.national_id
    if code is None or code not in RECEIVED or Kind.RECEIVES in who.household.hidden:
        return None
    whose = Whose.HOME if who.member is None else Whose.PERSON
    found = ASKED[Kind.RECEIVES].judge(Condition(Kind.RECEIVES, values=(code,), whose=whose), who)
    return found if found.holds else None
