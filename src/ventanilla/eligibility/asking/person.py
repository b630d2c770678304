"""What the person herself and her place in the home tell: age, sex, headship, children, people."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.eligibility.asking.asked import Asked, born_between, is_between
from ventanilla.eligibility.finding import Finding, Who
from ventanilla.eligibility.kleene import any_of
from ventanilla.eligibility.query import Query
from ventanilla.registry.models import Person
from ventanilla.registry.vocabulary import IndigenousPeople, Kinship, Sex, Source


def _person(who: Who) -> Person:
    assert who.member is not None, "asked of a person"
    return who.member.person


def _source(person: Person) -> Source:
    return Source(person.source)


# Age


def _judge_age(c: Condition, who: Who) -> Finding:
    person = _person(who)
    holds = is_between(person.birth_on, c.low, c.high, who.on)
    if holds is None:
        return Finding(c, None, "No se sabe su edad: falta la fecha de nacimiento.")
    return Finding(c, holds, f"Tiene {_years(person.age_on(who.on))}.", _source(person), person.as_of)


def _years(age: int | None) -> str:
    return "1 año" if age == 1 else f"{age} años"


def _compile_age(c: Condition, q: Query) -> str:
    return born_between("p.birth_on", c.low, c.high, q)


AGE = Asked(_judge_age, _compile_age)


# Sex


def _judge_sex(c: Condition, who: Who) -> Finding:
    person = _person(who)
    if not person.sex:
        return Finding(c, None, "No se sabe su sexo registral.")
    words = f"Su sexo registral es {Sex(person.sex).label.lower()}."
    return Finding(c, person.sex in c.values, words, _source(person), person.as_of)


def _compile_sex(c: Condition, q: Query) -> str:
    return f"(case when p.sex <> '' then p.sex = any({q.value(list(c.values))}) end)"


SEX = Asked(_judge_sex, _compile_sex)


# Headship


def _judge_head(c: Condition, who: Who) -> Finding:
    if not who.household.has_home or who.member is None:
        return Finding(c, None, "No se sabe: falta su hogar.")
    words = "Es jefa o jefe de su hogar." if who.member.is_head else "En su hogar, la jefatura es de otra persona."
    return Finding(c, who.member.is_head, words)


def _compile_head(c: Condition, q: Query) -> str:
    return f"(case when {q.home} is not null then m.is_head end)"


HEAD = Asked(_judge_head, _compile_head)


# Children: by a registered relation, or as children of the head of the home


def _judge_parent(c: Condition, who: Who) -> Finding:
    births = list(who.household.children_of.get(_person(who).pk, ()))
    if who.member and who.member.kinship == Kinship.HEAD:
        births += [one.person.birth_on for one in who.companions if one.kinship == Kinship.CHILD]
    holds = any_of(is_between(born, c.low, c.high, who.on) for born in births)
    if holds is None:
        return Finding(c, None, "No se sabe la edad de una de sus hijas o hijos.")
    if holds:
        return Finding(c, True, "Tiene una hija o un hijo de esa edad.")
    if not who.household.has_home:
        return Finding(c, None, "No se sabe: falta su hogar.")
    return Finding(c, False, "No constan hijas o hijos de esa edad.")


def _compile_parent(c: Condition, q: Query) -> str:
    right_age = born_between("q.birth_on", c.low, c.high, q)
    related = q.of_person(
        q.table(
            f"select r.person_id, bool_or({right_age}) as some, bool_or(q.birth_on is null) as maybe"
            " from registry_relation r join registry_person q"
            " on q.institution_id = r.institution_id and q.id = r.other_id"
            " where r.institution_id = %(institution)s and r.kind = 'parent' and r.source <> 'declared'"
            f" and {q.in_force('r.ends_on')} and q.died_on is null and not q.processing_blocked group by r.person_id"
        )
    )
    at_home = q.of_home(
        q.table(
            f"select q.home_id, bool_or({right_age}) as some, bool_or(q.birth_on is null) as maybe"
            f" from {q.companion()} q where q.kinship = 'child' group by q.home_id"
        )
    )
    is_head = "coalesce(m.kinship, '') = 'head'"
    return (
        f"(case when coalesce({related}.some, false) or ({is_head} and coalesce({at_home}.some, false)) then true"
        f" when coalesce({related}.maybe, false) or ({is_head} and coalesce({at_home}.maybe, false)) then null"
        f" when {q.home} is null then null else false end)"
    )


PARENT = Asked(_judge_parent, _compile_parent)


# People


_TELL = (Source.RSH, Source.CIVIL_REGISTRY)
"""Sources of a person that would tell her people if she had one."""


def _judge_indigenous(c: Condition, who: Who) -> Finding:
    person = _person(who)
    if person.indigenous_people:
        name = IndigenousPeople(person.indigenous_people).label
        return Finding(c, True, f"Pertenece al pueblo {name}.", _source(person), person.as_of)
    if person.source in _TELL:
        return Finding(
            c, False, "No consta. Se acredita con el certificado de la Conadi.", _source(person), person.as_of
        )
    return Finding(c, None, "No se sabe: se acredita con el certificado de la Conadi.")


def _compile_indigenous(c: Condition, q: Query) -> str:
    tell = q.value([str(source) for source in _TELL])
    return f"(case when p.indigenous_people <> '' then true when p.source = any({tell}) then false end)"


INDIGENOUS = Asked(_judge_indigenous, _compile_indigenous)
