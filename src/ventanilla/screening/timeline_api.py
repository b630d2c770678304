"""The timeline by API: the same events as the page, for the same profiles and purposes."""

from datetime import date, datetime
from uuid import UUID

from ninja import Router
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core.api import Shown
from ventanilla.core.errors import RuleBroken
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.profiles import Profile
from ventanilla.screening.events import Event, EventKind
from ventanilla.screening.history import EARLIEST, EVENTS, LATEST, Asked, Whom, open_history, read_key, write_key

router = Router(tags=["screening"])


class EventShown(Shown):
    """Something that happened. What has no hour has no ``at``; what is of the home has no ``person_id``."""

    kind: EventKind
    on: date
    at: datetime | None
    title: str
    more: str
    person_id: UUID | None
    who: str = Field(description="La unidad, el acto o el registro que lo hizo o lo dice.")
    notes: str


class Timeline(Shown):
    events: list[EventShown]
    next_cursor: str | None = Field(description="Para pedir la página que sigue; nulo en la última.")


@operation(
    router,
    "GET",
    "/people/{uuid:person_id}/timeline",
    Permission.SCREENING_SUMMARY,
    response=Timeline,
    summary="Ver la historia de la persona y de su hogar",
    description=(
        f"De lo más nuevo a lo más antiguo, de a {EVENTS}. Pide una finalidad, como la ficha, y muestra lo que permite"
        " el perfil. Queda en el registro de lecturas."
    ),
)
def show_timeline(
    request: ApiRequest,
    person_id: UUID,
    profile: Profile = Profile.SUMMARY,
    whom: Whom = Whom.HOME,
    kind: EventKind | None = None,
    year: int | None = None,
    cursor: str | None = None,
) -> Timeline:
    person = person_or_404(person_id, by=request.actor)
    before = read_key(cursor) if cursor else None
    if cursor and before is None:
        raise RuleBroken("El cursor no es válido. Pida la primera página.", field="cursor")
    if year is not None and not EARLIEST <= year <= LATEST:
        raise RuleBroken(f"El año va de {EARLIEST} a {LATEST}.", field="year")
    found = open_history(person, by=request.actor, profile=profile, asked=Asked(whom, kind, year, before))
    next_cursor = write_key(found.next_key) if found.next_key else None
    return Timeline(events=[_shown(event) for event in found.events], next_cursor=next_cursor)


def _shown(event: Event) -> EventShown:
    return EventShown(
        kind=event.kind,
        on=event.on,
        at=event.at,
        title=event.title,
        more=event.more,
        person_id=event.person.pk if event.person else None,
        who=event.who,
        notes=event.notes,
    )
