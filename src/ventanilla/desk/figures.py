"""The day in figures beside the tray of whoever oversees it: what the unit attends, and its room where it has one."""

from dataclasses import dataclass
from datetime import date, datetime

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake.day import DayOfUnit, day_of_unit
from ventanilla.intake.models import Queue
from ventanilla.intake.waiting.day import DayOfRoom, day_of_room


@dataclass(frozen=True, slots=True)
class Figures:
    """``unit`` is None for whoever oversees rooms and attends nobody; ``room`` where no queue is in use."""

    at: datetime
    unit: DayOfUnit | None
    room: DayOfRoom | None


def figures_of_day(actor: Actor, *, on: date, now: datetime, days: WorkingDays) -> Figures | None:
    """None for whoever oversees nothing, or nothing with figures."""
    if not can(actor, Permission.ROOM_OVERSEE):
        return None
    queues = Queue.objects.visible_to(actor).in_use().filter(within_reach(actor, Permission.ROOM_OVERSEE))
    room = day_of_room(on, by=actor, now=now) if queues.exists() else None
    unit = None
    if can(actor, Permission.CONSULTATION_READ):
        unit = day_of_unit(on, by=actor, now=now, days=days)
    return Figures(now, unit, room) if unit or room else None
