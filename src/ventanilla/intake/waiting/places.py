"""Where the room's pages look: the sites and desks of the institution, and what an address or a form names."""

from uuid import UUID

from django.db.models import QuerySet

from ventanilla.access.gate import OperatorRequest
from ventanilla.access.models import Desk, Site
from ventanilla.core.ids import parse_uuid


def sites_of(request: OperatorRequest) -> QuerySet[Site]:
    return Site.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)


def desks_of(request: OperatorRequest) -> QuerySet[Desk]:
    return Desk.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)


def ids_in(text: str) -> list[UUID]:
    """The identifier written, or none."""
    found = parse_uuid(text)
    return [found] if found else []
