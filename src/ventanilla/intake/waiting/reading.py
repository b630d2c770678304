"""What the room shows: to a desk, to the wall, to the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Desk, Site
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.models.waiting import TicketQuerySet
from ventanilla.intake.waiting.rules import mean_minutes
from ventanilla.intake.waiting.states import TicketState

ON_THE_WALL = 6
LONG_WAIT = 30
"""Minutes of waiting from which a number is marked."""


@dataclass(frozen=True, slots=True)
class Waiting:
    ticket: Ticket
    minutes: int

    @property
    def is_long(self) -> bool:
        return self.minutes >= LONG_WAIT


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """The room as one desk sees it: numbers, and of people only the one it called."""

    desk: Desk
    queues: Sequence[Queue]
    waiting: Sequence[Waiting]
    here: Ticket | None
    absent: Sequence[Ticket]
    elsewhere: Sequence[Ticket]


def room_of(desk: Desk, *, by: Actor, now: datetime) -> DeskRoom:
    require(by, Permission.ROOM_WORK)
    at_site = Ticket.objects.visible_to(by).in_room(now).at(desk.site).select_related("queue", "desk")
    queues = list(Queue.objects.in_use().served_by(desk))
    mine = at_site.filter(queue__in=queues)
    return DeskRoom(
        desk,
        queues,
        [Waiting(ticket, minutes_since(ticket.arrived_at, now)) for ticket in mine.waiting().order_by("arrived_at")],
        at_site.at_a_desk().filter(desk=desk).select_related("person", "consultation").first(),
        list(mine.filter(state=TicketState.NO_SHOW, returned_at__isnull=True).order_by("-finished_at")[:5]),
        list(at_site.at_a_desk().exclude(desk=desk).order_by("desk__name")),
    )


def minutes_since(start: datetime, now: datetime) -> int:
    return max(0, int((now - start).total_seconds() // 60))


def on_the_wall(site: Site, now: datetime) -> list[Ticket]:
    """The numbers called last at the site, newest first; numbers and desks only."""
    called = Ticket.objects.in_room(now).at(site).at_a_desk().select_related("desk")
    return list(
        called.only("letter", "number", "called_at", "calls", "state", "desk__name").order_by("-called_at")[
            :ON_THE_WALL
        ]
    )


@dataclass(frozen=True, slots=True)
class Span:
    """One row of the day's figures: an hour or an operator."""

    label: str
    arrived: int
    attended: int
    waited: int | None
    handled: int | None


@dataclass(frozen=True, slots=True)
class DayOfRoom:
    total: Span
    by_hour: Sequence[Span]
    by_operator: Sequence[Span]
    waiting: int
    left: int
    absent: int
    unfinished: int


def day_of_room(day: date, *, by: Actor, now: datetime) -> DayOfRoom:
    """The figures of a day in the actor's queues. Waiting: from arrival to attention; handling: to its end.

    Who was handed over counts once, where she went last.
    """
    within = tickets_overseen(by)
    tickets = list(
        within.filter(day=day)
        .exclude(state=TicketState.HANDED_OVER)
        .select_related("posting__account")
        .order_by("arrived_at")
    )
    by_hour: dict[str, list[Ticket]] = {}
    by_operator: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        by_hour.setdefault(f"{timezone.localtime(ticket.arrived_at):%H} h", []).append(ticket)
        if ticket.started_at and ticket.posting:
            by_operator.setdefault(ticket.posting.account.full_name, []).append(ticket)
    states = [ticket.state for ticket in tickets]
    return DayOfRoom(
        _span("Todo el día", tickets),
        [_span(label, group) for label, group in by_hour.items()],
        [_span(label, group) for label, group in sorted(by_operator.items())],
        waiting=states.count(TicketState.WAITING),
        left=states.count(TicketState.LEFT),
        absent=states.count(TicketState.NO_SHOW),
        unfinished=within.unfinished_before(now).count(),
    )


def tickets_overseen(by: Actor) -> TicketQuerySet:
    """The numbers of the queues of one's unit, or of the institution."""
    require(by, Permission.ROOM_OVERSEE)
    return Ticket.objects.visible_to(by).filter(within_reach(by, Permission.ROOM_OVERSEE, unit="queue__unit"))


def _span(label: str, tickets: Sequence[Ticket]) -> Span:
    return Span(
        label,
        len(tickets),
        sum(ticket.state == TicketState.DONE for ticket in tickets),
        mean_minutes([(ticket.arrived_at, ticket.started_at) for ticket in tickets]),
        mean_minutes([(ticket.started_at, ticket.finished_at) for ticket in tickets]),
    )
