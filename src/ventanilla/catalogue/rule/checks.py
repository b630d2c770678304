"""What is wrong with a rule: a condition not complete, one that nobody could meet, two that exclude each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

from ventanilla.catalogue.rule.conditions import Condition, Rule, in_words
from ventanilla.catalogue.rule.kinds import (
    MOST_MONTHS,
    MOST_TIMES,
    RECEIVED,
    SHAPES,
    STEPS_OF_BRACKET,
    Kind,
    Subject,
    Whose,
    allows,
)
from ventanilla.core.errors import RuleBroken

LONGEST_TEXT = 200
MOST_CONDITIONS = 20
MOST_WAYS = 256
"""Ways of choosing one of each group of alternatives; beyond them a contradiction is not looked for."""

NO_OWN: Mapping[str, str] = {}

_ASKED: Mapping[str, str] = {
    "low": "Escriba desde cuánto.",
    "high": "Escriba hasta cuánto.",
    "values": "Elija al menos una opción.",
    "months": "Escriba cada cuántos meses.",
    "times": "Escriba cuántas.",
    "whose": "Elija de quién.",
    "text": "Escriba qué se comprueba.",
}


def check_condition(condition: Condition, subject: Subject, *, own: Mapping[str, str] = NO_OWN) -> None:
    """Raise ``RuleBroken`` at the part that is wrong. ``own`` says of whom each of the municipality's own facts is."""
    shape, kind = SHAPES[condition.kind], condition.kind
    if not allows(kind, subject):
        raise RuleBroken(f"«{kind.label}» se pregunta de una persona, y esta regla es de un hogar.", field="kind")
    for part in ("low", "high", "values", "months", "times", "whose", "text"):
        given = getattr(condition, part)
        is_empty = given is None or given in ((), "")
        if part in shape.needs and is_empty:
            raise RuleBroken(_ASKED[part], field=part)
        if not is_empty and part not in shape.needs | shape.takes:
            raise RuleBroken(f"«{kind.label}» no usa este dato. Déjelo vacío.", field=part)
    if shape.between and condition.low is None and condition.high is None:
        raise RuleBroken("Escriba desde cuánto, hasta cuánto, o ambos.", field="low")
    _check_numbers(condition, least=shape.least, most=shape.most)
    _check_values(condition, subject, own=own)
    if subject is Subject.HOME:
        if condition.whose is Whose.PERSON:
            raise RuleBroken("La regla es de un hogar: elija «De cualquiera del hogar».", field="whose")
        if condition.is_of_some_ages:
            raise RuleBroken("Un hogar no tiene edad: deje vacías las edades.", field="only_from")
    if len(condition.text) > LONGEST_TEXT:
        raise RuleBroken(f"El texto pasa de {LONGEST_TEXT} letras. Acórtelo.", field="text")


def _check_numbers(condition: Condition, *, least: int, most: int) -> None:
    for part, low, high in (
        ("low", least, most),
        ("high", least, most),
        ("months", 1, MOST_MONTHS),
        ("times", 1, MOST_TIMES),
        ("only_from", 0, 130),
        ("only_to", 0, 130),
    ):
        number = getattr(condition, part)
        if number is not None and not low <= number <= high:
            raise RuleBroken(f"Debe estar entre {low} y {high}.", field=part)
    for low_part, high_part in (("low", "high"), ("only_from", "only_to")):
        low_value, high_value = getattr(condition, low_part), getattr(condition, high_part)
        if low_value is not None and high_value is not None and low_value > high_value:
            raise RuleBroken(f"Nadie la cumple: {low_value} es más que {high_value}.", field=high_part)
    if condition.kind is Kind.BRACKET and condition.high not in STEPS_OF_BRACKET:
        steps = ", ".join(map(str, STEPS_OF_BRACKET))
        raise RuleBroken(f"El tramo es uno de estos: {steps}.", field="high")


def _check_values(condition: Condition, subject: Subject, *, own: Mapping[str, str]) -> None:
    shape = SHAPES[condition.kind]
    if condition.kind is Kind.OWN and condition.values and condition.values[0] not in own:
        raise RuleBroken(
            "Ese dato no existe en la municipalidad: nadie podría cumplirlo. Créelo primero en los datos propios.",
            field="values",
        )
    if condition.kind is Kind.OWN and subject is Subject.HOME and own.get(condition.values[0]) == Subject.PERSON:
        raise RuleBroken("Ese dato es de personas, y esta regla es de un hogar.", field="values")
    if shape.names is not None and (unknown := [value for value in condition.values if value not in shape.names]):
        if shape.names is RECEIVED:
            raise RuleBroken(f"Ningún registro informa quién recibe «{unknown[0]}».", field="values")
        raise RuleBroken(f"«{unknown[0]}» no es una opción.", field="values")
    if shape.one_value and len(condition.values) > 1:
        raise RuleBroken("Elija una sola opción.", field="values")


def check_rule(rule: Rule, *, own: Mapping[str, str] = NO_OWN, names: Mapping[str, str] | None = None) -> None:
    """Raise ``RuleBroken`` when a condition is wrong, is repeated, or excludes others so that nobody could meet all."""
    if len(rule.conditions) > MOST_CONDITIONS:
        raise RuleBroken(f"La regla pasa de {MOST_CONDITIONS} condiciones. Divídala en dos prestaciones.")
    for condition in rule.conditions:
        try:
            check_condition(condition, rule.subject, own=own)
        except RuleBroken as error:
            raise RuleBroken(f"«{_said(condition, names)}»: {error}") from error
    bare = [replace(condition, article="", group="") for condition in rule.conditions]
    for condition in bare:
        if bare.count(condition) > 1:
            raise RuleBroken(f"«{_said(condition, names)}» está dos veces.")
    if clash := next(contradictions(rule), None):
        first, second = (_said(condition, names) for condition in clash)
        raise RuleBroken(f"Nadie podría cumplirla: «{first}» y «{second}» se excluyen.")


def _said(condition: Condition, names: Mapping[str, str] | None) -> str:
    try:
        return in_words(condition, names)
    except (IndexError, KeyError, TypeError):  # it is not complete enough to be said
        return condition.kind.label


def contradictions(rule: Rule) -> Iterator[tuple[Condition, Condition]]:
    """Two conditions of which nobody meets both, if no way of choosing among the alternatives avoids such a pair."""
    first: tuple[Condition, Condition] | None = None
    for way in islice(product(*rule.clauses), MOST_WAYS):
        clash = _clash(way)
        if clash is None:
            return
        first = first or clash
    if first:
        yield first


def _clash(conditions: Sequence[Condition]) -> tuple[Condition, Condition] | None:
    ages = _asked_ages(conditions)
    if isinstance(ages, tuple):
        return ages
    asked = [condition for condition in conditions if _is_asked_of(condition, *ages)]
    for place, one in enumerate(asked):
        for other in asked[place + 1 :]:
            if exclude_each_other(one, other):
                return one, other
    return None


def _asked_ages(conditions: Sequence[Condition]) -> "list[int] | tuple[Condition, Condition]":
    """The ages that all age conditions leave, or the two that leave none."""
    low, high = 0, 130
    lowest: Condition | None = None
    highest: Condition | None = None
    for condition in conditions:
        if condition.kind is not Kind.AGE or condition.is_of_some_ages:
            continue
        if condition.low is not None and condition.low > low:
            low, lowest = condition.low, condition
        if condition.high is not None and condition.high < high:
            high, highest = condition.high, condition
        if low > high and lowest and highest:
            return lowest, highest
    return [low, high]


def _is_asked_of(condition: Condition, low: int, high: int) -> bool:
    """Whether everybody of those ages is asked it: a condition of some ages only may be avoided by the others."""
    return (condition.only_from or 0) <= low and high <= (130 if condition.only_to is None else condition.only_to)


_ONE_OF = frozenset({Kind.SEX, Kind.AREA, Kind.DISABILITY, Kind.DEPENDENCE})
_RANGES = frozenset({Kind.AGE, Kind.HOME_SIZE})


def exclude_each_other(one: Condition, other: Condition) -> bool:
    """Whether nobody could meet both, by what the two alone say."""
    kinds = {one.kind, other.kind}
    if one.kind is other.kind and one.kind in _RANGES:
        return _is_apart(one, other)
    if one.kind is other.kind and one.kind in _ONE_OF and one.values and other.values:
        return not set(one.values) & set(other.values)
    if one.kind is other.kind is Kind.ENROLMENT and one.values and other.values:
        return one.values != other.values
    if kinds == {Kind.RECEIVES, Kind.NOT_RECEIVES}:
        does, does_not = (one, other) if one.kind is Kind.RECEIVES else (other, one)
        is_wider = does_not.whose is Whose.HOME or does.whose is does_not.whose
        return is_wider and set(does.values) <= set(does_not.values)
    if kinds == {Kind.PREGNANCY, Kind.SEX}:
        sex = one if one.kind is Kind.SEX else other
        return sex.values == ("male",)
    return False


def _is_apart(one: Condition, other: Condition) -> bool:
    lows = [condition.low for condition in (one, other) if condition.low is not None]
    highs = [condition.high for condition in (one, other) if condition.high is not None]
    return bool(lows and highs) and max(lows) > min(highs)
