"""What the unit that receives does, and what its answer does to the consultation it came from."""

from datetime import timedelta

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import again, attended, desk, enumerator, protocol, rsh, sent

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.intake.actions import answer_line
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import ConsultationState, Outcome
from ventanilla.referrals.actions import (
    AnswerDetails,
    accept_referral,
    answer_referral,
    assign_referral,
    attend_referral,
    complete_referral,
    give_hour,
    note_no_show,
    reject_referral,
    reopen_referral,
    return_referral,
    withdraw_referral,
)
from ventanilla.referrals.models import CounterReferral, Referral, ReferralStep
from ventanilla.referrals.reading import open_referral
from ventanilla.referrals.states import AnswerOutcome, NextStep, ReferralState
from ventanilla.registry.models import ReadEntry, ReadPurpose
from ventanilla.registry.reading import PurposeNeeded, open_purpose_of

pytestmark = pytest.mark.django_db

GRANTED = AnswerDetails(AnswerOutcome.GRANTED, "Solicitud 4410982 aprobada.", NextStep.TELL_NEIGHBOUR)


@pytest.fixture
def clerk() -> Actor:
    return desk()


@pytest.fixture
def there() -> Actor:
    return enumerator()


def consultation_of(referral: Referral) -> Consultation:
    return again(referral).consultation


def line_of(referral: Referral) -> ReasonLine:
    with make.inside():
        return ReasonLine.objects.get(consultation=referral.consultation_id)


def test_opened_there_it_is_received_once_and_its_origin_has_the_proof(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(clerk):
        open_referral(referral.pk, by=clerk)
    assert again(referral).state == ReferralState.SENT
    for _ in range(2):
        with acting(there):
            open_referral(referral.pk, by=there)
    kept = again(referral)
    assert kept.state == ReferralState.RECEIVED
    assert kept.received_at is not None
    with acting(clerk):
        assert [step.event for step in ReferralStep.objects.all()] == ["sent", "received"]


def test_an_open_referral_is_a_ground_for_who_receives_and_ends_with_it(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        assert open_purpose_of(referral.person, by=there) is None
        open_referral(referral.pk, by=there)
        purpose = open_purpose_of(referral.person, by=there)
        assert purpose is not None
        assert (purpose.ground, purpose.reference_id) == (ReadPurpose.Ground.REFERRAL, referral.pk)
        assert ReadEntry.objects.filter(kind="referral", person_id=referral.person_id).count() == 1
        answer_referral(referral, GRANTED, by=there)
        left = open_purpose_of(referral.person, by=there)
        assert left is not None
        assert left.ends_at is not None
        assert left.ends_at < clock.now() + timedelta(hours=1)


def test_who_is_no_party_needs_a_ground_of_her_own(clerk: Actor) -> None:
    referral = sent(clerk)
    with make.inside():
        stranger = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="omil", functions=("housing",)))
    with acting(stranger), pytest.raises(PurposeNeeded):
        open_referral(referral.pk, by=stranger)


def test_accepting_takes_what_nobody_has_and_its_term_runs_from_that_day(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        accept_referral(referral, by=there)
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    kept = again(referral)
    assert (kept.state, kept.assigned_to_id) == (ReferralState.ACCEPTED, there.account_id)
    assert kept.answer_by == max(days.end_of_term(make.TODAY, 5), kept.accept_by)
    assert kept.due_on == kept.answer_by


def test_the_answer_answers_the_line_and_resolves_the_consultation(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        answer_referral(referral, GRANTED, by=there)
    assert again(referral).state == ReferralState.ANSWERED
    line = line_of(referral)
    assert line.answer == f"Otorgado, Unidad rsh ({referral.folio}): Solicitud 4410982 aprobada."
    assert line.outcome == Outcome.NEEDS_UNIT
    assert consultation_of(referral).state == ConsultationState.RESOLVED
    with acting(clerk):
        events = [step.event for step in ReferralStep.objects.order_by("at", "id")]
    assert events == ["sent", "accepted", "answered"]


def test_a_consultation_with_another_line_open_waits_for_it(clerk: Actor, there: Actor) -> None:
    both = attended(clerk, "rsh_change", "suf")
    with acting(clerk):
        first, second = both.lines.order_by("position")
    referral = sent(clerk, both, line_ids=[first.pk])
    with acting(there):
        answer_referral(referral, GRANTED, by=there)
    assert consultation_of(referral).state == ConsultationState.ATTENDED
    with acting(clerk):
        answer_line(second, by=clerk, outcome=Outcome.RESOLVED)
    assert consultation_of(referral).state == ConsultationState.RESOLVED


def test_a_line_sent_to_two_is_answered_when_the_last_of_them_ends(clerk: Actor, there: Actor) -> None:
    with make.inside():
        other = make.unit(code="subs", functions=("subsidies",))
        elsewhere = make.actor(Role.FRONT_DESK, in_unit=other)
    waiting = attended(clerk)
    first, second = sent(clerk, waiting), sent(clerk, waiting, to=other.pk)
    with acting(there):
        answer_referral(first, GRANTED, by=there)
    assert line_of(first).answered_at is None
    with acting(elsewhere):
        reject_referral(second, by=elsewhere, ground="No corresponde a esta unidad")
    assert line_of(first).answered_at is not None
    assert consultation_of(first).state == ConsultationState.RESOLVED


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (AnswerDetails(AnswerOutcome.GRANTED, "  "), "qué se hizo"),
        (AnswerDetails(AnswerOutcome.GRANTED, "Listo", NextStep.COME_BACK), "qué día debe volver"),
        (AnswerDetails(AnswerOutcome.GRANTED, "Listo", next_on=make.YESTERDAY), "ya pasó"),
    ],
)
def test_an_answer_that_says_too_little_answers_nothing(
    clerk: Actor, there: Actor, details: AnswerDetails, why: str
) -> None:
    referral = sent(clerk)
    with acting(there), pytest.raises(RuleBroken, match=why):
        answer_referral(referral, details, by=there)
    assert again(referral).state == ReferralState.SENT


def test_of_two_who_answer_the_first_stands_and_the_second_is_told(clerk: Actor, there: Actor) -> None:
    referral, colleague = sent(clerk), enumerator()
    stale = again(referral)
    with acting(there):
        answer_referral(referral, GRANTED, by=there)
    with acting(colleague):
        with pytest.raises(InvalidTransition, match="ya fue respondida"):
            answer_referral(stale, AnswerDetails(AnswerOutcome.NOT_ELIGIBLE, "No cumple"), by=colleague)
        assert CounterReferral.objects.get().account_id == there.account_id


def test_it_is_rejected_by_a_ground_that_was_agreed_and_is_pending_at_its_origin(clerk: Actor, there: Actor) -> None:
    with make.inside() as head:
        protocol(rsh(), "rsh_change", senders=[make.unit_of(head)])
    referral = sent(clerk)
    with acting(there):
        with pytest.raises(RuleBroken, match="no está en el protocolo"):
            reject_referral(referral, by=there, ground="Hoy no se puede")
        reject_referral(referral, by=there, ground="No vive en la comuna", note="Vive en Ovalle")
    assert again(referral).state == ReferralState.REJECTED
    assert line_of(referral).pending_in_id == clerk.unit_id
    assert consultation_of(referral).state == ConsultationState.ATTENDED


def test_what_is_returned_is_completed_by_its_origin_and_its_terms_run_anew(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        return_referral(referral, by=there, wanting="Certificado de defunción")
        with pytest.raises(InvalidTransition):
            accept_referral(referral, by=there)
    kept = again(referral)
    assert (kept.state, kept.wanting) == (ReferralState.RETURNED, "Certificado de defunción")
    with acting(clerk):
        complete_referral(referral, by=clerk, note="Va el certificado")
    kept = again(referral)
    assert (kept.state, kept.wanting, kept.due_on) == (ReferralState.SENT, "", kept.accept_by)


def test_who_does_not_come_is_given_another_hour_or_told_not_located(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    tomorrow = clock.now() + timedelta(days=1)
    with acting(there):
        with pytest.raises(RuleBroken, match="ya pasó"):
            give_hour(referral, clock.now() - timedelta(minutes=1), by=there)
        give_hour(referral, tomorrow, by=there)
        assert again(referral).appointed_at == tomorrow
    with acting(there):
        note_no_show(referral, by=there, note="No contesta")
        give_hour(referral, tomorrow, by=there)
        attend_referral(referral, by=there)
        note_no_show(referral, by=there)
        answer_referral(referral, AnswerDetails(AnswerOutcome.NOT_LOCATED, "Tres llamados"), by=there)
    assert again(referral).state == ReferralState.ANSWERED


def test_what_was_answered_is_opened_again_with_a_reason_and_so_is_its_consultation(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        answer_referral(referral, GRANTED, by=there)
    with acting(clerk):
        with pytest.raises(RuleBroken, match="por qué se reabre"):
            reopen_referral(referral, by=clerk, reason=" ")
        reopen_referral(referral, by=clerk, reason="La cartola sigue igual")
    assert again(referral).state == ReferralState.SENT
    assert line_of(referral).answered_at is None
    assert consultation_of(referral).state == ConsultationState.ATTENDED
    with acting(there):
        second = AnswerDetails(AnswerOutcome.NOT_ELIGIBLE, "Faltan dos firmas")
        answer_referral(referral, second, by=there)
        assert CounterReferral.objects.count() == 2
    assert line_of(referral).answer.startswith("No cumple")
    assert consultation_of(referral).state == ConsultationState.RESOLVED


def test_whoever_answered_takes_it_up_again(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        answer_referral(referral, GRANTED, by=there)
        reopen_referral(referral, by=there, reason="Respondí otra derivación")
    kept = again(referral)
    assert kept.state == ReferralState.ACCEPTED
    assert kept.due_on == kept.answer_by


def test_what_was_rejected_and_then_answered_at_its_origin_is_not_sent_again(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(there):
        reject_referral(referral, by=there, ground="Fuera de plazo")
    with acting(clerk):
        answer_line(line_of(referral), by=clerk, outcome=Outcome.RESOLVED)
        with pytest.raises(RuleBroken, match="ya fueron respondidos"):
            reopen_referral(referral, by=clerk, reason="Insistimos")


def test_each_side_does_only_what_is_its_own(clerk: Actor, there: Actor) -> None:
    referral = sent(clerk)
    with acting(clerk):
        for verb in (accept_referral, attend_referral):
            with pytest.raises(NotAllowed):
                verb(referral, by=clerk)
        with pytest.raises(NotAllowed):
            answer_referral(referral, GRANTED, by=clerk)
    with acting(there), pytest.raises(NotAllowed):
        withdraw_referral(referral, by=there, reason="No es mía")


def test_each_takes_what_nobody_has_and_the_head_passes_the_rest(clerk: Actor, there: Actor) -> None:
    referral, colleague = sent(clerk), enumerator()
    with make.inside():
        head = make.actor(Role.UNIT_HEAD, in_unit=rsh())
    with acting(there):
        assign_referral(referral, there.account_id, by=there)
    with acting(colleague), pytest.raises(NotAllowed, match="jefatura"):
        assign_referral(referral, colleague.account_id, by=colleague)
    with acting(head):
        assign_referral(referral, colleague.account_id, by=head, reason="Licencia médica")
        with pytest.raises(RuleBroken, match="no tiene un desempeño"):
            assign_referral(referral, clerk.account_id, by=head)
    assert again(referral).assigned_to_id == colleague.account_id


def test_what_is_restricted_is_never_left_in_nobodys_charge() -> None:
    head = make_head_of_the_register()
    one = sent(desk(), attended(desk(), "violence"), to_account=head.account_id)
    with acting(head), pytest.raises(RuleBroken, match="déjela a cargo de alguien"):
        assign_referral(one, None, by=head)


def make_head_of_the_register() -> Actor:
    with make.inside():
        return make.actor(Role.UNIT_HEAD, in_unit=rsh())


def test_accepted_and_late_its_page_asks_for_the_answer_first() -> None:
    with make.inside():
        head = make.posting(Role.UNIT_HEAD, in_unit=rsh())
    one, by = sent(desk()), actor_in(head)
    with acting(by):
        accept_referral(one, by=by)
    client = browser_of(head)
    assert 'data-key="r"' not in client.get(one.get_absolute_url()).content.decode()
    with acting(by):
        Referral.objects.filter(pk=one.pk).update(
            accept_by=make.YESTERDAY, answer_by=make.YESTERDAY, due_on=make.YESTERDAY
        )
    assert 'data-key="r"' in client.get(one.get_absolute_url()).content.decode()
