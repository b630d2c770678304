"""What holds of each thing: its value now, what the person declares beside it, and all that was said before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ventanilla.core.money import format_pesos
from ventanilla.registry.models import Fact
from ventanilla.registry.vocabulary import HELD_AT_ONCE, FactKind, Source

DAY = "%d-%m-%Y"
GONE = "Ya no figura en el extracto"
BACK = "Vuelve a figurar"
FIGURES = "Figura"


@dataclass(frozen=True, slots=True)
class Said:
    """What a source said on a day, in words."""

    on: date
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The newest of one thing by one source. ``declared`` is beside it, when a registry says it.

    ``gone_on`` is the date of the first extract that no longer brought it. ``before`` is what was said before what
    holds now, the newest first, each time that it changed; empty when it was always the same.
    """

    fact: Fact
    declared: Fact | None = None
    gone_on: date | None = None
    before: Sequence[Said] = ()

    @property
    def differs(self) -> bool:
        """Whether the person declares otherwise than the registry says."""
        if self.declared is None:
            return False
        said = (self.declared.value, self.declared.amount)
        return self.gone_on is not None or (said != (self.fact.value, self.fact.amount) and any(said))

    @property
    def declared_words(self) -> str:
        return _content(self.declared) if self.declared else ""


def statements(facts: Iterable[Fact], *kinds: FactKind) -> list[Statement]:
    """One for each subject, thing and source, by kind as asked; what is gone last. ``facts`` come newest first."""
    told: dict[tuple[object, ...], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.kind in kinds:
            which = fact.value if fact.kind in HELD_AT_ONCE else ""
            told[fact.person_id, fact.home_id, fact.kind, which][fact.source].append(fact)
    found = [one for by_source in told.values() for one in _of_one_thing(by_source)]
    return sorted(found, key=lambda one: (one.gone_on is not None, kinds.index(FactKind(one.fact.kind))))


def _of_one_thing(by_source: dict[str, list[Fact]]) -> list[Statement]:
    declared = by_source.get(Source.DECLARED, [])
    registries = [said for source, said in by_source.items() if source != Source.DECLARED]
    found = [_statement(said) for said in registries]
    if not declared:
        return [one for one in found if one]
    if not registries:
        return [one for one in (_statement(declared),) if one]
    first = found[0]
    beside = Statement(first.fact, declared[0], first.gone_on, first.before) if first else _statement(declared)
    return [one for one in (beside, *found[1:]) if one]


def _statement(said: Sequence[Fact]) -> Statement | None:
    """Of what one source said of one thing, the newest first; nothing when all it is known of is that it is gone."""
    newest = next((fact for fact in said if not fact.is_gone), None)
    if newest is None:
        return None
    gone = [fact.as_of for fact in said if fact.is_gone and fact.as_of > newest.as_of]
    return Statement(newest, gone_on=min(gone, default=None), before=_changes(said))


def _changes(said: Sequence[Fact]) -> Sequence[Said]:
    oldest_first = list(reversed(said))
    changes = [Said(oldest_first[0].as_of, _in_words(oldest_first[0]), oldest_first[0].get_source_display())]
    for earlier, later in pairwise(oldest_first):
        if _differs(earlier, later):
            words = f"{BACK}: {_in_words(later)}" if earlier.is_gone and not later.is_gone else _in_words(later)
            changes.append(Said(later.as_of, words, later.get_source_display()))
    return tuple(changes[-2::-1])


def _differs(earlier: Fact, later: Fact) -> bool:
    if earlier.is_gone or later.is_gone:
        return earlier.is_gone != later.is_gone
    return _content(earlier) != _content(later) or earlier.valid_until != later.valid_until


def _in_words(fact: Fact) -> str:
    if fact.is_gone:
        return GONE
    until = f"hasta el {fact.valid_until:{DAY}}" if fact.valid_until else ""
    return ", ".join(part for part in (_content(fact), until) if part) or FIGURES


def _content(fact: Fact) -> str:
    """What may change of it; of what holds several at once its name does not."""
    amount = format_pesos(fact.amount) if fact.amount is not None else ""
    is_named = fact.kind == FactKind.RSH_REQUEST or (fact.kind not in HELD_AT_ONCE and not amount)
    detail = fact.detail if fact.kind == FactKind.FAMILIAS_STAGE else ""
    return ", ".join(part for part in (fact.label if is_named else "", amount, detail) if part)
