"""Passing what is pending: by the head to a colleague, by each to herself, with a reason for whatever does not pass."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests import make
from tests.intake.pending_work import again, leave

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.models import AuditEvent
from ventanilla.intake.actions import answer_line, void_consultation
from ventanilla.intake.models import Consultation, ConsultationReader, LineAssignment, ReasonLine
from ventanilla.intake.pending.actions import MOST_AT_ONCE, Passing, assign_lines, preview_assignment
from ventanilla.intake.reading import open_consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import ReadPurpose
from ventanilla.registry.reading import PurposeNeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Actor:
    with make.inside():
        pass
    return make.actor(Role.UAS_HEAD)


@pytest.fixture
def ana() -> Posting:
    return make.posting(Role.CASE_WORKER)


def seen(*lines: ReasonLine) -> dict[UUID, UUID | None]:
    return {line.pk: line.assigned_to_id for line in lines}


def assign(*lines: ReasonLine, to: Account | None, by: Actor, reason: str = "") -> Passing:
    with acting(by):
        return assign_lines(seen(*lines), to=to, by=by, reason=reason)


def whys(done: Passing) -> list[str]:
    return [one.why for one in done.refused]


def test_the_head_gives_work_to_a_colleague_and_it_is_written_down(head: Actor, ana: Posting) -> None:
    desk = make.actor(Role.FRONT_DESK)
    hers, nobodys = leave(desk), leave(desk, Outcome.NEEDS_CASE)
    done = assign(hers, nobodys, to=ana.account, by=head, reason="  Sale con   licencia ")
    assert ({line.pk for line in done.passed}, done.refused) == ({hers.pk, nobodys.pk}, [])
    assert again(hers).assigned_to == again(nobodys).assigned_to == ana.account
    with acting(head):
        steps = LineAssignment.objects.filter(account=head.account_id)
        assert {(step.line_id, step.before_id, step.after_id, step.reason) for step in steps} == {
            (hers.pk, desk.account_id, ana.account_id, "Sale con licencia"),
            (nobodys.pk, None, ana.account_id, "Sale con licencia"),
        }
        assert AuditEvent.objects.filter(table_name="intake_lineassignment", op="I").exists()


def test_the_same_sent_again_changes_nothing(head: Actor, ana: Posting) -> None:
    line = leave(make.actor(Role.FRONT_DESK), Outcome.NEEDS_UNIT)
    assign(line, to=ana.account, by=head)
    done = assign(line, to=ana.account, by=head)
    assert (done.passed, [one.pk for one in done.already_hers], done.refused) == ([], [line.pk], [])
    with acting(head):
        assert LineAssignment.objects.count() == 1


def test_the_preview_says_what_would_happen_and_does_nothing(head: Actor, ana: Posting) -> None:
    line = leave(make.actor(Role.FRONT_DESK), Outcome.NEEDS_UNIT)
    with acting(head):
        plan = preview_assignment(seen(line), to=ana.account, by=head)
        assert [one.pk for one in plan.passed] == [line.pk]
        assert not LineAssignment.objects.exists()
    assert again(line).assigned_to is None


def test_an_operator_takes_what_nobody_has(head: Actor, ana: Posting) -> None:
    line = leave(head, Outcome.NEEDS_CASE)
    assign(line, to=ana.account, by=actor_in(ana))
    assert again(line).assigned_to == ana.account


def test_an_operator_does_not_take_what_a_colleague_has(head: Actor, ana: Posting) -> None:
    desk = make.posting(Role.FRONT_DESK)
    line = leave(actor_in(desk))
    done = assign(line, to=ana.account, by=actor_in(ana))
    assert whys(done) == [f"Está a cargo de {desk.account.full_name}: solo la jefatura lo pasa a otra persona."]
    assert again(line).assigned_to == desk.account


def test_only_the_head_gives_work_to_others_or_leaves_it_without_anybody(head: Actor, ana: Posting) -> None:
    desk = make.actor(Role.FRONT_DESK)
    line = leave(desk)
    for receiver in (ana.account, None):
        with pytest.raises(NotAllowed, match="es de la jefatura"):
            assign(line, to=receiver, by=desk)
    assert again(line).assigned_to_id == desk.account_id
    assign(line, to=None, by=head)
    assert again(line).assigned_to is None


def test_what_changed_hands_while_the_page_was_open_does_not_pass(head: Actor, ana: Posting) -> None:
    desk, other = make.actor(Role.FRONT_DESK), make.posting(Role.FRONT_DESK)
    line = leave(desk, Outcome.NEEDS_UNIT)
    as_shown = seen(line)
    assign(line, to=other.account, by=actor_in(other))
    with acting(head):
        done = assign_lines(as_shown, to=ana.account, by=head)
    assert whys(done) == [f"Entretanto quedó a cargo de {other.account.full_name}: revise y márquelo de nuevo."]
    assert again(line).assigned_to == other.account


def test_what_was_answered_or_voided_is_told_and_the_rest_passes(head: Actor, ana: Posting) -> None:
    desk = make.actor(Role.FRONT_DESK)
    answered, voided, still_open = leave(desk), leave(desk), leave(desk)
    with acting(desk):
        answer_line(answered, by=desk, outcome=Outcome.RESOLVED)
        void_consultation(Consultation.objects.get(pk=voided.consultation_id), by=desk, reason="Se repitió")
    done = assign(answered, voided, still_open, to=ana.account, by=head)
    assert sorted(whys(done)) == ["Su consulta fue anulada.", "Ya fue respondido."]
    assert again(still_open).assigned_to == ana.account
    assert again(answered).assigned_to_id == desk.account_id


TOMORROW, NEXT_WEEK = make.TODAY + timedelta(days=1), make.TODAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ends_on": make.YESTERDAY}, f"terminó su desempeño el {make.YESTERDAY:%d-%m-%Y}"),
        ({"starts_on": TOMORROW}, f"empieza su desempeño el {TOMORROW:%d-%m-%Y}"),
        (
            {"away_from": make.YESTERDAY, "away_until": NEXT_WEEK},
            f"está con licencia o suspensión hasta el {NEXT_WEEK:%d-%m-%Y}",
        ),
        ({"away_from": make.YESTERDAY}, "está con licencia o suspensión sin fecha de regreso"),
    ],
)
def test_nothing_is_given_to_whoever_is_not_there(
    head: Actor, ana: Posting, changes: dict[str, object], why: str
) -> None:
    line = leave(head, Outcome.NEEDS_CASE)
    Posting.objects.filter(pk=ana.pk).update(**changes)
    with pytest.raises(RuleBroken, match=f"{ana.account.full_name} {why}. Elija a otra persona") as error:
        assign(line, to=ana.account, by=head)
    assert error.value.field == "to"
    assert again(line).assigned_to is None


def test_nothing_is_given_to_a_suspended_account_nor_to_another_unit(head: Actor, ana: Posting) -> None:
    line = leave(head, Outcome.NEEDS_CASE)
    elsewhere = make.posting(in_unit=make.unit(code="rsh", functions=("rsh",)))
    with pytest.raises(RuleBroken, match="no tiene un desempeño en su unidad"):
        assign(line, to=elsewhere.account, by=head)
    Account.objects.filter(pk=ana.account_id).update(is_active=False)
    with pytest.raises(RuleBroken, match="tiene su cuenta suspendida"):
        assign(line, to=Account.objects.get(pk=ana.account_id), by=head)


def test_who_has_one_posting_in_force_in_the_unit_receives_whatever_became_of_the_others(
    head: Actor, ana: Posting
) -> None:
    make.posting(Role.FRONT_DESK, account=ana.account, ends_on=make.YESTERDAY)
    line = leave(head, Outcome.NEEDS_CASE)
    assign(line, to=ana.account, by=head)
    assert again(line).assigned_to == ana.account


def test_the_work_of_another_unit_is_not_found(head: Actor, ana: Posting) -> None:
    other = make.actor(in_unit=make.unit(code="rsh", functions=("rsh",)))
    line = leave(other, Outcome.NEEDS_UNIT)
    assert assign(line, to=ana.account, by=head).lines == []
    assert again(line).assigned_to is None


def test_what_is_restricted_passes_only_to_whoever_may_see_it(ana: Posting) -> None:
    with make.inside():
        pass
    head = make.actor(Role.UAS_HEAD)
    secret = leave(head, reason="violence")
    assert whys(assign(secret, to=ana.account, by=head)) == [
        "Es restringido, y esa persona no está entre quienes pueden verlo."
    ]
    with acting(head):
        ConsultationReader.objects.create(consultation_id=secret.consultation_id, account=ana.account)
    assign(secret, to=ana.account, by=head)
    assert again(secret).assigned_to == ana.account


def test_what_is_restricted_and_of_a_colleague_is_not_found(head: Actor, ana: Posting) -> None:
    secret = leave(make.actor(Role.FRONT_DESK), reason="violence")
    assert assign(secret, to=ana.account, by=head).lines == []


def test_too_many_at_once_are_refused_whole(head: Actor, ana: Posting) -> None:
    many = {UUID(int=number): None for number in range(MOST_AT_ONCE + 1)}
    with acting(head), pytest.raises(RuleBroken, match="Son demasiados motivos"):
        assign_lines(many, to=ana.account, by=head)


# Having it in one's charge is a ground to read


def test_who_has_it_in_her_charge_opens_the_consultation_of_a_colleague(head: Actor, ana: Posting) -> None:
    line = leave(make.actor(Role.FRONT_DESK), Outcome.NEEDS_CASE)
    her = actor_in(ana)
    with acting(her), pytest.raises(PurposeNeeded):
        open_consultation(line.consultation_id, by=her)
    assign(line, to=ana.account, by=head)
    with acting(her):
        assert open_consultation(line.consultation_id, by=her).pk == line.consultation_id
        ground = ReadPurpose.objects.get(posting_id=ana.pk)
        assert (ground.ground, ground.reference_id) == (ReadPurpose.Ground.TASK, line.consultation_id)
        open_consultation(line.consultation_id, by=her)
        assert ReadPurpose.objects.filter(posting_id=ana.pk).count() == 1


def test_who_has_it_no_more_reads_no_more(head: Actor, ana: Posting) -> None:
    line = leave(make.actor(Role.FRONT_DESK), Outcome.NEEDS_CASE)
    her = actor_in(ana)
    assign(line, to=ana.account, by=head)
    with acting(her):
        open_consultation(line.consultation_id, by=her)
    assign(again(line), to=None, by=head)
    with acting(her), pytest.raises(PurposeNeeded):
        open_consultation(line.consultation_id, by=her)


def test_who_answers_what_she_had_keeps_a_while_to_write_it_up(head: Actor, ana: Posting) -> None:
    line = leave(make.actor(Role.FRONT_DESK), Outcome.NEEDS_CASE)
    her = actor_in(ana)
    assign(line, to=ana.account, by=head)
    with acting(her):
        open_consultation(line.consultation_id, by=her)
        answer_line(again_in(line), by=her, outcome=Outcome.RESOLVED)
        ground = ReadPurpose.objects.get(posting_id=ana.pk)
        assert ground.ends_at is not None
        assert timedelta(0) < ground.ends_at - clock.now() <= timedelta(minutes=30)


def again_in(line: ReasonLine) -> ReasonLine:
    """The line as it is kept, read by whoever has entered."""
    return ReasonLine.objects.select_related("consultation__person").get(pk=line.pk)
