"""What goes to somebody without an account, by API: the link and its code, and the files of a referral."""

from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Status
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core.api import Shown
from ventanilla.referrals.models import Attachment, Referral
from ventanilla.referrals.outside import actions
from ventanilla.referrals.outside.links import code_of
from ventanilla.referrals.outside.reading import files_of
from ventanilla.referrals.outside.views import address_of, answer_with
from ventanilla.referrals.reading import open_referral

router = Router(tags=["referrals"])


class LinkGiven(Shown):
    address: str
    code: str = Field(description="Ocho cifras; se dicen aparte de la dirección.")
    until: date


class LinkState(Shown):
    is_open: bool


class FileShown(Shown):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    by: str = Field(description="Quién lo agregó.")


class Files(Shown):
    items: list[FileShown]


@operation(
    router,
    "POST",
    "/referrals/{uuid:referral_id}/link",
    Permission.REFERRAL_WORK,
    response=LinkGiven,
    summary="Dar un enlace al prestador",
    description="El anterior deja de abrir. De la unidad que la envió.",
)
def give_link(request: ApiRequest, referral_id: UUID) -> LinkGiven:
    found = open_referral(referral_id, by=request.actor)
    link = actions.give_link(found, by=request.actor)
    return LinkGiven(address=address_of(request, link), code=code_of(link), until=found.expires_on)


@operation(
    router,
    "POST",
    "/referrals/{uuid:referral_id}/revoke-link",
    Permission.REFERRAL_WORK,
    response=LinkState,
    summary="Bloquear el enlace del prestador",
)
def revoke_link(request: ApiRequest, referral_id: UUID) -> LinkState:
    actions.revoke_link(open_referral(referral_id, by=request.actor), by=request.actor)
    return LinkState(is_open=False)


@operation(
    router,
    "GET",
    "/referrals/{uuid:referral_id}/files",
    Permission.REFERRAL_READ,
    response=Files,
    summary="Archivos de una derivación",
)
def list_files(request: ApiRequest, referral_id: UUID) -> Files:
    found = _of_party(request, referral_id)
    return Files(items=[_shown(one) for one in files_of(found)])


@operation(
    router,
    "POST",
    "/referrals/{uuid:referral_id}/files",
    Permission.REFERRAL_WORK,
    response={201: FileShown},
    takes="application/octet-stream",
    summary="Agregar un archivo a una derivación",
    description="Sus bytes son el cuerpo: PDF, JPEG o PNG, hasta 5 MB. El mismo dos veces queda una.",
)
def add_file(request: ApiRequest, referral_id: UUID, name: str = "") -> Status[FileShown]:
    found = _of_party(request, referral_id)
    return Status(HTTPStatus.CREATED, _shown(actions.attach(found, name, request.body, by=request.actor)))


@operation(
    router,
    "GET",
    "/referrals/{uuid:referral_id}/files/{uuid:attachment_id}",
    Permission.REFERRAL_READ,
    response={200: None},
    summary="Un archivo de una derivación",
    description="Sus bytes, con su tipo.",
)
def read_file(request: ApiRequest, referral_id: UUID, attachment_id: UUID) -> HttpResponse:
    return answer_with(get_object_or_404(_of_party(request, referral_id).attachments, pk=attachment_id))


def _shown(one: Attachment) -> FileShown:
    return FileShown(
        id=one.pk,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        at=one.at,
        by=one.said_by or (one.account.full_name if one.account else ""),
    )


def _of_party(request: ApiRequest, referral_id: UUID) -> Referral:
    found = open_referral(referral_id, by=request.actor)
    if request.actor.unit_id not in (found.from_unit_id, found.to_unit_id):
        raise Http404
    return found
