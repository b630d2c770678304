"""The whole timeline of a person or of her home, by pages that begin where the last one ended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.benefits.models import DeliveryQuerySet
from ventanilla.core import clock
from ventanilla.intake.models.consultations import ConsultationQuerySet
from ventanilla.intake.reading import reads_content_of
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.registry.homes import current_memberships
from ventanilla.registry.models import Person
from ventanilla.registry.profiles import Profile, needed_for
from ventanilla.registry.reading import log_reading, require_purpose
from ventanilla.screening import events
from ventanilla.screening.compile import logged_as
from ventanilla.screening.events import CONSULTED, DELIVERED, REFERRED, STAMP, Event, EventKind, Key
from ventanilla.screening.rows import consultations_of, deliveries_of, facts_of, referrals_of, within

Told = TypeVar("Told", ConsultationQuerySet, ReferralQuerySet)

EVENTS = 30
EARLIEST, LATEST = 1900, 2100
"""The years that may be asked for."""


class Whom(StrEnum):
    HOME = "home"
    PERSON = "person"


KINDS: dict[Profile, tuple[EventKind, ...]] = {
    Profile.SUMMARY: tuple(kind for kind in EventKind if kind is not EventKind.DELIVERY),
    Profile.FULL: tuple(EventKind),
}
"""What each profile may be told of, and hence filter by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: of whom, of one kind or of all, of one year or of all, and after which one the page begins."""

    whom: Whom = Whom.HOME
    kind: EventKind | None = None
    year: int | None = None
    before: Key | None = None

    def has(self, kind: EventKind) -> bool:
        return self.kind in (None, kind)


@dataclass(frozen=True, slots=True)
class History:
    """A page of the timeline. ``next_key`` is empty on the last."""

    person: Person
    profile: Profile
    events: Sequence[Event]
    has_home: bool
    next_key: Key | None


def open_history(person: Person, *, by: Actor, profile: Profile, asked: Asked) -> History:
    """A page of it for somebody who has a ground to read the record, and log that she did."""
    require(by, needed_for(profile), person)
    purpose = require_purpose(person, by=by)
    memberships = current_memberships(person, by=by)
    home = memberships[0].home if memberships and asked.whom is Whom.HOME else None
    people = [member.person for member in memberships] if home else [person]
    on = clock.today()

    found: list[Event] = []
    if asked.has(EventKind.CONSULTATION):
        theirs = consultations_of(people, profile=profile, by=by)
        rows = _older(theirs, asked, moment="occurred_at", rank=CONSULTED).with_lines()
        consultations = list(rows.select_related("person", "recorded_by").newest_first()[: EVENTS + 1])
        is_full = profile is Profile.FULL
        found += events.of_consultations(consultations, is_full=is_full, opens=lambda one: reads_content_of(one, by=by))
    if asked.has(EventKind.REFERRAL):
        sent = _older(referrals_of(people, profile=profile, by=by), asked, moment="sent_at", rank=REFERRED)
        referrals = sent.select_related("person", "from_unit", "to_unit", "to_provider").order_by("-sent_at", "-id")[
            : EVENTS + 1
        ]
        found += events.of_referrals(referrals, is_full=profile is Profile.FULL, unit_id=by.unit_id)
    if asked.has(EventKind.DELIVERY) and profile is Profile.FULL:
        given = _delivered_before(deliveries_of(people, home, by=by), asked)
        found += events.of_deliveries(given.select_related("person")[: EVENTS + 1])
    if asked.kind not in (EventKind.CONSULTATION, EventKind.REFERRAL, EventKind.DELIVERY):
        found += events.of_facts(within(profile, list(facts_of(people, home, by=by).select_related("person"))), on=on)
        found += events.of_home(memberships if home else [m for m in memberships if m.person_id == person.pk])
        found.append(events.of_registration(person))

    page = events.newest(_asked_for(found, asked), EVENTS + 1, before=asked.before)
    log_reading(logged_as(profile), of=person, shown=[one.pk for one in people], purpose=purpose, note="historia")
    next_key = page[EVENTS - 1].key if len(page) > EVENTS else None
    return History(person, profile, page[:EVENTS], bool(memberships), next_key)


def _asked_for(found: Sequence[Event], asked: Asked) -> Iterator[Event]:
    for event in found:
        if asked.has(event.kind) and (asked.year is None or event.on.year == asked.year):
            yield event


def _older(found: Told, asked: Asked, *, moment: str, rank: int) -> Told:
    """Those of the year that come after the last event of the page before, or together with it."""
    if asked.year:
        first, next_first = _midnight(date(asked.year, 1, 1)), _midnight(date(asked.year + 1, 1, 1))
        found = found.filter(**{f"{moment}__gte": first, f"{moment}__lt": next_first})
    if (key := asked.before) is None:
        return found
    if not key.stamp:  # a day without an hour is told after everything of that day that has one
        return found.filter(**{f"{moment}__lt": _midnight(key.on)})
    at = _instant(key.stamp)
    if key.rank == rank:
        found = found.filter(Q(**{f"{moment}__lt": at}) | Q(id__lt=key.id))
    return found.filter(**{f"{moment}__lte": at})


def _delivered_before(deliveries: DeliveryQuerySet, asked: Asked) -> DeliveryQuerySet:
    if asked.year:
        deliveries = deliveries.filter(
            delivered_on__gte=date(asked.year, 1, 1), delivered_on__lte=date(asked.year, 12, 31)
        )
    if (key := asked.before) is None:
        return deliveries
    older = Q(delivered_on__lt=key.on)
    if key.rank > DELIVERED:
        older |= Q(delivered_on=key.on)
    elif key.rank == DELIVERED:
        older |= Q(delivered_on=key.on, id__lt=key.id)
    return deliveries.filter(older)


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# A page's beginning, in an address


def write_key(key: Key) -> str:
    """An opaque text that holds nothing of anybody."""
    return urlsafe_b64encode("~".join((key.on.isoformat(), key.stamp, str(key.rank), key.id)).encode()).decode()


def read_key(text: str) -> Key | None:
    """None unless the text was made by ``write_key``: an address that somebody cut or changed."""
    try:
        on, stamp, rank, last_id = urlsafe_b64decode(text.encode()).decode().split("~")
        key = Key(date.fromisoformat(on), stamp, int(rank), last_id)
        if stamp:
            _instant(stamp)
        if key.rank in (REFERRED, CONSULTED, DELIVERED):
            UUID(key.id)
    except ValueError:
        return None
    return key
