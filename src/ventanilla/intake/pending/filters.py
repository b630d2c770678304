"""Which of the unit's pending work a page asks for, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.core.ids import parse_uuid
from ventanilla.intake.models.lines import ReasonLineQuerySet
from ventanilla.intake.pending.reading import PendingLine
from ventanilla.intake.states import Outcome

MINE, NOBODYS = "mios", "nadie"
WHAT = {
    "documentos": Outcome.WAITING_DOCUMENTS,
    "unidad": Outcome.NEEDS_UNIT,
    "caso": Outcome.NEEDS_CASE,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose (everybody's, mine, nobody's, a colleague's by her account), of which kind, only what is late."""

    whose: str = ""
    what: str = ""
    only_late: bool = False

    @property
    def query(self) -> str:
        """The same, to go in an address; empty when all is wanted."""
        chosen = {"de": self.whose, "que": self.what, "atrasados": "1" if self.only_late else ""}
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def suffix(self) -> str:
        """What follows the address of the page."""
        return f"?{self.query}" if self.query else ""

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def of(self, found: ReasonLineQuerySet, *, by: Actor, on: date) -> ReasonLineQuerySet:
        """Those wanted of the lines found, soonest first."""
        if self.what:
            found = found.filter(outcome=WHAT[self.what])
        if self.only_late:
            found = found.filter(due_on__lt=on)
        if self.whose == NOBODYS:
            return found.of_nobody()
        if self.whose:
            found = found.filter(assigned_to=by.account_id if self.whose == MINE else UUID(self.whose))
        return found.soonest_first()


def read_wanted(address: Mapping[str, str]) -> Wanted:
    """What is not understood is not asked for."""
    whose, what = address.get("de", ""), address.get("que", "")
    if whose not in (MINE, NOBODYS) and parse_uuid(whose) is None:
        whose = ""
    return Wanted(whose, what if what in WHAT else "", address.get("atrasados") == "1")


def after(found: ReasonLineQuerySet, cursor: str) -> ReasonLineQuerySet:
    """Those that follow the row of the cursor; an address that somebody cut or changed begins at the first."""
    day, _, last_id = cursor.partition("_")
    try:
        due_on, last = date.fromisoformat(day), UUID(last_id)
    except ValueError:
        return found
    return found.filter(Q(due_on__gt=due_on) | Q(id__gt=last), due_on__gte=due_on)


def cursor_of(line: PendingLine) -> str:
    return f"{line.due_on}_{line.id}"
