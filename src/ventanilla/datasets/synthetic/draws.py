"""Chance that is the same on every machine: it rests on ``Random.random`` alone, the method Python promises to keep."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import TypeVar

T = TypeVar("T")
Draw = Callable[[], float]
YEAR = 365.25


def stream(*parts: object) -> Draw:
    """Floats in [0, 1) named by ``parts``: two streams never disturb each other."""
    return Random("/".join(map(str, parts))).random


def pick(draw: Draw, options: Sequence[T]) -> T:
    return options[int(draw() * len(options))]


def between(draw: Draw, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, both included."""
    return low + int(draw() * (high - low + 1))


def ballot(weights: Iterable[tuple[T, float]], slots: int = 1000) -> tuple[T, ...]:
    """Each value as often as its weight says, so that drawing one is a single look-up with ``pick``.

    Weights under half a slot vanish; the answer has exactly ``slots`` values unless no weight is positive.
    """
    pairs = [(value, weight) for value, weight in weights if weight > 0]
    total = sum(weight for _, weight in pairs)
    out: list[T] = []
    reached = 0.0
    for value, weight in pairs:
        reached += weight
        out.extend([value] * (round(reached / total * slots) - len(out)))
    return tuple(out)


@cache
def day_text(ordinal: int) -> str:
    """A proleptic day number as dd-mm-yyyy; kept, because the same days return in every file."""
    day = date.fromordinal(ordinal)
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


@cache
def first_of_month(ordinal: int) -> int:
    return date.fromordinal(ordinal).replace(day=1).toordinal()


@cache
def years_later(ordinal: int, years: int) -> int:
    """The same day some years on; 29 February becomes 28."""
    day = date.fromordinal(ordinal)
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last).toordinal()


def age_on(born: int, reference: int) -> int:
    """Completed years between two day numbers."""
    birth, day = date.fromordinal(born), date.fromordinal(reference)
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birth_day(draw: Draw, age: int, reference: int) -> int:
    """A day on which someone ``age`` years old on the day ``reference`` may be born; seldom a year more, never less."""
    return reference - int((age + draw()) * YEAR) - 1
