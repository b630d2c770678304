"""How each kind of condition is asked: of one subject in words, and of everybody in SQL; always the two together."""

from collections.abc import Mapping

from ventanilla.catalogue.rule.kinds import Kind
from ventanilla.eligibility.asking import given, home, person, registries
from ventanilla.eligibility.asking.asked import Asked

ASKED: Mapping[Kind, Asked] = {
    Kind.AGE: person.AGE,
    Kind.SEX: person.SEX,
    Kind.HEAD: person.HEAD,
    Kind.PARENT: person.PARENT,
    Kind.INDIGENOUS: person.INDIGENOUS,
    Kind.RESIDENCE: home.RESIDENCE,
    Kind.AREA: home.AREA,
    Kind.HOME_SIZE: home.HOME_SIZE,
    Kind.HOME_AGES: home.HOME_AGES,
    Kind.BRACKET: home.BRACKET,
    Kind.INCOME: home.INCOME,
    Kind.FAMILIAS: home.FAMILIAS,
    Kind.PREGNANCY: registries.PREGNANCY,
    Kind.DISABILITY: registries.DISABILITY,
    Kind.DEPENDENCE: registries.DEPENDENCE,
    Kind.CARER: registries.CARER,
    Kind.ENROLMENT: registries.ENROLMENT,
    Kind.HEALTH_CHECK: registries.HEALTH_CHECK,
    Kind.RECEIVES: given.RECEIVES,
    Kind.NOT_RECEIVES: given.NOT_RECEIVES,
    Kind.FREQUENCY: given.FREQUENCY,
    Kind.OWN: given.OWN,
    Kind.TO_PROVE: given.TO_PROVE,
}

__all__ = ["ASKED", "Asked"]
