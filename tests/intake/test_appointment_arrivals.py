"""Who comes at her hour, who comes late, who does not come: her number, her place, the end of the day."""

from datetime import timedelta

import pytest
from tests import make
from tests.intake.booked import MONDAY_NINE, Office

from ventanilla.access.models import OwnDay
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.intake.appointments import actions, arranging
from ventanilla.intake.appointments.actions import Request
from ventanilla.intake.appointments.reading import Unkept, to_be_moved, unkept
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.models import Ticket
from ventanilla.intake.waiting import actions as room
from ventanilla.intake.waiting.actions import ClosedDay, Preference
from ventanilla.intake.waiting.states import Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


# Coming


def test_on_time_she_gets_a_number_with_her_hour_and_the_end_of_the_attention_is_hers(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(30)
        walked_in = room.take_number(office.queue, by=office.clerk, person=office.luis)
        ticket = actions.arrive(made, by=office.clerk)
        assert actions.arrive(made, by=office.clerk) == ticket
        assert ticket
        assert (ticket.kind, ticket.person, made.state) == ("appointment", office.rosa, "arrived")
        called, _ = room.call_next(office.desk, by=office.clerk)
        assert called == walked_in  # her hour has not come
        room.attend(called, by=office.clerk)
        room.finish(called, by=office.clerk)
        room.take_number(office.queue, by=office.clerk)
        office.later(minutes=30)
        called, why = room.call_next(office.desk, by=office.clerk)
        assert (called, why) == (ticket, "Tenía hora a las 09:30.")
        consultation = room.attend(called, by=office.clerk)
        made.refresh_from_db()
        assert (made.state, made.consultation) == ("attended", consultation)


def test_late_she_waits_by_her_arrival_and_handed_over_she_keeps_her_hour(office: Office) -> None:
    with acting(office.head):
        other = make.queue(letter="B")
        other.site = office.queue.site
        other.save()
    with acting(office.clerk):
        made = office.book(15)
        office.later(minutes=26)
        ticket = actions.arrive(made, by=office.clerk)
        assert ticket
        assert not ticket.goes_first
        passed = room.hand_over(room.call_next(office.desk, by=office.clerk)[0], other, by=office.clerk)
        assert passed.appointment == made


def test_on_another_day_she_is_told_when_her_hour_is(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(24 * 60 + 30)
        with pytest.raises(RuleBroken, match="martes 24-11-2026 a las 09:30"):
            actions.arrive(made, by=office.clerk)


def test_her_run_at_the_entrance_finds_her_hour_even_out_of_the_queues_hours(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(30)
        office.queue.closes_at = (MONDAY_NINE - timedelta(hours=1)).time()
        office.queue.save()
        with pytest.raises(RuleBroken, match="da números"):
            actions.receive(office.queue, by=office.clerk, person=office.luis)
        ticket = actions.receive(
            office.queue, by=office.clerk, person=office.rosa, preference=Preference(Priority.PREGNANCY)
        )
        assert (ticket.appointment, ticket.priority) == (made, "pregnancy")


def test_a_reserved_hour_counts_also_where_it_is_not_to_be_told(office: Office) -> None:
    with acting(office.head):
        arranging.change_agenda(
            office.agenda, by=office.head, name="Informe social", queue=office.queue, is_reserved=True
        )
    with acting(office.clerk):
        made = office.book(30)
    other = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="atencion", functions=("attention",)))
    with acting(other):
        ticket = actions.receive(office.queue, by=other, person=office.rosa)
        assert ticket.appointment == made
        assert ticket.hour_for(other) is None
        assert ticket.hour_for(office.clerk) == made.starts_at


def test_who_had_taken_a_number_keeps_it_with_her_hour(office: Office) -> None:
    with acting(office.clerk):
        taken = room.take_number(office.queue, by=office.clerk, person=office.rosa)
        made = office.book(30)
        ticket = actions.arrive(made, by=office.clerk)
        assert ticket == taken
        taken.refresh_from_db()
        assert (taken.appointment, taken.kind) == (made, "appointment")


def test_where_there_is_no_queue_she_is_attended_by_name(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(30, agenda=office.alone)
        assert actions.arrive(made, by=office.clerk) is None
        consultation = actions.attend_without_queue(made, by=office.clerk)
        assert actions.attend_without_queue(made, by=office.clerk) == consultation
        assert (consultation.person, made.state) == (office.rosa, "attended")
        numbered = office.book(45, office.luis)
        actions.arrive(numbered, by=office.clerk)
        with pytest.raises(RuleBroken, match="sala de espera"):
            actions.attend_without_queue(numbered, by=office.clerk)


def test_found_in_the_registry_the_hour_is_hers_and_her_name_is_not_kept_twice(office: Office) -> None:
    with acting(office.clerk):
        made = actions.book_appointment(
            office.agenda,
            MONDAY_NINE + timedelta(minutes=30),
            Request(name="Rosa", phone="912345678"),
            by=office.clerk,
        )
        ticket = actions.arrive(made, by=office.clerk)
        assert ticket
        actions.link_person(made, office.rosa, by=office.clerk)
        ticket.refresh_from_db()
        assert (made.person, made.name, made.phone, ticket.person) == (office.rosa, "", "912345678", office.rosa)
        with pytest.raises(RuleBroken, match="ya es de una persona"):
            actions.link_person(made, office.luis, by=office.clerk)


# The end of the day


def test_closing_the_day_tells_who_did_not_come_from_whom_the_office_failed(office: Office) -> None:
    with acting(office.clerk):
        absent, waits, called = office.book(15), office.book(30, office.luis), office.book(45, make.person("Ana"))
        later = office.book(12 * 60, make.person("Eva"))
        actions.arrive(waits, by=office.clerk)
        ticket = actions.arrive(called, by=office.clerk)
        assert ticket
        office.later(hours=3)
        Ticket.objects.filter(pk=ticket.pk).update(state="no_show")
    with acting(office.head):
        assert room.close_day(office.queue.site, by=office.head) == ClosedDay(left=1, absent=2)
        assert room.close_day(office.queue.site, by=office.head) == ClosedDay(left=0, absent=0)
        states = []
        for one in (absent, waits, called, later):
            one.refresh_from_db()
            states.append(one.state)
        assert states == ["no_show", "left", "no_show", "booked"]
        assert absent.steps.last().reason == "Cierre del día"  # type: ignore[union-attr]  # it has steps
    with acting(office.clerk):
        assert actions.arrive(absent, by=office.clerk)  # she came after the day was closed


def test_a_day_that_was_closed_makes_nobody_absent_and_its_hours_are_to_be_moved(office: Office) -> None:
    with acting(office.clerk):
        tomorrow, kept = office.book(24 * 60 + 30), office.book(60, office.luis)
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=tomorrow.day, reason="Corte de luz")
    office.later(days=2)
    with acting(office.head):
        assert room.close_day(office.queue.site, by=office.head).absent == 1  # Luis, on Monday
        found = to_be_moved([office.agenda], institution_id=make.MONTE_PATRIA, today=clock.today())
        assert [(row.appointment, row.why) for row in found] == [(tomorrow, "Ese día no se atiende.")]
        counted = unkept([office.agenda], institution_id=make.MONTE_PATRIA, today=clock.today())
        assert counted == Unkept(1, tomorrow.day)
        kept.refresh_from_db()
        assert kept.state == "no_show"


def test_when_hours_end_what_was_given_after_them_is_to_be_moved(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(7 * 24 * 60 + 30)
    with acting(office.head):
        arranging.end_hours(office.agenda, made.hours_id, by=office.head, last_day=clock.today())
        (row,) = to_be_moved([office.agenda], institution_id=make.MONTE_PATRIA, today=clock.today())
        assert (row.appointment, row.why) == (made, "La agenda dejó de dar esa hora.")
        counted = unkept([office.agenda], institution_id=make.MONTE_PATRIA, today=clock.today())
        assert counted == Unkept(1, made.day)
        assert free_slots(office.agenda, after=clock.now() + timedelta(days=1), most=1) == []
