"""Who the rows without RUN of a file may be, asked of all of them at once and always by an index."""
# ruff: noqa: S608 - the piece put together is our own; values travel as parameters

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.registry.merging.likeness import Likeness, Traits, compare, traits
from ventanilla.registry.models import ContactPoint, Person
from ventanilla.registry.name_key import search_key
from ventanilla.registry.vocabulary import ContactKind

MOST_ROWS = 5_000
"""Rows asked about at once: what runs while somebody waits has an end."""

MOST_EACH = 50
"""People that an index gives for one row, of whom the likeliest are told."""

TOLD_EACH = 5


@dataclass(frozen=True, slots=True)
class Sought:
    """What a row says of somebody; the key is whatever tells it apart from the others, as its number."""

    key: int
    given_names: str
    first_surname: str = ""
    second_surname: str = ""
    social_name: str = ""
    birth_on: date | None = None
    sex: str = ""
    phone: str | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody registered who may be the one sought, with the weight and the evidence for it."""

    person_id: UUID
    likeness: Likeness


@dataclass(slots=True)
class _Asked:
    """The rows as columns, as PostgreSQL takes them."""

    keys: list[int] = field(default_factory=list)
    births: list[date | None] = field(default_factory=list)
    swapped: list[date | None] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)


# Each row is a few look-ups by equality, the only comparison that uses an index under row-level security.
_REGISTERED = """p.merged_into_id is null and not p.processing_blocked
        and (%(before)s::timestamptz is null or p.recorded_at < %(before)s)"""
_FIND = f"""
select s.key, found.id from unnest(%(keys)s::int[], %(births)s::date[], %(swapped)s::date[], %(sounds)s::text[])
    s (key, birth, swapped, sound)
cross join lateral (
    (select p.id from registry_person p where p.institution_id = %(institution)s and p.birth_on = s.birth
        and {_REGISTERED} limit %(most)s)
    union
    (select p.id from registry_person p where p.institution_id = %(institution)s and p.birth_on = s.swapped
        and {_REGISTERED} limit %(most)s)
    union
    (select p.id from registry_person p where p.institution_id = %(institution)s and p.search_key = s.sound
        and {_REGISTERED} limit %(most)s)
) found
"""


def candidates_for(
    batch: Sequence[Sought], *, by: Actor, before: datetime | None = None
) -> Mapping[int, Sequence[Likely]]:
    """By the key of each row, who of those registered (``before`` a moment) it may be, the likeliest first; without a
    key, nobody.

    Found by birth date, by that date with day and month changed over, or by a name that sounds the same; a misspelt
    name with another birth date is left to the search over all. Blocked people are nobody's candidates.
    """
    require(by, Permission.LOAD_RUN)
    if len(batch) > MOST_ROWS:
        raise ValueError(f"at most {MOST_ROWS} rows at once")
    asked = _Asked()
    for row in batch:
        asked.keys.append(row.key)
        asked.births.append(row.birth_on)
        asked.swapped.append(_swapped(row.birth_on))
        asked.sounds.append(search_key(row.given_names, row.first_surname, row.second_surname, row.social_name))
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "keys": asked.keys,
                "births": asked.births,
                "swapped": asked.swapped,
                "sounds": asked.sounds,
                "institution": by.institution,
                "most": MOST_EACH,
                "before": before,
            },
        )
        pairs = cursor.fetchall()
    known = _traits_of({person_id for _, person_id in pairs})
    sought = {row.key: _traits_sought(row) for row in batch}
    found: dict[int, list[Likely]] = {}
    for key, person_id in pairs:
        likeness = compare(sought[key], known[person_id])
        if likeness.is_worth_a_look:
            found.setdefault(key, []).append(Likely(person_id, likeness))
    return {key: sorted(likely, key=_likeliest)[:TOLD_EACH] for key, likely in found.items()}


def _likeliest(one: Likely) -> tuple[float, UUID]:
    return -one.likeness.weight, one.person_id


def _swapped(day: date | None) -> date | None:
    return day.replace(month=day.day, day=day.month) if day and day.day <= 12 else None


def _traits_sought(row: Sought) -> Traits:
    return traits(
        run=row.run,
        given_names=row.given_names,
        first_surname=row.first_surname,
        second_surname=row.second_surname,
        birth_on=row.birth_on,
        sex=row.sex,
        phone=row.phone,
    )


def _traits_of(people: set[UUID]) -> dict[UUID, Traits]:
    phones = dict(
        ContactPoint.objects.filter(
            person__in=people, kind=ContactKind.PHONE, secrecy="ordinary", ended_on__isnull=True
        )
        .order_by("as_of", "id")
        .values_list("person_id", "value")
    )
    return {
        person.pk: traits(
            run=person.run,
            given_names=person.given_names,
            first_surname=person.first_surname,
            second_surname=person.second_surname,
            birth_on=person.birth_on,
            sex=person.sex,
            phone=phones.get(person.pk),
        )
        for person in Person.objects.filter(pk__in=people)
    }
