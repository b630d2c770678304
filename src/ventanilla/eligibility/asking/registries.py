"""What registries say of a person: pregnancy, disability, dependence, care, school, health."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Callable

from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.catalogue.words import number
from ventanilla.eligibility.asking.asked import Asked
from ventanilla.eligibility.finding import DAY, Finding, Who, absent, declares, found, is_in_force
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.query import OFFICIAL, Query
from ventanilla.registry.models import Fact
from ventanilla.registry.vocabulary import FactKind, Sex

LONGEST_PREGNANCY = 42
"""Weeks: beyond them it has ended, whatever no registry says."""

OUT_OF_SCHOOL = "sin matrícula"
HIGHER = "educación superior"
UP_TO_DATE = "al día"


def _said(
    kind: FactKind,
    *,
    absent_as: str,
    holds: Callable[[Condition, Fact], Known],
    sql: Callable[[Condition, Query, str], str],
) -> Asked:
    """A condition on the newest statement of a kind: ``holds`` of one in force, and ``sql`` of the alias of it."""

    def judge(c: Condition, who: Who) -> Finding:
        said = who.official(kind)
        if said is None:
            declared = who.declared(kind)
            return declares(c, declared, what=declared.label) if declared else absent(c, who, kind, what=absent_as)
        if not is_in_force(said, who.on):
            return found(c, False, f"{said.label}: venció el {said.valid_until:{DAY}}.", said, on=who.on)
        declared = who.declared(kind)
        differs = declared is not None and declared.value.lower() != said.value.lower()
        aside = (
            f"La persona declara otra cosa: {declared.label.lower()}. Decide el registro."
            if differs and declared
            else ""
        )
        return found(c, holds(c, said), f"{said.label}.", said, on=who.on, aside=aside)

    def compile_(c: Condition, q: Query) -> str:
        said, declared = q.official(kind), q.declared(kind)
        return (
            f"(case when {said}.person_id is not null then {q.in_force(f'{said}.valid_until')} and {sql(c, q, said)}"
            f" when {declared}.person_id is not null then null else {q.absent(*OFFICIAL[kind])} end)"
        )

    return Asked(judge, compile_)


def _one_of(c: Condition, q: Query, said: str) -> str:
    return f"lower({said}.value) = any({q.value(list(c.values))})" if c.values else "true"


def _is_one_of(c: Condition, said: Fact) -> bool:
    return not c.values or said.value.lower() in c.values


DISABILITY = _said(FactKind.DISABILITY, absent_as="una discapacidad acreditada", holds=_is_one_of, sql=_one_of)
DEPENDENCE = _said(FactKind.DEPENDENCE, absent_as="que esté en situación de dependencia", holds=_is_one_of, sql=_one_of)
HEALTH_CHECK = _said(
    FactKind.HEALTH_CHECK,
    absent_as="su control de salud",
    holds=lambda c, said: said.value.lower() == UP_TO_DATE,
    sql=lambda c, q, said: f"lower({said}.value) = {q.value(UP_TO_DATE)}",
)


# School


def _is_enrolled(c: Condition, said: Fact) -> bool:
    level = said.value.lower()
    if level == OUT_OF_SCHOOL:
        return False
    return not c.values or (level == HIGHER) == (c.values == ("higher",))


def _enrolled(c: Condition, q: Query, said: str) -> str:
    is_in = f"lower({said}.value) <> {q.value(OUT_OF_SCHOOL)}"
    if not c.values:
        return is_in
    compared = "=" if c.values == ("higher",) else "<>"
    return f"{is_in} and lower({said}.value) {compared} {q.value(HIGHER)}"


ENROLMENT = _said(FactKind.ENROLMENT, absent_as="su matrícula", holds=_is_enrolled, sql=_enrolled)


# Pregnancy: weeks go on from the day they were counted


def _weeks(said: Fact, who: Who) -> int:
    return int(said.value) + (who.on - said.as_of).days // 7


def _judge_pregnancy(c: Condition, who: Who) -> Finding:
    person = who.member.person if who.member else None
    if person is not None and person.sex == Sex.MALE:
        return Finding(c, False, "Su sexo registral es hombre.")
    said = who.official(FactKind.PREGNANCY)
    if said is None:
        declared = who.declared(FactKind.PREGNANCY)
        if declared is not None:
            return declares(c, declared, what=declared.label.lower())
        return absent(c, who, FactKind.PREGNANCY, what="un embarazo")
    if not said.value.isdigit() or len(said.value) > 2:
        return found(c, None, "Consta un embarazo, no de cuántas semanas.", said, on=who.on)
    weeks = _weeks(said, who)
    if weeks > LONGEST_PREGNANCY or not is_in_force(said, who.on):
        return found(c, False, "El embarazo que consta ya terminó.", said, on=who.on)
    words = f"Tiene un embarazo de {number(weeks, 'semana', 'semanas')}."
    return found(c, weeks >= (c.low or 0), words, said, on=who.on)


def _compile_pregnancy(c: Condition, q: Query) -> str:
    said, declared = q.official(FactKind.PREGNANCY), q.declared(FactKind.PREGNANCY)
    weeks = f"({said}.value::int + (%(on)s - {said}.as_of) / 7)"
    ended = f"({weeks} > {q.value(LONGEST_PREGNANCY)} or not {q.in_force(f'{said}.valid_until')})"
    return (
        f"(case when p.sex = 'male' then false when {said}.person_id is not null then"
        f" (case when {said}.value !~ '^[0-9]{{1,2}}$' then null when {ended} then false"
        f" else {weeks} >= {q.value(c.low or 0)} end)"
        f" when {declared}.person_id is not null then null else {q.absent(*OFFICIAL[FactKind.PREGNANCY])} end)"
    )


PREGNANCY = Asked(_judge_pregnancy, _compile_pregnancy)


# Care: by a statement or by a relation with whom she cares for


def _judge_carer(c: Condition, who: Who) -> Finding:
    said = who.official(FactKind.CARER)
    if said is not None and is_in_force(said, who.on):
        return found(c, True, f"{said.label}.", said, on=who.on)
    related = who.household.cares_by.get(who.id) if who.id else None
    if related:
        return Finding(c, True, "Consta que cuida a otra persona.")
    declared = who.declared(FactKind.CARER)
    if declared is not None:
        return declares(c, declared, what=declared.label.lower())
    if related is not None:
        return Finding(c, None, "Lo declara la persona (cuida a otra): falta acreditarlo.")
    if said is not None:
        return found(c, False, f"{said.label}: dejó de valer el {said.valid_until:{DAY}}.", said, on=who.on)
    return absent(c, who, FactKind.CARER, what="que cuide a otra persona")


def _compile_carer(c: Condition, q: Query) -> str:
    said, declared = q.official(FactKind.CARER), q.declared(FactKind.CARER)
    related = q.of_person(
        q.table(
            "select r.person_id, bool_or(r.source <> 'declared') as yes from registry_relation r join registry_person o"
            " on o.institution_id = r.institution_id and o.id = r.other_id"
            " where r.institution_id = %(institution)s and r.kind = 'carer'"
            f" and {q.in_force('r.ends_on')} group by r.person_id"
        )
    )
    return (
        f"(case when {said}.person_id is not null and {q.in_force(f'{said}.valid_until')} then true"
        f" when {related}.yes then true"
        f" when {declared}.person_id is not null or {related}.person_id is not null then null"
        f" when {said}.person_id is not null then false else {q.absent(*OFFICIAL[FactKind.CARER])} end)"
    )


CARER = Asked(_judge_carer, _compile_carer)
