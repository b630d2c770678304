"""Opening, closing and requiring a purpose to read somebody's record, and leaving the trace of every look."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Func, IntegerField, QuerySet, When

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import current_actor, state_purpose
from ventanilla.access.written import written_once
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.statements import planned_once
from ventanilla.registry.homes import current_memberships
from ventanilla.registry.logs import ALL, READINGS, Wanted, newest_ids
from ventanilla.registry.models import Membership, Person, ReadEntry, ReadPurpose
from ventanilla.registry.vocabulary import Kinship

WRITTEN_REASON_LASTS = timedelta(hours=2)
CONSULTATION_LASTS = timedelta(hours=12)
"""A consultation left open overnight is resumed with a new purpose; none lives for ever."""
WRITING_UP = timedelta(minutes=30)
FEWEST_WORDS = 3
OF_AGE = 18


class PurposeNeeded(NotAllowed):
    """The record opens only with a ground to read it."""


def open_purpose(
    person: Person, *, by: Actor, ground: ReadPurpose.Ground, reference_id: UUID | None = None, reason: str = ""
) -> ReadPurpose:
    """Give the actor, in her posting, a ground to read the person's record: two hours for a written reason."""
    if ground == ReadPurpose.Ground.BREAK_GLASS:
        raise ValueError("an emergency is opened by break_glass, which tells others")
    require(by, Permission.SCREENING_SUMMARY, person)
    if by.account_id is None or by.posting_id is None:
        raise NotAllowed("La ficha la lee una persona con desempeño vigente.")
    now = clock.now()
    lasts = CONSULTATION_LASTS
    if ground == ReadPurpose.Ground.WRITTEN_REASON:
        reason = " ".join(reason.split())
        if len(reason.split()) < FEWEST_WORDS:
            raise RuleBroken("Escriba para qué necesita la ficha, en una frase.", field="reason")
        lasts = WRITTEN_REASON_LASTS
    return ReadPurpose.objects.create(
        person=person,
        account_id=by.account_id,
        posting_id=by.posting_id,
        ground=ground,
        reference_id=reference_id,
        reason=reason,
        starts_at=now,
        ends_at=now + lasts,
    )


def close_purposes(*, reference_id: UUID, after: timedelta = WRITING_UP) -> None:
    """End every purpose founded on a record that ended, leaving a while to finish writing it up."""
    ends_at = clock.now() + after
    ReadPurpose.objects.filter(reference_id=reference_id, ends_at__gt=ends_at).update(ends_at=ends_at)


def close_tasks(*, account_ids: Iterable[UUID], reference_ids: Iterable[UUID]) -> None:
    """End now what these operators could read because something of these records was theirs to do."""
    now = clock.now()
    tasks = ReadPurpose.objects.filter(ground=ReadPurpose.Ground.TASK, ends_at__gt=now)
    tasks.filter(account_id__in=account_ids, reference_id__in=reference_ids).update(ends_at=now)


@planned_once()
def open_purpose_of(person: Person, *, by: Actor, reference_id: UUID | None = None) -> ReadPurpose | None:
    """Of the open purposes for this person in the actor's posting, the one that lasts longest. The gate of a record
    reads only this. ``reference_id`` asks for the one founded on that record.

    An emergency goes before any other, so that every look that it lets in says so.
    """
    if by.posting_id is None:
        return None
    found = _open_purposes(by, person.pk, by.posting_id, reference_id)
    return found[0] if found else None


@written_once
def _open_purposes(by: Actor, person: UUID, posting: UUID, reference: UUID | None) -> QuerySet[ReadPurpose]:
    purposes = ReadPurpose.objects.visible_to(by).open_at(clock.now()).filter(person=person, posting_id=posting)
    if reference:
        purposes = purposes.filter(reference_id=reference)
    is_emergency = Case(When(ground=ReadPurpose.Ground.BREAK_GLASS, then=0), default=1)
    return purposes.order_by(is_emergency, "-ends_at", "-starts_at")[:1]


def ground_to_read(person: Person, *, by: Actor) -> ReadPurpose | None:
    """The open purpose for this person or, when she is a child, the consultation of somebody of her home.

    Purpose is asked once an attention: whoever consults about a subsidy consults about the children it is for. An
    adult of the home has her own life, and somebody who only lodges there no say over its children: those need a
    reason of their own. What is read so is logged under that same consultation, and closes with it.
    """
    return open_purpose_of(person, by=by) or _through_her_home(person, by=by)


def _through_her_home(child: Person, *, by: Actor) -> ReadPurpose | None:
    age = child.age_on(clock.today())
    if by.posting_id is None or age is None or age >= OF_AGE:
        return None
    homes = Membership.objects.filter(person=child, ends_on__isnull=True).values("home")
    there = Membership.objects.filter(home__in=homes, ends_on__isnull=True).values("person")
    attended = (
        ReadPurpose.objects.visible_to(by)
        .open_at(clock.now())
        .filter(posting_id=by.posting_id, ground=ReadPurpose.Ground.CONSULTATION, person__in=there)
        .select_related("person")
        .order_by("-ends_at", "-starts_at")
    )
    for purpose in attended:
        # Asked of her who came: a child who is shielded from her is not of her home.
        kinships = {member.person_id: member.kinship for member in current_memberships(purpose.person, by=by)}
        both = {kinships.get(child.pk, Kinship.NOT_RELATED), kinships.get(purpose.person_id, Kinship.NOT_RELATED)}
        if Kinship.NOT_RELATED not in both:
            return purpose
    return None


def require_purpose(person: Person, *, by: Actor) -> ReadPurpose:
    """Raise ``PurposeNeeded`` unless the actor has a ground to read; from here on the audit carries it."""
    purpose = ground_to_read(person, by=by)
    if purpose is None:
        raise PurposeNeeded("La ficha se abre al iniciar una consulta o al escribir para qué la necesita.")
    state_purpose(purpose.pk)
    return purpose


_EMERGENCY_OF = """
select p.id from registry_readpurpose p
where p.institution_id = %s and p.posting_id = %s and p.ground = 'break_glass' and p.person_id = any (%s::uuid[])
    and p.starts_at <= %s and p.ends_at > %s
order by p.ends_at desc limit 1"""


@planned_once()
def log_reading(
    kind: ReadEntry.Kind,
    *,
    of: Person | None = None,
    shown: Iterable[UUID] = (),
    purpose: ReadPurpose | None = None,
    note: str = "",
) -> None:
    """Leave the trace of a look. Who looks is what the transaction says, never an argument.

    Whatever shows somebody whose restricted records the actor opened in an emergency says so, lists too.
    """
    actor, people = current_actor(), list(shown)
    given = purpose.pk if purpose else None
    values: list[Any] = [str(kind), of.pk if of else None, people, given, note]
    statement = "select log_read(%s, %s, %s::uuid[], %s, %s)"
    if can(actor, Permission.SECRECY_BREAK):
        statement = f"select log_read(%s, %s, %s::uuid[], coalesce(({_EMERGENCY_OF}), %s), %s)"
        now = clock.now()
        looked_at = [*people, *([of.pk] if of else [])]
        values[3:3] = [actor.institution, actor.posting_id, looked_at, now, now]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@dataclass(frozen=True, slots=True)
class Reading:
    """One look, with the names of who looked and at whom."""

    entry: ReadEntry
    in_list: int
    """How many people it showed in a list or a search."""

    reader: str
    posting: str
    person: Person | None
    purpose: ReadPurpose | None


def _entries_naming(person: Person) -> list[int]:
    """Ids of the entries that showed the person, through the door that may use the index of lists.

    Also of those that showed a record that was joined to hers: what was read of her is one story.
    """
    records = [person.pk, *person.absorbed.values_list("pk", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("select readings_naming(record) from unnest(%s::uuid[]) record", [records])
        return [row[0] for row in cursor.fetchall()]


def readings_within(
    actor: Actor, *, of: Person | None = None, wanted: Wanted = ALL, before: int | None = None, limit: int = 100
) -> list[Reading]:
    """The newest looks that the actor's ``READ_LOG_VIEW`` reaches: those of her unit, or of the institution.

    ``of`` keeps those that showed one person, in her file or in a list; ``before`` is the id of an entry, to go on.
    This look at names is logged too.
    """
    found = find_readings(actor, of=of, wanted=wanted, before=before, limit=limit)
    shown = {reading.person.pk for reading in found if reading.person}
    log_reading(ReadEntry.Kind.LIST, shown=shown, note="lecturas de fichas")
    return found


def _no_account(entry: ReadEntry) -> str:
    """Who came by a link, as the note of the look tells."""
    return "Por enlace" if entry.account_id is None else ""


def find_readings(
    actor: Actor, *, of: Person | None, wanted: Wanted, before: int | None = None, limit: int
) -> list[Reading]:
    """What ``readings_within`` shows, for who leaves the trace of it herself."""
    require(actor, Permission.READ_LOG_VIEW)
    if of is not None:
        wanted = replace(wanted, among=_entries_naming(of))
    reached = wanted.within(actor, Permission.READ_LOG_VIEW)
    ids = newest_ids(READINGS, reached, actor=actor, before=before, limit=limit)
    entries = ReadEntry.objects.filter(institution_id=actor.institution).defer("people")
    found = entries.annotate(in_list=Func("people", function="cardinality", output_field=IntegerField())).in_bulk(ids)
    newest = [found[entry] for entry in ids]
    postings = Posting.objects.select_related("account", "unit", "institution").in_bulk({e.posting_id for e in newest})
    people = Person.objects.in_bulk({entry.person_id for entry in newest if entry.person_id})
    purposes = ReadPurpose.objects.in_bulk({e.purpose_id for e in newest if e.purpose_id})
    return [
        Reading(
            entry,
            in_list=getattr(entry, "in_list") or 0,  # noqa: B009 - annotated above
            reader=postings[entry.posting_id].account.full_name if entry.posting_id in postings else _no_account(entry),
            posting=str(postings[entry.posting_id]) if entry.posting_id in postings else "",
            person=people.get(entry.person_id),
            purpose=purposes.get(entry.purpose_id),
        )
        for entry in newest
    ]
