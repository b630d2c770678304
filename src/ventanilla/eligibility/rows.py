"""What is told of an entry in one line, beside a file or a consultation."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.words import number
from ventanilla.eligibility.advice import Advised
from ventanilla.eligibility.verdicts import Advice, Verdict
from ventanilla.registry.models import Person


@dataclass(frozen=True, slots=True)
class Row:
    """``address`` is of its page. ``reasons`` are the ids of those that suggest it, with blanks between."""

    version: EntryVersion
    address: str
    whose: str
    detail: str
    reasons: str = ""
    is_told: bool = False
    is_ruled: bool = True


def rows_of(advice: Iterable[Advice], advised: Advised, *, told: Collection[UUID] = ()) -> list[Row]:
    address = _addresses(advised.person)
    return [
        Row(
            one.version,
            address(one.version),
            ", ".join(
                f"{answer.name} ({age})" if (age := answer.age) is not None else answer.name for answer in one.best
            ),
            _detail(one),
            _reasons(one.version, advised),
            one.version.pk in told,
        )
        for one in advice
    ]


def unruled_rows(advised: Advised, *, told: Collection[UUID] = ()) -> list[Row]:
    """Of entries without a rule: what they are, for nothing is known of whom."""
    address = _addresses(advised.person)
    return [
        Row(
            version,
            address(version),
            "",
            " · ".join(filter(None, (version.get_modality_display(), version.unit_name))),
            _reasons(version, advised),
            version.pk in told,
            is_ruled=False,
        )
        for version in advised.unruled
    ]


def _addresses(person: Person) -> Callable[[EntryVersion], str]:
    """Where each entry is explained for this person; asked of the router once, for a list has sixty."""
    any_entry = UUID(int=0)
    before, after = reverse("eligibility:explain", args=(person.pk, any_entry)).split(str(any_entry))
    return lambda version: f"{before}{version.entry_id}{after}"


def _reasons(version: EntryVersion, advised: Advised) -> str:
    return " ".join(map(str, advised.reasons.get(version.entry_id, ())))


def _detail(one: Advice) -> str:
    first = one.best[0]
    if one.verdict is Verdict.COULD and first.to_prove:
        return f"por acreditar: {number(len(first.to_prove), 'requisito', 'requisitos')}"
    if one.verdict is Verdict.MISSING:
        return first.unknown[0].why
    if one.verdict is Verdict.CANNOT:
        why = first.failed[0].why
        return f"no cumple: {why[:1].lower()}{why[1:]}"
    return ""
