"""My tray by API: the same things to do, from the same sources."""

from datetime import date
from uuid import UUID

from ninja import Router
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import Shown
from ventanilla.desk.tray import days_of, tray_of
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

router = Router(tags=["tray"])


class ThingToDo(Shown):
    """``days_left`` are working days, negative when they have gone by."""

    group: str = Field(description="late, today, coming u open (sin plazo).")
    title: str
    detail: str
    url: str = Field(description="La página en que se hace, sin el servidor; vacía si no tiene.")
    due_on: date | None
    days_left: int | None
    words: str
    person_id: UUID | None


class TrayShown(Shown):
    on: date
    items: list[ThingToDo]
    is_whole: bool = Field(description="Falso cuando hay más de los que se muestran.")


@operation(
    router,
    "GET",
    "/tray",
    Permission.CONSULTATION_READ,
    response=TrayShown,
    summary="Mi bandeja",
    description="Lo que el titular de la llave debe hacer, lo atrasado primero, con los días hábiles que quedan.",
)
def show_tray(request: ApiRequest) -> TrayShown:
    today = clock.today()
    tray = tray_of(request.actor, on=today, days=days_of(request.actor, on=today))
    if tray.people:
        log_reading(ReadEntry.Kind.LIST, shown=sorted(tray.people), note="bandeja")
    return TrayShown(
        on=tray.on,
        items=[
            ThingToDo(
                group=group.code,
                title=entry.item.title,
                detail=entry.item.detail,
                url=entry.item.url,
                due_on=entry.item.due_on,
                days_left=entry.term.left if entry.term else None,
                words=entry.words,
                person_id=entry.item.person_id,
            )
            for group in tray.groups
            for entry in group.entries
        ],
        is_whole=tray.is_whole,
    )
