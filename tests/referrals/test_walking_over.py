"""«Pasa ahora»: attended with a number, she goes with the same one to the desk that receives her referral."""

from typing import Any

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import ASKED, rsh, sent

from ventanilla.access.actors import Actor
from ventanilla.access.models import Desk, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.intake.actions import LineDetails, Writing, end_attention
from ventanilla.intake.models import Consultation, Queue, Ticket
from ventanilla.intake.states import Outcome
from ventanilla.intake.waiting.actions import attend, call_next, hand_over, take_number, walk_over
from ventanilla.intake.waiting.arranging import open_queue
from ventanilla.intake.waiting.reading import referrals_brought
from ventanilla.intake.waiting.states import TicketState
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import ReferralEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.FRONT_DESK)


@pytest.fixture
def by(here: Posting) -> Actor:
    return actor_in(here)


@pytest.fixture
def queue(here: Posting) -> Queue:
    with make.inside():
        return make.queue()


@pytest.fixture
def other(queue: Queue) -> Queue:
    """Of the unit of the register, at the same site."""
    head = actor_in(make.posting(Role.UNIT_HEAD, in_unit=rsh()))
    with acting(head):
        desk = Desk.objects.create(institution_id=make.MONTE_PATRIA, site=queue.site, name="Módulo 7")
        return open_queue(queue.site, rsh(), by=head, name="Registro Social", letter="R", desks=[desk])


def attended_with_number(by: Actor, queue: Queue) -> Consultation:
    with make.inside():
        rosa = make.person("Rosa", "Araya")
    with acting(by):
        take_number(queue, by=by, person=rosa)
        ticket, _ = call_next(queue.site.desks.order_by("name")[0], by=by)
        consultation = attend(ticket, by=by)
        lines = [LineDetails(make.reason("rsh_change").pk, Outcome.NEEDS_UNIT)]
        return end_attention(consultation, Writing(lines=lines), by=by)


def tickets() -> list[Any]:
    with make.inside():
        return list(Ticket.objects.order_by("recorded_at").values_list("queue__letter", "number", "state"))


def test_the_same_number_waits_at_the_other_desk_and_what_was_attended_stays_attended(
    by: Actor, queue: Queue, other: Queue
) -> None:
    one = sent(by, attended_with_number(by, queue), walks=True)
    assert tickets() == [("A", 1, TicketState.DONE), ("R", 1, TicketState.WAITING)]
    with acting(by):
        note = one.steps.get(event=ReferralEvent.SENT).note
        assert note == "Pasa ahora: A-001 en la fila de Registro Social"
        first, second = Ticket.objects.order_by("recorded_at")
        assert (second.label, second.arrived_at, second.person_id) == (first.label, first.arrived_at, first.person_id)
        assert walk_over(first, other, by=by) == second, "twice is once"


def test_without_a_number_or_a_queue_there_nothing_is_sent(by: Actor, queue: Queue) -> None:
    consultation = attended_with_number(by, queue)
    with pytest.raises(RuleBroken, match="no llama números aquí") as refused:
        sent(by, consultation, walks=True)
    assert refused.value.field == "walks"
    with make.inside():
        assert not Referral.objects.exists()


def test_who_left_goes_nowhere(by: Actor, queue: Queue, other: Queue) -> None:
    with acting(by):
        ticket = take_number(queue, by=by)
        Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.LEFT)
        with pytest.raises(InvalidTransition, match="no pasa a otra fila"):
            walk_over(ticket, other, by=by)


def test_a_number_is_not_twice_in_one_queue(by: Actor, queue: Queue, other: Queue) -> None:
    sent(by, attended_with_number(by, queue), walks=True)
    with acting(by):
        second = Ticket.objects.get(queue=other)
        with pytest.raises(RuleBroken, match="ya pasó hoy por esa fila"):
            hand_over(second, queue, by=by)


def test_the_page_offers_it_and_the_number_is_called_there(
    here: Posting, by: Actor, queue: Queue, other: Queue
) -> None:
    consultation, client = attended_with_number(by, queue), browser_of(here)
    where = f"/derivaciones/desde/{consultation.pk}/"
    page = client.get(where).content.decode()
    assert "A-001 queda en la fila de Registro Social" in page
    with acting(by):
        line = consultation.lines.get()
    form = {"lines": [str(line.pk)], "to": str(rsh().pk), "asked": ASKED, "walks": "on", "submission_id": new_id()}
    assert client.post(where, form).status_code == 302
    receiver = make.posting(Role.FRONT_DESK, in_unit=rsh())
    there = actor_in(receiver)
    with acting(there):
        called, _ = call_next(Desk.objects.get(name="Módulo 7"), by=there)
        assert called.label == "A-001"
        (brought,) = referrals_brought(called, by=there)
        assert brought.title == "Modificación RSH"
        attention = attend(called, by=there)
        one = Referral.objects.get()
    aside = browser_of(receiver).get(f"/personas/{attention.person_id}/ficha/resumen/").content.decode()
    assert f'href="{one.get_absolute_url()}"' in aside, "whoever calls her sees what she comes with"
