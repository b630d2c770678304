"""The page from which one refers: what of an attention goes where, and exactly what will travel."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ventanilla.access.actors import Actor
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Provider, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id, parse_uuid
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.reading import open_consultation
from ventanilla.intake.states import FOR_OTHERS, ConsultationState
from ventanilla.referrals import actions
from ventanilla.referrals.forms import SendForm
from ventanilla.referrals.governing import governing, suggestions, terms_of, unit_of_function
from ventanilla.referrals.models import ProtocolVersion, Referral, ReferralLine
from ventanilla.referrals.outside.grounds import Sharing, why_consent
from ventanilla.referrals.outside.views import reach_provider
from ventanilla.referrals.packet import WITHOUT_PROTOCOL, packet_of
from ventanilla.referrals.receivers import OUTSIDE, Receiver, all_offered, connected_units, providers, receiver_in
from ventanilla.referrals.walking import walk_to


@requires(Permission.REFERRAL_WORK)
def send(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """Refer what the attention left for others, one receiver at a time; after the last, back to the consultation.

    With ``look`` it sends nothing and shows what would travel: what is typed goes in no address.
    """
    found = open_consultation(consultation_id, by=request.actor)
    if found.state != ConsultationState.ATTENDED or found.unit_id != request.actor.unit_id:
        raise InvalidTransition(
            "Se deriva desde la unidad que atendió, cuando la atención terminó y algo quedó abierto."
        )
    lines = lines_to_send(found)
    if not lines or found.person is None:
        messages.info(request, "No queda nada por derivar en esta consulta.")
        return redirect(found)
    asked = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST" and "look" not in request.POST
    if is_sent and _was_sent(request):
        return redirect("referrals:send", found.pk)
    units, outside = connected_units(request.actor), providers(request.actor)
    chosen, to = _chosen(asked.getlist("lines"), asked.get("to", ""), lines, [*units, *outside], by=request.actor)
    receiver_id, objection = _receiver(to, units, chosen, by=request.actor)
    protocol, objection = (None, objection) if objection else _protocol(receiver_id, chosen, by=request.actor)
    provider = next((one for one in outside if one.pk == receiver_id), None)
    fields = protocol.fields if protocol else WITHOUT_PROTOCOL
    walk = walk_to(found, receiver_id if provider is None else None, by=request.actor)
    form = SendForm(
        request.POST if is_sent else None,
        lines=[(str(line.pk), line.name) for line in lines],
        receivers=all_offered(units, outside, by=request.actor),
        papers=protocol.papers if protocol else [],
        walk=str(walk or ""),
        why_consent=why_consent(provider.nature, fields) if provider else None,
        initial={
            "lines": [str(line.pk) for line in chosen],
            "to": to,
            "asked": asked.get("asked", "") or _said(chosen),
            "is_urgent": asked.get("is_urgent") == "on",
            "walks": asked.get("walks") == "on",
            "urgency": asked.get("urgency", ""),
            "papers": asked.getlist("papers"),
            "consent": asked.get("consent", ""),
            "legal_ground": asked.get("legal_ground", "") or (protocol.legal_ground if protocol else ""),
            "submission_id": new_id(),
        },
    )
    if form.is_valid():
        with show_on(form):
            return _sent(request, found, form.cleaned_data)
    context = {
        "consultation": found,
        "form": form,
        "protocol": protocol,
        "terms": terms_of(protocol),
        "objection": objection,
        "packet": packet_of(found.person, fields, by=request.actor),
        "to": to,
        "provider": provider,
        "left": len(lines),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "referrals/send.html", context, status=status)


def _sent(request: OperatorRequest, found: Consultation, said: dict[str, Any]) -> HttpResponse:
    to: Receiver = said["to"]
    details = actions.ReferralDetails(
        line_ids=said["lines"],
        to=to.id,
        to_function=to.function,
        to_account=to.account_id,
        sharing=Sharing(said.get("legal_ground", ""), said.get("consent", "")),
        asked=said["asked"],
        is_urgent=said["is_urgent"],
        walks=said.get("walks", False),
        urgency=said["urgency"],
        papers=said.get("papers", ()),
    )
    sent = actions.send_referral(found, details, by=request.actor, submission_id=said["submission_id"])
    until = f"Se acepta hasta el {sent.accept_by:%d-%m-%Y}."
    messages.success(request, f"{sent.folio} enviada a {sent.receiver}. {until}")
    if sent.is_exchanged:
        messages.info(request, f"{sent.receiver} la ve en la plataforma, y responde ahí.")
    elif sent.is_outside:
        messages.info(request, reach_provider(sent, request, by=request.actor))
        return redirect(sent)
    return redirect("referrals:send", found.pk) if lines_to_send(found) else redirect(found)


def _was_sent(request: OperatorRequest) -> bool:
    """The same form, sent twice: its reasons are gone already."""
    submission = parse_uuid(request.POST.get("submission_id", ""))
    mine = Referral.objects.visible_to(request.actor).filter(sent_by=request.actor.account_id)
    return submission is not None and mine.filter(submission_id=submission).exists()


def lines_to_send(consultation: Consultation) -> list[ReasonLine]:
    """What waits for somebody else and is in no open referral."""
    away = ReferralLine.objects.filter(line__consultation=consultation, referral__ended_at__isnull=True)
    waiting = consultation.lines.filter(outcome__in=sorted(FOR_OTHERS), answered_at__isnull=True)
    return list(waiting.exclude(pk__in=away.values("line")).order_by("position"))


def _chosen(
    marked: Iterable[str], to: str, lines: Sequence[ReasonLine], receivers: Sequence[Unit | Provider], *, by: Actor
) -> tuple[list[ReasonLine], str]:
    """The reasons marked and to whom; before anything is marked, those of the first place where one would go."""
    ids = {parse_uuid(line) for line in marked}
    chosen = [line for line in lines if line.pk in ids]
    if to and chosen:
        return chosen, to
    assert by.unit_id
    reasons = {line.reason_id: line.function_id for line in chosen or lines}
    found = suggestions(by.unit_id, reasons, receivers, by=by, on=clock.today())
    first = next((found[line.reason_id] for line in chosen or lines if line.reason_id in found), None)
    if first is None:
        return chosen or list(lines), to
    together = [line for line in chosen or lines if found.get(line.reason_id) == first]
    is_outside = any(isinstance(one, Provider) and one.pk == first.receiver_id for one in receivers)
    return chosen or together, to or (f"{OUTSIDE}_{first.receiver_id}" if is_outside else str(first.receiver_id))


def _receiver(to: str, units: Sequence[Unit], chosen: Sequence[ReasonLine], *, by: Actor) -> tuple[UUID | None, str]:
    """Who would have it, or why nobody is known to."""
    receiver = receiver_in(to)
    if not receiver.function:
        return receiver.id, ""
    try:
        return unit_of_function(receiver.function, units, [line.reason_id for line in chosen], by=by).pk, ""
    except RuleBroken as error:
        return None, str(error)


def _protocol(receiver: UUID | None, chosen: Sequence[ReasonLine], *, by: Actor) -> tuple[ProtocolVersion | None, str]:
    """Which governs what is marked, or why it cannot go together."""
    if receiver is None or by.unit_id is None:
        return None, ""
    try:
        return governing(by.unit_id, receiver, [line.reason_id for line in chosen], by=by, on=clock.today()), ""
    except RuleBroken as error:
        return None, str(error)


def _said(chosen: Sequence[ReasonLine]) -> str:
    """What the desk already wrote of these reasons, to begin with."""
    return " ".join(line.answer for line in chosen if line.answer)
