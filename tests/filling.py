"""What an institution has for its doors to be tried: a consultation, an hour, a reading that draws attention."""

from datetime import timedelta
from typing import Any

from tests import make
from ventanilla.access.actors import Actor
from ventanilla.access.models import OwnDay, Posting
from ventanilla.core import clock
from ventanilla.intake import actions
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.models import Agenda, Appointment, Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Flag, Person
from ventanilla.registry.watch.states import FlagKind


def own_day(institution: int) -> OwnDay:
    day = make.TODAY + timedelta(days=400)
    return OwnDay.objects.create(institution_id=institution, day=day, reason="Aniversario comunal")


def attended(person: Person, actor: Actor, reason_id: Any) -> Consultation:
    consultation = actions.start_consultation(person, by=actor)
    line = actions.LineDetails(reason_id, Outcome.WAITING_DOCUMENTS, awaited_documents="Cartola")
    return actions.end_attention(consultation, actions.Writing(lines=[line]), by=actor)


def booked(agenda: Agenda, person: Person, actor: Actor) -> Appointment:
    """Her next free hour."""
    (slot,) = free_slots(agenda, after=clock.now(), most=1)
    return book_appointment(agenda, slot.starts_at, Request(person=person), by=actor)


def flagged(person: Person, desk: Posting) -> Flag:
    now = clock.now()
    return Flag.objects.create(
        kind=FlagKind.COLLEAGUE,
        person=person,
        account=desk.account,
        posting=desk,
        unit=desk.unit,
        day=clock.today(),
        entries=1,
        first_entry_id=1,
        last_entry_id=1,
        first_at=now,
        last_at=now,
    )
