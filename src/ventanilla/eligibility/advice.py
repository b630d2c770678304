"""What a home could receive, as it is told to whoever may read its file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.entries.stamp import MOST_KEPT, catalogue_stamp
from ventanilla.catalogue.models import EntryReason, EntryVersion
from ventanilla.core import clock
from ventanilla.eligibility.household import Household, read_household
from ventanilla.eligibility.verdicts import Advice, Verdict, advise, asked_by
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.profiles import Profile, needed_for
from ventanilla.registry.reading import log_reading, require_purpose

NOTE = "qué podría recibir"


@dataclass(frozen=True, slots=True)
class Advised:
    """``unruled`` are entries that no rule is written for: only their requisites can be read."""

    person: Person
    on: date
    profile: Profile
    household: Household
    advice: Sequence[Advice]
    unruled: Sequence[EntryVersion]
    reasons: Mapping[UUID, Sequence[UUID]]
    """The reasons that suggest each entry."""

    def with_verdict(self, verdict: Verdict) -> list[Advice]:
        return [one for one in self.advice if one.verdict is verdict]

    @property
    def could(self) -> list[Advice]:
        return self.with_verdict(Verdict.COULD)

    @property
    def missing(self) -> list[Advice]:
        return self.with_verdict(Verdict.MISSING)

    @property
    def receives(self) -> list[Advice]:
        return self.with_verdict(Verdict.RECEIVES)

    @property
    def cannot(self) -> list[Advice]:
        return self.with_verdict(Verdict.CANNOT)

    @property
    def others(self) -> int:
        """How many of the catalogue are neither for this home nor in doubt, as far as rules tell."""
        return len(self.cannot) + len(self.unruled)


def open_advice(
    person: Person, *, by: Actor, profile: Profile, came_for: Collection[UUID] = (), only: UUID | None = None
) -> Advised:
    """For somebody who has a ground to read the file: what the home could receive, and the look is logged.

    ``came_for`` are the reasons of a consultation, whose entries come first; ``only`` keeps one entry.
    """
    require(by, needed_for(profile), person)
    require(by, Permission.CATALOGUE_READ)
    purpose = require_purpose(person, by=by)
    on = clock.today()
    household = read_household(person, by=by, on=on, profile=profile)
    stamp = catalogue_stamp(by)
    versions = versions_told(by, on=on, offered_only=only is None, at_length=only is not None, stamp=stamp)
    if only is not None:
        versions = [version for version in versions if version.entry_id == only]
    suggests = _reasons_of_entries(stamp, by.institution)
    wanted = set(came_for)
    suggested = frozenset(entry for entry, reasons in suggests.items() if wanted.intersection(reasons))
    shown = [member.person.pk for member in household.members]
    kind = ReadEntry.Kind.FULL if profile is Profile.FULL else ReadEntry.Kind.SUMMARY
    log_reading(kind, of=person, shown=shown, purpose=purpose, note=NOTE)
    in_season = [version for version in versions if only is not None or version.is_in_season(on)]
    return Advised(
        person=person,
        on=on,
        profile=profile,
        household=household,
        advice=advise(household, in_season, suggested=suggested),
        unruled=[version for version in in_season if asked_by(version).is_empty],
        reasons=suggests,
    )


@lru_cache(MOST_KEPT)
def _reasons_of_entries(stamp: str, institution: int) -> Mapping[UUID, Sequence[UUID]]:
    """Which reasons suggest each entry."""
    found: dict[UUID, list[UUID]] = {}
    for entry, reason in EntryReason.objects.filter(institution=institution).values_list("entry_id", "reason_id"):
        found.setdefault(entry, []).append(reason)
    return found
