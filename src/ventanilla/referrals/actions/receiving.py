"""The verbs of whoever receives: open it, accept, give an hour, attend, return, reject, answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, can
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.referrals import rules
from ventanilla.referrals.actions.sending import require_colleague
from ventanilla.referrals.actions.settling import settle_lines
from ventanilla.referrals.actions.steps import hold, move, require_receiver
from ventanilla.referrals.governing import terms_of
from ventanilla.referrals.models import CounterReferral, Referral
from ventanilla.referrals.states import TO_ACCEPT, TO_ANSWER, AnswerOutcome, NextStep, ReferralEvent, ReferralState
from ventanilla.registry.reading import close_purposes, close_tasks


@transaction.atomic
def note_receipt(referral: Referral, *, by: Actor) -> None:
    """That the unit that receives has opened it: the proof its origin sees. Once, by the first."""
    hold(referral)
    require_receiver(referral, by=by)
    if referral.state != ReferralState.SENT:
        return
    move(referral, ReferralEvent.RECEIVED, ReferralState.RECEIVED, by=by)
    referral.received_at = clock.now()
    referral.save()


@transaction.atomic
def accept_referral(referral: Referral, *, by: Actor) -> None:
    """It will be answered; whoever accepts what nobody has, has it. Its term to answer runs from today."""
    hold(referral)
    require_receiver(referral, by=by)
    move(referral, ReferralEvent.ACCEPTED, ReferralState.ACCEPTED, by=by)
    now, today = clock.now(), clock.today()
    referral.received_at = referral.received_at or now
    referral.accepted_at = now
    if not referral.is_outside:
        referral.assigned_to_id = referral.assigned_to_id or by.account_id
    deadlines = rules.deadlines_when_accepted(
        terms_of(referral.protocol),
        referral.accept_by,
        on=today,
        days=service_days(by.institution, around=today),
        is_urgent=referral.is_urgent,
    )
    referral.answer_by, referral.expires_on = deadlines.answer_by, deadlines.expires_on
    referral.due_on = referral.answer_by
    referral.save()


@transaction.atomic
def give_hour(referral: Referral, at: datetime, *, by: Actor) -> None:
    """When she is to come; accepts it, if nobody had."""
    hold(referral)
    require_receiver(referral, by=by)
    if at <= clock.now():
        raise RuleBroken("La hora ya pasó: dé una posterior.", field="at")
    if referral.state in TO_ACCEPT:
        accept_referral(referral, by=by)
    after = ReferralState.ACCEPTED if referral.state == ReferralState.NO_SHOW else ReferralState(referral.state)
    if after not in TO_ANSWER:
        raise InvalidTransition(f"{referral.folio} está {referral.get_state_display().lower()}: no se le da hora.")
    move(referral, ReferralEvent.APPOINTED, after, by=by, note=f"{timezone.localtime(at):%d-%m-%Y, %H:%M}")
    referral.appointed_at = at
    referral.tell_by = _tell_by(by, 0)
    referral.save()


@transaction.atomic
def attend_referral(referral: Referral, *, by: Actor) -> None:
    """Somebody is at it."""
    hold(referral)
    require_receiver(referral, by=by)
    move(referral, ReferralEvent.ATTENDED, ReferralState.IN_ATTENTION, by=by)
    referral.save()


@transaction.atomic
def note_no_show(referral: Referral, *, by: Actor, note: str = "") -> None:
    """She did not come; another hour may be given, or it is answered that she was not located."""
    hold(referral)
    require_receiver(referral, by=by)
    move(referral, ReferralEvent.NO_SHOW, ReferralState.NO_SHOW, by=by, note=" ".join(note.split()))
    referral.appointed_at = referral.tell_by = None
    referral.save()


@transaction.atomic
def return_referral(referral: Referral, *, by: Actor, wanting: str) -> None:
    """Something is wanting that its origin must bring; meanwhile no term of the receiver runs."""
    hold(referral)
    require_receiver(referral, by=by)
    wanting = " ".join(wanting.split())
    if not wanting:
        raise RuleBroken("Escriba qué antecedentes faltan.", field="wanting")
    move(referral, ReferralEvent.RETURNED, ReferralState.RETURNED, by=by, note=wanting)
    today = clock.today()
    days = service_days(by.institution, around=today)
    referral.wanting = wanting
    referral.due_on = rules.by_working_day(today, rules.DAYS_TO_COMPLETE, days)
    late = rules.by_working_day(referral.due_on, terms_of(referral.protocol).expire_days, days)
    referral.expires_on = max(referral.expires_on, late)
    referral.save()


@transaction.atomic
def reject_referral(referral: Referral, *, by: Actor, ground: str, note: str = "") -> None:
    """By one of the grounds of its protocol, if it has one; its reasons are pending at its origin again."""
    hold(referral)
    require_receiver(referral, by=by)
    ground, note = " ".join(ground.split()), " ".join(note.split())
    if not ground:
        raise RuleBroken("Elija por qué se rechaza.", field="ground")
    if referral.protocol and ground not in referral.protocol.grounds:
        raise RuleBroken("Esa causa no está en el protocolo: elija una de las que acordaron.", field="ground")
    move(referral, ReferralEvent.REJECTED, ReferralState.REJECTED, by=by, note=" ".join(filter(None, [ground, note])))
    _end(referral)
    settle_lines(referral, by=by)


@dataclass(frozen=True, slots=True)
class AnswerDetails:
    """``next_on`` is from when or on which day the next step is."""

    outcome: AnswerOutcome
    done: str
    next_step: NextStep = NextStep.NONE
    next_on: date | None = None


@transaction.atomic
def answer_referral(referral: Referral, details: AnswerDetails, *, by: Actor) -> CounterReferral:
    """The counter-referral, and with it the end. What was not accepted yet is accepted by being answered."""
    hold(referral)
    require_receiver(referral, by=by)
    if referral.state == ReferralState.ANSWERED:
        raise InvalidTransition(f"{referral.folio} ya fue respondida. Su respuesta no cambió la que está.")
    done = details.done.strip()
    if not done:
        raise RuleBroken("Escriba qué se hizo: es lo que leerá la unidad que la envió.", field="done")
    if details.next_step == NextStep.COME_BACK and details.next_on is None:
        raise RuleBroken("Escriba qué día debe volver.", field="next_on")
    if details.next_on and details.next_on < clock.today():
        raise RuleBroken("Ese día ya pasó.", field="next_on")
    if referral.state in TO_ACCEPT:
        accept_referral(referral, by=by)
    move(referral, ReferralEvent.ANSWERED, ReferralState.ANSWERED, by=by, note=details.outcome.label)
    answer = CounterReferral.objects.create(
        referral=referral,
        outcome=details.outcome,
        done=done,
        next_step=details.next_step,
        next_on=details.next_on,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        said_by=by.speaks_for[:160],
    )
    if not referral.is_outside:
        referral.assigned_to_id = referral.assigned_to_id or by.account_id
    is_to_tell = details.next_step in (NextStep.TELL_NEIGHBOUR, NextStep.COME_BACK)
    referral.tell_by = _tell_by(by, rules.DAYS_TO_TELL) if is_to_tell else None
    _end(referral)
    settle_lines(referral, by=by)
    return answer


def _tell_by(by: Actor, number: int) -> date:
    today = clock.today()
    return rules.by_working_day(today, number, service_days(by.institution, around=today))


def _end(referral: Referral) -> None:
    referral.ended_at = clock.now()
    referral.save()
    close_purposes(reference_id=referral.pk)


@transaction.atomic
def assign_referral(referral: Referral, to: UUID | None, *, by: Actor, reason: str = "") -> None:
    """Each takes what nobody has; the rest is the head's to pass. Nobody has it, with ``to`` none."""
    hold(referral)
    require_receiver(referral, by=by)
    if referral.to_unit is None:
        raise RuleBroken("La tiene un prestador: quién la atiende lo decide él.")
    if not can(by, Permission.REFERRAL_ASSIGN) and (to != by.account_id or referral.assigned_to_id is not None):
        raise NotAllowed(
            "Asignar a otra persona es de la jefatura de la unidad. Usted puede quedarse con lo que nadie tiene."
        )
    if not referral.is_open:
        raise InvalidTransition(f"{referral.folio} ya terminó.")
    if to == referral.assigned_to_id:
        return
    if to is None and referral.secrecy == Secrecy.RESTRICTED:
        raise RuleBroken("Es restringida: déjela a cargo de alguien, o nadie de la unidad la verá.", field="to")
    if to is not None:
        require_colleague(to, referral.to_unit, by=by)
    before = referral.assigned_to_id
    referral.assigned_to_id = to
    move(referral, ReferralEvent.ASSIGNED, ReferralState(referral.state), by=by, note=" ".join(reason.split()))
    referral.save()
    if before is not None and before != by.account_id:
        close_tasks(account_ids={before}, reference_ids={referral.pk})
