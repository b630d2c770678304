"""Worked cases of SUF, SAP and SDM: of each home the national rules say what the law says, and by which article."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.eligibility.worked_cases import CASES, ON, Case, household_of

from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.catalogue.national.reading import shipped
from ventanilla.catalogue.rule.conditions import Condition, read_rule
from ventanilla.catalogue.rule.kinds import Kind
from ventanilla.eligibility.verdicts import Answer, Clause, Verdict, advise

ENTRIES = {entry.code: entry for entry in shipped().entries}
BY_LAW = sorted(code for code in ENTRIES if code.startswith(("suf", "sap", "sdm")))


def version_of(code: str, on: date) -> EntryVersion:
    """The national entry as an institution would have it on a day; not written."""
    said = next(one for one in reversed(ENTRIES[code].versions) if one.starts_on <= on)
    entry = Entry(institution_id=4303, code=code, national_id=code)
    return EntryVersion(institution_id=4303, entry=entry, number=said.number, starts_on=said.starts_on, **said.said)


def answer_of(case: Case) -> Answer:
    """Of whom the case asks: the first of its people, or the home."""
    household = household_of(case)
    [advice] = advise(household, [version_of(case.code, ON)])
    first = household.members[0].person.pk
    return next(one for one in advice.answers if one.member is None or one.member.person.pk == first)


def deciding(answer: Answer) -> list[Clause]:
    """What is not met; else, what is not known."""
    return answer.failed or answer.unknown


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_the_verdict_and_the_article_that_decides_it(case: Case) -> None:
    answer = answer_of(case)
    assert answer.verdict is case.verdict, [finding.why for clause in answer.clauses for finding in clause.findings]
    if case.decides:
        findings = [finding for clause in deciding(answer) for finding in clause.findings]
        articles = [finding.condition.article for finding in findings]
        assert any(case.decides in article for article in articles), articles
        assert any(case.why in finding.why for finding in findings if case.decides in finding.condition.article)
    if case.verdict is Verdict.COULD:
        assert not answer.failed
        assert answer.to_prove, "something is always proved on applying"


def decided() -> Iterator[tuple[str, Condition]]:
    for case in CASES:
        for clause in deciding(answer_of(case)):
            for finding in clause.findings:
                yield case.code, finding.condition


@pytest.mark.parametrize("code", BY_LAW)
def test_every_condition_that_a_registry_tells_decides_some_case(code: str) -> None:
    seen = [condition for whose, condition in decided() if whose == code]
    rule = read_rule(ENTRIES[code].versions[-1].said["rule"])
    alone = [clause[0] for clause in rule.clauses if len(clause) == 1 and clause[0].kind is not Kind.TO_PROVE]
    received = {"suf": "suf", "sdm": "sdm", "suf_double": "suf_double"}
    missing = [
        one
        for one in alone
        if one not in seen and not (one.kind is Kind.NOT_RECEIVES and received.get(code) in one.values)
    ]
    assert missing == []


def test_whoever_is_out_of_school_is_told_what_to_prove() -> None:
    case = next(case for case in CASES if case.name == "out of school, an exception may be proved")
    school = next(clause for clause in answer_of(case).to_prove if len(clause.findings) > 1)
    assert [finding.holds for finding in school.findings] == [False, False, None]
    assert "DFL 5.291" in school.findings[2].condition.text


def test_a_toddler_is_not_asked_for_school_nor_a_pupil_of_eight_for_controls() -> None:
    by_name = {case.name: answer_of(case) for case in CASES if case.code == "suf"}
    for name, kind in (("of 5 school is not asked", Kind.ENROLMENT), ("of 8 they are not", Kind.HEALTH_CHECK)):
        findings = [finding for clause in by_name[name].clauses for finding in clause.findings]
        [asked] = [finding for finding in findings if finding.condition.kind is kind]
        assert asked.holds
        assert asked.why.startswith("No se le pide")
