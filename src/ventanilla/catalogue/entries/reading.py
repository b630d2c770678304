"""What is offered, read: the versions in force of what an actor may see, found by the words of who asks."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from rapidfuzz import fuzz

from ventanilla.access.actors import Actor
from ventanilla.catalogue.entries.stamp import MOST_KEPT, catalogue_stamp
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.core.plain import plain

Said = TypeVar("Said", EntryVersion, EntryDraft, EntryVersion | EntryDraft)

BRIEFLY = (
    *("name", "plain", "modality", "rule", "opens_on", "closes_on", "number", "starts_on"),
    *("entry__national_id", "entry__position", "entry__secrecy", "unit__name", "provider__name"),
)
"""What a list and a rule need of a version."""

SHORTEST_WORD = 4
LEAST_LIKENESS = 72
"""Of 100: below it two words are not taken for the same one badly written."""


def versions_told(
    actor: Actor, *, on: date, offered_only: bool = False, at_length: bool = True, stamp: str = ""
) -> list[EntryVersion]:
    """What an actor may tell a neighbour of on a day, in order, each as it says that day. At most two queries.

    ``at_length`` comes with all that each says; without, with what a list or a rule needs. ``stamp`` is the
    catalogue's, of whoever has asked it already.
    """
    return list(_versions_told(stamp or catalogue_stamp(actor), actor.alike, on, offered_only, at_length))


@lru_cache(MOST_KEPT)
def _versions_told(stamp: str, actor: Actor, on: date, offered_only: bool, at_length: bool) -> Sequence[EntryVersion]:
    entries = Entry.objects.visible_to(actor)
    entries = entries.offered(on) if offered_only else entries.told(on)
    found = EntryVersion.objects.visible_to(actor).in_force_on(on).of(entries)
    found = found.select_related("entry", "unit", "provider").in_order()
    return tuple(found if at_length else found.only(*BRIEFLY))


def found_by(text: str, versions: Sequence[Said]) -> list[Said]:
    """Those that somebody would mean by these words, the likeliest first; all of them when nothing is asked.

    Every word asked must be like one of the name, of the words of who asks, or of what it is.
    """
    asked = plain(text).split()
    if not asked:
        return list(versions)
    ranked = [(score, version) for version in versions if (score := _likeness(asked, version))]
    return [version for _, version in sorted(ranked, key=lambda pair: -pair[0])]


def found_by_some(text: str, versions: Sequence[Said]) -> list[Said]:
    """Those meant by some of the words asked, those of more words first: for when none is meant by all of them.

    Short words are left out: «me cortaron el agua» is asked by «cortaron» and «agua».
    """
    words = [word for word in dict.fromkeys(plain(text).split()) if len(word) >= SHORTEST_WORD]
    found: dict[UUID, tuple[int, int]] = {}
    for word in words:
        for place, version in enumerate(found_by(word, versions)):
            words_so_far, places_so_far = found.get(version.pk, (0, 0))
            found[version.pk] = (words_so_far + 1, places_so_far + place)
    meant = [version for version in versions if version.pk in found]
    return sorted(meant, key=lambda version: (-found[version.pk][0], found[version.pk][1]))


def _likeness(asked: Sequence[str], version: EntryVersion | EntryDraft) -> float:
    """0 when some word asked is nowhere."""
    weighed = ((plain(version.name).split(), 3.0), (plain(version.all_words).split(), 2.0), (_rest(version), 1.0))
    total = 0.0
    for word in asked:
        best = max((weight * _best(word, words) for words, weight in weighed), default=0.0)
        if not best:
            return 0.0
        total += best
    return total


def _rest(version: EntryVersion | EntryDraft) -> list[str]:
    return plain(f"{version.plain} {version.who} {version.unit_name}").split()


def _best(word: str, words: Sequence[str]) -> float:
    """How like the likeliest of the words is: the beginning of one is enough, and a letter may be wrong."""
    best = 0.0
    for other in words:
        if other == word:
            return 100.0
        if len(word) > 2 and other.startswith(word):
            best = max(best, 92.0)
        elif len(word) > 3 and (likeness := fuzz.ratio(word, other)) >= LEAST_LIKENESS:
            best = max(best, likeness)
    return best
