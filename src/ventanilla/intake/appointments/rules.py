"""Which hours an agenda gives, and whether one of them can be given: pure, with reasons in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
SHORTEST, LONGEST = 5, 240
"""Minutes that an hour of the agenda may last."""
MOST_PEOPLE = 50
FARTHEST = timedelta(days=365)
"""How far ahead an hour is given: the calendar beyond is not decided yet."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same hours every week, on some weekdays (0 is Monday), from a day until another."""

    weekdays: frozenset[int]
    starts_at: time
    ends_at: time
    minutes: int
    from_on: date
    until_on: date | None = None

    def is_in_force_on(self, day: date) -> bool:
        return (
            day.weekday() in self.weekdays and day >= self.from_on and (self.until_on is None or day <= self.until_on)
        )

    def hours(self) -> Iterator[time]:
        """When each begins; the last one ends within the pattern."""
        beginning, end = _minutes(self.starts_at), _minutes(self.ends_at)
        for minute in range(beginning, end - self.minutes + 1, self.minutes):
            yield time(minute // 60, minute % 60)

    def crosses(self, other: "Pattern") -> bool:
        """Whether some day both give hours at the same time."""
        return (
            bool(self.weekdays & other.weekdays)
            and self.starts_at < other.ends_at
            and other.starts_at < self.ends_at
            and (self.until_on is None or other.from_on <= self.until_on)
            and (other.until_on is None or self.from_on <= other.until_on)
        )

    def __str__(self) -> str:
        """«lunes a viernes, 09:00 a 13:00»."""
        return f"{days_in_words(self.weekdays)}, {self.starts_at:%H:%M} a {self.ends_at:%H:%M}"


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def days_in_words(weekdays: frozenset[int]) -> str:
    """«lunes a viernes», «martes y jueves»."""
    days = sorted(weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} a {WEEKDAYS[days[-1]]}"
    names = [WEEKDAYS[day] for day in days]
    return " y ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def instant(day: date, hour: time, zone: tzinfo) -> datetime | None:
    """That hour of the clock on that day; None on the night when clocks jump over it."""
    moment = datetime.combine(day, hour, zone)
    real = moment.astimezone(UTC).astimezone(zone)
    return moment if (real.date(), real.time()) == (day, hour) else None


def objection_to_pattern(pattern: Pattern, capacity: int) -> tuple[str, str] | None:
    """The field and what is wrong with it, if the hours cannot be offered so."""
    if not pattern.weekdays:
        return "weekdays", "Elija al menos un día de la semana."
    if pattern.ends_at <= pattern.starts_at:
        return "ends_at", "La hora de término debe ser posterior a la de inicio."
    if not SHORTEST <= pattern.minutes <= LONGEST:
        return "minutes", f"Cada hora dura entre {SHORTEST} y {LONGEST} minutos."
    if next(pattern.hours(), None) is None:
        return "minutes", "Entre el inicio y el término no cabe ninguna hora de esa duración."
    if not 1 <= capacity <= MOST_PEOPLE:
        return "capacity", f"Pueden ser entre 1 y {MOST_PEOPLE} personas por hora."
    if pattern.until_on and pattern.until_on < pattern.from_on:
        return "until_on", "El último día no puede ser anterior al primero."
    return None


def objection_to_hour(starts_at: datetime, *, now: datetime, is_worked: bool) -> str | None:
    """Why nobody can be given that hour, whatever the agenda says; ``starts_at`` is local."""
    if starts_at <= now:
        return "Esa hora ya pasó. Elija una que venga."
    if starts_at - now > FARTHEST:
        return "Se dan horas hasta con un año de anticipación."
    if not is_worked:
        return f"El {starts_at:%d-%m-%Y} no se atiende. Elija otro día."
    return None


def first_free_place(taken: Sequence[int], capacity: int) -> int | None:
    """Which of the places 1 to ``capacity`` of an hour is free; None when it is full."""
    held = set(taken)
    return next((place for place in range(1, capacity + 1) if place not in held), None)


def spoken(starts_at: datetime) -> str:
    """«lunes 23-11-2026 a las 10:30»; ``starts_at`` is local."""
    return f"{WEEKDAYS[starts_at.weekday()]} {starts_at:%d-%m-%Y} a las {starts_at:%H:%M}"
