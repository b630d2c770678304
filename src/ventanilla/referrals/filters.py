"""Which referrals of a unit a page asks for, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet

from ventanilla.access.actors import Actor
from ventanilla.core import clock
from ventanilla.core.ids import parse_uuid
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.states import TO_ACCEPT, ReferralState

S = TypeVar("S", bound=QuerySet[Any])

IN, OUT, ENDED_IN, ENDED_OUT = "entrada", "salida", "terminadas", "respondidas"
BOXES = {IN: "Entrada", OUT: "Salida", ENDED_IN: "Terminadas aquí", ENDED_OUT: "Respondidas a nosotros"}
MINE, NOBODYS = "mias", "nadie"
STAGES = {
    "por-aceptar": ("Por aceptar", TO_ACCEPT),
    "aceptadas": ("Aceptadas", frozenset({ReferralState.ACCEPTED, ReferralState.NO_SHOW})),
    "en-atencion": ("En atención", frozenset({ReferralState.IN_ATTENTION})),
    "devueltas": ("Devueltas", frozenset({ReferralState.RETURNED})),
}
"""The columns of the board, left to right."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which box; whose (everybody's, mine, nobody's); with which other unit; at which stage; only what is late."""

    box: str = IN
    whose: str = ""
    unit: UUID | None = None
    stage: str = ""
    only_late: bool = False
    is_board: bool = False

    @property
    def query(self) -> str:
        chosen = {
            "caja": "" if self.box == IN else self.box,
            "de": self.whose,
            "unidad": str(self.unit or ""),
            "etapa": self.stage,
            "atrasadas": "1" if self.only_late else "",
            "vista": "tablero" if self.is_board else "",
        }
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def suffix(self) -> str:
        return f"?{self.query}" if self.query else "?"

    @property
    def is_narrow(self) -> bool:
        return bool(self.whose or self.unit or self.stage or self.only_late)

    @property
    def is_ended(self) -> bool:
        return self.box in (ENDED_IN, ENDED_OUT)

    @property
    def is_in(self) -> bool:
        return self.box in (IN, ENDED_IN)

    def of(self, found: ReferralQuerySet, *, by: Actor) -> ReferralQuerySet:
        """Those of the actor's unit, soonest first; of what ended, the newest first."""
        found = found.sent_to(by.unit_id) if self.is_in else found.sent_from(by.unit_id)
        found = found.ended() if self.is_ended else found.open()
        if self.unit:
            there = Q(to_unit=self.unit) | Q(to_provider=self.unit)
            found = found.filter(from_unit=self.unit) if self.is_in else found.filter(there)
        if self.whose == MINE:
            found = found.filter(Q(assigned_to=by.account_id) if self.is_in else Q(sent_by=by.account_id))
        elif self.whose == NOBODYS:
            found = found.filter(assigned_to__isnull=True)
        if self.stage and not self.is_ended:
            found = found.filter(state__in=sorted(STAGES[self.stage][1]))
        if self.only_late and not self.is_ended:
            found = found.filter(due_on__lt=clock.today())
        return found.order_by("-ended_at", "-id") if self.is_ended else found.soonest_first()


def read_wanted(address: Mapping[str, str]) -> Wanted:
    """What is not understood is not asked for."""
    box, whose = address.get("caja", IN), address.get("de", "")
    unit, stage = address.get("unidad", ""), address.get("etapa", "")
    return Wanted(
        box=box if box in BOXES else IN,
        whose=whose if whose in (MINE, NOBODYS) else "",
        unit=parse_uuid(unit),
        stage=stage if stage in STAGES else "",
        only_late=address.get("atrasadas") == "1",
        is_board=address.get("vista") == "tablero",
    )


class InOrder(Protocol):
    """What has a place in a box: by its term while it is open, by its end afterwards."""

    @property
    def id(self) -> UUID: ...

    @property
    def due_on(self) -> date: ...

    @property
    def ended_at(self) -> datetime | None: ...


def after(found: S, cursor: str, *, is_ended: bool) -> S:
    """Those that follow the row of the cursor; an address that somebody cut or changed begins at the first."""
    last = row_of(cursor, is_ended=is_ended)
    return following(found, *last) if last else found


def row_of(cursor: str, *, is_ended: bool) -> tuple[date, UUID] | None:
    """Its place, by its term or, as a moment, by its end; and its id."""
    text, _, row_id = cursor.partition("_")
    try:
        place = datetime.fromisoformat(text.replace(" ", "+")) if is_ended else date.fromisoformat(text)
        return place, UUID(row_id)
    except ValueError:
        return None


def following(found: S, place: date, row_id: UUID) -> S:
    if isinstance(place, datetime):
        return found.filter(Q(ended_at__lt=place) | Q(id__lt=row_id), ended_at__lte=place)
    return found.filter(Q(due_on__gt=place) | Q(id__gt=row_id), due_on__gte=place)


def cursor_of(row: InOrder) -> str:
    return f"{row.ended_at.isoformat() if row.ended_at else row.due_on}_{row.id}"
