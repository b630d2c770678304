"""What the terms of a referral do by themselves: remind, mark late, let expire; each once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests import make
from tests.referrals.loop import again, attended, desk, enumerator, rsh, sent

from ventanilla.access.actions.office import UnitDetails, change_unit
from ventanilla.access.actors import Actor
from ventanilla.access.models import Function, Posting
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.intake.models import ReasonLine
from ventanilla.referrals.actions import (
    accept_referral,
    assign_referral,
    follow_referrals,
    reopen_referral,
    return_referral,
    withdraw_referral,
)
from ventanilla.referrals.models import Referral, ReferralStep
from ventanilla.referrals.states import ReferralEvent, ReferralState

pytestmark = pytest.mark.django_db

RULE = Actor(Agent.COMMAND, make.MONTE_PATRIA)


@pytest.fixture
def clerk() -> Actor:
    return desk()


def follow(on: date) -> list[int]:
    """How many expired, were late and were reminded."""
    with acting(RULE):
        return list(follow_referrals(by=RULE, on=on).values())[1:]


def told(event: ReferralEvent) -> list[str]:
    with make.inside():
        return list(ReferralStep.objects.filter(event=event).values_list("note", flat=True))


def test_before_its_term_it_is_reminded_once(clerk: Actor) -> None:
    referral = sent(clerk)
    assert follow(make.TODAY) == [0, 0, 1]
    assert follow(make.TODAY) == [0, 0, 0]
    assert told(ReferralEvent.REMINDED) == [f"Vence el {referral.due_on:%d-%m-%Y}"]


def test_after_its_term_it_is_late_once_and_its_head_is_told(clerk: Actor) -> None:
    referral = sent(clerk)
    day = referral.due_on + timedelta(days=1)
    assert follow(day) == [0, 1, 0]
    assert follow(day + timedelta(days=1)) == [0, 0, 0]
    assert told(ReferralEvent.LATE) == [f"Vencía el {referral.due_on:%d-%m-%Y}. Se avisa a la jefatura de Unidad rsh"]
    assert again(referral).state == ReferralState.SENT


def test_one_returned_is_late_at_its_origin(clerk: Actor) -> None:
    referral, there = sent(clerk), enumerator()
    with acting(there):
        return_referral(referral, by=there, wanting="Cédula")
    follow(again(referral).due_on + timedelta(days=1))
    assert told(ReferralEvent.LATE)[0].endswith("Unidad uas")


@pytest.mark.parametrize("before", [lambda *_: None, lambda referral, by: accept_referral(referral, by=by)])
def test_without_answer_it_expires_and_its_line_is_pending_at_its_origin(
    clerk: Actor, before: Callable[..., None]
) -> None:
    referral, there = sent(clerk), enumerator()
    with acting(there):
        before(referral, there)
    expires_on = again(referral).expires_on
    assert follow(expires_on)[0] == 0
    assert follow(expires_on + timedelta(days=1))[0] == 1
    assert follow(expires_on + timedelta(days=1)) == [0, 0, 0]
    assert again(referral).state == ReferralState.EXPIRED
    with make.inside():
        line = ReasonLine.objects.get(consultation=referral.consultation_id)
    assert line.pending_in_id == clerk.unit_id
    with acting(clerk):
        reopen_referral(referral, by=clerk, reason="Sigue haciendo falta")
    kept = again(referral)
    assert (kept.state, kept.ended_at) == (ReferralState.SENT, None)
    assert kept.expires_on > make.TODAY


def test_only_the_terms_themselves_do_it(clerk: Actor) -> None:
    with acting(clerk), pytest.raises(NotAllowed):
        follow_referrals(by=clerk, on=make.TODAY)


def test_what_somebody_who_left_had_is_in_nobodys_charge(clerk: Actor) -> None:
    referral, there, colleague = sent(clerk), enumerator(), enumerator()
    with acting(there):
        accept_referral(referral, by=there)
    follow(make.TODAY)
    assert again(referral).assigned_to_id == there.account_id
    Posting.objects.filter(account=there.account).update(ends_on=make.YESTERDAY)
    follow(make.TODAY)
    follow(make.TODAY)
    kept = again(referral)
    assert (kept.assigned_to_id, kept.state) == (None, ReferralState.ACCEPTED)
    assert len(told(ReferralEvent.ASSIGNED)) == 1
    with acting(colleague):
        assign_referral(kept, colleague.account_id, by=colleague)


def test_what_is_restricted_passes_to_the_head_or_nobody_would_see_it(clerk: Actor) -> None:
    there = enumerator()
    waiting = attended(clerk, "violence")
    restricted = sent(clerk, waiting, to_account=there.account)
    Posting.objects.filter(account=there.account).update(ends_on=make.YESTERDAY)
    follow(make.TODAY)
    assert again(restricted).assigned_to_id == there.account_id
    with make.inside():
        head = make.actor(Role.UNIT_HEAD, in_unit=rsh())
    follow(make.TODAY)
    assert again(restricted).assigned_to_id == head.account_id
    assert len(told(ReferralEvent.ASSIGNED)) == 1
    with acting(head):
        assert Referral.objects.visible_to(head).filter(pk=restricted.pk).exists()


def test_a_unit_that_owes_answers_is_not_disconnected(clerk: Actor) -> None:
    referral = sent(clerk)
    with make.inside():
        counterpart = make.actor(Role.COUNTERPART)
    unit = rsh()
    details = UnitDetails(name=unit.name, functions=list(Function.objects.filter(pk="rsh")), connected_until=make.TODAY)
    with acting(counterpart), pytest.raises(RuleBroken, match="derivaciones por responder"):
        change_unit(unit, details, by=counterpart)
    with acting(clerk):
        withdraw_referral(referral, by=clerk, reason="La unidad se cierra")
    with acting(counterpart):
        assert change_unit(unit, details, by=counterpart).connected_until == make.TODAY
