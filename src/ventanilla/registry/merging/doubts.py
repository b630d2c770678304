"""The queue of possible duplicates: what searches and loads put into it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.registry.merging.likeness import Evidence
from ventanilla.registry.merging.rules import fingerprint
from ventanilla.registry.merging.states import FoundBy, PairState
from ventanilla.registry.models import DuplicateStep, Person, PossibleDuplicate

AT_ONCE = 1000
MOVED_ON = "Cambiaron los datos de una de las dos."


@dataclass(frozen=True, slots=True)
class Doubt:
    """That two registered people may be one, in any order. ``score`` is the weight of all the evidence."""

    one: UUID
    other: UUID
    score: int
    evidence: Evidence

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


@transaction.atomic
def put_doubts(doubts: Iterable[Doubt], *, by: Actor, found_by: FoundBy) -> int:
    """Put pairs into the queue for somebody to decide; how many were not waiting there already.

    One that waits takes the newer evidence. One that was decided to be of two people is left alone, unless the data
    of either changed since.
    """
    require(by, Permission.LOAD_RUN)
    wanted = {doubt.pair: doubt for doubt in doubts if doubt.one != doubt.other}
    now, pairs = clock.now(), list(wanted)
    return sum(
        _put([wanted[pair] for pair in pairs[start : start + AT_ONCE]], found_by=found_by, at=now)
        for start in range(0, len(pairs), AT_ONCE)
    )


def _put(doubts: Sequence[Doubt], *, found_by: FoundBy, at: datetime) -> int:
    firsts = {doubt.pair[0] for doubt in doubts}
    known = {
        (pair.first_id, pair.second_id): pair
        for pair in PossibleDuplicate.objects.filter(first__in=firsts).select_for_update()
    }
    new, waiting, decided = [], [], []
    for doubt in doubts:
        pair = known.get(doubt.pair)
        if pair is None:
            first, second = doubt.pair
            new.append(
                PossibleDuplicate(
                    first_id=first,
                    second_id=second,
                    score=doubt.score,
                    evidence=dict(doubt.evidence),
                    found_by=found_by,
                    found_at=at,
                )
            )
        elif pair.state in (PairState.PENDING, PairState.LATER):
            pair.score, pair.evidence = doubt.score, dict(doubt.evidence)
            waiting.append(pair)
        elif pair.state == PairState.DIFFERENT:
            decided.append((pair, doubt))
    PossibleDuplicate.objects.bulk_create(new, ignore_conflicts=True)  # another load may put the same one
    PossibleDuplicate.objects.bulk_update(waiting, ["score", "evidence"])
    return len(new) + _propose_again(decided, at=at)


def _propose_again(decided: Sequence[tuple[PossibleDuplicate, Doubt]], *, at: datetime) -> int:
    people = Person.objects.in_bulk({key for pair, _ in decided for key in (pair.first_id, pair.second_id)})
    again, steps = [], []
    for pair, doubt in decided:
        if pair.fingerprint == fingerprint(people[pair.first_id], people[pair.second_id]):
            continue
        pair.state, pair.score, pair.evidence, pair.found_at = PairState.PENDING, doubt.score, dict(doubt.evidence), at
        again.append(pair)
        steps.append(
            DuplicateStep(pair=pair, before=PairState.DIFFERENT, after=PairState.PENDING, at=at, reason=MOVED_ON)
        )
    PossibleDuplicate.objects.bulk_update(again, ["state", "score", "evidence", "found_at"])
    DuplicateStep.objects.bulk_create(steps)
    return len(again)
