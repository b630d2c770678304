"""The life of a consultation: start, write down, end, answer, void."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import state_purpose
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.statements import planned_once
from ventanilla.intake import rules
from ventanilla.intake.actions.drafts import discard_draft
from ventanilla.intake.actions.told import keep_told
from ventanilla.intake.actions.writing import Writing, is_kept, keep, lines_of
from ventanilla.intake.folios import CONSULTATIONS, next_folio
from ventanilla.intake.models import Consultation, Draft, ReasonLine, Transition
from ventanilla.intake.pending.opening import forget_pending, leave_pending
from ventanilla.intake.reading import ground_for
from ventanilla.intake.states import (
    ANSWERED,
    CONSULTATION_LIFECYCLE,
    ENDED,
    Channel,
    ConsultationState,
    Outcome,
    Requester,
)
from ventanilla.intake.waiting.closing import finish_ticket_of, name_ticket_of
from ventanilla.registry.homes import home_of
from ventanilla.registry.models import Fact, Person, ReadPurpose
from ventanilla.registry.models.people import refuse_blocked
from ventanilla.registry.reading import close_purposes, open_purpose, open_purpose_of
from ventanilla.registry.vocabulary import FactKind, Source


@planned_once()
def start_consultation(
    person: Person | None,
    *,
    by: Actor,
    channel: Channel = Channel.IN_PERSON,
    submission_id: UUID | None = None,
    occurred_at: datetime | None = None,
    continues: Consultation | None = None,
    requester: Requester = Requester.SELF,
    requester_detail: str = "",
) -> Consultation:
    """Begin attending somebody (or nobody known), or resume what the same operator has open with her.

    The consultation is the ground to read her record from here on, whatever other ground was open before. The same
    ``submission_id`` gives the same consultation, so that a form sent twice makes one. Only what it writes is in a
    block of its own, to be undone when another request won: it reads in the transaction that entered the institution.
    """
    require(by, Permission.CONSULTATION_WORK)
    if by.unit_id is None or by.account_id is None:
        raise NotAllowed("Para atender se necesita un desempeño en una unidad.")
    refuse_blocked(person)
    if resumed := _resumed(person, by=by, submission_id=submission_id):
        return resumed
    now = clock.now()
    occurred_at = occurred_at or now
    if occurred_at > now:
        raise RuleBroken("La atención no puede empezar en el futuro.", field="occurred_at")
    consultation = Consultation(
        person=person,
        channel=channel,
        requester=requester,
        requester_detail=requester_detail,
        unit_id=by.unit_id,
        recorded_by_id=by.account_id,
        posting_id=by.posting_id,
        continues=continues,
        state=ConsultationState.IN_ATTENTION,
        secrecy=rules.UNTOLD,
        occurred_at=occurred_at,
        recorded_at=now,
        submission_id=submission_id,
    )
    try:
        with transaction.atomic():
            _issue(consultation, by=by)
    except IntegrityError as error:  # the same form arrived twice at once, and the other one won
        if resumed := _resumed(person, by=by, submission_id=submission_id):
            return resumed
        if submission_id and Consultation.objects.filter(submission_id=submission_id).exists():
            raise RuleBroken("Ese envío ya inició otra consulta. Empiece una nueva.", field="submission_id") from error
        raise
    return consultation


def _issue(consultation: Consultation, *, by: Actor) -> None:
    _open_purpose(consultation, by=by)
    consultation.folio = next_folio(CONSULTATIONS, timezone.localtime(consultation.occurred_at).year)
    consultation.save(force_insert=True)
    _step(consultation, "", ConsultationState.IN_ATTENTION, at=consultation.recorded_at, by=by).save(force_insert=True)


def _open_purpose(consultation: Consultation, *, by: Actor) -> None:
    if consultation.person is None:
        return
    purpose = None
    if not consultation._state.adding:
        purpose = open_purpose_of(consultation.person, by=by, reference_id=consultation.pk)
    if purpose is None:
        purpose = open_purpose(
            consultation.person, by=by, ground=ReadPurpose.Ground.CONSULTATION, reference_id=consultation.pk
        )
    state_purpose(purpose.pk)


def _resumed(person: Person | None, *, by: Actor, submission_id: UUID | None) -> Consultation | None:
    """What the operator already has from this form, or open with this person, which is one at most.

    Raises ``RuleBroken`` when she has it open in another of her units.
    """
    mine = Consultation.objects.filter(recorded_by=by.account_id, person=person).select_related("unit")
    if submission_id and (sent := mine.filter(unit=by.unit_id, submission_id=submission_id).first()):
        return sent
    resumed = mine.in_attention().first() if person else None
    if resumed is None:
        return None
    if resumed.unit_id != by.unit_id:
        raise RuleBroken(
            f"Usted ya la tiene en atención en {resumed.unit}. Cambie a ese desempeño y termine allá primero."
        )
    _open_purpose(resumed, by=by)
    return resumed


@transaction.atomic
def identify(consultation: Consultation, person: Person, *, by: Actor) -> Consultation:
    """Who is attended without a name said who she is: the consultation, with its number, is hers. Twice is once.

    Its version stays, and so what is being typed in it. Raises ``RuleBroken`` when the operator already attends her.
    """
    _lock(consultation, by=by)
    require(by, Permission.CONSULTATION_WORK, consultation)
    if consultation.recorded_by_id != by.account_id:
        raise NotAllowed("La identifica quien la atiende.")
    if consultation.person_id == person.pk:
        return consultation
    if consultation.person_id or not consultation.is_in_attention:
        raise RuleBroken(f"{consultation.folio} ya no espera que se sepa de quién es.")
    refuse_blocked(person)
    theirs = Consultation.objects.filter(person=person, recorded_by=by.account_id).in_attention()
    if already := theirs.values_list("folio", flat=True).first():
        raise RuleBroken(f"Usted ya tiene en atención a esta persona, en {already}. Siga en ella y anule esta.")
    consultation.person = person
    _open_purpose(consultation, by=by)
    consultation.save(update_fields=["person"])
    name_ticket_of(consultation)
    return consultation


@transaction.atomic
def write_consultation(consultation: Consultation, writing: Writing, *, by: Actor) -> Consultation:
    """Keep what the desk has so far: reasons, outcomes, notes. The same sent again changes nothing."""
    _lock(consultation, by=by)
    require(by, Permission.CONSULTATION_WORK, consultation)
    present = lines_of(consultation)
    if not (consultation.is_in_attention and is_kept(consultation, writing, present)):
        keep(consultation, writing, present, by=by)
        consultation.save()
    if consultation.is_in_attention and writing.told is not None:
        keep_told(consultation, writing.told, by=by)
    discard_draft(consultation, by=by)
    return consultation


@planned_once()
@transaction.atomic
def end_attention(consultation: Consultation, writing: Writing, *, by: Actor) -> Consultation:
    """Terminar atención: every reason has an outcome; when all are answered the consultation is resolved too.

    Freezes the dimensions that the figures of this month will need for ever. The same sent again changes nothing.
    """
    _lock(consultation, by=by)
    require(by, Permission.CONSULTATION_WORK, consultation)
    present = lines_of(consultation)
    if consultation.state in ENDED and is_kept(consultation, writing, present):
        return consultation
    lines = keep(consultation, writing, present, by=by)
    facts = [_facts_of(line) for line in lines]
    if missing := list(rules.missing_to_end(facts)):
        raise RuleBroken(" ".join(missing), field="lines")
    now = clock.now()
    ended_at = consultation.occurred_at if consultation.sheet else now
    _freeze(consultation, facts, by=by)
    consultation.attended_at = ended_at
    steps = [move_consultation(consultation, ConsultationState.ATTENDED, at=now, by=by)]
    if rules.all_answered(facts):
        consultation.resolved_at = ended_at
        steps.append(move_consultation(consultation, ConsultationState.RESOLVED, at=now, by=by))
    consultation.save()
    Transition.objects.bulk_create(steps)
    if writing.told is not None:
        keep_told(consultation, writing.told, by=by)
    leave_pending(consultation, lines, at=now, by=by)
    finish_ticket_of(consultation, at=now, by=by)
    _answer_what_waited(consultation, lines, by=by)
    close_purposes(reference_id=consultation.pk)
    Draft.objects.filter(consultation=consultation).delete()
    return consultation


@transaction.atomic
def answer_line(line: ReasonLine, *, by: Actor, outcome: Outcome, answer: str = "") -> Consultation:
    """Answer a line that stayed open after the desk; the last one answered resolves the consultation."""
    consultation = line.consultation
    _lock(consultation, by=by)
    line.refresh_from_db(fields=["outcome", "answer", "answered_at"])  # whoever held the lock may have answered it
    require(by, Permission.CONSULTATION_WORK, consultation)
    if consultation.state != ConsultationState.ATTENDED or line.is_answered:
        raise RuleBroken("Ese motivo ya fue respondido.")
    if line.referred.filter(referral__ended_at__isnull=True).exists():
        raise RuleBroken("Ese motivo está derivado: su respuesta viene de la otra unidad.")
    if outcome not in ANSWERED:
        raise RuleBroken("Elija cómo terminó: informada, resuelta aquí o desistió.", field="outcome")
    now = clock.now()
    line.outcome, line.answer, line.answered_at, line.pending_in = outcome, answer, now, None
    line.save(update_fields=["outcome", "answer", "answered_at", "pending_in"])  # its holder may change meanwhile
    note_answered(consultation, at=now, by=by)
    return consultation


def _answer_what_waited(consultation: Consultation, lines: Sequence[ReasonLine], *, by: Actor) -> None:
    """Who came back brought what an earlier consultation of this unit waited for: its lines get the same answer."""
    earlier = consultation.continues
    if earlier is None or earlier.unit_id != consultation.unit_id:
        return
    answered = {line.reason_id: line for line in lines if line.outcome in ANSWERED}
    waiting_here = earlier.lines.filter(answered_at__isnull=True, pending_in=earlier.unit_id, reason__in=answered)
    for waiting in waiting_here.select_related("consultation"):
        now = answered[waiting.reason_id]
        answer = now.answer or f"Volvió: {consultation.folio}"
        answer_line(waiting, by=by, outcome=Outcome(now.outcome), answer=answer)


@transaction.atomic
def void_consultation(consultation: Consultation, *, by: Actor, reason: str) -> Consultation:
    """Take a consultation out of every figure. Its folio is not used again and what was written stays."""
    _lock(consultation, by=by)
    require(by, Permission.CONSULTATION_VOID, consultation)
    if away := consultation.referrals.filter(ended_at__isnull=True).values_list("folio", flat=True).first():
        raise RuleBroken(f"Tiene una derivación abierta, {away}. Retírela primero.")
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Escriba por qué se anula.", field="reason")
    now = clock.now()
    consultation.version += 1
    consultation.voided_at, consultation.void_reason = now, reason
    move_consultation(consultation, ConsultationState.VOIDED, at=now, by=by, reason=reason).save(force_insert=True)
    consultation.save()
    forget_pending(consultation)
    finish_ticket_of(consultation, at=now, by=by)
    close_purposes(reference_id=consultation.pk, after=timedelta(0))
    Draft.objects.filter(consultation=consultation).delete()
    return consultation


def _lock(consultation: Consultation, *, by: Actor) -> None:
    """Hold the row until the transaction ends; whoever writes on another's consultation has a ground to read it."""
    person = consultation.person
    consultation.refresh_from_db(from_queryset=Consultation.objects.select_for_update())
    if person and person.pk == consultation.person_id:
        consultation.person = person  # read already
    ground_for(consultation, by=by)


def _facts_of(line: ReasonLine) -> rules.LineFacts:
    return rules.LineFacts(line.name, line.outcome, line.secrecy, line.reason.index_group)


def _freeze(consultation: Consultation, facts: Sequence[rules.LineFacts], *, by: Actor) -> None:
    consultation.unit_functions = ",".join(sorted(by.unit_functions))
    consultation.index_groups = rules.index_groups(facts)
    person = consultation.person
    if person is None:
        return
    day = timezone.localtime(consultation.occurred_at).date()
    consultation.age_group = rules.age_group(person.age_on(day))
    consultation.sex = person.sex
    home = home_of(person, by=by)
    if home is None:
        return
    if home.dwelling:
        consultation.rurality = home.dwelling.rurality
    bracket = (
        Fact.objects.visible_to(by)
        .filter(home=home, kind=FactKind.RSH_BRACKET, source=Source.RSH, as_of__lte=day)
        .newest_first()
        .first()
    )
    if bracket:
        consultation.bracket = int(bracket.value)
        consultation.bracket_as_of = bracket.as_of


def note_answered(consultation: Consultation, *, at: datetime, by: Actor) -> None:
    """Some of its reasons were answered; the last one answered resolves it."""
    consultation.version += 1
    if not consultation.lines.filter(answered_at__isnull=True).exists():
        consultation.resolved_at = at
        move_consultation(consultation, ConsultationState.RESOLVED, at=at, by=by).save(force_insert=True)
        close_purposes(reference_id=consultation.pk)
    consultation.save()


def move_consultation(
    consultation: Consultation, after: ConsultationState, *, at: datetime, by: Actor, reason: str = ""
) -> Transition:
    """The step, not yet saved, that takes the consultation to its next state."""
    before = ConsultationState(consultation.state)
    CONSULTATION_LIFECYCLE.require(
        before,
        after,
        message=f"{consultation.folio} está {before.label.lower()}: no puede pasar a {after.label.lower()}.",
    )
    consultation.state = after
    return _step(consultation, before, after, at=at, by=by, reason=reason)


def _step(
    consultation: Consultation, before: str, after: ConsultationState, *, at: datetime, by: Actor, reason: str = ""
) -> Transition:
    return Transition(
        consultation_id=consultation.pk,
        before=before,
        after=after,
        at=at,
        account_id=by.account_id,
        posting_id=by.posting_id,
        reason=reason,
    )
