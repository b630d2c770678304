"""What deserves an alert, who has priority, what matters of a member: pure functions."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind
from ventanilla.screening.shapes import Alert, Benefit, Bracket

DAY = "%d\N{NON-BREAKING HYPHEN}%m\N{NON-BREAKING HYPHEN}%Y"
"""A date inside a sentence is not broken between two lines."""

STALE = timedelta(days=365)
MOST_ALERTS = 3
CARE_KINDS = (
    FactKind.DISABILITY,
    FactKind.DEPENDENCE,
    FactKind.CARER,
    FactKind.PREGNANCY,
    FactKind.ENROLMENT,
    FactKind.HEALTH_CHECK,
)
PRIORITY_KINDS = (FactKind.DISABILITY, FactKind.CARER, FactKind.PREGNANCY)


def is_priority(facts: Iterable[Fact]) -> bool:
    """Whether a registry gives a ground for preferential attention (Ley 21.768: disability and carers; pregnancy)."""
    return any(fact.kind in PRIORITY_KINDS for fact in facts)


def alerts(
    person: Person, *, bracket: Bracket | None, benefits: Sequence[Benefit], has_home: bool, on: date
) -> list[Alert]:
    """At most three, the gravest first; none of them tells a fact that the summary would not show."""
    found = []
    if person.died_on:
        found.append(Alert("bad", "Figura fallecida.", f"{person.get_death_source_display()}, {person.died_on:{DAY}}"))
    if not has_home:
        found.append(Alert("warn", "No tiene hogar registrado.", "No se sabe con quién vive: falta su hogar"))
    for benefit in benefits:
        if benefit.ends_soon and benefit.until:
            whose = f" de {benefit.person.social_name or benefit.person.given_names}" if benefit.person else ""
            days = (benefit.until - on).days
            left = "termina hoy" if days == 0 else f"queda {days} día" if days == 1 else f"quedan {days} días"
            found.append(Alert("warn", f"{benefit.name}{whose} vence el {benefit.until:{DAY}}.", left.capitalize()))
    if has_home and bracket is None:
        found.append(Alert("info", "Sin tramo del Registro Social de Hogares.", "No hay cartola cargada de este hogar"))
    elif bracket and on - bracket.source.as_of > STALE:
        found.append(
            Alert("warn", "El Registro Social de Hogares tiene más de un año.", f"Al {bracket.source.as_of:{DAY}}")
        )
    gravity = {"bad": 0, "warn": 1, "info": 2}
    return sorted(found, key=lambda alert: gravity[alert.tone])[:MOST_ALERTS]


def notes_of(facts: Iterable[Fact]) -> list[str]:
    """What matters of a member, in a few words."""
    return [fact.label for fact in facts if fact.kind in CARE_KINDS]
