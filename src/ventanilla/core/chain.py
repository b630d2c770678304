"""What is told of the sealed chain: its seals by month, its heads, and since when something waits to be sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from ventanilla.core.models import AuditEvent, Seal
from ventanilla.core.seals import LOGS, table_of

WAITS_TOO_LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """The whole days of one month, where one is."""

    first: date

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in it."""
        return self.next.starts_at

    @property
    def next(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    def __str__(self) -> str:
        """As it is written in addresses and commands: ``2026-10``."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{_MONTHS[self.first.month - 1]} de {self.first.year}"


_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
    *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def month_of(day: date) -> Month:
    return Month(day.replace(day=1))


def parse_month(text: str) -> Month | None:
    """``2026-10``; None when it is no month."""
    try:
        return Month(datetime.strptime(text, "%Y-%m").date())  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed of one log in a month, and the head of its chain when the month ended or so far."""

    log: Seal.Log
    month: Month
    seals: int
    entries: int
    head: str
    sealed_at: datetime | None


def sealed_by_month(log: Seal.Log, *, most: int = 24) -> list[Sealed]:
    """The newest months in which something was sealed."""
    by_month = Seal.objects.filter(log=log).annotate(month=TruncMonth("sealed_at")).values("month")
    found = by_month.annotate(seals=Count("id"), entries=Sum("count"), last=Max("number"), at=Max("sealed_at"))
    months = list(found.order_by("-month")[:most])
    digests = dict(Seal.objects.filter(log=log, number__in=[m["last"] for m in months]).values_list("number", "digest"))
    return [
        Sealed(
            log,
            month_of(m["month"].date()),
            m["seals"],
            m["entries"],
            _head(log, m["last"], digests[m["last"]]),
            m["at"],
        )
        for m in months
    ]


def sealed_in(log: Seal.Log, month: Month) -> Sealed:
    """Also of a month in which nothing was sealed: its head is then that of the months before."""
    before = Seal.objects.filter(log=log, sealed_at__lt=month.ends_at)
    here = before.filter(sealed_at__gte=month.starts_at).aggregate(seals=Count("id"), entries=Sum("count"))
    last = before.order_by("-number").values_list("number", "digest", "sealed_at").first()
    head, sealed_at = (_head(log, last[0], last[1]), last[2]) if last else ("", None)
    return Sealed(log, month, here["seals"], here["entries"] or 0, head, sealed_at)


def _head(log: Seal.Log, number: int, digest: bytes | memoryview) -> str:
    return f"{log}:{number}:{bytes(digest).hex()}"


def redactions() -> QuerySet[AuditEvent]:
    """The traces of what was erased by law: nothing else writes of the logs in the audit."""
    return AuditEvent.objects.filter(table_name__in=[table_of(log) for log in LOGS], op="U")


def waiting_since(log: Seal.Log, entries: QuerySet[Any]) -> datetime | None:
    """The hour of the oldest of these entries that came after the last seal."""
    last: int | None = Seal.objects.filter(log=log).aggregate(last=Max("last_id"))["last"]
    return entries.filter(pk__gt=last or 0).order_by("pk").values_list("at", flat=True).first()


def overdue(waiting: Sequence[datetime | None], *, now: datetime) -> datetime | None:
    """The oldest of what waits, if it has waited for more than a day."""
    oldest = min((moment for moment in waiting if moment is not None), default=None)
    return oldest if oldest is not None and now - oldest > WAITS_TOO_LONG else None
