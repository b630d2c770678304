"""What becomes of the reasons of a consultation when a referral that carried them ends or is opened again."""

from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.intake.actions.elsewhere import answer_from_there, hand_over, hold_consultation, open_again, take_back
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.states import ConsultationState
from ventanilla.referrals.models import CounterReferral, Referral, ReferralLine
from ventanilla.referrals.states import ReferralState

MOST_OF_AN_ANSWER = 500


def settle_lines(referral: Referral, *, by: Actor) -> None:
    """Each reason that no other referral still carries: answered if any of them was, else pending at its origin."""
    consultation = hold_consultation(referral.consultation_id)
    if consultation.state == ConsultationState.VOIDED:
        return
    carried = _lines_of(referral)
    elsewhere = ReferralLine.objects.filter(line__in=carried, referral__ended_at__isnull=True).exclude(
        referral=referral
    )
    away = set(elsewhere.values_list("line_id", flat=True))
    answers = _answers({line.pk for line in carried} - away)
    back = []
    for line in carried:
        if line.pk in away or line.is_answered:
            continue
        if answer := answers.get(line.pk):
            answer_from_there([line], consultation, answer, by=by)
        else:
            back.append(line)
    if back:
        take_back(back, consultation, by=by)


def reopen_lines(referral: Referral, *, by: Actor, reason: str) -> None:
    """Raises when the consultation was voided, or its reasons were answered meanwhile at its origin."""
    consultation: Consultation = hold_consultation(referral.consultation_id)
    if consultation.state == ConsultationState.VOIDED:
        raise InvalidTransition("Su consulta fue anulada: la derivación no se reabre.")
    carried = _lines_of(referral)
    answered = [line for line in carried if line.is_answered]
    told = _answers({line.pk for line in answered})
    if answered and referral.state == ReferralState.SENT and any(line.pk not in told for line in answered):
        raise RuleBroken("Sus motivos ya fueron respondidos en la unidad de origen.")
    if answered:
        open_again(answered, consultation, by=by, reason=f"{referral.folio}: {reason}"[:300])
    hand_over([line for line in carried if not line.is_answered])


def _lines_of(referral: Referral) -> list[ReasonLine]:
    return list(ReasonLine.objects.filter(referred__referral=referral).order_by("position"))


def _answers(line_ids: set[UUID]) -> dict[UUID, str]:
    """What was answered of each line by the newest of its referrals that were."""
    carrying = ReferralLine.objects.filter(line__in=line_ids, referral__state=ReferralState.ANSWERED)
    found = list(carrying.select_related("referral__to_unit", "referral__to_provider").order_by("referral__ended_at"))
    newest = {
        answer.referral_id: answer
        for answer in CounterReferral.objects.filter(referral__in={one.referral_id for one in found})
    }
    return {one.line_id: _in_words(one.referral, newest[one.referral_id]) for one in found}


def _in_words(referral: Referral, answer: CounterReferral) -> str:
    """«Otorgado, Unidad RSH (D-2026-000012): Cartola nueva desde el 1 de diciembre.»"""
    whole = f"{answer.get_outcome_display()}, {referral.receiver.name} ({referral.folio}): {answer.done}"
    return whole if len(whole) <= MOST_OF_AN_ANSWER else f"{whole[: MOST_OF_AN_ANSWER - 1]}…"
