"""The terms of a referral as its page shows them: what was due by when, and how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ventanilla.core.calendar import WorkingDays
from ventanilla.referrals.governing import terms_of
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import TO_ACCEPT, ReferralState


@dataclass(frozen=True, slots=True)
class Clock:
    """``used`` of ``total`` working days."""

    label: str
    words: str
    foot: str
    used: int
    total: int
    tone: str


def clocks_of(referral: Referral, *, days: WorkingDays, on: date) -> list[Clock]:
    return list(_clocks(referral, days=days, on=on))


def _clocks(referral: Referral, *, days: WorkingDays, on: date) -> Iterator[Clock]:
    terms = terms_of(referral.protocol)
    sent_on = timezone.localtime(referral.sent_at).date()
    state = ReferralState(referral.state)
    accepted_on = timezone.localtime(referral.accepted_at).date() if referral.accepted_at else None
    label = f"Aceptar, {_days(0 if referral.is_urgent else terms.accept_days)}"
    if accepted_on:
        yield _met(label, referral.accept_by, accepted_on, sent_on, days)
    elif state in TO_ACCEPT:
        yield _running(label, referral.accept_by, sent_on, days, on)
    label = f"Responder, {_days(terms.urgent_days if referral.is_urgent else terms.answer_days)}"
    if state == ReferralState.ANSWERED and referral.ended_at:
        ended_on = timezone.localtime(referral.ended_at).date()
        yield _met(label, referral.answer_by, ended_on, accepted_on or sent_on, days)
    elif referral.is_with_receiver:
        yield _running(label, referral.answer_by, accepted_on or sent_on, days, on)
    elif state == ReferralState.RETURNED:
        yield _running("Completar en la unidad de origen", referral.due_on, sent_on, days, on)
    if referral.is_open:
        left = days.left(on, referral.expires_on)
        total = max(days.left(sent_on, referral.expires_on), 1)
        words = "Hoy es el último día" if left == 0 else f"En {_days(left)}" if left > 0 else "Hoy"
        foot = f"{referral.expires_on:%d-%m-%Y}. {referral.protocol or 'Sin protocolo, plazos de la municipalidad'}"
        yield Clock("Caduca por regla", words, foot, min(max(total - left, 0), total), total, "")


def _met(label: str, due: date, done: date, since: date, days: WorkingDays) -> Clock:
    late = -days.left(done, due) if due < done else 0
    used = max(days.left(since, done), 0)
    words = (
        f"{_days(late)} de atraso" if late else "Cumplido el mismo día" if used == 0 else f"Cumplido en {_days(used)}"
    )
    return Clock(label, words, f"Vencía el {due:%d-%m-%Y}", 1, 1, "warn" if late else "ok")


def _running(label: str, due: date, since: date, days: WorkingDays, on: date) -> Clock:
    term = days.term(due, on=on)
    total = max(days.left(since, due), 1)
    verb = "Vencía" if due < on else "Vence"
    return Clock(
        label, term.words, f"{verb} el {due:%d-%m-%Y}", min(max(total - term.left, 0), total), total, term.tone
    )


def _days(number: int) -> str:
    return "el mismo día" if number == 0 else "1 día hábil" if number == 1 else f"{number} días hábiles"
