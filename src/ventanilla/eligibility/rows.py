"""What is told of an entry in one line, beside a file or a consultation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.words import number
from ventanilla.eligibility.advice import Advised
from ventanilla.eligibility.verdicts import Advice, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """``reasons`` are the ids of those that suggest it, with blanks between."""

    version: EntryVersion
    whose: str
    detail: str
    reasons: str = ""
    is_told: bool = False
    is_ruled: bool = True


def rows_of(advice: Iterable[Advice], advised: Advised, *, told: Collection[UUID] = ()) -> list[Row]:
    return [
        Row(
            one.version,
            ", ".join(
                f"{answer.name} ({answer.age})" if answer.age is not None else answer.name for answer in one.best
            ),
            _detail(one),
            _reasons(one.version, advised),
            one.version.pk in told,
        )
        for one in advice
    ]


def unruled_rows(advised: Advised, *, told: Collection[UUID] = ()) -> list[Row]:
    """Of entries without a rule: what they are, for nothing is known of whom."""
    return [
        Row(
            version,
            "",
            " · ".join(filter(None, (version.get_modality_display(), version.unit_name))),
            _reasons(version, advised),
            version.pk in told,
            is_ruled=False,
        )
        for version in advised.unruled
    ]


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
