"""The day of a unit in figures, from its consultations: also for offices that give no numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import mean, median

from django.db.models import Q
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import ENDED, ConsultationState

COUNTED = frozenset({ConsultationState.IN_ATTENTION}) | ENDED
"""What was voided or abandoned is in no figure."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What one operator, or the whole unit, attended to its end; minutes are None while nobody was."""

    label: str
    attended: int
    mean: int | None
    median: int | None


@dataclass(frozen=True, slots=True)
class DayOfUnit:
    """``before`` is how many had been attended at this same hour on the last working day before."""

    on: date
    at: datetime
    total: Handled
    before: int
    before_on: date
    in_attention: int
    by_hour: Sequence[tuple[str, int, bool]]
    by_operator: Sequence[Handled]

    @property
    def is_before_yesterday(self) -> bool:
        return self.before_on == self.on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Seen:
    began: datetime
    ended: datetime | None
    operator: str


def day_of_unit(on: date, *, by: Actor, now: datetime, days: WorkingDays) -> DayOfUnit:
    """The figures of the actor's unit on that day until now, in two queries; minutes go from the start to the end.

    An attention counts on the day when it ended; who came counts at the hour when her attention began. What began
    before the last working day is not looked for, and what is above the actor's secrecy is not counted.
    """
    require(by, Permission.ROOM_OVERSEE)
    require(by, Permission.CONSULTATION_READ)
    before_on = days.last_before(on)
    today, before = _midnight(on), _midnight(before_on)
    lately = Consultation.objects.visible_to(by).of_unit(by.unit_id).filter(state__in=sorted(COUNTED)).order_by()
    of_today = lately.filter(Q(occurred_at__gte=today) | Q(attended_at__gte=today), occurred_at__range=(before, now))
    seen = [
        _Seen(timezone.localtime(began), timezone.localtime(ended) if ended else None, _name(given, surnames))
        for began, ended, given, surnames in of_today.values_list(
            "occurred_at", "attended_at", "recorded_by__given_names", "recorded_by__surnames"
        )
    ]
    same_hour = now - timedelta(days=(on - before_on).days)
    ended = [one for one in seen if one.ended]
    begun = [one.began for one in seen if one.began >= today]
    return DayOfUnit(
        on=on,
        at=now,
        total=_handled("Toda la unidad", ended),
        before=lately.filter(occurred_at__gte=before, attended_at__range=(before, same_hour)).count(),
        before_on=before_on,
        in_attention=sum(one.ended is None for one in seen),
        by_hour=_by_hour(begun, timezone.localtime(now)),
        by_operator=[
            _handled(name, [one for one in ended if one.operator == name])
            for name in sorted({one.operator for one in ended})
        ],
    )


def _name(given_names: str | None, surnames: str | None) -> str:
    return f"{given_names or ''} {surnames or ''}".strip() or "Carga de datos"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _handled(label: str, seen: Iterable[_Seen]) -> Handled:
    minutes = [(one.ended - one.began).total_seconds() / 60 for one in seen if one.ended]
    if not minutes:
        return Handled(label, 0, None, None)
    return Handled(label, len(minutes), round(mean(minutes)), round(median(minutes)))


def _by_hour(began: Sequence[datetime], now: datetime) -> list[tuple[str, int, bool]]:
    """From the first hour in which somebody came to the present one, the empty hours between them too."""
    if not began:
        return []
    hours = [moment.hour for moment in began]
    first, last = min(hours), max(now.hour, *hours)
    return [(f"{hour} h", hours.count(hour), hour == now.hour) for hour in range(first, last + 1)]
