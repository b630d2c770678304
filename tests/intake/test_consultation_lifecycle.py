"""Whatever is done with consultations in whatever order, each keeps its invariants; folios have no gaps."""

import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import DomainError
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    answer_line,
    end_attention,
    start_consultation,
    void_consultation,
    write_consultation,
)
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import ANSWERED, CONSULTATION_LIFECYCLE, ConsultationState, Outcome

outcomes = st.sampled_from([*Outcome, ""])
lines = st.dictionaries(st.sampled_from(["suf", "sap", "information", "violence"]), outcomes, max_size=3)


class Desk(RuleBasedStateMachine):
    """An operator who does anything with her consultations; what is refused changes nothing."""

    started = Bundle("started")
    actor: Actor

    @initialize()
    def open_the_desk(self) -> None:
        self.begun = Consultation.objects.count()
        self.people = [make.person() for _ in range(2)]

    def attempt(self, act: Callable[[], Any]) -> None:
        with suppress(DomainError), transaction.atomic():
            act()

    @rule(target=started, who=st.integers(0, 2))
    def start(self, who: int) -> Any:
        return start_consultation(self.people[who] if who < 2 else None, by=self.actor).pk

    @rule(pk=started, wanted=lines, ends=st.booleans())
    def write(self, pk: Any, wanted: dict[str, str], ends: bool) -> None:
        consultation = Consultation.objects.get(pk=pk)
        details = [
            LineDetails(make.reason(code).pk, outcome, awaited_documents="Papel") for code, outcome in wanted.items()
        ]
        act = end_attention if ends else write_consultation
        self.attempt(lambda: act(consultation, Writing(lines=details), by=self.actor))

    @rule(pk=started, outcome=st.sampled_from(list(Outcome)), last=st.booleans())
    def answer(self, pk: Any, outcome: Outcome, last: bool) -> None:
        of_it = ReasonLine.objects.filter(consultation_id=pk).order_by("-position" if last else "position")
        if line := of_it.first():
            self.attempt(lambda: answer_line(line, by=self.actor, outcome=outcome))

    @rule(pk=started, reason=st.sampled_from(["", "Duplicada"]))
    def void(self, pk: Any, reason: str) -> None:
        self.attempt(lambda: void_consultation(Consultation.objects.get(pk=pk), by=self.actor, reason=reason))

    @invariant()
    def every_consultation_is_whole(self) -> None:
        for one in Consultation.objects.prefetch_related("lines", "transitions"):
            path = [(step.before, step.after) for step in one.transitions.all()]
            assert path[0] == ("", "in_attention")
            assert path[-1][1] == one.state
            for (_, reached), (before, after) in pairwise(path):
                assert reached == before
                assert CONSULTATION_LIFECYCLE.allows(ConsultationState(before), ConsultationState(after))
            unanswered = [line for line in one.lines.all() if line.answered_at is None]
            if one.state == ConsultationState.RESOLVED:
                assert one.lines.all()
                assert not unanswered
            if one.state == ConsultationState.ATTENDED:
                assert unanswered
            for line in one.lines.all():
                assert (line.outcome in ANSWERED) == (line.answered_at is not None)

    @invariant()
    def folios_have_no_gaps(self) -> None:
        folios = sorted(Consultation.objects.values_list("folio", flat=True))
        assert folios == [f"C-{make.TODAY.year}-{number:06d}" for number in range(1, len(folios) + 1)]


@pytest.mark.django_db
def test_any_sequence_of_acts_keeps_every_consultation_whole() -> None:
    with make.inside():
        pass
    Desk.actor = make.actor(Role.FRONT_DESK)
    with acting(Desk.actor):
        run_state_machine_as_test(Desk, settings=settings(max_examples=12, stateful_step_count=12, deadline=None))


# At once


@pytest.fixture
def actor(transactional_db: None) -> Actor:
    with make.inside():
        pass
    return make.actor(Role.FRONT_DESK)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answers or the error it ends with, all begun at the same time."""
    ready, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_desks_at_once_get_folios_without_gaps_or_repeats(actor: Actor) -> None:
    def attend_ten() -> int:
        for _ in range(10):
            with acting(actor):
                start_consultation(None, by=actor)
        return 10

    def attend_and_fail() -> int:
        for _ in range(5):
            with acting(actor):
                start_consultation(None, by=actor)
                transaction.set_rollback(True)
        return 0

    assert sorted(at_once(attend_ten, attend_ten, attend_and_fail)) == [0, 10, 10]
    with acting(actor):
        folios = sorted(Consultation.objects.values_list("folio", flat=True))
    assert folios == [f"C-{make.TODAY.year}-{number:06d}" for number in range(1, 21)]


def test_the_same_click_arriving_twice_at_once_makes_one_consultation(actor: Actor) -> None:
    with acting(actor):
        person = make.person()

    def click() -> Any:
        with acting(actor):
            return start_consultation(person, by=actor).pk

    answers = at_once(click, click, click)
    assert len(set(answers)) == 1
    with acting(actor):
        assert Consultation.objects.get().folio == f"C-{make.TODAY.year}-000001"


def test_of_two_writings_of_one_version_at_once_exactly_one_is_kept(actor: Actor) -> None:
    with acting(actor):
        version = start_consultation(None, by=actor).version

    def write(note: str) -> Callable[[], str]:
        def act() -> str:
            with acting(actor):
                consultation = Consultation.objects.get()
                write_consultation(consultation, Writing(lines=[], notes=note, version=version), by=actor)
            return note

        return act

    answers = at_once(write("una"), write("otra"))
    (kept,) = [answer for answer in answers if isinstance(answer, str)]
    (refused,) = [answer for answer in answers if not isinstance(answer, str)]
    assert "Alguien más guardó" in str(refused)
    with acting(actor):
        assert Consultation.objects.get().notes == kept


def test_each_institution_and_each_year_has_its_own_folios(actor: Actor) -> None:
    with make.inside(make.COMBARBALA):
        pass
    neighbour = make.actor(Role.FRONT_DESK, make.COMBARBALA)
    last_year = clock.now().replace(year=make.TODAY.year - 1, month=6)
    for who in (actor, neighbour):
        with acting(who):
            assert start_consultation(None, by=who).folio == f"C-{make.TODAY.year}-000001"
            deferred = start_consultation(None, by=who, occurred_at=last_year)
            assert deferred.folio == f"C-{make.TODAY.year - 1}-000001"
