"""The years of what a home was given by the municipality, and what was given again before the catalogue allows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.rule.conditions import Condition
from ventanilla.catalogue.rule.kinds import Kind, Whose
from ventanilla.core.clock import months_before


@dataclass(frozen=True, slots=True)
class Again:
    """A delivery that came before its term: ``earlier`` are those that already filled it, as ``condition`` says."""

    delivery: Delivery
    earlier: Sequence[Delivery]
    condition: Condition

    @property
    def is_of_home(self) -> bool:
        return self.condition.whose is Whose.HOME

    def matters_on(self, day: date) -> bool:
        """Whether its term still runs."""
        return self.delivery.delivered_on > months_before(day, self.condition.months or 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery, and the day of the one before it when it came too soon."""

    delivery: Delivery
    again_after: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """What was given in a year. ``amount`` adds what has one; ``is_partial``, that older deliveries were not read."""

    year: int
    rows: Sequence[Row]
    amount: int
    is_partial: bool = False

    @property
    def count(self) -> int:
        return len(self.rows)


def given_again(deliveries: Sequence[Delivery]) -> list[Again]:
    """Those that exceed how often their entry may be received, the newest first, by the rule they were given under."""
    by_entry: dict[UUID, list[Delivery]] = defaultdict(list)
    for one in deliveries:
        if one.version:
            by_entry[one.version.entry_id].append(one)
    found = [again for given in by_entry.values() for again in _in_excess(given)]
    return sorted(found, key=lambda again: again.delivery.delivered_on, reverse=True)


def _in_excess(given: Sequence[Delivery]) -> Iterator[Again]:
    in_order = sorted(given, key=lambda one: (one.delivered_on, one.pk))
    for place, one in enumerate(in_order):
        for condition in _frequencies(one):
            since = months_before(one.delivered_on, condition.months or 0)
            earlier = [
                other
                for other in in_order[:place]
                if other.delivered_on > since and (condition.whose is Whose.HOME or _is_of_same(one, other))
            ]
            if len(earlier) >= (condition.times or 1):
                yield Again(one, earlier, condition)
                break


def _is_of_same(one: Delivery, other: Delivery) -> bool:
    return one.person_id is not None and one.person_id == other.person_id


def _frequencies(one: Delivery) -> list[Condition]:
    asked = one.version.asks.conditions if one.version else ()
    return [condition for condition in asked if condition.kind is Kind.FREQUENCY]


def by_year(deliveries: Sequence[Delivery], again: Sequence[Again], *, is_cut: bool = False) -> list[Year]:
    """The newest first, as ``deliveries`` come; of the oldest some may be missing when they were cut."""
    after: Mapping[UUID, date] = {one.delivery.pk: one.earlier[-1].delivered_on for one in again}
    years = []
    for year, given in groupby(deliveries, key=lambda one: one.delivered_on.year):
        rows = [Row(one, after.get(one.pk)) for one in given]
        years.append(Year(year, rows, sum(row.delivery.amount or 0 for row in rows)))
    if is_cut and years:
        years[-1] = Year(years[-1].year, years[-1].rows, years[-1].amount, is_partial=True)
    return years
