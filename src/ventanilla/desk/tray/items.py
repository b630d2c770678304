"""One thing to do, and how many of them make a tray: late first, then today, then what is coming."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ventanilla.core.calendar import Standing, Term, WorkingDays

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be done, where, about whom and until when.

    ``words`` stand in the place of the working days left, ``note`` in the place of the day. ``person_id`` is whoever
    the item names: the look is logged.
    """

    icon: str
    title: str
    url: str = ""
    detail: str = ""
    due_on: date | None = None
    words: str = ""
    note: str = ""
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with what is left of its term on the day of the tray."""

    item: Item
    term: Term | None

    @property
    def words(self) -> str:
        return self.item.words or (self.term.words if self.term else "")

    @property
    def tone(self) -> str:
        return self.term.tone if self.term else ""

    @property
    def is_late(self) -> bool:
        return self.term is not None and self.term.standing is Standing.LATE


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    title: str
    tone: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Tray:
    """The first ``SHOWN`` things to do. ``is_whole`` tells whether there are no more."""

    on: date
    groups: Sequence[Group]
    is_whole: bool

    @property
    def entries(self) -> list[Entry]:
        return [entry for group in self.groups for entry in group.entries]

    @property
    def late(self) -> int:
        return sum(entry.is_late for entry in self.entries)

    @property
    def in_words(self) -> str:
        """«11 asuntos, 2 atrasados»."""
        number = len(self.entries)
        if not number:
            return "Nada pendiente"
        things = "1 asunto" if number == 1 else f"{number} asuntos" if self.is_whole else f"Más de {SHOWN} asuntos"
        return f"{things}, {self.late} {'atrasado' if self.late == 1 else 'atrasados'}" if self.late else things

    @property
    def people(self) -> set[UUID]:
        """Whom it names."""
        return {entry.item.person_id for entry in self.entries if entry.item.person_id}


_GROUPS = (
    (Standing.LATE, "Atrasado", "bad"),
    (Standing.TODAY, "Hoy", "warn"),
    (Standing.COMING, "Próximos días hábiles", "info"),
    (None, "Sin plazo", ""),
)


def arrange(items: Iterable[Item], *, on: date, days: WorkingDays) -> Tray:
    """The soonest first; what has no term comes last, in the order in which it was found."""
    entries = [Entry(item, days.term(item.due_on, on=on) if item.due_on else None) for item in items]
    entries.sort(key=lambda entry: entry.item.due_on or date.max)
    shown = entries[:SHOWN]
    groups = []
    for standing, title, tone in _GROUPS:
        theirs = [entry for entry in shown if (entry.term.standing if entry.term else None) is standing]
        if theirs:
            groups.append(Group(standing.value if standing else "open", title, tone, theirs))
    return Tray(on, groups, is_whole=len(entries) <= SHOWN)
