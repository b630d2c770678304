"""The verbs of whoever sends: send, complete what was returned, take it back, open it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Account, Posting, Provider, Unit
from ventanilla.access.permissions import HELD_IN_A_UNIT, Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.secrecy import SECRECY_ORDER
from ventanilla.intake.actions.elsewhere import hand_over, hold_consultation
from ventanilla.intake.folios import REFERRALS, next_folio
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.pending.reading import unavailability_of
from ventanilla.intake.states import ConsultationState
from ventanilla.referrals import rules
from ventanilla.referrals.actions.settling import reopen_lines, settle_lines
from ventanilla.referrals.actions.steps import hold, move, require_receiver, require_sender
from ventanilla.referrals.exchange.sharing import share
from ventanilla.referrals.governing import functions_of, governing, terms_of, unit_of_function
from ventanilla.referrals.models import ProtocolVersion, Referral, ReferralLine
from ventanilla.referrals.outside.actions import extend_transfer, note_transfer
from ventanilla.referrals.outside.grounds import Sharing, objection_to_sharing
from ventanilla.referrals.packet import WITHOUT_PROTOCOL, packet_of
from ventanilla.referrals.states import ReferralEvent, ReferralKind, ReferralState
from ventanilla.referrals.walking import send_walking, walk_to


@dataclass(frozen=True, slots=True)
class ReferralDetails:
    """What is asked of whom. ``papers`` are those of the protocol's least documents that go with it.

    ``to`` is a unit or a provider, or none where ``to_function`` says it; what goes to a provider says on which ground.
    """

    line_ids: Sequence[UUID]
    to: UUID | None
    asked: str
    to_function: str = ""
    """The code of a function, for whichever unit has it."""
    to_account: UUID | None = None
    sharing: Sharing = field(default_factory=Sharing)
    walks: bool = False
    """Whether she goes there now, with the number with which she was attended."""
    is_urgent: bool = False
    urgency: str = ""
    papers: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def send_referral(
    consultation: Consultation, details: ReferralDetails, *, by: Actor, submission_id: UUID | None = None
) -> Referral:
    """Send reasons of an attention that ended, under the protocol that governs them or the municipality's terms.

    The same ``submission_id`` gives the same referral. Raises ``RuleBroken`` with what is missing, at its field.
    """
    require(by, Permission.REFERRAL_WORK)
    if submission_id and (sent := Referral.objects.filter(submission_id=submission_id, sent_by=by.account_id).first()):
        return sent
    held = hold_consultation(consultation.pk)
    require(by, Permission.REFERRAL_WORK, held)
    if held.person is None:
        raise RuleBroken("No se sabe a quién se deriva: identifique primero a la persona.")
    if held.state != ConsultationState.ATTENDED:
        raise InvalidTransition("Se deriva cuando la atención terminó y algo quedó pendiente.")
    lines = _lines(held, details.line_ids)
    receiver = _receiver(details, [line.reason_id for line in lines], by=by)
    _require_unsent(lines, receiver.pk, is_named=details.to_account is not None)
    unit = receiver if isinstance(receiver, Unit) else None
    provider = receiver if isinstance(receiver, Provider) else None
    secrecy = max((line.secrecy for line in lines), key=SECRECY_ORDER.index)
    objection = rules.objection_to_receiver(
        is_same_unit=receiver.pk == by.unit_id,
        is_named=details.to_account is not None,
        is_herself=details.to_account is not None and details.to_account == by.account_id,
        secrecy=secrecy,
        is_outside=provider is not None,
    )
    if objection:
        raise RuleBroken(objection[1], field=objection[0])
    if details.to_account and unit:
        require_colleague(details.to_account, unit, by=by)
    today = clock.today()
    protocol = governing(held.unit_id, receiver.pk, [line.reason_id for line in lines], by=by, on=today)
    asked = details.asked.strip()
    if not asked:
        raise RuleBroken("Escriba qué se pide: es lo primero que leerá quien la reciba.", field="asked")
    urgency = " ".join(details.urgency.split())
    if details.is_urgent and not urgency:
        raise RuleBroken("Escriba por qué es urgente.", field="urgency")
    _require_papers(protocol, details)
    days = service_days(by.institution, around=today)
    deadlines = rules.deadlines_when_sent(terms_of(protocol), on=today, days=days, is_urgent=details.is_urgent)
    fields = protocol.fields if protocol else WITHOUT_PROTOCOL
    sharing = _sharing(provider, fields, protocol, details.sharing) if provider else None
    referral = Referral(
        person=held.person,
        consultation=held,
        protocol=protocol,
        kind=_kind_of(receiver),
        secrecy=secrecy,
        from_unit_id=held.unit_id,
        to_unit=unit,
        to_provider=provider,
        to_function_id=details.to_function or None,
        title=", ".join(line.name for line in lines)[:300],
        asked=asked,
        is_urgent=details.is_urgent,
        urgency=urgency if details.is_urgent else "",
        packet=packet_of(held.person, fields, by=by),
        papers="\n".join(details.papers),
        state=ReferralState.SENT,
        sent_at=clock.now(),
        sent_by_id=by.account_id,
        posting_id=by.posting_id,
        accept_by=deadlines.accept_by,
        answer_by=deadlines.answer_by,
        expires_on=deadlines.expires_on,
        due_on=deadlines.accept_by,
        assigned_to_id=details.to_account if unit else None,
        submission_id=submission_id,
    )
    referral.folio = next_folio(REFERRALS, timezone.localtime(referral.sent_at).year)
    referral.save(force_insert=True)
    ReferralLine.objects.bulk_create(ReferralLine(referral=referral, line=line) for line in lines)
    walk = walk_to(held, unit.pk if unit else None, by=by) if details.walks else None
    if details.walks and walk is None:
        raise RuleBroken("No tiene un número de hoy, o esa unidad no llama números aquí.", field="walks")
    note = send_walking(walk, by=by) if walk else ""
    move(referral, ReferralEvent.SENT, ReferralState.SENT, by=by, note=note)
    Referral.objects.filter(pk=referral.pk).update(version=referral.version)
    if provider and sharing:
        note_transfer(referral, provider, sharing, by=by)
    if provider and provider.partner_id:
        share(referral, provider.partner_id, by=by)
    hand_over(lines)
    return referral


def _lines(consultation: Consultation, line_ids: Sequence[UUID]) -> list[ReasonLine]:
    found = list(consultation.lines.filter(pk__in=line_ids).order_by("position"))
    if not found or len(found) != len(set(line_ids)):
        raise RuleBroken("Marque qué motivos se derivan.", field="lines")
    return found


def _require_unsent(lines: Sequence[ReasonLine], receiver_id: UUID, *, is_named: bool) -> None:
    with_them = Q(referral__to_unit=receiver_id) | Q(referral__to_provider=receiver_id)
    there = ReferralLine.objects.filter(with_them, line__in=lines, referral__ended_at__isnull=True)
    already = set() if is_named else set(there.values_list("line_id", flat=True))
    facts = [rules.LineFacts(line.name, line.outcome, line.is_answered, line.pk in already) for line in lines]
    if objections := list(rules.objections_to_lines(facts)):
        raise RuleBroken(" ".join(objections), field="lines")


def _receiver(details: ReferralDetails, reasons: Sequence[UUID], *, by: Actor) -> Unit | Provider:
    units = Unit.objects.filter(institution_id=by.institution).connected_on(clock.today())
    if details.to_function:
        return unit_of_function(details.to_function, units.prefetch_related("functions"), reasons, by=by)
    if details.to is None:
        raise RuleBroken("Elija a quién se deriva.", field="to")
    if unit := units.filter(pk=details.to).prefetch_related("functions").first():
        return unit
    providers = Provider.objects.filter(institution_id=by.institution, ended_on__isnull=True)
    if provider := providers.filter(pk=details.to).first():
        return provider
    raise RuleBroken("Ahí no se reciben derivaciones: elija otra unidad o prestador.", field="to")


def _kind_of(receiver: Unit | Provider) -> ReferralKind:
    if isinstance(receiver, Provider):
        return rules.kind_outside(receiver.nature)
    return rules.kind_of(functions_of(receiver))


def _sharing(provider: Provider, fields: Sequence[str], protocol: ProtocolVersion | None, said: Sharing) -> Sharing:
    """On which ground it goes outside; the protocol's legal ground stands where nothing else is said."""
    written = " ".join(said.legal_ground.split()) or (protocol.legal_ground if protocol else "")
    sharing = Sharing(written[:300], said.consent)
    if objection := objection_to_sharing(provider.nature, fields, sharing):
        raise RuleBroken(objection[1], field=objection[0])
    return sharing


def require_colleague(account_id: UUID, unit: Unit, *, by: Actor) -> None:
    theirs = Posting.objects.filter(account_id=account_id, institution_id=by.institution, unit=unit)
    postings = list(theirs.filter(role__in=sorted(HELD_IN_A_UNIT)).select_related("account").order_by("-starts_on"))
    account = postings[0].account if postings else Account.objects.filter(pk=account_id).first()
    name = account.full_name if account else "Esa persona"
    if why := unavailability_of(postings, on=clock.today()):
        raise RuleBroken(f"{name} {why}. Elija a otra persona.", field="to_account")


def _require_papers(protocol: ProtocolVersion | None, details: ReferralDetails) -> None:
    wanted = protocol.papers if protocol else []
    if missing := rules.missing_papers(wanted, details.papers, is_urgent=details.is_urgent):
        raise RuleBroken(
            f"El protocolo pide {len(missing)} antecedente{'s' * (len(missing) > 1)} que falta"
            f"{'n' * (len(missing) > 1)}: {'; '.join(missing)}. Márquelos si van con la derivación.",
            field="papers",
        )


@transaction.atomic
def complete_referral(referral: Referral, *, by: Actor, note: str) -> None:
    """What was wanting goes now; its terms run anew."""
    hold(referral)
    require_sender(referral, by=by)
    if referral.state != ReferralState.RETURNED:
        raise InvalidTransition(
            f"{referral.folio} está {referral.get_state_display().lower()}: no espera antecedentes."
        )
    note = " ".join(note.split())
    if not note:
        raise RuleBroken("Escriba qué antecedentes van ahora.", field="note")
    move(referral, ReferralEvent.COMPLETED, ReferralState.SENT, by=by, note=note)
    referral.wanting = ""
    _run_again(referral, by=by)
    referral.save()
    extend_transfer(referral, by=by)


@transaction.atomic
def note_told(referral: Referral, *, by: Actor, note: str = "") -> None:
    """That the neighbour knows: of the answer, of the hour she was given, of what is wanting. Again is no step."""
    hold(referral)
    require_sender(referral, by=by)
    if referral.tell_by is None and referral.state != ReferralState.RETURNED:
        return
    move(referral, ReferralEvent.TOLD, ReferralState(referral.state), by=by, note=" ".join(note.split()))
    referral.tell_by = None
    referral.save()


@transaction.atomic
def withdraw_referral(referral: Referral, *, by: Actor, reason: str) -> None:
    """Its origin takes it back before it is accepted: its reasons are pending there again."""
    hold(referral)
    require_sender(referral, by=by)
    move(referral, ReferralEvent.WITHDRAWN, ReferralState.WITHDRAWN, by=by, note=_said(reason, "por qué se retira"))
    referral.ended_at = clock.now()
    referral.save()
    settle_lines(referral, by=by)


@transaction.atomic
def reopen_referral(referral: Referral, *, by: Actor, reason: str) -> None:
    """What ended does not stand: its origin sends it anew, or whoever answered takes it up again."""
    hold(referral)
    if referral.is_open:
        raise InvalidTransition(f"{referral.folio} sigue abierta: no hay qué reabrir.")
    is_answerer = (
        by.unit_id is not None and by.unit_id == referral.to_unit_id and referral.state == ReferralState.ANSWERED
    )
    if is_answerer and by.unit_id != referral.from_unit_id:
        require_receiver(referral, by=by)
        after = ReferralState.ACCEPTED
    else:
        require_sender(referral, by=by)
        after = ReferralState.SENT
    reason = _said(reason, "por qué se reabre")
    move(referral, ReferralEvent.REOPENED, after, by=by, note=reason)
    reopen_lines(referral, by=by, reason=reason)
    referral.ended_at = referral.received_at = referral.tell_by = None
    _run_again(referral, by=by)
    if after == ReferralState.ACCEPTED:
        referral.received_at = clock.now()
        referral.due_on = referral.answer_by
    else:
        referral.accepted_at = None
    referral.save()
    extend_transfer(referral, by=by)


def _run_again(referral: Referral, *, by: Actor) -> None:
    """Its terms, from today."""
    today = clock.today()
    deadlines = rules.deadlines_when_sent(
        terms_of(referral.protocol),
        on=today,
        days=service_days(by.institution, around=today),
        is_urgent=referral.is_urgent,
    )
    referral.accept_by, referral.answer_by = deadlines.accept_by, deadlines.answer_by
    referral.expires_on, referral.due_on = deadlines.expires_on, deadlines.accept_by


def _said(reason: str, what: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken(f"Escriba {what}.", field="reason")
    return reason
