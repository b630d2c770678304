"""Working days: which days are worked, when a term ends, how many days of it are left."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_SATURDAY = 5


class Standing(StrEnum):
    """How a term stands on a day."""

    LATE = "late"
    TODAY = "today"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Term:
    """What is left of a term on a day: working days, how it stands, and both in words and colour."""

    due_on: date
    left: int
    standing: Standing

    @property
    def words(self) -> str:
        """«2 días hábiles de atraso», «Hoy», «3 días hábiles»; «Vencido» while no working day has gone by since."""
        if self.left == 0:
            return "Vencido" if self.standing is Standing.LATE else "Hoy"
        return in_words(self.left)

    @property
    def tone(self) -> str:
        return _TONES[self.standing]


_TONES = {Standing.LATE: "bad", Standing.TODAY: "warn", Standing.COMING: ""}


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Saturdays and Sundays are not worked, nor the days ``closed``; those ``opened`` are, whatever day they are."""

    closed: frozenset[date]
    opened: frozenset[date] = frozenset()

    def includes(self, day: date) -> bool:
        return day in self.opened or (day.weekday() < _SATURDAY and day not in self.closed)

    def first_from(self, day: date) -> date:
        """The day itself if it is worked, else the next that is."""
        while not self.includes(day):
            day += _DAY
        return day

    def last_before(self, day: date) -> date:
        """The working day before it."""
        day -= _DAY
        while not self.includes(day):
            day -= _DAY
        return day

    def end_of_term(self, day: date, days: int) -> date:
        """The last day of a term of so many working days; it runs from the day after ``day`` (Ley 19.880 art. 25)."""
        for _ in range(days):
            day = self.first_from(day + _DAY)
        return day

    def left(self, day: date, due: date) -> int:
        """Working days from ``day``, without it, to ``due``; negative those that have gone by since it was due."""
        if due < day:
            return -self.left(due, day)
        closed = sum(day < off <= due and off.weekday() < _SATURDAY for off in self.closed - self.opened)
        opened = sum(day < on <= due and on.weekday() >= _SATURDAY for on in self.opened)
        return _weekdays(day, due) - closed + opened

    def term(self, due: date, *, on: date) -> Term:
        """How a term stands; one that ends on a day not worked is of today if no other working day comes before."""
        left = self.left(on, due)
        if due < on:
            return Term(due, left, Standing.LATE)
        return Term(due, left, Standing.TODAY if left == 0 else Standing.COMING)


def _weekdays(day: date, due: date) -> int:
    """From Monday to Friday, those after ``day`` until ``due``."""
    weeks, rest = divmod((due - day).days, 7)
    return weeks * 5 + sum((day.weekday() + number) % 7 < _SATURDAY for number in range(1, rest + 1))


def in_words(left: int) -> str:
    """«3 días hábiles», «hoy», «2 días hábiles de atraso»."""
    if left == 0:
        return "hoy"
    days = "1 día hábil" if abs(left) == 1 else f"{abs(left)} días hábiles"
    return days if left > 0 else f"{days} de atraso"
