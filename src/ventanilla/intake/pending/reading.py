"""What a unit has pending: its lines soonest first, and how much of it each colleague has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting
from ventanilla.access.permissions import HELD_IN_A_UNIT, Permission
from ventanilla.access.register_rules import PostingDates
from ventanilla.access.written import written_once
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.models.lines import ReasonLineQuerySet
from ventanilla.intake.pending.rules import NOT_HERE, unavailability
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person

COUNTED = 100
"""A summary counts no further: beyond it the number says nothing more."""

LineValues = tuple[Any, ...]
_OF_THE_LINE = ("pk", "outcome", "awaited_documents", "due_on", "name", "assigned_to_id", "consultation_id")
_OF_THE_CONSULTATION = ("consultation__folio", "consultation__attended_at", "consultation__person_id")
_OF_THE_PERSON = ("given_names", "social_name", "first_surname", "second_surname")


def lines_pending_in_unit(by: Actor) -> ReasonLineQuerySet:
    """What the actor's unit has to answer, as far as she may see it."""
    require(by, Permission.CONSULTATION_WORK)
    return ReasonLine.objects.visible_to(by).pending_in(by.unit_id)


def pending_of(by: Actor) -> ReasonLineQuerySet:
    """What she has to answer herself."""
    return lines_pending_in_unit(by).filter(assigned_to=by.account_id)


@dataclass(frozen=True, slots=True)
class PendingLine:
    """What a list shows of a pending line. ``person`` and ``holder`` are empty where there is none."""

    id: UUID
    outcome: Outcome
    awaited_documents: str
    due_on: date
    reason: str
    holder_id: UUID | None
    holder: str
    consultation_id: UUID
    folio: str
    attended_at: datetime
    person_id: UUID | None
    person: str


def in_rows(found: ReasonLineQuerySet, most: int) -> list[PendingLine]:
    """The first of those lines, in three queries."""
    return dress(list(as_values(found, most)))


def as_values(found: ReasonLineQuerySet, most: int) -> QuerySet[ReasonLine, LineValues]:
    """The first of those lines, with what a row is made of.

    Only the consultation is joined, by its key and in the order of the index: with more, all the lines would be read.
    """
    return found.values_list(*_OF_THE_LINE, *_OF_THE_CONSULTATION)[:most]


def dress(rows: Sequence[LineValues]) -> list[PendingLine]:
    """Those lines, as ``as_values`` has them, with the names that their rows show."""
    holders = Account.objects.only("given_names", "surnames").in_bulk({row[5] for row in rows if row[5]})
    people = Person.objects.only(*_OF_THE_PERSON).in_bulk({row[9] for row in rows if row[9]})
    return [
        PendingLine(
            id=line_id,
            outcome=Outcome(outcome),
            awaited_documents=papers,
            due_on=due_on,
            reason=reason,
            holder_id=holder_id,
            holder=holders[holder_id].full_name if holder_id else "",
            consultation_id=consultation_id,
            folio=folio,
            attended_at=attended_at,
            person_id=person_id,
            person=people[person_id].full_name if person_id else "",
        )
        for (line_id, outcome, papers, due_on, reason, holder_id, consultation_id, *more) in rows
        for folio, attended_at, person_id in [more]
    ]


@dataclass(frozen=True, slots=True)
class Unassigned:
    """What nobody of the unit has in her charge. Counted up to ``COUNTED``."""

    total: int
    late: int
    soonest: date

    @property
    def in_words(self) -> str:
        if self.total >= COUNTED:
            return f"{COUNTED} o más motivos sin asignar"
        return "1 motivo sin asignar" if self.total == 1 else f"{self.total} motivos sin asignar"

    @property
    def late_in_words(self) -> str:
        return _late(self.late) if self.late else "Ninguno atrasado"


def unassigned(by: Actor, *, on: date) -> Unassigned | None:
    require(by, Permission.CONSULTATION_WORK)
    known = [day for day in _of_nobody(by) if day is not None]
    if not known:
        return None
    return Unassigned(len(known), sum(day < on for day in known), known[0])


@written_once
def _of_nobody(by: Actor) -> QuerySet[ReasonLine, date | None]:
    return lines_pending_in_unit(by).of_nobody().values_list("due_on", flat=True)[:COUNTED]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the unit: what she has pending there, up to ``COUNTED``, and why she can be given no more."""

    account: Account
    total: int
    late: int
    unavailable: str | None

    @property
    def name(self) -> str:
        return self.account.full_name

    @property
    def in_words(self) -> str:
        """«12 pendientes, 3 atrasados»."""
        if self.total == 0:
            return "Nada pendiente"
        number = f"{COUNTED} o más" if self.total >= COUNTED else str(self.total)
        pending = "1 pendiente" if self.total == 1 else f"{number} pendientes"
        return f"{pending}, {_late(self.late)}" if self.late else pending


def colleagues(by: Actor, *, on: date) -> list[Colleague]:
    """Who serves in the actor's unit, and who no longer does but still has something of it; in one query."""
    theirs = lines_pending_in_unit(by).filter(assigned_to=OuterRef("account_id")).order_by("assigned_to", "due_on")
    found = (
        Posting.objects.filter(institution_id=by.institution, unit=by.unit_id, role__in=sorted(HELD_IN_A_UNIT))
        .select_related("account")
        .annotate(terms=ArraySubquery(theirs.values("due_on")[:COUNTED]))
        .order_by("account__surnames", "account__given_names", "account_id", "-starts_on")
    )
    listed = []
    for _, group in groupby(found, key=lambda posting: posting.account_id):
        postings = list(group)
        terms: list[date] = getattr(postings[0], "terms")  # noqa: B009 - annotated above
        serves = any(posting.ends_on is None or posting.ends_on >= on for posting in postings)
        if serves or terms:
            late = sum(day < on for day in terms)
            listed.append(Colleague(postings[0].account, len(terms), late, unavailability_of(postings, on=on)))
    return listed


def _late(number: int) -> str:
    return "1 atrasado" if number == 1 else f"{number} atrasados"


def unavailability_of(postings: Sequence[Posting], *, on: date) -> str | None:
    """Why nothing can be given to whoever holds these postings of the unit: none, while one of them is in force."""
    reasons = [
        unavailability(
            PostingDates(posting.starts_on, posting.ends_on, posting.away_from, posting.away_until),
            is_active=posting.account.is_active,
            on=on,
        )
        for posting in postings
    ]
    return None if None in reasons else next(iter(reasons), NOT_HERE)
