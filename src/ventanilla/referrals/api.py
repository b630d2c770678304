"""Referrals by API: send, list, read, and each of their steps."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import PAGE_SIZE, require_version
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.api import PersonNamed
from ventanilla.intake.reading import open_consultation
from ventanilla.referrals import actions
from ventanilla.referrals.api_shapes import (
    AnswerShown,
    Assignment,
    Box,
    Forwarding,
    Hour,
    MaybeSaid,
    NewAnswer,
    NewReferral,
    PacketLine,
    ReferralHead,
    ReferralPage,
    ReferralRow,
    ReferralShown,
    Rejection,
    Said,
    StepShown,
)
from ventanilla.referrals.filters import ENDED_IN, ENDED_OUT, IN, OUT, Wanted, cursor_of
from ventanilla.referrals.models import Referral
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.referrals.reading import Row, answer_of, in_box, log_list, open_referral
from ventanilla.referrals.states import AnswerOutcome, NextStep, ReferralEvent, ReferralKind, ReferralState

router = Router(tags=["referrals"])


_BOXES = {Box.IN: IN, Box.OUT: OUT, Box.ENDED_IN: ENDED_IN, Box.ENDED_OUT: ENDED_OUT}


@operation(
    router,
    "POST",
    "/consultations/{uuid:consultation_id}/referrals",
    Permission.REFERRAL_WORK,
    response={200: ReferralHead, 201: ReferralHead},
    summary="Derivar motivos de una consulta",
    description="Por el protocolo que rija, o con los plazos de la municipalidad. 200 si el mismo envío ya estaba.",
)
def send_referral(
    request: ApiRequest, consultation_id: UUID, new: NewReferral, response: HttpResponse
) -> Status[ReferralHead]:
    found = open_consultation(consultation_id, by=request.actor)
    asked_at = clock.now()
    details = actions.ReferralDetails(
        line_ids=new.lines,
        to=new.receiver_id,
        to_function=new.to_function,
        sharing=Sharing(new.legal_ground, new.consent or ""),
        to_account=new.to_account_id,
        asked=new.asked,
        is_urgent=new.is_urgent,
        walks=new.walks,
        urgency=new.urgency,
        papers=new.papers,
    )
    sent = actions.send_referral(found, details, by=request.actor, submission_id=new.submission_id)
    response.headers["Location"] = reverse("api:show_referral", args=[sent.pk])
    return Status(HTTPStatus.CREATED if sent.sent_at >= asked_at else HTTPStatus.OK, _head(sent))


@operation(
    router,
    "GET",
    "/referrals",
    Permission.REFERRAL_READ,
    response=ReferralPage,
    summary="Derivaciones de la unidad",
    description=f"De a {PAGE_SIZE}, primero lo que vence; las terminadas, la última primero.",
)
def list_referrals(
    request: ApiRequest, box: Box = Box.IN, only_late: bool = False, cursor: str | None = None
) -> ReferralPage:
    by = request.actor
    wanted = Wanted(box=_BOXES[box], only_late=only_late)
    rows = in_box(wanted, PAGE_SIZE + 1, by=by, cursor=cursor or "")
    shown = rows[:PAGE_SIZE]
    log_list(shown, "derivaciones de la unidad")
    return ReferralPage(
        items=[_row(row) for row in shown], next_cursor=cursor_of(shown[-1]) if len(rows) > PAGE_SIZE else None
    )


@operation(
    router,
    "GET",
    "/referrals/{uuid:referral_id}",
    Permission.REFERRAL_READ,
    response=ReferralShown,
    summary="Leer una derivación",
    description="Abierta por la unidad que la recibe, queda recibida. Queda en el registro de lecturas.",
)
def show_referral(request: ApiRequest, referral_id: UUID) -> ReferralShown:
    found = open_referral(referral_id, by=request.actor)
    answer = answer_of(found)
    return ReferralShown(
        **_head(found).model_dump(),
        title=found.title,
        kind=ReferralKind(found.kind),
        secrecy=Secrecy(found.secrecy),
        person=PersonNamed(id=found.person_id, name=found.person.full_name),
        consultation_id=found.consultation_id,
        protocol_version_id=found.protocol_id,
        from_unit=found.from_unit.name,
        receiver=found.receiver.name,
        to_unit_id=found.to_unit_id,
        to_provider_id=found.to_provider_id,
        asked=found.asked,
        is_urgent=found.is_urgent,
        urgency=found.urgency,
        packet=[PacketLine(**line) for line in found.packet],
        papers=found.papers.splitlines(),
        wanting=found.wanting,
        appointed_at=found.appointed_at,
        accept_by=found.accept_by,
        answer_by=found.answer_by,
        expires_on=found.expires_on,
        tell_by=found.tell_by,
        sent_at=found.sent_at,
        received_at=found.received_at,
        accepted_at=found.accepted_at,
        ended_at=found.ended_at,
        answer=_answer(answer) if answer else None,
        steps=[
            StepShown(
                event=ReferralEvent(step.event),
                after=ReferralState(step.after),
                at=step.at,
                by=step.account.full_name if step.account else None,
                said_by=step.said_by,
                note=step.note,
            )
            for step in found.steps.select_related("account")
        ],
    )


def _step(name: str, summary: str, description: str = "") -> Callable[[Any], Any]:
    """How every step is declared."""
    return operation(
        router,
        "POST",
        f"/referrals/{{uuid:referral_id}}/{name}",
        Permission.REFERRAL_WORK,
        response=ReferralHead,
        summary=summary,
        has_version=True,
        description=description,
    )


@_step("accept", "Aceptar una derivación", "Queda a cargo de quien la acepta, si nadie la tenía.")
def accept_referral(request: ApiRequest, referral_id: UUID) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.accept_referral(found, by=request.actor)
    return _head(found)


@_step("attend", "Atender una derivación")
def attend_referral(request: ApiRequest, referral_id: UUID) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.attend_referral(found, by=request.actor)
    return _head(found)


@_step("appoint", "Dar una hora")
def give_hour(request: ApiRequest, referral_id: UUID, given: Hour) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.give_hour(found, given.at, by=request.actor)
    return _head(found)


@_step("no-show", "Anotar que no asistió")
def note_no_show(request: ApiRequest, referral_id: UUID, given: MaybeSaid) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.note_no_show(found, by=request.actor, note=given.said)
    return _head(found)


@_step("return", "Devolver por antecedentes", "Lo dicho son los antecedentes que faltan.")
def return_referral(request: ApiRequest, referral_id: UUID, given: Said) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.return_referral(found, by=request.actor, wanting=given.said)
    return _head(found)


@_step("complete", "Completar y enviar de nuevo", "De la unidad que la envió.")
def complete_referral(request: ApiRequest, referral_id: UUID, given: Said) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.complete_referral(found, by=request.actor, note=given.said)
    return _head(found)


@_step("reject", "Rechazar una derivación")
def reject_referral(request: ApiRequest, referral_id: UUID, given: Rejection) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.reject_referral(found, by=request.actor, ground=given.ground, note=given.note)
    return _head(found)


@_step("answer", "Responder: contrarreferencia", "Termina la derivación, y responde los motivos que llevaba.")
def answer_referral(request: ApiRequest, referral_id: UUID, given: NewAnswer) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.answer_referral(found, actions.AnswerDetails(**given.model_dump()), by=request.actor)
    return _head(found)


@_step("reopen", "Reabrir una derivación", "Desde la unidad que la envió, o desde la que la respondió.")
def reopen_referral(request: ApiRequest, referral_id: UUID, given: Said) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.reopen_referral(found, by=request.actor, reason=given.said)
    return _head(found)


@_step("withdraw", "Retirar una derivación", "De la unidad que la envió, antes de que la acepten.")
def withdraw_referral(request: ApiRequest, referral_id: UUID, given: Said) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.withdraw_referral(found, by=request.actor, reason=given.said)
    return _head(found)


@_step("told", "Anotar que la persona fue avisada", "De la respuesta, o de la hora que se le dio.")
def note_told(request: ApiRequest, referral_id: UUID, given: MaybeSaid) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.note_told(found, by=request.actor, note=given.said)
    return _head(found)


@_step("forward", "Reenviar a otra unidad", "Responde a quien la envió primero, con los plazos de hoy.")
def forward_referral(request: ApiRequest, referral_id: UUID, given: Forwarding) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.forward_referral(
        found, given.to_unit_id, by=request.actor, reason=given.reason, to_account=given.to_account_id
    )
    return _head(found)


@_step("assign", "Asignar una derivación", "Cada cual toma lo que nadie tiene; el resto lo pasa la jefatura.")
def assign_referral(request: ApiRequest, referral_id: UUID, given: Assignment) -> ReferralHead:
    found = _to_write(request, referral_id)
    actions.assign_referral(found, given.account_id, by=request.actor, reason=given.reason)
    return _head(found)


def _to_write(request: ApiRequest, referral_id: UUID) -> Referral:
    """For its parties; what is of other units is not told apart from what is not there."""
    by = request.actor
    theirs = Referral.objects.visible_to(by).of_party(by.unit_id)
    found = get_object_or_404(theirs.select_related("to_unit", "to_provider", "protocol", "person"), pk=referral_id)
    require_version(request, found)
    return found


def _head(found: Referral) -> ReferralHead:
    return ReferralHead(
        id=found.pk,
        folio=found.folio,
        state=ReferralState(found.state),
        version=found.version,
        due_on=found.due_on,
        assigned_to_id=found.assigned_to_id,
    )


def _row(row: Row) -> ReferralRow:
    return ReferralRow(
        id=row.id,
        folio=row.folio,
        state=row.state,
        title=row.title,
        is_urgent=row.is_urgent,
        person=PersonNamed(id=row.person_id, name=row.person),
        unit=row.unit,
        holder=row.holder,
        due_on=row.due_on,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
    )


def _answer(answer: Any) -> AnswerShown:
    return AnswerShown(
        outcome=AnswerOutcome(answer.outcome),
        done=answer.done,
        next_step=NextStep(answer.next_step),
        next_on=answer.next_on,
        at=answer.at,
    )
