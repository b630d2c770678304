"""The figures of a day in the room, for a head: by hour, by whoever attends, beside the working day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake.appointments.rules import WEEKDAYS
from ventanilla.intake.models import Ticket
from ventanilla.intake.models.waiting import TicketQuerySet
from ventanilla.intake.waiting.rules import mean_minutes, median_minutes
from ventanilla.intake.waiting.states import AT_A_DESK, TicketState

FARTHEST_BACK = 14
"""Days looked back for the last one that was worked."""


@dataclass(frozen=True, slots=True)
class Span:
    """One row of the day's figures: an hour or an operator. Minutes are whole; None when nobody ended."""

    label: str
    arrived: int
    attended: int
    waited: int | None
    waited_median: int | None
    handled: int | None
    handled_median: int | None


@dataclass(frozen=True, slots=True)
class DayOfRoom:
    """``before`` is how many had been attended at this hour of the working day before, which ``before_words`` names."""

    total: Span
    by_hour: Sequence[Span]
    by_operator: Sequence[Span]
    arrivals: Sequence[tuple[str, int, bool]]
    waiting: int
    preferential: int
    attending: int
    left: int
    absent: int
    unfinished: int
    before: int | None
    before_words: str


def day_of_room(day: date, *, by: Actor, now: datetime) -> DayOfRoom:
    """The figures of a day in the actor's queues. Waiting: from arrival to attention; handling: to its end.

    Who was handed over counts once, where she went last. Seven queries.
    """
    within = tickets_overseen(by)
    found = within.filter(day=day).exclude(state=TicketState.HANDED_OVER)
    tickets = list(found.select_related("posting__account").order_by("arrived_at"))
    by_hour: dict[int, list[Ticket]] = {}
    by_operator: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        by_hour.setdefault(timezone.localtime(ticket.arrived_at).hour, []).append(ticket)
        if ticket.started_at and ticket.posting:
            by_operator.setdefault(ticket.posting.account.full_name, []).append(ticket)
    waiting = [ticket for ticket in tickets if ticket.state == TicketState.WAITING]
    states = [ticket.state for ticket in tickets]
    earlier = last_worked_before(day, service_days(by.institution, around=day))
    return DayOfRoom(
        _span("Todo el día", tickets),
        [_span(f"{hour} h", by_hour[hour]) for hour in sorted(by_hour)],
        [_span(name, group) for name, group in sorted(by_operator.items())],
        _arrivals({hour: len(group) for hour, group in by_hour.items()}, timezone.localtime(now), day),
        waiting=len(waiting),
        preferential=sum(ticket.is_preferential for ticket in waiting),
        attending=sum(state in AT_A_DESK for state in states),
        left=states.count(TicketState.LEFT),
        absent=states.count(TicketState.NO_SHOW),
        unfinished=within.unfinished_before(now).count(),
        before=_attended_by_now(within, earlier, now) if earlier else None,
        before_words=day_in_words(earlier, today=day) if earlier else "",
    )


def last_worked_before(day: date, worked: WorkingDays) -> date | None:
    """«Ayer» of a Monday is Friday; None when the office was closed for weeks."""
    back = (day - timedelta(days=number) for number in range(1, FARTHEST_BACK + 1))
    return next((one for one in back if worked.includes(one)), None)


def day_in_words(day: date, *, today: date) -> str:
    return "ayer" if (today - day).days == 1 else f"el {WEEKDAYS[day.weekday()]}"


def _attended_by_now(within: TicketQuerySet, day: date, now: datetime) -> int:
    """How many had been attended that day when its clocks showed this hour."""
    same_hour = datetime.combine(day, timezone.localtime(now).time(), timezone.get_current_timezone())
    return within.filter(day=day, state=TicketState.DONE, finished_at__lte=same_hour).count()


def _arrivals(counts: dict[int, int], now: datetime, day: date) -> list[tuple[str, int, bool]]:
    """A column for each hour from the first arrival on, the empty ones too; the hour in course is marked."""
    if not counts:
        return []
    current = now.hour if now.date() == day else -1
    last = max(*counts, current)
    return [(f"{hour} h", counts.get(hour, 0), hour == current) for hour in range(min(counts), last + 1)]


def tickets_overseen(by: Actor) -> TicketQuerySet:
    """The numbers of the queues of one's unit, or of the institution."""
    require(by, Permission.ROOM_OVERSEE)
    return Ticket.objects.visible_to(by).filter(within_reach(by, Permission.ROOM_OVERSEE, unit="queue__unit"))


def _span(label: str, tickets: Sequence[Ticket]) -> Span:
    waits = [(ticket.arrived_at, ticket.started_at) for ticket in tickets]
    attentions = [(ticket.started_at, ticket.finished_at) for ticket in tickets]
    return Span(
        label,
        len(tickets),
        sum(ticket.state == TicketState.DONE for ticket in tickets),
        mean_minutes(waits),
        median_minutes(waits),
        mean_minutes(attentions),
        median_minutes(attentions),
    )
