"""Protocols by API: read them, and the steps by which one comes into force."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import Given, Line, Prose, Shown, require_version
from ventanilla.referrals.models import ProtocolVersion
from ventanilla.referrals.protocols import actions
from ventanilla.referrals.protocols.content import senders_of
from ventanilla.referrals.protocols.details import LONGEST_TERM, TERMS, TEXTS, ProtocolDetails
from ventanilla.referrals.protocols.parties import bound_by
from ventanilla.referrals.protocols.reading import list_protocols, version_or_404, versions_of
from ventanilla.referrals.protocols.states import PacketField, Party, ProtocolState

router = Router(tags=["protocols"])


class WrittenProtocol(Given):
    """Between units, or from units to a provider. Lists are texts of one thing a line."""

    name: Line = Field(min_length=1, max_length=120)
    sender_ids: list[UUID] = Field(min_length=1, max_length=50, description="Las unidades que derivan.")
    to_unit_id: UUID | None = None
    to_provider_id: UUID | None = Field(None, description="En vez de una unidad.")
    reason_ids: list[UUID] = Field(default_factory=list, max_length=200)
    entry_ids: list[UUID] = Field(default_factory=list, max_length=200)
    fields: list[PacketField] = Field(default_factory=list, description="Lo que viaja además de nombre y RUN.")
    purpose: Prose = Field("", max_length=1000)
    criteria: Prose = Field("", max_length=2000)
    documents: Prose = Field("", max_length=1000)
    legal_ground: Line = Field("", max_length=300)
    accept_days: int = Field(1, ge=0, le=LONGEST_TERM)
    answer_days: int = Field(5, ge=0, le=LONGEST_TERM)
    expire_days: int = Field(10, ge=1, le=LONGEST_TERM)
    urgent_days: int = Field(1, ge=0, le=LONGEST_TERM)
    urgent_how: Line = Field("", max_length=300)
    rejection_grounds: Prose = Field("", max_length=1000)
    answer_needs: Prose = Field("", max_length=1000)
    contacts: Prose = Field("", max_length=1000)
    note: Line = Field("", max_length=300)


class NewProtocol(WrittenProtocol):
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da el mismo protocolo.")


class Return(Given):
    reason: Line = Field(min_length=1, max_length=500)


class Approval(Given):
    starts_on: date


class ProtocolHead(Shown):
    """Where a version stands: what a write answers."""

    id: UUID
    code: str
    number: int
    state: ProtocolState
    version: int


class ProtocolRow(ProtocolHead):
    name: str
    senders: list[str]
    receiver: str
    starts_on: date | None
    ends_on: date | None
    is_in_force: bool


class ProtocolList(Shown):
    items: list[ProtocolRow]


class Signed(Shown):
    party: Party
    name: str = Field(description="La unidad o el prestador.")
    signer: str | None
    title: str | None
    signed_on: date | None
    on_paper: bool


class ProtocolShown(ProtocolRow):
    to_unit_id: UUID | None
    to_provider_id: UUID | None
    sender_ids: list[UUID]
    reason_ids: list[UUID]
    entry_ids: list[UUID]
    fields: list[PacketField]
    purpose: str
    criteria: str
    documents: str
    legal_ground: str
    accept_days: int
    answer_days: int
    expire_days: int
    urgent_days: int
    urgent_how: str
    rejection_grounds: str
    answer_needs: str
    contacts: str
    note: str
    digest: str
    signatures: list[Signed]
    written_at: datetime
    numbers: list[int] = Field(description="Los de todas sus versiones, la última primero.")


@operation(
    router, "GET", "/protocols", Permission.PROTOCOL_READ, response=ProtocolList, summary="Protocolos",
    description="Todos, por número: de cada uno la versión que rige o, si ninguna, la última.",
)  # fmt: skip
def list_them(request: ApiRequest) -> ProtocolList:
    today = clock.today()
    return ProtocolList(items=[_row(row.version, today) for row in list_protocols(request.actor, on=today)])


@operation(
    router, "GET", "/protocols/{uuid:protocol_id}", Permission.PROTOCOL_READ, response=ProtocolShown,
    summary="Leer un protocolo", description="La versión que rige, la de `number`, o la última si ninguna rige.",
)  # fmt: skip
def show_protocol(request: ApiRequest, protocol_id: UUID, number: int | None = None) -> ProtocolShown:
    today = clock.today()
    version = version_or_404(protocol_id, number, by=request.actor, on=today)
    return ProtocolShown(
        **_row(version, today).model_dump(),
        to_unit_id=version.to_unit_id,
        to_provider_id=version.to_provider_id,
        sender_ids=[row.unit_id for row in version.senders.all()],
        reason_ids=[row.reason_id for row in version.covered.all()],
        entry_ids=[row.entry_id for row in version.about.all()],
        fields=[PacketField(one) for one in version.fields],
        **{name: getattr(version, name) for name in (*TEXTS, *TERMS)},
        digest=version.digest,
        signatures=[
            Signed(
                party=one.party,
                name=one.name,
                signer=one.signature.name if one.signature else None,
                title=one.signature.title if one.signature else None,
                signed_on=one.signature.signed_on if one.signature else None,
                on_paper=one.signature is not None and one.signature.on_paper,
            )
            for one in bound_by(version)
        ],
        written_at=version.written_at,
        numbers=[one.number for one in versions_of(protocol_id, by=request.actor)],
    )


@operation(
    router, "POST", "/protocols", Permission.PROTOCOL_WRITE, response={200: ProtocolHead, 201: ProtocolHead},
    summary="Escribir un protocolo", description="Como borrador. 200 si el mismo envío ya estaba.",
)  # fmt: skip
def draft_protocol(request: ApiRequest, new: NewProtocol, response: HttpResponse) -> Status[ProtocolHead]:
    asked_at = clock.now()
    made = actions.draft_protocol(_details(new), by=request.actor, protocol_id=new.submission_id)
    response.headers["Location"] = reverse("api:show_protocol", args=[made.protocol_id])
    return Status(HTTPStatus.CREATED if made.written_at >= asked_at else HTTPStatus.OK, _head(made))


@operation(
    router, "PUT", "/protocols/{uuid:protocol_id}/draft", Permission.PROTOCOL_WRITE, response=ProtocolHead,
    summary="Cambiar el borrador", has_version=True,
    description="Si el protocolo está aprobado, comienza su versión siguiente.",
)  # fmt: skip
def write_draft(request: ApiRequest, protocol_id: UUID, written: WrittenProtocol) -> ProtocolHead:
    newest = _newest(request, protocol_id)
    if newest.state in (ProtocolState.APPROVED, ProtocolState.DISCARDED):
        newest = actions.draft_next_version(newest.protocol, by=request.actor)
    return _head(actions.write_version(newest, _details(written), by=request.actor))


@operation(
    router, "POST", "/protocols/{uuid:protocol_id}/submit", Permission.PROTOCOL_WRITE, response=ProtocolHead,
    summary="Enviar a firma", has_version=True, description="El texto queda fijo: lo que se firma es su resumen.",
)  # fmt: skip
def submit_protocol(request: ApiRequest, protocol_id: UUID) -> ProtocolHead:
    return _head(actions.submit_to_signature(_newest(request, protocol_id), by=request.actor))


@operation(
    router, "POST", "/protocols/{uuid:protocol_id}/sign", Permission.PROTOCOL_SIGN, response=ProtocolHead,
    summary="Firmar por su unidad", has_version=True,
)  # fmt: skip
def sign_protocol(request: ApiRequest, protocol_id: UUID) -> ProtocolHead:
    return _head(actions.sign(_newest(request, protocol_id), by=request.actor))


@operation(
    router, "POST", "/protocols/{uuid:protocol_id}/return", Permission.PROTOCOL_READ, response=ProtocolHead,
    summary="Devolver a borrador", has_version=True, description="De quien lo firma, lo escribe o lo aprueba.",
)  # fmt: skip
def return_protocol(request: ApiRequest, protocol_id: UUID, given: Return) -> ProtocolHead:
    return _head(actions.return_to_draft(_newest(request, protocol_id), by=request.actor, reason=given.reason))


@operation(
    router, "POST", "/protocols/{uuid:protocol_id}/approve", Permission.PROTOCOL_APPROVE, response=ProtocolHead,
    summary="Aprobar un protocolo firmado", has_version=True,
)  # fmt: skip
def approve_protocol(request: ApiRequest, protocol_id: UUID, given: Approval) -> ProtocolHead:
    return _head(actions.approve(_newest(request, protocol_id), by=request.actor, starts_on=given.starts_on))


def _newest(request: ApiRequest, protocol_id: UUID) -> ProtocolVersion:
    newest = versions_of(protocol_id, by=request.actor)[0]
    require_version(request, newest)
    return newest


def _details(written: WrittenProtocol) -> ProtocolDetails:
    said: dict[str, Any] = {name: getattr(written, name) for name in ("name", *TEXTS, *TERMS)}
    return ProtocolDetails(
        senders=written.sender_ids,
        reasons=written.reason_ids,
        entries=written.entry_ids,
        to_unit=written.to_unit_id,
        to_provider=written.to_provider_id,
        fields=[str(one) for one in written.fields],
        **said,
    )


def _head(version: ProtocolVersion) -> ProtocolHead:
    return ProtocolHead(
        id=version.protocol_id,
        code=version.protocol.code,
        number=version.number,
        state=ProtocolState(version.state),
        version=version.version,
    )


def _row(version: ProtocolVersion, today: date) -> ProtocolRow:
    return ProtocolRow(
        **_head(version).model_dump(),
        name=version.protocol.name,
        senders=senders_of(version),
        receiver=version.receiver.name,
        starts_on=version.starts_on,
        ends_on=version.ends_on,
        is_in_force=version.is_in_force(today),
    )
