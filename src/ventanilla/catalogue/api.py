"""Reasons by API: those of the institution that consultations may have."""

from uuid import UUID

from ninja import Router

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import IndexGroup, Reason
from ventanilla.core.api import Shown
from ventanilla.core.secrecy import Secrecy

router = Router(tags=["catalogue"])


class ReasonShown(Shown):
    id: UUID
    name: str
    national_id: str
    is_local: bool
    parent_id: UUID | None
    index_group: IndexGroup
    secrecy: Secrecy
    function: str | None


class ReasonList(Shown):
    items: list[ReasonShown]


@operation(
    router,
    "GET",
    "/reasons",
    Permission.CONSULTATION_WORK,
    response=ReasonList,
    summary="Motivos en uso",
    description="Los de la institución, en el orden en que se muestran.",
)
def list_reasons(request: ApiRequest) -> ReasonList:
    return ReasonList(
        items=[
            ReasonShown(
                id=reason.pk,
                name=reason.name,
                national_id=reason.national_id,
                is_local=reason.is_local,
                parent_id=reason.parent_id,
                index_group=IndexGroup(reason.index_group),
                secrecy=Secrecy(reason.secrecy),
                function=reason.function_id,
            )
            for reason in Reason.objects.visible_to(request.actor).in_use().in_order()
        ]
    )
