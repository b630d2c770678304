"""The register of operators, decided: the standing of a posting, and why one may not be given; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from ventanilla.access.actors import SOCIAL_ASSISTANCE
from ventanilla.access.permissions import HELD_IN_A_UNIT, ONLY_IN_UAS, Agent, Role, gives

SOON = timedelta(days=30)


class Standing(models.TextChoices):
    """What the register shows of a posting."""

    MAY_OPERATE = "may_operate", "Puede operar"
    UNSIGNED = "unsigned", "No ha firmado"
    ENDS_SOON = "ends_soon", "Termina pronto"
    NOT_BEGUN = "not_begun", "Aún no empieza"
    SUSPENDED = "suspended", "Suspendido"
    ENDED = "ended", "Terminado"


@dataclass(frozen=True, slots=True)
class PostingDates:
    starts_on: date
    ends_on: date | None = None
    away_from: date | None = None
    away_until: date | None = None


def standing(dates: PostingDates, *, on: date, is_active: bool, has_unmet: bool) -> Standing:
    """The first that applies: ended, suspended, not begun, something unmet, ends within thirty days, may operate."""
    if dates.ends_on is not None and dates.ends_on < on:
        return Standing.ENDED
    is_away = dates.away_from is not None and dates.away_from <= on
    if not is_active or (is_away and (dates.away_until is None or dates.away_until >= on)):
        return Standing.SUSPENDED
    if dates.starts_on > on:
        return Standing.NOT_BEGUN
    if has_unmet:
        return Standing.UNSIGNED
    if dates.ends_on is not None and dates.ends_on - on <= SOON:
        return Standing.ENDS_SOON
    return Standing.MAY_OPERATE


def quarter_of(day: date) -> date:
    """The first day of its calendar quarter, since when postings are confirmed again."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def end_of_quarter(day: date) -> date:
    """The last day of its calendar quarter."""
    in_the_next = quarter_of(day) + timedelta(days=100)
    return quarter_of(in_the_next) - timedelta(days=1)


def objections_to_role(giver: Role | Agent, role: Role, unit_functions: frozenset[str] | None) -> Iterator[str]:
    """Why the giver may not give this role in a unit of those functions (None, in no unit)."""
    if role not in gives(giver):
        yield "Su desempeño no permite asignar ese rol."
    if role in HELD_IN_A_UNIT and unit_functions is None:
        yield "Ese rol se desempeña en una unidad: elija cuál."
    if role not in HELD_IN_A_UNIT and unit_functions is not None:
        yield "Ese rol no se desempeña en una unidad: deje la unidad en blanco."
    if role in ONLY_IN_UAS and unit_functions is not None and SOCIAL_ASSISTANCE not in unit_functions:
        yield "La gestión de casos solo se hace en la Unidad de Asistencia Social."
