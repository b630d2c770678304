"""What the counterpart sees of the institution's reasons: the list with its use, and the history of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.models import Function
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.catalogue.models import Reason, ReasonQuerySet, ReasonVersion
from ventanilla.catalogue.reasons import rules
from ventanilla.catalogue.reasons.rules import Difference, Said
from ventanilla.core.secrecy import Secrecy


@dataclass(frozen=True, slots=True)
class Row:
    """One reason of the list and its place in it: how deep, with which key, between which others.

    ``uses`` is None where it is not ordinary: how often somebody came for that is not told here.
    """

    reason: Reason
    uses: int | None
    depth: int = 0
    key: int | None = None
    is_first: bool = True
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a reason's history; without differences it is the one that made it."""

    at: datetime
    who: str
    differences: Sequence[Difference]


def managed_reasons(actor: Actor) -> ReasonQuerySet:
    """Those that the actor may change, in order."""
    return Reason.objects.visible_to(actor).filter(within_reach(actor, Permission.REASON_MANAGE)).in_order()


def list_of_reasons(actor: Actor, *, on: date, since: date) -> tuple[list[Row], list[Row]]:
    """Those in use, each under its parent, and those retired; with how often each was used since a day. Two queries."""
    everyone = list(managed_reasons(actor).select_related("national", "function"))
    used = _uses(everyone, since)
    in_use = [reason for reason in everyone if not reason.is_retired_on(on)]
    retired = [Row(reason, used[reason.pk]) for reason in everyone if reason.is_retired_on(on)]
    shown = {reason.pk for reason in in_use}
    under: dict[UUID | None, list[Reason]] = {}
    for reason in in_use:
        under.setdefault(reason.parent_id, []).append(reason)
    at_the_top = [reason for reason in in_use if reason.parent_id not in shown]
    with_key = [reason.pk for reason in in_use if reason.parent_id is None][: rules.KEYED]

    def rows(reasons: Sequence[Reason], depth: int) -> Iterator[Row]:
        for reason in reasons:
            beside = under[reason.parent_id]
            key = with_key.index(reason.pk) + 1 if reason.pk in with_key else None
            yield Row(reason, used[reason.pk], depth, key, beside[0] is reason, beside[-1] is reason)
            yield from rows(under.get(reason.pk, []), depth + 1)

    return list(rows(at_the_top, 0)), retired


def _uses(reasons: Sequence[Reason], since: date) -> Mapping[UUID, int | None]:
    """In how many consultations each was marked since a day, voided ones apart."""
    counted = (
        Reason.objects.filter(
            lines__consultation__occurred_at__gte=timezone.make_aware(datetime.combine(since, time.min)),
            lines__consultation__voided_at__isnull=True,
            lines__secrecy=Secrecy.ORDINARY,
        )
        .values_list("pk")
        .annotate(Count("lines"))
    )
    found: dict[UUID, int] = dict(counted)
    return {reason.pk: found.get(reason.pk, 0) if reason.secrecy == Secrecy.ORDINARY else None for reason in reasons}


def history_of(reason: Reason) -> list[Change]:
    """Every change that the institution made to it, the newest first. Two queries."""
    functions = dict(Function.objects.values_list("code", "name"))
    before: Said | None = None if reason.is_local else _as_adopted(reason)
    changes = []
    for version in ReasonVersion.objects.filter(reason=reason).select_related("account"):
        told = [] if before is None else list(rules.differences(before, version, functions))
        who = version.account.full_name if version.account else ""
        changes.append(Change(version.at, who, told))
        before = version
    return changes[::-1]


def _as_adopted(reason: Reason) -> Reason:
    """What the national list says, which never changes its meaning."""
    national = reason.national
    return Reason(
        institution_id=reason.institution_id,
        name=reason.name,
        function_id=national.function_id,
        secrecy=national.secrecy,
    )
