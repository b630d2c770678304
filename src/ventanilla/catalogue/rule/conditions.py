"""A rule and its conditions: how they are kept, and how they are said in words anybody understands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ventanilla.catalogue.rule.kinds import AREAS, DEGREES, DEPENDENCES, RECEIVED, Kind, Subject, Whose
from ventanilla.catalogue.words import listed, number
from ventanilla.core.money import format_pesos


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked. Which of its parts a kind uses is in ``kinds.SHAPES``; the others are empty.

    ``low`` and ``high`` are inclusive: ages in completed years, weeks, people, pesos or per cent. Conditions with the
    same ``group`` are alternatives: one of them is enough. ``only_from`` and ``only_to`` ask it only of people of
    those ages, and whoever has another age meets it. ``article`` is where it comes from.
    """

    kind: Kind
    low: int | None = None
    high: int | None = None
    values: tuple[str, ...] = ()
    months: int | None = None
    times: int | None = None
    whose: Whose | None = None
    text: str = ""
    group: str = ""
    only_from: int | None = None
    only_to: int | None = None
    article: str = ""

    @property
    def is_of_some_ages(self) -> bool:
        return self.only_from is not None or self.only_to is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may receive: all the conditions hold and, of each group of alternatives, at least one."""

    subject: Subject = Subject.PERSON
    conditions: tuple[Condition, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.conditions

    @property
    def clauses(self) -> list[tuple[Condition, ...]]:
        """Each must be met; one of several conditions is met by any of them. In the order they were written."""
        order: dict[str, list[Condition]] = {}
        for place, condition in enumerate(self.conditions):
            order.setdefault(f"group {condition.group}" if condition.group else str(place), []).append(condition)
        return [tuple(conditions) for conditions in order.values()]


def read_rule(kept: Mapping[str, Any] | None) -> Rule:
    """The rule as it was kept in a version; an entry without rule has an empty one."""
    if not kept:
        return Rule()
    return Rule(Subject(kept["subject"]), tuple(_read(one) for one in kept.get("conditions", ())))


def _read(kept: Mapping[str, Any]) -> Condition:
    parts = dict(kept)
    parts["kind"] = Kind(parts["kind"])
    parts["values"] = tuple(parts.get("values", ()))
    if parts.get("whose"):
        parts["whose"] = Whose(parts["whose"])
    return Condition(**parts)


def write_rule(rule: Rule) -> dict[str, Any]:
    """As it is kept: only what each condition says; nothing of an empty rule."""
    if rule.is_empty:
        return {}
    return {"subject": str(rule.subject), "conditions": [_write(condition) for condition in rule.conditions]}


def _write(condition: Condition) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for part in fields(condition):
        value = getattr(condition, part.name)
        if value is not None and value not in ("", ()):
            said[part.name] = list(value) if isinstance(value, tuple) else str(value) if _is_word(value) else value
    return said


def _is_word(value: object) -> bool:
    return isinstance(value, str)


# In words


def in_words(condition: Condition, own: Mapping[str, str] | None = None) -> str:
    """«Tener entre 6 y 17 años». ``own`` are the names of the municipality's own facts by their code."""
    said = _SAID[condition.kind](condition, own or {})
    if condition.is_of_some_ages:
        ages = between(condition.only_from, condition.only_to, "años")
        return f"{said} (solo si tiene {ages})"
    return said


def rule_in_words(rule: Rule, own: Mapping[str, str] | None = None) -> list[str]:
    """One sentence a clause; alternatives are joined with «o»."""
    return [" o bien ".join(_joined(in_words(one, own) for one in clause)) for clause in rule.clauses]


def _joined(sentences: Iterable[str]) -> list[str]:
    first, *others = sentences
    return [first, *(sentence[:1].lower() + sentence[1:] for sentence in others)]


def between(low: int | None, high: int | None, what: str) -> str:
    """«entre 6 y 17 años», «65 años o más», «hasta 17 años»."""
    if low is None:
        return f"hasta {high} {what}"
    if high is None:
        return f"{low} {what} o más"
    return f"{low} {what}" if low == high else f"entre {low} y {high} {what}"


def _degrees(what: str, chosen: tuple[str, ...], names: Mapping[str, str]) -> str:
    if not chosen or len(chosen) == len(names):
        return what
    return f"{what} {listed([names[value] for value in names if value in chosen])}"


def _bracket(condition: Condition, own: Mapping[str, str]) -> str:
    said = "Estar en el Registro Social de Hogares"
    if condition.high != 100:
        said += f", en el tramo del {condition.high} % o menos"
    if condition.months:
        said += f", con cartola de no más de {number(condition.months, 'mes', 'meses')}"
    return said


def _home_ages(condition: Condition, own: Mapping[str, str]) -> str:
    how_many = number(condition.times or 1, "persona", "personas")
    return f"Que en el hogar haya al menos {how_many} de {between(condition.low, condition.high, 'años')}"


def _pregnancy(condition: Condition, own: Mapping[str, str]) -> str:
    return f"Embarazo de {number(condition.low, 'semana', 'semanas')} o más" if condition.low else "Embarazo"


def _enrolment(condition: Condition, own: Mapping[str, str]) -> str:
    if condition.values == ("higher",):
        return "Estudiar en la educación superior"
    return "Estar matriculada o matriculado" + (" en un colegio o jardín" if condition.values else "")


def _receives(condition: Condition, own: Mapping[str, str]) -> str:
    what = listed([RECEIVED.get(value, value) for value in condition.values])
    return f"Que alguien del hogar reciba {what}" if condition.whose is Whose.HOME else f"Recibir {what}"


def _not_receives(condition: Condition, own: Mapping[str, str]) -> str:
    what = listed([RECEIVED.get(value, value) for value in condition.values], last="ni")
    return f"Que nadie del hogar reciba {what}" if condition.whose is Whose.HOME else f"No recibir {what}"


def _frequency(condition: Condition, own: Mapping[str, str]) -> str:
    times = number(condition.times or 0, "vez", "veces")
    whose = "el hogar" if condition.whose is Whose.HOME else "la persona"
    return f"Que {whose} lo reciba como máximo {times} cada {number(condition.months or 0, 'mes', 'meses')}"


_SAID: Mapping[Kind, Callable[[Condition, Mapping[str, str]], str]] = {
    Kind.AGE: lambda c, own: f"Tener {between(c.low, c.high, 'años')}",
    Kind.SEX: lambda c, own: "Ser mujer" if c.values == ("female",) else "Ser hombre",
    Kind.HEAD: lambda c, own: "Ser jefa o jefe de hogar",
    Kind.PARENT: lambda c, own: f"Ser madre o padre de alguien de {between(c.low, c.high, 'años')}",
    Kind.RESIDENCE: lambda c, own: "Vivir en la comuna",
    Kind.AREA: lambda c, own: f"Vivir en zona {AREAS[c.values[0]]}",
    Kind.BRACKET: _bracket,
    Kind.INCOME: lambda c, own: f"Que el ingreso del hogar no pase de {format_pesos(c.high or 0)} al mes por persona",
    Kind.HOME_SIZE: lambda c, own: f"Que el hogar tenga {between(c.low, c.high, 'personas')}",
    Kind.HOME_AGES: _home_ages,
    Kind.PREGNANCY: _pregnancy,
    Kind.DISABILITY: lambda c, own: _degrees("Tener discapacidad acreditada", c.values, DEGREES),
    Kind.DEPENDENCE: lambda c, own: _degrees("Estar en situación de dependencia", c.values, DEPENDENCES),
    Kind.CARER: lambda c, own: "Cuidar a otra persona",
    Kind.ENROLMENT: _enrolment,
    Kind.HEALTH_CHECK: lambda c, own: "Tener al día los controles de salud",
    Kind.INDIGENOUS: lambda c, own: "Pertenecer a un pueblo indígena",
    Kind.FAMILIAS: lambda c, own: "Participar en Programa Familias",
    Kind.RECEIVES: _receives,
    Kind.NOT_RECEIVES: _not_receives,
    Kind.FREQUENCY: _frequency,
    Kind.OWN: lambda c, own: own.get(c.values[0], c.values[0]),
    Kind.TO_PROVE: lambda c, own: c.text,
}
