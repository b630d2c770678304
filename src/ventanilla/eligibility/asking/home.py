"""What the home tells: where it is, how many it holds and how old, its bracket and its income."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.catalogue.rule.kinds import AREAS
from ventanilla.catalogue.words import number
from ventanilla.core.clock import months_before
from ventanilla.core.money import format_pesos
from ventanilla.eligibility.asking.asked import Asked, born_between, is_between
from ventanilla.eligibility.finding import DAY, Finding, Who, absent, declares, found
from ventanilla.eligibility.query import OFFICIAL, Query
from ventanilla.registry.vocabulary import FactKind

NO_HOME = "No se sabe con quién vive: falta su hogar."


# Where


def _judge_residence(c: Condition, who: Who) -> Finding:
    mine = who.member.person.commune_id if who.member else None
    commune = mine or who.household.commune
    if commune is None:
        return Finding(c, None, "No se sabe en qué comuna vive.")
    is_here = commune in who.household.here.served
    return Finding(c, is_here, "Vive en la comuna." if is_here else "Su domicilio está en otra comuna.")


def _compile_residence(c: Condition, q: Query) -> str:
    dwelling = _dwelling(q)
    commune = f"{dwelling}.commune_id"
    if q.home == "m.home_id":
        commune = f"coalesce(p.commune_id, {commune})"
    return f"({commune} = any({q.value(sorted(q.here.served))}))"


def _dwelling(q: Query) -> str:
    table = q.table(
        "select o.id as home_id, d.commune_id, d.rurality from registry_home o join registry_dwelling d"
        " on d.institution_id = o.institution_id and d.id = o.dwelling_id where o.institution_id = %(institution)s"
    )
    return q.of_home(table)


RESIDENCE = Asked(_judge_residence, _compile_residence)


def _judge_area(c: Condition, who: Who) -> Finding:
    area = who.household.rurality
    if not area:
        return Finding(c, None, "No se sabe si su vivienda está en zona urbana o rural.")
    return Finding(c, area in c.values, f"Su vivienda está en zona {AREAS[area]}.")


def _compile_area(c: Condition, q: Query) -> str:
    rurality = f"{_dwelling(q)}.rurality"
    return f"(case when {rurality} <> '' then {rurality} = any({q.value(list(c.values))}) end)"


AREA = Asked(_judge_area, _compile_area)


# How many, and how old


def _judge_size(c: Condition, who: Who) -> Finding:
    if not who.household.has_home:
        return Finding(c, None, NO_HOME)
    size = len(who.companions)
    holds = (c.low is None or size >= c.low) and (c.high is None or size <= c.high)
    return Finding(c, holds, f"Su hogar tiene {number(size, 'persona', 'personas')}.")


def size_of(q: Query) -> str:
    """How many the home holds, null without a home."""
    counted = q.of_home(q.table(f"select home_id, count(*) as n from {q.companion()} group by home_id"))
    return f"(case when {q.home} is not null then coalesce({counted}.n, 0) + ({q.is_shielded()})::int end)"


def _compile_size(c: Condition, q: Query) -> str:
    size = size_of(q)
    asked = [f"{size} >= {q.value(c.low)}"] if c.low is not None else []
    asked += [f"{size} <= {q.value(c.high)}"] if c.high is not None else []
    return f"({' and '.join(asked)})"


HOME_SIZE = Asked(_judge_size, _compile_size)


def _judge_ages(c: Condition, who: Who) -> Finding:
    if not who.household.has_home:
        return Finding(c, None, NO_HOME)
    ages = [is_between(one.person.birth_on, c.low, c.high, who.on) for one in who.companions]
    sure, maybe, wanted = ages.count(True), ages.count(None), c.times or 1
    if sure >= wanted:
        return Finding(c, True, f"En su hogar hay {number(sure, 'persona', 'personas')} de esa edad.")
    if sure + maybe >= wanted:
        return Finding(c, None, "No se sabe la edad de alguien del hogar.")
    if not sure:
        return Finding(c, False, "En su hogar no hay nadie de esa edad.")
    return Finding(c, False, f"En su hogar hay {number(sure, 'persona', 'personas')} de esa edad.")


def _compile_ages(c: Condition, q: Query) -> str:
    wanted = q.value(c.times or 1)
    counted = q.of_home(
        q.table(
            f"select home_id, count(*) filter (where {born_between('birth_on', c.low, c.high, q)}) as sure,"
            f" count(*) filter (where birth_on is null) as maybe from {q.companion()} group by home_id"
        )
    )
    sure, maybe = f"coalesce({counted}.sure, 0)", f"coalesce({counted}.maybe, 0)"
    shielded = q.is_shielded()
    if shielded != "false":
        sure += f" + ({shielded} and coalesce({born_between('p.birth_on', c.low, c.high, q)}, false))::int"
        maybe += f" + ({shielded} and p.birth_on is null)::int"
    return (
        f"(case when {q.home} is null then null when {sure} >= {wanted} then true"
        f" when {sure} + {maybe} >= {wanted} then null else false end)"
    )


HOME_AGES = Asked(_judge_ages, _compile_ages)


# What the RSH says of it


def _judge_bracket(c: Condition, who: Who) -> Finding:
    said = who.official(FactKind.RSH_BRACKET, of_home=True) if who.household.has_home else None
    if said is None or not said.value.isdigit():
        return Finding(c, None, "No se sabe su tramo: falta la cartola del Registro Social de Hogares.")
    if c.months and said.as_of < months_before(who.on, c.months):
        age = number(c.months, "mes", "meses")
        old = f"Su cartola es del {said.as_of:{DAY}}, de hace más de {age}: hay que actualizarla."
        return found(c, None, old, said, on=who.on)
    declared = who.declared(FactKind.RSH_BRACKET, of_home=True)
    aside = ""
    if declared is not None and declared.value != said.value:
        aside = f"La persona declara {declared.value} %. Decide el registro."
    return found(
        c, int(said.value) <= (c.high or 100), f"Está en el tramo del {said.value} %.", said, on=who.on, aside=aside
    )


def _compile_bracket(c: Condition, q: Query) -> str:
    said = q.official(FactKind.RSH_BRACKET)
    is_recent = f" and {said}.as_of >= {q.value(months_before(q.on, c.months))}" if c.months else ""
    return (
        f"(case when {said}.value ~ '^[0-9]{{1,3}}$'{is_recent} then {said}.value::int <= {q.value(c.high or 100)} end)"
    )


BRACKET = Asked(_judge_bracket, _compile_bracket)


def _judge_income(c: Condition, who: Who) -> Finding:
    said = who.official(FactKind.HOME_INCOME, of_home=True) if who.household.has_home else None
    size = len(who.companions)
    if said is None or said.amount is None or size == 0:
        declared = who.declared(FactKind.HOME_INCOME, of_home=True)
        if declared is not None and said is None:
            return declares(c, declared, what=format_pesos(declared.amount or 0))
        return Finding(c, None, "No se sabe el ingreso del hogar: falta la cartola.")
    each = said.amount // size
    declared = who.declared(FactKind.HOME_INCOME, of_home=True)
    aside = ""
    if declared is not None and declared.amount is not None and declared.amount != said.amount:
        aside = f"La persona declara {format_pesos(declared.amount)} por el hogar. Decide el registro."
    words = f"El ingreso del hogar es de {format_pesos(each)} por persona."
    return found(c, said.amount <= (c.high or 0) * size, words, said, on=who.on, aside=aside)


def _compile_income(c: Condition, q: Query) -> str:
    said, size = q.official(FactKind.HOME_INCOME), size_of(q)
    return f"(case when {size} > 0 then {said}.amount <= {q.value(c.high)}::bigint * {size} end)"


INCOME = Asked(_judge_income, _compile_income)


def _judge_familias(c: Condition, who: Who) -> Finding:
    said = who.official(FactKind.FAMILIAS_STAGE, of_home=True) if who.household.has_home else None
    if said is not None:
        is_out = said.value.lower() == "egreso" or not (said.valid_until is None or said.valid_until >= who.on)
        left = "Ya no figura en" if said.is_gone else "Ya egresó de"
        words = f"{left} Programa Familias." if is_out else f"Participa en Programa Familias: {said.value}."
        return found(c, not is_out, words, said, on=who.on)
    if not who.household.has_home:
        return Finding(c, None, NO_HOME)
    if (declared := who.declared(FactKind.FAMILIAS_STAGE, of_home=True)) is not None:
        return declares(c, declared, what=declared.value)
    return absent(c, who, FactKind.FAMILIAS_STAGE, what="que participe")


def _compile_familias(c: Condition, q: Query) -> str:
    said, declared = q.official(FactKind.FAMILIAS_STAGE), q.declared(FactKind.FAMILIAS_STAGE)
    return (
        f"(case when {said}.home_id is not null"
        f" then lower({said}.value) <> 'egreso' and {q.in_force(f'{said}.valid_until')}"
        f" when {q.home} is null or {declared}.home_id is not null then null"
        f" else {q.absent(*OFFICIAL[FactKind.FAMILIAS_STAGE])} end)"
    )


FAMILIAS = Asked(_judge_familias, _compile_familias)
