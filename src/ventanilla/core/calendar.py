"""Working days: which days are worked, when a term ends, how many days of it are left."""

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


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

    def end_of_term(self, day: date, days: int) -> date:
        """The last day of a term of so many working days; it runs from the day after ``day`` (Ley 19.880 art. 25)."""
        for _ in range(days):
            day = self.first_from(day + _DAY)
        return day

    def left(self, day: date, due: date) -> int:
        """Working days from ``day``, without it, to ``due``; negative those that have gone by since it was due."""
        if due < day:
            return -self.left(due, day)
        return sum(self.includes(day + _DAY * number) for number in range(1, (due - day).days + 1))


def in_words(left: int) -> str:
    """«3 días hábiles», «hoy», «2 días hábiles de atraso»."""
    if left == 0:
        return "hoy"
    days = "1 día hábil" if abs(left) == 1 else f"{abs(left)} días hábiles"
    return days if left > 0 else f"{days} de atraso"
