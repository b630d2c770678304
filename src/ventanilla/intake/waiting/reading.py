"""What the room shows: to a desk, to the wall, to the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.models import Desk, Site
from ventanilla.access.permissions import Permission
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.waiting.rules import OLD_ENOUGH
from ventanilla.intake.waiting.states import Priority, TicketState
from ventanilla.registry.models import Fact, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.vocabulary import FactKind

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
    at_site = Ticket.objects.visible_to(by).in_room(now).at(desk.site).select_related("queue", "desk", "appointment")
    queues = list(Queue.objects.in_use().served_by(desk))
    mine = at_site.filter(queue__in=queues)
    return DeskRoom(
        desk,
        queues,
        [Waiting(ticket, minutes_since(ticket.arrived_at, now)) for ticket in mine.waiting().order_by("arrived_at")],
        at_site.at_a_desk()
        .filter(desk=desk)
        .select_related("person", "consultation", "priority_by", "appointment__reason")
        .first(),
        list(mine.filter(state=TicketState.NO_SHOW, returned_at__isnull=True).order_by("-finished_at")[:5]),
        list(at_site.at_a_desk().exclude(desk=desk).order_by("desk__name")),
    )


def referrals_brought(ticket: Ticket | None, *, by: Actor) -> list[Any]:
    """What the unit of whoever called was asked about her and has not answered: she may come for that.

    Referrals are a later step: they are reached from the person alone.
    """
    if ticket is None or ticket.person is None or by.unit_id is None or not can(by, Permission.REFERRAL_WORK):
        return []
    theirs: Any = ticket.person.referrals
    return list(theirs.visible_to(by).open().sent_to(by.unit_id).soonest_first().select_related("from_unit"))


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


GROUNDS_KNOWN = {FactKind.DISABILITY: Priority.DISABILITY, FactKind.CARER: Priority.CARER}
"""What a registry may know that gives a preference (Ley 21.768). A pregnancy is nobody's to say but hers."""


def possible_preferences(ticket: Ticket, *, by: Actor, on: date) -> list[Priority]:
    """By what a number just given may go first, for the clerk to ask: what is known suggests, it decides nothing.

    Of the registry's facts only that there is one, never its degree; only to whoever gave the number, while it waits
    without a preference, for that is the ground to look; and the look is logged.
    """
    person = ticket.person
    if person is None or ticket.priority or ticket.state != TicketState.WAITING:
        return []
    given_by = ticket.steps.filter(before="").values_list("account_id", flat=True).first()
    if given_by is None or given_by != by.account_id:
        return []
    facts = Fact.objects.visible_to(by).in_force_on(on).filter(person=person, kind__in=GROUNDS_KNOWN)
    found = {GROUNDS_KNOWN[FactKind(kind)] for kind in facts.values_list("kind", flat=True)}
    if found:
        log_reading(ReadEntry.Kind.LIST, of=person, shown=[person.pk], note=f"posible preferencia {ticket.label}")
    if (person.age_on(on) or 0) >= OLD_ENOUGH:
        found.add(Priority.AGE)
    return [ground for ground in Priority if ground in found]
