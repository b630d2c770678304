"""The waiting room: one number each, called once, and nobody forgotten."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Desk, Site
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.intake.actions import LineDetails, Writing, end_attention, void_consultation
from ventanilla.intake.models import Queue, Ticket, TicketStep
from ventanilla.intake.states import Outcome
from ventanilla.intake.waiting import actions, arranging
from ventanilla.intake.waiting.actions import ClosedDay, Preference
from ventanilla.intake.waiting.states import Priority, TicketKind

pytestmark = pytest.mark.django_db


class Room:
    """A site with two desks and two queues; the first desk serves both."""

    def __init__(self, institution: int = make.MONTE_PATRIA) -> None:
        with make.inside(institution) as head:
            self.head = head
            self.site = Site.objects.create(institution_id=institution, name="Casa", commune_id="04303")
            self.one, self.two = (
                Desk.objects.create(institution_id=institution, site=self.site, name=f"Módulo {n}") for n in (1, 2)
            )
            unit = make.unit(institution)
            self.a = arranging.open_queue(
                self.site, unit, by=head, name="General", letter="a", desks=[self.one, self.two]
            )
            self.b = arranging.open_queue(self.site, unit, by=head, name="Subsidios", letter="B", desks=[self.one])
        self.clerk = make.actor(Role.FRONT_DESK, institution)

    def arrive(self, minutes_ago: int = 0, **options: Any) -> Ticket:
        at = clock.now() - timedelta(minutes=minutes_ago)
        return actions.take_number(options.pop("queue", self.a), by=self.clerk, arrived_at=at, **options)


@pytest.fixture
def room(db: None) -> Room:
    return Room()


def test_numbers_run_by_queue_and_each_leaves_its_step(room: Room) -> None:
    with acting(room.clerk):
        assert [room.arrive().label, room.arrive().label, room.arrive(queue=room.b).label] == [
            "A-001",
            "A-002",
            "B-001",
        ]
        assert TicketStep.objects.filter(after="waiting").count() == 3


def test_the_same_form_or_the_same_person_gets_one_number(room: Room) -> None:
    with acting(room.clerk):
        sent = new_id()
        assert room.arrive(submission_id=sent) == room.arrive(submission_id=sent)
        rosa = make.person()
        assert room.arrive(person=rosa) == room.arrive(person=rosa)
        assert Ticket.objects.count() == 2


def test_a_queue_gives_numbers_only_within_its_hours_and_while_it_is_used(room: Room) -> None:
    with acting(room.head):
        arranging.close_queue(room.b, by=room.head)
    with acting(room.clerk), pytest.raises(RuleBroken, match="ya no se usa"):
        room.arrive(queue=room.b)
    with acting(room.clerk), pytest.raises(RuleBroken, match="futura"):
        room.arrive(minutes_ago=-5)


def test_preference_goes_first_and_says_who_decided_it(room: Room) -> None:
    with acting(room.clerk):
        ordinary = room.arrive(20)
        carer = room.arrive(5, preference=Preference(Priority.CARER, "Credencial de cuidadora"))
        assert carer.priority_by_id == room.clerk.account_id
        called, why = actions.call_next(room.one, by=room.clerk)
        assert (called, why) == (carer, "Tiene preferencia.")
        assert actions.call_next(room.two, by=room.clerk)[0] == ordinary
    with acting(room.clerk), pytest.raises(RuleBroken, match="acreditó"):
        room.arrive(preference=Preference(Priority.DISABILITY))


def test_pressing_twice_calls_one_and_who_is_attended_is_not_left(room: Room) -> None:
    with acting(room.clerk):
        first, _ = room.arrive(9), room.arrive(8)
        assert actions.call_next(room.one, by=room.clerk)[0] == first
        assert actions.call_next(room.one, by=room.clerk)[0] == first
        actions.attend(first, by=room.clerk)
        with pytest.raises(RuleBroken, match="A-001"):
            actions.call_next(room.one, by=room.clerk)


def test_a_desk_calls_only_from_its_queues(room: Room) -> None:
    with acting(room.clerk):
        room.arrive(queue=room.b)
        with pytest.raises(RuleBroken, match="Nadie espera"):
            actions.call_next(room.two, by=room.clerk)


def test_attending_starts_the_consultation_and_its_end_is_the_end_of_the_number(room: Room) -> None:
    with make.inside():
        rosa, information = make.person(), make.reason("information")
    with acting(room.clerk):
        room.arrive(12, person=rosa)
        ticket, _ = actions.call_next(room.one, by=room.clerk)
        consultation = actions.attend(ticket, by=room.clerk)
        assert actions.attend(ticket, by=room.clerk) == consultation
        assert (consultation.person, consultation.desk, consultation.site) == (rosa, room.one, room.site)
        assert ticket.waited_minutes == 12
        end_attention(consultation, Writing(lines=[LineDetails(information.pk, Outcome.INFORMED)]), by=room.clerk)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.finished_at) == ("done", consultation.attended_at)
        assert [step.after for step in ticket.steps.all()] == ["waiting", "called", "attending", "done"]


def test_an_anonymous_number_gives_one_anonymous_consultation_and_voiding_it_frees_the_desk(room: Room) -> None:
    with acting(room.clerk):
        room.arrive()
        ticket, _ = actions.call_next(room.one, by=room.clerk)
        consultation = actions.attend(ticket, by=room.clerk)
        assert consultation.person is None
        void_consultation(consultation, by=room.clerk, reason="Se abrió por error")
        ticket.refresh_from_db()
        assert ticket.state == "done"


def test_who_does_not_come_is_called_twice_and_may_come_back_once(room: Room) -> None:
    with acting(room.clerk):
        first, second = room.arrive(9), room.arrive(8)
        ticket, _ = actions.call_next(room.one, by=room.clerk)
        with pytest.raises(RuleBroken, match="una vez más"):
            actions.mark_no_show(ticket, by=room.clerk)
        actions.recall(ticket, by=room.clerk)
        actions.mark_no_show(ticket, by=room.clerk)
        assert actions.call_next(room.two, by=room.clerk)[0] == second
        actions.return_to_room(ticket, by=room.clerk)
        again, _ = actions.call_next(room.one, by=room.clerk)
        assert again == first
        actions.recall(again, by=room.clerk)
        actions.mark_no_show(again, by=room.clerk)
        with pytest.raises(RuleBroken, match="ya volvió"):
            actions.return_to_room(again, by=room.clerk)
        with pytest.raises(InvalidTransition):
            actions.recall(again, by=room.clerk)


def test_handed_over_she_keeps_number_preference_and_arrival(room: Room) -> None:
    with acting(room.clerk):
        ticket = room.arrive(30, preference=Preference(Priority.PREGNANCY))
        passed = actions.hand_over(ticket, room.b, by=room.clerk, reason="Viene por SUF")
        assert (passed.label, passed.kind, passed.priority) == ("A-001", TicketKind.WALKED_OVER, "pregnancy")
        assert (passed.arrived_at, passed.handed_from, ticket.state) == (ticket.arrived_at, ticket, "handed_over")
        back = actions.hand_over(passed, room.a, by=room.clerk)
        assert (back.label, back.queue) == ("A-001", room.a)
        with pytest.raises(RuleBroken, match="ya está"):
            actions.hand_over(back, room.a, by=room.clerk)


def test_closing_the_day_leaves_nobody_waiting_and_says_how_many(room: Room) -> None:
    with acting(room.clerk):
        attended, waits = room.arrive(40), room.arrive(30)
        actions.attend(actions.call_next(room.one, by=room.clerk)[0], by=room.clerk)
        with pytest.raises(NotAllowed):
            actions.close_day(room.site, by=room.clerk)
    with acting(room.head):
        assert actions.close_day(room.site, by=room.head) == ClosedDay(left=1, absent=0)
        assert actions.close_day(room.site, by=room.head) == ClosedDay(left=0, absent=0)
        waits.refresh_from_db()
        attended.refresh_from_db()
        assert (waits.state, attended.state) == ("left", "attending")
        assert waits.steps.last().reason == "Cierre del día"  # type: ignore[union-attr]  # it has steps


def test_midnight_empties_no_room_and_a_day_later_nobody_is_called(room: Room) -> None:
    with acting(room.clerk):
        yesterday = room.arrive(60 * 11)
        forgotten = room.arrive(60 * 30)
        assert actions.call_next(room.two, by=room.clerk)[0] == yesterday
        with pytest.raises(RuleBroken, match="Nadie espera"):
            actions.call_next(room.one, by=room.clerk)
        assert list(Ticket.objects.unfinished_before(clock.now())) == [forgotten]


def test_a_desk_left_calling_yesterday_calls_today(room: Room) -> None:
    with acting(room.clerk):
        old = room.arrive(60 * 30)
        Ticket.objects.filter(pk=old.pk).update(state="called", desk=room.one)
        today = room.arrive()
        assert actions.call_next(room.one, by=room.clerk)[0] == today


def test_another_institution_sees_no_queue_and_calls_nobody(room: Room) -> None:
    with acting(room.clerk):
        room.arrive()
    foreign = make.actor(Role.FRONT_DESK, make.COMBARBALA)
    with acting(foreign):
        assert not Queue.objects.exists()
        assert not Ticket.objects.exists()
        with pytest.raises(NotAllowed):
            actions.take_number(room.a, by=foreign)
        with pytest.raises(RuleBroken, match="Nadie espera"):
            actions.call_next(room.one, by=foreign)


def test_a_head_arranges_the_queues_of_her_unit_and_a_clerk_none(room: Room) -> None:
    with acting(room.clerk), pytest.raises(NotAllowed):
        arranging.change_queue(room.a, by=room.clerk, desks=[], name="Otra")
    other = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=()))
    with acting(other), pytest.raises(NotAllowed):
        arranging.close_queue(room.a, by=other)
    with acting(room.head):
        changed = arranging.change_queue(room.a, by=room.head, desks=[room.two], name="Atención", letter="c")
        assert (changed.name, changed.letter) == ("Atención", "C")
        with pytest.raises(RuleBroken, match="esa letra"):
            arranging.change_queue(room.a, by=room.head, desks=[], letter="B")


@pytest.mark.django_db(transaction=True)
def test_two_desks_calling_at_once_never_get_the_same_number() -> None:
    room = Room()
    with acting(room.clerk):
        for minutes in range(6):
            room.arrive(minutes)
    start, called = Barrier(2), []

    def call(desk: Desk, by: Actor) -> None:
        start.wait()
        try:
            for _ in range(3):
                with acting(by):
                    ticket, _ = actions.call_next(desk, by=by)
                    called.append(ticket.pk)
                    actions.attend(ticket, by=by)
                    actions.finish(ticket, by=by)
        finally:
            connection.close()

    clerks: list[tuple[Desk, Actor]] = [(room.one, room.clerk), (room.two, make.actor())]
    threads = [Thread(target=call, args=pair) for pair in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found: set[UUID] = set(called)
    assert len(called) == len(found) == 6
