"""What usually comes by the watched folder, and did not: found by what came before, with nothing to arrange."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models.functions import TruncDate

from ventanilla.access.actors import Actor
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.datasets.declared import declared
from ventanilla.datasets.models import TakenFile

REMEMBERED = 7
"""The last days on which something came, from which the usual time between them is taken."""

KNOWN_FROM = 3
"""Before it came on so many days nothing is usual."""

MORNING = 9
"""The hour from which what should have come in the night is missed."""


MISSED_FOR = timedelta(days=30)
"""After which nobody waits for it any more: it does not come by the folder now."""

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Late:
    """A format of which nothing came since ``last_on``; the next was to come on ``due_on``."""

    title: str
    last_on: date
    due_on: date


def late(by: Actor, *, days: WorkingDays) -> Iterator[Late]:
    """Counted in working days: on the others nobody makes an extract either."""
    now = clock.now().astimezone(ZoneInfo(by.time_zone))
    for name, dates in _days_it_came(by).items():
        due_on = usually_after(dates, days) if len(dates) >= KNOWN_FROM else None
        if due_on and is_missed(due_on, now) and now.date() <= due_on + MISSED_FOR:
            yield Late(declared()[name].title, dates[-1], due_on)


def usually_after(dates: list[date], days: WorkingDays) -> date:
    """The day of the next, after those on which it came, in their order."""
    apart = [max(days.left(one, next_), 1) for one, next_ in pairwise(dates)]
    return days.end_of_term(dates[-1], int(median(apart)))


def is_missed(due_on: date, now: datetime) -> bool:
    """``now`` on the clock of the institution."""
    return (now.date(), now.hour) >= (due_on, MORNING)


def _days_it_came(by: Actor) -> dict[str, list[date]]:
    """The last of each format, in their order."""
    lately = TakenFile.objects.visible_to(by).filter(taken_at__gte=clock.now() - LOOKED_BACK)
    found = lately.filter(load__dataset__in=declared()).annotate(
        day=TruncDate("taken_at", tzinfo=ZoneInfo(by.time_zone))
    )
    came: dict[str, list[date]] = {}
    for name, day in found.values_list("load__dataset", "day").distinct().order_by("load__dataset", "-day"):
        came.setdefault(name, []).append(day)
    return {name: dates[:REMEMBERED][::-1] for name, dates in came.items()}
