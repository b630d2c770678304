"""What is late and what may be noted of a contact: pure decisions, in words an operator can repeat."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

OLD_AFTER = 3
"""Days without an answer from which a contact that has no due date is marked. The house's."""
EARLIEST = timedelta(days=365)
NOON = time(12)
_PHONE = re.compile(r"\+?\d[\d ()-]{6,16}\d")


@dataclass(frozen=True, slots=True)
class Urgency:
    """How a contact stands with time: ``tone`` is bad when it is overdue, warn when it is about to be."""

    words: str
    tone: str = ""

    @property
    def is_overdue(self) -> bool:
        return self.tone == "bad"


def urgency(due_on: date | None, received_on: date, today: date) -> Urgency:
    """By the date somebody set; without one, by the age of the contact in plain days."""
    if due_on is None:
        age = (today - received_on).days
        return Urgency(_ago(age), "warn" if age >= OLD_AFTER else "")
    left = (due_on - today).days
    if left < 0:
        return Urgency(f"{_days(-left)} de atraso", "bad")
    if left <= 1:
        return Urgency(("Vence hoy", "Vence mañana")[left], "warn")
    return Urgency(f"Vence en {_days(left)}")


def _days(count: int) -> str:
    return "1 día" if count == 1 else f"{count} días"


def _ago(days: int) -> str:
    return ("Hoy", "Ayer")[max(days, 0)] if days <= 1 else f"Hace {days} días"


def awaited_on(due_on: date | None, received_on: date) -> date:
    """The day by which contacts are put in order: when it is due, or from when it is old."""
    return due_on or received_on + timedelta(days=OLD_AFTER)


def moment_of(day: date | None, hour: time | None, now: datetime) -> datetime:
    """When it came in. Of a letter one knows the day: it counts as noon, or as now when that has not come.

    ``now`` is in the institution's time zone.
    """
    if day is None and hour is None:
        return now
    day = day or now.date()
    at = datetime.combine(day, hour or NOON, tzinfo=now.tzinfo)
    return min(at, now) if hour is None and day == now.date() else at


def objections_to_dates(received_at: datetime, document_on: date | None, now: datetime) -> Iterator[tuple[str, str]]:
    """Field and sentence for each date that cannot be. ``now`` is in the institution's time zone."""
    if received_at > now:
        yield "received_on", "No pudo llegar en el futuro. Revise el día y la hora."
    elif now - received_at > EARLIEST:
        yield "received_on", "Llegó hace más de un año. Revise el año."
    if document_on and document_on > now.date():
        yield "document_on", "La fecha del documento está en el futuro. Revise el año."


def names_of(text: str) -> tuple[str, str, str]:
    """Given names and surnames of a name as it was said; whoever registers it sees the guess and corrects it."""
    words = text.split()
    if len(words) <= 2:
        return " ".join(words[:1]), " ".join(words[1:]), ""
    return " ".join(words[:-2]), words[-2], words[-1]


def phone_in(text: str) -> str:
    """The telephone in what was said of where to answer; empty when there is none."""
    found = _PHONE.search(text)
    return found[0] if found else ""
