"""The queue of possible duplicates as a page asks for it: which, in which order, where the next page begins."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account
from ventanilla.access.permissions import Permission
from ventanilla.core.ids import parse_uuid
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.likeness import LIKELIHOODS, Reason, likelihood, reasons
from ventanilla.registry.merging.states import TO_DECIDE, FoundBy, PairState
from ventanilla.registry.models import DuplicateSearch, DuplicateStep, Person, PossibleDuplicate, ReadEntry
from ventanilla.registry.models.merging import PossibleDuplicateQuerySet
from ventanilla.registry.reading import log_reading

COUNTED = 100
"""Whoever counts what waits counts no further: beyond it the number says nothing more."""

SHOWN_REASONS = 3
_SCORE = re.compile(r"-?[0-9]{1,4}")
DECIDED = "decididos"

LIKELY: Mapping[str, tuple[str, int, int]] = {
    words.lower().replace(" ", "-"): (words, least, below)
    for (least, words), below in zip(LIKELIHOODS, (32_767, *(least for least, _ in LIKELIHOODS)), strict=False)
}
"""By its code in an address: the words, the least weight and the one that is too much."""

ORIGINS: Mapping[str, FoundBy] = {"busqueda": FoundBy.SEARCH, "carga": FoundBy.LOAD, "union": FoundBy.MERGE}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Those to decide or those decided; how likely; found by what. All of them when nothing is said."""

    is_decided: bool = False
    likely: str = ""
    origin: str = ""

    @property
    def query(self) -> str:
        """The same, to go in an address."""
        chosen = {"ver": DECIDED if self.is_decided else "", "parecido": self.likely, "origen": self.origin}
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def suffix(self) -> str:
        return f"?{self.query}" if self.query else ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.likely or self.origin)

    def after(self, cursor: str) -> str:
        """The address of what follows."""
        return "?" + "&".join(filter(None, (self.query, urlencode({"desde": cursor}))))

    def of(self, found: PossibleDuplicateQuerySet) -> PossibleDuplicateQuerySet:
        if self.likely:
            _, least, below = LIKELY[self.likely]
            found = found.filter(score__gte=least, score__lt=below)
        return found.filter(found_by=ORIGINS[self.origin]) if self.origin else found


def read_wanted(address: Mapping[str, str]) -> Wanted:
    """What is not understood is not asked for."""
    likely, origin = address.get("parecido", ""), address.get("origen", "")
    return Wanted(
        address.get("ver") == DECIDED, likely if likely in LIKELY else "", origin if origin in ORIGINS else ""
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A pair in the list: who they are, first the one that would be kept, how likely it is and why.

    ``decided_at`` and ``decided_by`` are of a decided one; nobody decided what a merge carried over.
    """

    pair: PossibleDuplicate
    people: Sequence[Person]
    likelihood: str
    reasons: Sequence[Reason]
    decided_at: datetime | None = None
    decided_by: Account | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    next_cursor: str
    """Empty on the last."""


def queue_page(wanted: Wanted, *, by: Actor, cursor: str = "", most: int) -> Page:
    """So many of those wanted that come after the cursor. The look at their names is logged."""
    require(by, Permission.REGISTRY_MERGE)
    if wanted.is_decided:
        steps = _decided(wanted, by=by, cursor=cursor, most=most + 1)
        rows = [_row(step.pair, step) for step in steps[:most]]
        next_cursor = str(steps[most - 1].pk) if len(steps) > most else ""
    else:
        pairs = to_decide(wanted, by=by, cursor=cursor, most=most + 1)
        rows = [_row(pair) for pair in pairs[:most]]
        next_cursor = cursor_of(pairs[most - 1]) if len(pairs) > most else ""
    if rows:
        log_reading(
            ReadEntry.Kind.LIST, shown={person.pk for row in rows for person in row.people}, note="posibles duplicados"
        )
    return Page(rows, next_cursor)


def to_decide(wanted: Wanted, *, by: Actor, cursor: str = "", most: int) -> list[PossibleDuplicate]:
    """Likeliest first, and those left for later after all the others.

    One question for each state, so that each follows its index and ends when there are enough.
    """
    asked = wanted.of(PossibleDuplicate.objects.visible_to(by).to_decide()).select_related("first", "second")
    begins, last = _read_cursor(cursor)
    found: list[PossibleDuplicate] = []
    for state in TO_DECIDE[TO_DECIDE.index(begins) :]:
        here = asked.filter(state=state).likeliest_first()
        if last and state == begins:
            score, pk = last
            here = here.filter(Q(score__lt=score) | Q(id__gt=pk), score__lte=score)
        found += here[: most - len(found)]
        if len(found) == most:
            break
    return found


def next_to_decide(pair: PossibleDuplicate, place: str, wanted: Wanted, *, by: Actor) -> PossibleDuplicate | None:
    """The one that follows the place where ``pair`` was in the queue."""
    return next((one for one in to_decide(wanted, by=by, cursor=place, most=2) if one.pk != pair.pk), None)


def number_to_decide(by: Actor) -> int:
    """Counted up to ``COUNTED``."""
    require(by, Permission.REGISTRY_MERGE)
    return PossibleDuplicate.objects.visible_to(by).to_decide()[:COUNTED].count()


def last_search(by: Actor) -> DuplicateSearch | None:
    return DuplicateSearch.objects.visible_to(by).select_related("account").order_by("-asked_at", "-id").first()


def cursor_of(pair: PossibleDuplicate) -> str:
    """Its place in the queue, as it is now."""
    return f"{pair.state}_{pair.score}_{pair.pk}"


def _read_cursor(cursor: str) -> tuple[PairState, tuple[int, UUID] | None]:
    """The state and, in it, the place; an address that somebody cut or changed begins at the first."""
    state, _, rest = cursor.partition("_")
    score, _, last = rest.partition("_")
    if state not in TO_DECIDE or not _SCORE.fullmatch(score) or (pk := parse_uuid(last)) is None:
        return PairState.PENDING, None
    return PairState(state), (int(score), pk)


def _decided(wanted: Wanted, *, by: Actor, cursor: str, most: int) -> list[DuplicateStep]:
    """The steps by which they came to be as they are, the newest first: their keys are in the order of time."""
    decided = wanted.of(PossibleDuplicate.objects.visible_to(by)).exclude(state__in=TO_DECIDE)
    later = DuplicateStep.objects.filter(pair=OuterRef("pair"), id__gt=OuterRef("pk"))
    steps = DuplicateStep.objects.filter(~Exists(later), after=F("pair__state"), pair__in=decided)
    if last := parse_uuid(cursor):
        steps = steps.filter(id__lt=last)
    return list(steps.select_related("pair__first", "pair__second", "account").order_by("-id")[:most])


def _row(pair: PossibleDuplicate, step: DuplicateStep | None = None) -> Row:
    told = _strongest(list(reasons(pair.evidence)))
    people = rules.which_is_kept(pair.first, pair.second)
    if step is None:
        return Row(pair, people, likelihood(pair.score), told)
    return Row(pair, people, likelihood(pair.score), told, step.at, step.account)


def _strongest(told: Sequence[Reason]) -> Sequence[Reason]:
    """Of many, those that weigh most; the last place is for what speaks most against it."""
    if len(told) > SHOWN_REASONS and told[-1].tone in ("warn", "bad"):
        return [*told[: SHOWN_REASONS - 1], told[-1]]
    return told[:SHOWN_REASONS]
