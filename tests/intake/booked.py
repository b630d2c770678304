"""An office that gives hours, on a Monday morning of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import make

from ventanilla.access.models import Desk
from ventanilla.access.permissions import Role
from ventanilla.core import clock
from ventanilla.intake.appointments import actions
from ventanilla.intake.appointments.actions import Request
from ventanilla.intake.models import Agenda, Appointment, Queue
from ventanilla.registry.models import Person

MONDAY_NINE = datetime.fromisoformat("2026-11-23T09:00-03:00")


class Office:
    """A queue with its agenda, another agenda without a queue, and a clerk; it is Monday at nine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.at(MONDAY_NINE)
        with make.inside() as head:
            self.head = head
            self.queue: Queue = make.queue()
            self.agenda: Agenda = make.agenda(self.queue)
            self.alone: Agenda = make.agenda(name="Visitas")
            self.desk = Desk.objects.order_by("name")[0]
            self.rosa: Person = make.person()
            self.luis: Person = make.person("Luis Alberto", "Pizarro")
        self.clerk = make.actor(Role.FRONT_DESK)

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.patch.setattr(clock, "now", lambda: moment)

    def later(self, **time: float) -> None:
        self.at(clock.now() + timedelta(**time))

    def book(self, minutes: int = 30, person: Person | None = None, **options: Any) -> Appointment:
        """An hour so many minutes after Monday at nine."""
        agenda = options.pop("agenda", self.agenda)
        request = Request(person=person or options.pop("who", None) or self.rosa, **options.pop("request", {}))
        starts_at = MONDAY_NINE + timedelta(minutes=minutes)
        return actions.book_appointment(agenda, starts_at, request, by=options.pop("by", self.clerk), **options)
