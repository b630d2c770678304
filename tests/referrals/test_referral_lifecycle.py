"""Whatever is done with referrals in whatever order, by either side, each stays whole."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests import make
from tests.referrals.loop import attended, desk, enumerator, rsh, sent

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import DomainError
from ventanilla.intake.actions import answer_line, void_consultation
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.states import ConsultationState, Outcome
from ventanilla.referrals import actions
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import ENDED, REFERRAL_LIFECYCLE, AnswerOutcome, ReferralState


def elsewhere() -> UUID:
    """A third unit."""
    unit = Loop.sides["elsewhere"].unit_id
    assert unit
    return unit


ACTS: dict[str, Callable[[Referral, Actor], Any]] = {
    "accept": lambda one, by: actions.accept_referral(one, by=by),
    "attend": lambda one, by: actions.attend_referral(one, by=by),
    "hour": lambda one, by: actions.give_hour(one, clock.now() + timedelta(hours=5), by=by),
    "no_show": lambda one, by: actions.note_no_show(one, by=by),
    "return": lambda one, by: actions.return_referral(one, by=by, wanting="Cédula"),
    "complete": lambda one, by: actions.complete_referral(one, by=by, note="Va la cédula"),
    "reject": lambda one, by: actions.reject_referral(one, by=by, ground="No corresponde"),
    "answer": lambda one, by: actions.answer_referral(
        one, actions.AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=by
    ),
    "reopen": lambda one, by: actions.reopen_referral(one, by=by, reason="No quedó bien"),
    "withdraw": lambda one, by: actions.withdraw_referral(one, by=by, reason="Ya no hace falta"),
    "receive": lambda one, by: actions.note_receipt(one, by=by),
    "take": lambda one, by: actions.assign_referral(one, by.account_id, by=by),
    "forward": lambda one, by: actions.forward_referral(one, elsewhere(), by=by, reason="Corresponde allá"),
    "answer_here": lambda one, by: answer_line(
        ReasonLine.objects.filter(consultation=one.consultation_id)[0],
        by=by,
        outcome=Outcome.RESOLVED,
    ),
    "void": lambda one, by: void_consultation(one.consultation, by=by, reason="Era otra persona"),
}


class Loop(RuleBasedStateMachine):
    """Two units, and the rule, doing anything to each other's referrals; what is refused changes nothing."""

    referrals = Bundle("referrals")
    sides: dict[str, Actor]

    @rule(target=referrals, both=st.booleans())
    def send(self, both: bool) -> Any:
        codes = ("rsh_change", "rsh_entry") if both else ("rsh_change",)
        return sent(self.sides["here"], attended(self.sides["here"], *codes)).pk

    @rule(pk=referrals, side=st.sampled_from(["here", "there", "elsewhere"]), act=st.sampled_from(sorted(ACTS)))
    def do(self, pk: Any, side: str, act: str) -> None:
        by = self.sides[side]
        with acting(by), suppress(DomainError), transaction.atomic():
            ACTS[act](Referral.objects.get(pk=pk), by)

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        by = self.sides["rule"]
        with acting(by):
            actions.follow_referrals(by=by, on=make.TODAY + timedelta(days=days))

    @invariant()
    def every_referral_is_whole(self) -> None:
        with acting(self.sides["here"]):
            days = service_days(make.MONTE_PATRIA, around=make.TODAY)
            for one in Referral.objects.select_related("consultation").prefetch_related(
                "steps", "answers", "lines__line"
            ):
                path = [(step.before, step.after) for step in one.steps.all()]
                assert path[0] == ("sent", "sent")
                assert path[-1][1] == one.state
                for (_, reached), (before, after) in pairwise(path):
                    assert reached == before
                    assert before == after or REFERRAL_LIFECYCLE.allows(ReferralState(before), ReferralState(after))
                assert (one.ended_at is not None) == (one.state in ENDED)
                assert one.state != ReferralState.ANSWERED or one.answers.all()
                assert all(days.includes(day) for day in (one.accept_by, one.answer_by, one.expires_on, one.due_on))
                self._lines_are_somewhere(one)

    @invariant()
    def another_municipality_sees_none(self) -> None:
        foreign = self.sides["foreign"]
        with acting(foreign):
            assert not Referral.objects.visible_to(foreign).exists()
            assert not Referral.objects.exists()

    def _lines_are_somewhere(self, one: Referral) -> None:
        """Nothing is lost: each of its reasons is answered, or with the other unit, or pending at its origin."""
        if one.consultation.state == ConsultationState.VOIDED:
            return
        for carried in one.lines.all():
            line = carried.line
            if one.is_open:
                assert line.answered_at is None
                assert line.pending_in_id is None
            else:
                assert (line.answered_at is None) == (line.pending_in_id is not None)
        open_lines = [carried.line for carried in one.lines.all() if carried.line.answered_at is None]
        assert (one.consultation.state == ConsultationState.RESOLVED) == (not open_lines)


@pytest.mark.django_db
def test_any_sequence_of_acts_keeps_every_referral_whole() -> None:
    rsh()
    with make.inside():
        stranger = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="omil", functions=("housing",)))
    rule_itself = Actor(Agent.COMMAND, make.MONTE_PATRIA)
    with make.inside(make.COMBARBALA):
        foreign = make.actor(Role.UAS_HEAD, make.COMBARBALA)
    Loop.sides = {"here": desk(), "there": enumerator(), "elsewhere": stranger, "rule": rule_itself, "foreign": foreign}
    run_state_machine_as_test(Loop, settings=settings(max_examples=20, stateful_step_count=20, deadline=None))
