"""The only place that reads the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Now
from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("clock_standing", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _standing.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """The clock stands still: for what must be written of any moment (``access.written``)."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def today(zone: str | None = None) -> date:
    """The calendar day at ``zone`` (an IANA name), or where the current institution is."""
    where = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return now().astimezone(where).date()


def day_of(moment: datetime) -> date:
    """The day that it was then where the current institution is."""
    return moment.astimezone(timezone.get_current_timezone()).date()


def age_on(born_on: date, day: date) -> int:
    """Completed years. Someone born on 29 February has her birthday on 1 March of common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def of_the_database() -> Now:
    """The moment as the database knows it, for a column that is compared with its logs."""
    return Now()
