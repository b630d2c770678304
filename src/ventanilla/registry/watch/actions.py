"""Raising flags from the log, answering them, and saying that a notice was read."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.registry.models import Flag, FlagStep, Notice, ReadEntry, WatchMark
from ventanilla.registry.watch.finding import Sighting, sightings
from ventanilla.registry.watch.rules import limits
from ventanilla.registry.watch.states import ANSWERS, FLAG_LIFECYCLE, FlagKind, FlagState

FIRST_LOOK_BACK = timedelta(days=31)
SETTLED = timedelta(minutes=10)
"""A look committed later than this after its own hour would be missed; no request lasts so long."""
ENTRIES_AT_ONCE = 50_000
A_DAY = timedelta(days=1)
NOT_AGAIN_WITHIN = timedelta(minutes=1)
FEWEST_WORDS = 3


@transaction.atomic
def raise_flags(*, by: Actor) -> bool:
    """Go over the readings since the last time, some 50,000 at most; whether there is more to go over.

    Whole days are gone over again, so doing it twice changes nothing. What was answered is open again when the same
    operator looked again that day. Not done while another does it, nor within a minute of the last time.
    """
    require(by, Permission.FLAG_RAISE)
    now = clock.now()
    start = {"watched_until": now - FIRST_LOOK_BACK, "ran_at": now}
    made, _ = WatchMark.objects.get_or_create(institution_id=by.institution, defaults=start)
    mark = WatchMark.objects.select_for_update(skip_locked=True).filter(pk=made.pk).first()
    if mark is None or (mark.is_complete and now - mark.ran_at < NOT_AGAIN_WITHIN):
        return False
    since = _midnight_before(mark.watched_until - SETTLED)
    until = min(now, max(_enough_after(since, by) or now, mark.watched_until + A_DAY))
    _keep(list(sightings(by, since=since, until=until, limits=limits())), at=now)
    mark.watched_until, mark.ran_at = until, now
    mark.save()
    return until < now


def _enough_after(moment: datetime, by: Actor) -> datetime | None:
    """The hour at which what is gone over at once is full."""
    entries = ReadEntry.objects.filter(institution_id=by.institution, at__gte=moment).order_by("at")
    return entries.values_list("at", flat=True)[ENTRIES_AT_ONCE : ENTRIES_AT_ONCE + 1].first()


def _midnight_before(moment: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localtime(moment).date(), time.min))


def _keep(found: Sequence[Sighting], *, at: datetime) -> None:
    theirs = Flag.objects.filter(account__in={one.account_id for one in found}, day__in={one.day for one in found})
    known = {
        (flag.kind, flag.account_id, flag.person_id, flag.day): flag
        for flag in theirs.exclude(kind=FlagKind.BREAK_GLASS).select_for_update()  # somebody may be answering one
    }
    new, changed, steps = [], [], []
    for one in found:
        flag = known.get((one.kind, one.account_id, one.person_id, one.day))
        if flag is None:
            flag = Flag(kind=one.kind, account_id=one.account_id, person_id=one.person_id, day=one.day)
            new.append(flag)
            steps.append(FlagStep(flag=flag, after=FlagState.OPEN, at=at))
        elif flag.last_entry_id == one.last_entry_id:
            continue
        else:
            changed.append(flag)
            if flag.state in ANSWERS:
                steps.append(_step(flag, FlagState.OPEN, at=at, reason="Volvió a leer después de la respuesta."))
        for name in ("posting_id", "unit_id", "entries", "first_entry_id", "last_entry_id", "first_at", "last_at"):
            setattr(flag, name, getattr(one, name))
    Flag.objects.bulk_create(new)
    for flag in changed:
        flag.save()
    FlagStep.objects.bulk_create(steps)


@transaction.atomic
def answer_flag(flag: Flag, *, by: Actor, state: FlagState, reason: str) -> Flag:
    """Say that the readings are explained by the work, or that they were undue, and why. Nobody answers for herself."""
    flag.refresh_from_db(from_queryset=Flag.objects.select_for_update())
    require(by, Permission.FLAG_ANSWER, flag)
    if flag.account_id == by.account_id:
        raise NotAllowed("Nadie responde por sus propias lecturas.")
    if state not in ANSWERS:
        raise RuleBroken("Elija si está explicada o si fue indebida.", field="state")
    reason = " ".join(reason.split())
    if len(reason.split()) < FEWEST_WORDS:
        raise RuleBroken("Escriba por qué, en una frase.", field="reason")
    _step(flag, state, at=clock.now(), by=by, reason=reason).save(force_insert=True)
    flag.save()
    return flag


def _step(flag: Flag, after: FlagState, *, at: datetime, by: Actor | None = None, reason: str) -> FlagStep:
    """Move the flag, not yet saved, and give the step that tells it."""
    before = FlagState(flag.state)
    FLAG_LIFECYCLE.require(before, after, message="Ya estaba respondida. La respuesta anterior no cambió.")
    flag.state = after
    return FlagStep(
        flag=flag,
        before=before,
        after=after,
        at=at,
        account_id=by.account_id if by else None,
        posting_id=by.posting_id if by else None,
        reason=reason,
    )


@transaction.atomic
def acknowledge(notice: Notice, *, by: Actor) -> None:
    """The one it is for says that she read it; said again, the first time stays."""
    notice.refresh_from_db(from_queryset=Notice.objects.select_for_update())
    require(by, Permission.SESSION_USE)
    if notice.account_id != by.account_id:
        raise NotAllowed("Ese aviso es de otra persona.")
    if notice.seen_at is None:
        notice.seen_at = clock.now()
        notice.save()
