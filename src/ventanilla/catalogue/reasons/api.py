"""The institution's reasons by API."""

from uuid import UUID

from ninja import Router
from pydantic import Field

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
    words: str = Field(description="Cómo lo pide la gente: palabras con que se encuentra.")
    documents: list[str] = Field(description="Los que se suelen pedir.")
    documents_days: int | None = Field(description="Días corridos para traerlos; nulo si no hay plazo.")


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
                words=reason.words,
                documents=reason.usual_documents,
                documents_days=reason.documents_days,
            )
            for reason in Reason.objects.visible_to(request.actor).in_use().in_order().with_words()
        ]
    )
