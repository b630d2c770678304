"""What the register of operators shows: postings by unit with their standing, what waits to be confirmed, what ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ventanilla.access.actors import Actor, can
from ventanilla.access.models import Account, Certification, Posting, RegisterEntry
from ventanilla.access.operators import registered_accounts, registered_postings
from ventanilla.access.permissions import MAY_BE_NAMED, Permission, Role, gives, scopes_of
from ventanilla.access.register_rules import PostingDates, Standing, quarter_of, standing

ENDING_WITHIN = timedelta(days=60)
_TONES = {
    Standing.MAY_OPERATE: "",
    Standing.UNSIGNED: "warn",
    Standing.ENDS_SOON: "warn",
    Standing.NOT_BEGUN: "info",
    Standing.SUSPENDED: "bad",
    Standing.ENDED: "",
}


@dataclass(frozen=True, slots=True)
class Line:
    posting: Posting
    standing: Standing
    is_mine_to_change: bool
    may_be_named: bool
    """Whether the actor may give the posting the right to join records."""

    @property
    def tone(self) -> str:
        return _TONES[self.standing]

    @property
    def is_ended(self) -> bool:
        return self.standing is Standing.ENDED

    @property
    def is_named(self) -> bool:
        return Permission.REGISTRY_MERGE in self.posting.named

    @property
    def may_have_key(self) -> bool:
        return not self.is_ended and bool(scopes_of(Role(self.posting.role)))


@dataclass(frozen=True, slots=True)
class UnitLines:
    name: str
    lines: list[Line]


def register_by_unit(actor: Actor, *, on: date, with_ended: bool, account: Account | None = None) -> list[UnitLines]:
    """Postings of the actor's reach; those of no unit come first, under «Institución»."""
    found = registered_postings(actor).with_context().with_unmet(on)
    if account is not None:
        found = found.filter(account=account)
    if not with_ended:
        found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    ordered = found.order_by(
        F("unit__name").asc(nulls_first=True), "unit_id", "account__surnames", "account__given_names", "starts_on", "id"
    )
    return [
        UnitLines(name or "Institución", [_line(posting, actor, on) for posting in postings])
        for name, postings in groupby(ordered, key=lambda posting: posting.unit.name if posting.unit else "")
    ]


def _line(posting: Posting, actor: Actor, on: date) -> Line:
    is_mine = _may_change(posting, actor)
    may_be_named = is_mine and posting.role in MAY_BE_NAMED and can(actor, Permission.REGISTRY_MERGE)
    return Line(posting, standing_of(posting, on=on), is_mine, may_be_named)


def standing_of(posting: Posting, *, on: date) -> Standing:
    """``posting`` must come from ``with_unmet``."""
    dates = PostingDates(posting.starts_on, posting.ends_on, posting.away_from, posting.away_until)
    is_blocked = posting.account.must_change_password or getattr(posting, "has_unmet", False)
    return standing(dates, on=on, is_active=posting.account.is_active, has_unmet=is_blocked)


def _may_change(posting: Posting, actor: Actor) -> bool:
    return Role(posting.role) in gives(actor.role) and posting.account_id != actor.account_id


def to_confirm(actor: Actor, *, on: date) -> list[Posting]:
    """Those in force that the actor answers for and nobody gave or confirmed this quarter."""
    lately = RegisterEntry.objects.filter(
        posting=OuterRef("pk"),
        change__in=(RegisterEntry.Change.GIVEN, RegisterEntry.Change.CONFIRMED),
        at__date__gte=quarter_of(on),
    )
    living = registered_postings(actor).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), ~Exists(lately), starts_on__lte=on
    )
    ordered = living.select_related("account", "unit", "institution").order_by("account__surnames", "id")
    return [posting for posting in ordered if _may_change(posting, actor)]


def certifications_ending(actor: Actor, *, on: date) -> QuerySet[Certification]:
    """Those of the actor's operators that end within sixty days, or ended in the last sixty."""
    return (
        Certification.objects.filter(
            account__in=registered_accounts(actor),
            expires_on__gte=on - ENDING_WITHIN,
            expires_on__lte=on + ENDING_WITHIN,
        )
        .select_related("account")
        .order_by("expires_on", "id")
    )
