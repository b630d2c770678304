"""What is read of referrals: one of them by whoever is a party, a unit's boxes, those of a consultation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.models import Account, Provider, Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import state_purpose
from ventanilla.access.written import written_once
from ventanilla.core.calendar import Term, WorkingDays
from ventanilla.referrals.actions.receiving import note_receipt
from ventanilla.referrals.bulk import mark_of
from ventanilla.referrals.filters import Wanted, following, row_of
from ventanilla.referrals.models import CounterReferral, Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.states import TO_ACCEPT, TONES, ReferralState
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading, open_purpose, open_purpose_of, require_purpose


def open_referral(referral_id: UUID, *, by: Actor) -> Referral:
    """One referral, with the look at it logged; opened by the unit that receives, it is received.

    To its parties it is a ground by itself; anybody else needs one to read the person. Raises ``Http404`` for what is
    above the actor, ``PurposeNeeded`` when there is no ground.
    """
    require(by, Permission.REFERRAL_READ)
    whole = Referral.objects.visible_to(by).select_related(
        "person", "consultation", "protocol__protocol", "from_unit", "to_unit", "to_provider", "sent_by", "assigned_to"
    )
    referral = whole.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    is_receiver = by.unit_id is not None and by.unit_id == referral.to_unit_id
    if is_receiver and can(by, Permission.REFERRAL_WORK) and referral.state == ReferralState.SENT:
        note_receipt(referral, by=by)
    purpose = _ground_for(referral, by=by)
    log_reading(ReadEntry.Kind.REFERRAL, of=referral.person, purpose=purpose, note=f"derivación {referral.folio}")
    return referral


def _ground_for(referral: Referral, *, by: Actor) -> ReadPurpose | None:
    """Of who receives, the referral while it is open; of who sent it, the work she did."""
    purpose = open_purpose_of(referral.person, by=by)
    if purpose is None and by.unit_id == referral.to_unit_id and referral.is_with_receiver:
        purpose = open_purpose(referral.person, by=by, ground=ReadPurpose.Ground.REFERRAL, reference_id=referral.pk)
    if purpose is None and by.unit_id not in (referral.from_unit_id, referral.to_unit_id):
        purpose = require_purpose(referral.person, by=by)
    if purpose is not None:
        state_purpose(purpose.pk)
    return purpose


def answer_of(referral: Referral) -> CounterReferral | None:
    """The one that stands."""
    return referral.answers.select_related("account").order_by("-at", "-id").first()


@cache
def _box() -> str:
    return reverse("referrals:inbox")


_OF_THE_ROW = (
    "id", "folio", "state", "title", "is_urgent", "due_on", "sent_at", "ended_at", "assigned_to_id", "person_id",
    "tell_by", "from_unit_id", "to_unit_id", "to_provider_id", "version",
)  # fmt: skip
RowValues = tuple[Any, ...]
M = TypeVar("M", Person, Unit, Account)
_OF_THE_PERSON = ("given_names", "social_name", "first_surname", "second_surname")


@dataclass(frozen=True, slots=True)
class Row:
    """A referral in a list. ``unit`` is the other side: whence it came, or where it went."""

    id: UUID
    folio: str
    state: ReferralState
    title: str
    is_urgent: bool
    due_on: date
    sent_at: datetime
    ended_at: datetime | None
    holder_id: UUID | None
    holder: str
    person_id: UUID
    person: str
    tell_by: date | None
    unit: str
    version: int

    @property
    def url(self) -> str:
        """Reversed once and not for each row."""
        return f"{_box()}{self.id}/"

    @property
    def mark(self) -> str:
        """As it is marked in a list."""
        return mark_of(self.id, self.version)

    @property
    def is_to_accept(self) -> bool:
        return self.state in TO_ACCEPT

    @property
    def tone(self) -> str:
        return TONES[self.state]

    def term(self, days: WorkingDays, *, on: date) -> Term | None:
        """What is left of it; none of what ended."""
        return None if self.ended_at else days.term(self.due_on, on=on)


@written_once
def _people(by: Actor, ids: Sequence[UUID]) -> QuerySet[Person]:
    return Person.objects.filter(institution=by.institution, pk__in=ids).only(*_OF_THE_PERSON)


@written_once
def _units(by: Actor, ids: Sequence[UUID]) -> QuerySet[Unit]:
    return Unit.objects.filter(institution=by.institution, pk__in=ids).only("name").order_by()


@written_once
def _accounts(by: Actor, ids: Sequence[UUID]) -> QuerySet[Account]:
    return Account.objects.filter(pk__in=ids).only("given_names", "surnames")


def _by_id(ask: Callable[[Actor, Sequence[UUID]], list[M]], ids: set[UUID], *, by: Actor) -> dict[UUID, M]:
    return {one.pk: one for one in ask(by, sorted(ids))} if ids else {}


def in_box(wanted: Wanted, most: int, *, by: Actor, cursor: str = "") -> list[Row]:
    """The first of a box that follow the cursor, in five queries whatever their number."""
    return dress([_ask(wanted, most, by=by, cursor=cursor)], by=by)[0]


def on_board(columns: Sequence[Wanted], most: int, *, by: Actor) -> list[list[Row]]:
    """The first of each column; the names of all are brought at once."""
    return dress([_ask(wanted, most, by=by) for wanted in columns], by=by)


def _ask(wanted: Wanted, most: int, *, by: Actor, cursor: str = "") -> list[RowValues]:
    place, row_id = row_of(cursor, is_ended=wanted.is_ended) or (None, None)
    return _listed(by, replace(wanted, unit=None), most, wanted.unit, place, row_id)


@written_once
def _listed(
    by: Actor, wanted: Wanted, most: int, unit: UUID | None, place: date | None, row_id: UUID | None
) -> QuerySet[Referral, RowValues]:
    found = replace(wanted, unit=unit).of(Referral.objects.visible_to(by), by=by)
    if place and row_id:
        found = following(found, place, row_id)
    return as_values(found, most)


def as_values(found: ReferralQuerySet, most: int) -> QuerySet[Referral, RowValues]:
    """The first of those referrals, with what a row is made of."""
    return found.values_list(*_OF_THE_ROW)[:most]


def dress(listed: Sequence[Sequence[RowValues]], *, by: Actor) -> list[list[Row]]:
    """Those lists, as ``as_values`` has them, with the names that their rows show; four queries for all of them."""
    rows = [row for column in listed for row in column]
    holders = _by_id(_accounts, {row[8] for row in rows if row[8]}, by=by)
    people = _by_id(_people, {row[9] for row in rows}, by=by)
    units = _by_id(_units, {unit for row in rows for unit in row[11:13] if unit}, by=by)
    outside = {row[13] for row in rows if row[13]}
    providers = Provider.objects.only("name").in_bulk(outside) if outside else {}

    def dressed(row: RowValues) -> Row:
        row_id, folio, state, title, is_urgent, due_on, sent_at, ended_at, holder_id, person_id, tell_by = row[:11]
        sender, receiver, provider, version = row[11:]
        unit = units[sender] if receiver and sender != by.unit_id else units[receiver] if receiver else None
        return Row(
            id=row_id,
            folio=folio,
            state=ReferralState(state),
            title=title,
            is_urgent=is_urgent,
            due_on=due_on,
            sent_at=sent_at,
            ended_at=ended_at,
            holder_id=holder_id,
            holder=holders[holder_id].full_name if holder_id else "",
            person_id=person_id,
            person=people[person_id].full_name,
            tell_by=tell_by,
            unit=unit.name if unit else providers[provider].name,
            version=version,
        )

    return [[dressed(row) for row in column] for column in listed]


def log_list(rows: Sequence[Row], note: str) -> None:
    if rows:
        log_reading(ReadEntry.Kind.LIST, shown=sorted({row.person_id for row in rows}), note=note)
