"""What deserves an alert, who has priority, how fresh a registry is: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ventanilla.catalogue.words import listed, number
from ventanilla.core.clock import months_before
from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.deliveries import Again
from ventanilla.screening.shapes import Alert, Benefit, Bracket, Given, Registry

DAY = "%d\N{NON-BREAKING HYPHEN}%m\N{NON-BREAKING HYPHEN}%Y"
"""A date inside a sentence is not broken between two lines."""

STALE = timedelta(days=365)
NEWS = timedelta(days=90)
"""How long it is an alert that something is no longer in its extract."""
CARE_KINDS = (
    FactKind.DISABILITY,
    FactKind.DEPENDENCE,
    FactKind.CARER,
    FactKind.PREGNANCY,
    FactKind.ENROLMENT,
    FactKind.HEALTH_CHECK,
)
PRIORITY_KINDS = (FactKind.DISABILITY, FactKind.CARER, FactKind.PREGNANCY)
DECIDES = {
    Source.SUBSIDIES: "Confirme en la plataforma lo que recibe hoy",
    Source.FAMILIAS: "Confirme su etapa con el programa",
}
"""Registries by whose word something is given or not, besides the RSH: old, each deserves an alert and its advice."""


def grounds_of_priority(facts: Iterable[Fact], *, on: date) -> list[str]:
    """What a registry gives as a ground for preferential attention (Ley 21.768: disability and carers; pregnancy)."""
    in_force = (fact for fact in facts if fact.valid_until is None or fact.valid_until >= on)
    return list(dict.fromkeys(fact.label for fact in in_force if fact.kind in PRIORITY_KINDS))


def alerts(
    person: Person,
    *,
    bracket: Bracket | None,
    benefits: Sequence[Benefit],
    has_home: bool,
    on: date,
    registries: Sequence[Registry] = (),
    repeated: Sequence[tuple[Given, bool]] = (),
    again: Sequence[Again] = (),
    no_longer: Sequence[Benefit] = (),
    grounds: Sequence[str] = (),
) -> list[Alert]:
    """The gravest first; none of them tells a fact that the profile would not show.

    ``repeated`` are benefits that were given at this address, each with whether her own home had it too; ``again``,
    what was given to her home before its term; ``no_longer``, what is not in its extract any more. ``grounds`` of
    priority are given only where they may be told.
    """
    found = []
    if person.died_on:
        found.append(Alert("bad", "Figura fallecida.", f"{person.get_death_source_display()}, {person.died_on:{DAY}}"))
    if not has_home:
        found.append(Alert("warn", "No tiene hogar registrado.", "No se sabe con quién vive: falta su hogar"))
    for benefit in benefits:
        if benefit.ends_soon and benefit.until:
            whose = f" de {benefit.person.social_name or benefit.person.given_names}" if benefit.person else ""
            left = time_left(benefit.until, on=on)
            found.append(Alert("warn", f"{benefit.name}{whose} vence el {benefit.until:{DAY}}.", left.capitalize()))
    for benefit in no_longer:
        if benefit.gone_on and on - benefit.gone_on <= NEWS:
            whose = f" de {benefit.person.social_name or benefit.person.given_names}" if benefit.person else ""
            title = f"{benefit.name}{whose} ya no figura en el extracto del {benefit.gone_on:{DAY}}."
            found.append(Alert("warn", title, "Confirme en la plataforma si terminó"))
    for one in again:
        if one.matters_on(on):
            title = f"{one.delivery.label}: se entregó otra vez antes de tiempo."
            found.append(Alert("warn", title, _how_often(one)))
    for given, was_hers_too in repeated:
        tone = "warn" if was_hers_too else "info"
        found.append(Alert(tone, f"{given.label}: ya se entregó en esta dirección.", _when_and_to_whom(given)))
    if has_home and bracket is None:
        found.append(Alert("info", "Sin tramo del Registro Social de Hogares.", "No hay cartola cargada de este hogar"))
    elif bracket and on - bracket.source.as_of > STALE:
        found.append(
            Alert("warn", "El Registro Social de Hogares tiene más de un año.", f"Al {bracket.source.as_of:{DAY}}")
        )
    for registry in registries:
        if registry.source in DECIDES and registry.as_of and on - registry.as_of > STALE:
            title = f"{registry.name}: sus datos tienen más de un año."
            found.append(Alert("warn", title, f"Al {registry.as_of:{DAY}}. {DECIDES[registry.source]}"))
    if grounds:
        found.append(Alert("info", "Corresponde atención preferente.", ", ".join(grounds)))
    gravity = {"bad": 0, "warn": 1, "info": 2}
    return sorted(found, key=lambda alert: gravity[alert.tone])


def time_left(until: date, *, on: date) -> str:
    """«Quedan 20 días», «termina en 2 meses»: whole months from two of them on; nothing beyond a year."""
    days = (until - on).days
    months = sum(months_before(until, past) >= on for past in range(1, 14))
    if months > 12:
        return ""
    if months > 1:
        return f"termina en {months} meses"
    return "termina hoy" if days == 0 else f"queda {days} día" if days == 1 else f"quedan {days} días"


def _how_often(one: Again) -> str:
    """When it was given, and what the catalogue says of how often."""
    days = sorted({given.delivered_on for given in (*one.earlier, one.delivery)})
    most, months = one.condition.times or 1, one.condition.months or 0
    whose = "por hogar" if one.is_of_home else "por persona"
    often = f"{number(most, 'vez', 'veces')} cada {number(months, 'mes', 'meses')} {whose}"
    given_on = listed([f"{day:{DAY}}" for day in days], last="y el")
    return f"El {given_on}; el catálogo permite {often}"


def _when_and_to_whom(given: Given) -> str:
    whom = ", a otro hogar" if given.is_of_another_home else ""
    if given.person:
        whom = f", a {given.person.social_name or given.person.given_names}"
    return f"El {given.on:{DAY}}{whom}"


def notes_of(facts: Iterable[Fact]) -> list[str]:
    """What matters of a member, in a few words."""
    return [fact.label for fact in facts if fact.kind in CARE_KINDS]


def registries(
    asked: Iterable[Source], *, of_home: Mapping[Source, date], reach: Mapping[Source, date]
) -> list[Registry]:
    """How fresh each registry is for a home: its newest date, or that it has nothing of it, or is not loaded here."""
    return [
        Registry(source.label, of_home.get(source), source in of_home or source in reach, reach.get(source), source)
        for source in asked
    ]


# The same benefit at the same address


def names_a_place(address: str) -> bool:
    """Whether the words alone tell a place from its neighbours: «s/n», or only a sector, are of many homes."""
    return any(letter.isdigit() for letter in address)


def repeated_here(hers: Iterable[Given], others: Iterable[Given], *, tells_all: bool) -> list[tuple[Given, bool]]:
    """Of each benefit given to others at this address the newest, and whether her own home had it too.

    Who may not see deliveries is told only of what her home had too, and never to whom it went (``tells_all`` is
    false). What another member of her own home had is news only when she had it as well.
    """
    had = {_same(given.label) for given in hers}
    newest: dict[str, Given] = {}
    for given in sorted(others, key=lambda given: given.on, reverse=True):
        was_hers_too = _same(given.label) in had
        if was_hers_too or (tells_all and given.is_of_another_home):
            told = given if tells_all else Given(given.label, given.on)
            newest.setdefault(_same(given.label), told)
    return [(given, same in had) for same, given in newest.items()]


def _same(label: str) -> str:
    return " ".join(label.casefold().split())
