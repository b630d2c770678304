"""What stays open when an attention ends has a unit, a term and, if it waits for papers, whoever asked for them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests import make
from tests.datasets.file_of import load_rows
from tests.intake.pending_work import again, leave

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.errors import RuleBroken
from ventanilla.intake.actions import answer_line, void_consultation
from ventanilla.intake.models import LineAssignment, ReasonLine
from ventanilla.intake.rules import TERMS, due_on
from ventanilla.intake.states import Outcome

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def desk() -> Actor:
    with make.inside():
        pass
    return make.actor(Role.FRONT_DESK)


def test_papers_stay_with_whoever_asked_for_them_until_the_day_that_was_promised(desk: Actor) -> None:
    line = leave(desk, until=make.TODAY + timedelta(days=9))
    assert (line.pending_in_id, line.assigned_to_id) == (desk.unit_id, desk.account_id)
    assert line.due_on == make.TODAY + timedelta(days=9)
    with acting(desk):
        step = LineAssignment.objects.get()
    assert (step.line_id, step.before_id, step.after_id, step.account_id) == (
        line.pk,
        None,
        desk.account_id,
        desk.account_id,
    )


@pytest.mark.parametrize("outcome", [Outcome.NEEDS_UNIT, Outcome.NEEDS_CASE])
def test_what_another_unit_or_a_case_must_answer_is_in_nobodys_charge(desk: Actor, outcome: Outcome) -> None:
    line = leave(desk, outcome)
    assert (line.pending_in_id, line.assigned_to_id) == (desk.unit_id, None)
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    assert line.due_on == days.end_of_term(make.TODAY, TERMS[outcome])
    with acting(desk):
        assert not LineAssignment.objects.exists()


def test_a_term_that_nobody_said_runs_in_working_days() -> None:
    closed = WorkingDays(frozenset({date(2026, 11, 24)}))
    assert due_on(Outcome.NEEDS_CASE, None, attended_on=FRIDAY, days=closed) == date(2026, 11, 30)
    assert due_on(Outcome.WAITING_DOCUMENTS, FRIDAY, attended_on=FRIDAY, days=closed) == FRIDAY


@pytest.mark.parametrize("outcome", [Outcome.INFORMED, Outcome.RESOLVED, Outcome.WITHDREW])
def test_what_is_answered_at_the_desk_leaves_nothing_pending(desk: Actor, outcome: Outcome) -> None:
    line = leave(desk, outcome)
    assert (line.pending_in_id, line.due_on, line.assigned_to_id) == (None, None, None)


def test_what_is_answered_later_is_pending_no_more_and_its_term_stays_for_the_figures(desk: Actor) -> None:
    line = leave(desk, until=make.TODAY)
    with acting(desk):
        answer_line(line, by=desk, outcome=Outcome.RESOLVED)
    kept = again(line)
    assert (kept.pending_in_id, kept.due_on, kept.assigned_to_id) == (None, make.TODAY, desk.account_id)


def test_what_is_answered_does_not_give_the_line_back_to_whoever_had_it(desk: Actor) -> None:
    """The head passes it while it is being answered: neither undoes what the other wrote."""
    line = leave(desk)
    other = make.actor(Role.FRONT_DESK)
    with acting(desk):
        ReasonLine.objects.filter(pk=line.pk).update(assigned_to=other.account_id)
        answer_line(line, by=desk, outcome=Outcome.RESOLVED)
    assert again(line).assigned_to_id == other.account_id


def test_a_voided_consultation_leaves_nothing_pending(desk: Actor) -> None:
    line = leave(desk)
    with acting(desk):
        void_consultation(line.consultation, by=desk, reason="Se registró a otra persona")
    assert again(line).pending_in_id is None


def test_what_is_pending_is_answered_once(desk: Actor) -> None:
    line = leave(desk)
    with acting(desk):
        answer_line(line, by=desk, outcome=Outcome.RESOLVED)
        with pytest.raises(RuleBroken, match="ya fue respondido"):
            answer_line(line, by=desk, outcome=Outcome.INFORMED)


def test_what_a_loaded_consultation_left_open_is_pending_in_nobodys_charge(tmp_path: Path) -> None:
    with make.inside():
        person = make.person()
        operator = make.posting(Role.FRONT_DESK)
    load_rows(
        tmp_path,
        "consultas",
        {
            "referencia": "C-1",
            "persona": person.run or "",
            "canal": "presencial",
            "unidad": "uas",
            "operador": operator.account.username,
            "inicio": "16-09-2026 09:15",
            "termino": "16-09-2026 09:31",
            "motivos": "suf|information|assistance",
            "resultados": "waiting_documents|informed|needs_case",
            "notas": "",
        },
    )
    with make.inside():
        papers, informed, case = ReasonLine.objects.order_by("position")
    assert {papers.pending_in_id, case.pending_in_id} == {operator.unit_id}
    assert informed.pending_in_id is None
    assert (papers.assigned_to_id, case.assigned_to_id) == (None, None)
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    assert papers.due_on == days.end_of_term(date(2026, 9, 16), TERMS[Outcome.WAITING_DOCUMENTS])
    assert case.due_on == days.end_of_term(date(2026, 9, 16), TERMS[Outcome.NEEDS_CASE]) == date(2026, 9, 24)
