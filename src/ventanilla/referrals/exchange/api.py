"""What other institutions of the platform referred to us, by API: list, read, attend, and each step of a receiver."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core.api import PAGE_SIZE, Shown
from ventanilla.referrals import actions
from ventanilla.referrals.api_shapes import Hour, MaybeSaid, NewAnswer, PacketLine, Rejection, Said
from ventanilla.referrals.exchange.actions import attend_received, opened, take_step
from ventanilla.referrals.exchange.reading import contact_of, find_received, received
from ventanilla.referrals.filters import after, cursor_of
from ventanilla.referrals.models import Exchange
from ventanilla.referrals.states import ReferralState

router = Router(tags=["exchanges"])


class ExchangeHead(Shown):
    id: UUID
    folio: str
    state: ReferralState
    title: str
    is_urgent: bool
    sender_id: int
    sender: str
    from_unit: str
    due_on: date
    sent_at: datetime
    ended_at: datetime | None


class ExchangePage(Shown):
    items: list[ExchangeHead] = Field(description="Sin nombres: de quién se trata se lee en cada una.")
    next_cursor: str | None = Field(description="Para pedir la página que sigue; nulo en la última.")


class ExchangeShown(ExchangeHead):
    name: str
    run: str | None
    asked: str
    urgency: str
    packet: list[PacketLine]
    papers: list[str]
    wanting: str
    appointed_at: datetime | None
    answer_by: date
    contact_id: UUID | None = Field(description="El contacto en que se atiende aquí, si se atiende.")


class ContactMade(Shown):
    contact_id: UUID


@operation(
    router,
    "GET",
    "/exchanges",
    Permission.REFERRAL_READ,
    response=ExchangePage,
    summary="Derivaciones de otras instituciones",
    description=f"De a {PAGE_SIZE}: las abiertas, primero lo que vence; o las terminadas, la última primero.",
)
def list_received(request: ApiRequest, ended: bool = False, cursor: str = "") -> ExchangePage:
    rows = list(after(received(by=request.actor, is_ended=ended), cursor, is_ended=ended)[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return ExchangePage(
        items=[_head(one) for one in shown], next_cursor=cursor_of(shown[-1]) if len(rows) > PAGE_SIZE else None
    )


@operation(
    router,
    "GET",
    "/exchanges/{uuid:exchange_id}",
    Permission.REFERRAL_READ,
    response=ExchangeShown,
    summary="Leer una derivación de otra institución",
    description="Lo que viajó y nada más. Queda recibida, y en el registro de lecturas de quien la envió.",
)
def show_received(request: ApiRequest, exchange_id: UUID) -> ExchangeShown:
    found = find_received(exchange_id, by=request.actor)
    with opened(found, by=request.actor) as (referral, _):
        told: dict[str, Any] = {
            "name": referral.person.full_name,
            "run": referral.person.run,
            "asked": referral.asked,
            "urgency": referral.urgency,
            "packet": [PacketLine(**line) for line in referral.packet],
            "papers": referral.papers.splitlines(),
            "wanting": referral.wanting,
            "appointed_at": referral.appointed_at,
            "answer_by": referral.answer_by,
        }
    contact = contact_of(found)
    now = find_received(exchange_id, by=request.actor)
    return ExchangeShown(**_head(now).model_dump(), **told, contact_id=contact.pk if contact else None)


def _step(name: str, summary: str, response: Any = ExchangeHead) -> Callable[[Any], Any]:
    """How every step is declared."""
    path = f"/exchanges/{{uuid:exchange_id}}/{name}"
    return operation(router, "POST", path, Permission.REFERRAL_WORK, response=response, summary=summary)


@_step("attend", "Atender aquí lo que envió otra institución: se acepta, y queda como contacto", ContactMade)
def attend(request: ApiRequest, exchange_id: UUID) -> ContactMade:
    found = find_received(exchange_id, by=request.actor)
    return ContactMade(contact_id=attend_received(found, by=request.actor).pk)


@_step("accept", "Aceptar lo que envió otra institución")
def accept(request: ApiRequest, exchange_id: UUID) -> ExchangeHead:
    return _take(request, exchange_id, lambda referral, who: actions.accept_referral(referral, by=who))


@_step("appoint", "Dar una hora a quien envió otra institución")
def appoint(request: ApiRequest, exchange_id: UUID, given: Hour) -> ExchangeHead:
    return _take(request, exchange_id, lambda referral, who: actions.give_hour(referral, given.at, by=who))


@_step("no-show", "Anotar que no asistió")
def no_show(request: ApiRequest, exchange_id: UUID, given: MaybeSaid) -> ExchangeHead:
    return _take(request, exchange_id, lambda referral, who: actions.note_no_show(referral, by=who, note=given.said))


@_step("return", "Devolver por antecedentes a la otra institución")
def give_back(request: ApiRequest, exchange_id: UUID, given: Said) -> ExchangeHead:
    return _take(
        request, exchange_id, lambda referral, who: actions.return_referral(referral, by=who, wanting=given.said)
    )


@_step("reject", "Rechazar lo que envió otra institución")
def reject(request: ApiRequest, exchange_id: UUID, given: Rejection) -> ExchangeHead:
    return _take(
        request,
        exchange_id,
        lambda referral, who: actions.reject_referral(referral, by=who, ground=given.ground, note=given.note),
    )


@_step("answer", "Responder a la otra institución: contrarreferencia")
def answer(request: ApiRequest, exchange_id: UUID, given: NewAnswer) -> ExchangeHead:
    details = actions.AnswerDetails(**given.model_dump())
    return _take(request, exchange_id, lambda referral, who: actions.answer_referral(referral, details, by=who))


def _take(request: ApiRequest, exchange_id: UUID, do: Callable[..., Any]) -> ExchangeHead:
    take_step(find_received(exchange_id, by=request.actor), do, by=request.actor)
    return _head(find_received(exchange_id, by=request.actor))


def _head(found: Exchange) -> ExchangeHead:
    return ExchangeHead(
        id=found.pk,
        folio=found.folio,
        state=ReferralState(found.state),
        title=found.title,
        is_urgent=found.is_urgent,
        sender_id=found.sender_id,
        sender=found.sender.short_name,
        from_unit=found.from_unit,
        due_on=found.due_on,
        sent_at=found.sent_at,
        ended_at=found.ended_at,
    )
