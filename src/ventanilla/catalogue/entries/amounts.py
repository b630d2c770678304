"""The amounts of an entry on a day: its own, and those of the law's table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ventanilla.catalogue.models.national import LegalAmount


@dataclass(frozen=True, slots=True)
class AmountToday:
    """Pesos, what they are, until when, and where the law says so; ``pesos`` is None when none is in force."""

    label: str
    pesos: int | None
    until: date | None = None
    source: str = ""
    is_verified: bool = True


class HasAmounts(Protocol):
    amounts: list[dict[str, Any]]


def legal_amounts(on: date) -> dict[str, LegalAmount]:
    """The law's amounts in force that day, by their code. One query."""
    return {amount.code: amount for amount in LegalAmount.objects.in_force_on(on)}


def amounts_on(said: HasAmounts, on: date, legal: Mapping[str, LegalAmount]) -> list[AmountToday]:
    """Of each amount, what it is that day; one whose days are over is told as not known, never left out."""
    return list(_amounts(said.amounts, on, legal))


def _amounts(kept: Iterable[Mapping[str, Any]], on: date, legal: Mapping[str, LegalAmount]) -> Iterator[AmountToday]:
    dated: dict[str, AmountToday] = {}
    for one in kept:
        label = one["label"]
        if "legal" in one:
            found = legal.get(one["legal"])
            yield (
                AmountToday(label, found.pesos * one["times"], found.valid_until, found.source, found.is_verified)
                if found
                else AmountToday(label, None)
            )
            continue
        until = date.fromisoformat(one["until"]) if one.get("until") else None
        dated.setdefault(label, AmountToday(label, None))
        if date.fromisoformat(one["from"]) <= on and (until is None or on <= until):
            dated[label] = AmountToday(label, one["pesos"], until)
    yield from dated.values()
