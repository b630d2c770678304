"""Opening, closing and requiring a purpose to read somebody's record, and leaving the trace of every look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission, Scope
from ventanilla.access.tenancy import state_purpose, within_reach
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.statements import planned_once
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose

WRITTEN_REASON_LASTS = timedelta(hours=2)
CONSULTATION_LASTS = timedelta(hours=12)
"""A consultation left open overnight is resumed with a new purpose; none lives for ever."""
WRITING_UP = timedelta(minutes=30)
FEWEST_WORDS = 3


class PurposeNeeded(NotAllowed):
    """The record opens only with a ground to read it."""


def open_purpose(
    person: Person, *, by: Actor, ground: ReadPurpose.Ground, reference_id: UUID | None = None, reason: str = ""
) -> ReadPurpose:
    """Give the actor, in her posting, a ground to read the person's record: two hours for a written reason."""
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


def open_purpose_of(person: Person, *, by: Actor, reference_id: UUID | None = None) -> ReadPurpose | None:
    """Of the open purposes for this person in the actor's posting, the one that lasts longest. The gate of a record
    reads only this. ``reference_id`` asks for the one founded on that record.
    """
    if by.posting_id is None:
        return None
    purposes = ReadPurpose.objects.visible_to(by).open_at(clock.now()).filter(person=person, posting_id=by.posting_id)
    if reference_id:
        purposes = purposes.filter(reference_id=reference_id)
    return purposes.order_by("-ends_at", "-starts_at").first()


def require_purpose(person: Person, *, by: Actor) -> ReadPurpose:
    """Raise ``PurposeNeeded`` unless the actor has a ground to read; from here on the audit carries it."""
    purpose = open_purpose_of(person, by=by)
    if purpose is None:
        raise PurposeNeeded("La ficha se abre al iniciar una consulta o al escribir para qué la necesita.")
    state_purpose(purpose.pk)
    return purpose


@planned_once()
def log_reading(
    kind: ReadEntry.Kind,
    *,
    of: Person | None = None,
    shown: Iterable[UUID] = (),
    purpose: ReadPurpose | None = None,
    note: str = "",
) -> None:
    """Leave the trace of a look. Who looks is what the transaction says, never an argument."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select log_read(%s, %s, %s::uuid[], %s, %s)",
            [str(kind), of.pk if of else None, list(shown), purpose.pk if purpose else None, note],
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One look, with the names of who looked and at whom."""

    entry: ReadEntry
    reader: str
    posting: str
    person: Person | None
    purpose: ReadPurpose | None


def _entries_naming(person: Person) -> list[int]:
    """Ids of the entries that showed the person, through the door that may use the index of lists."""
    with connection.cursor() as cursor:
        cursor.execute("select readings_naming(%s)", [person.pk])
        return [row[0] for row in cursor.fetchall()]


def readings_within(
    actor: Actor, *, of: Person | None = None, before: int | None = None, limit: int = 100
) -> list[Reading]:
    """The newest looks that the actor's ``READ_LOG_VIEW`` reaches: those of her unit, or of the institution.

    ``of`` keeps those that showed one person, in her file or in a list; ``before`` is the id of an entry, to go on.
    This look at names is logged too.
    """
    require(actor, Permission.READ_LOG_VIEW)
    entries = ReadEntry.objects.filter(institution_id=actor.institution)
    if of is not None:
        entries = entries.filter(pk__in=_entries_naming(of))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    if actor.scope(Permission.READ_LOG_VIEW) is Scope.UNIT:
        colleagues = Posting.objects.filter(within_reach(actor, Permission.READ_LOG_VIEW))
        entries = entries.filter(posting_id__in=colleagues.values("pk"))
    newest = list(entries.order_by("-id")[:limit])
    postings = Posting.objects.select_related("account", "unit").in_bulk({entry.posting_id for entry in newest})
    people = Person.objects.in_bulk({entry.person_id for entry in newest if entry.person_id})
    log_reading(ReadEntry.Kind.LIST, shown=people, note="lecturas de fichas")
    purposes = ReadPurpose.objects.in_bulk({e.purpose_id for e in newest if e.purpose_id})
    return [
        Reading(
            entry,
            reader=postings[entry.posting_id].account.full_name if entry.posting_id in postings else "",
            posting=str(postings[entry.posting_id]) if entry.posting_id in postings else "",
            person=people.get(entry.person_id),
            purpose=purposes.get(entry.purpose_id),
        )
        for entry in newest
    ]
