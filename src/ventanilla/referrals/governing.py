"""Which protocol governs what a unit sends to another, and which units it may send to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, Unit
from ventanilla.access.tenancy import TenantQuerySet
from ventanilla.core.errors import RuleBroken
from ventanilla.referrals.models import Governance, ProtocolVersion
from ventanilla.referrals.rules import WITHOUT_PROTOCOL, Terms


def governing(
    sender: UUID, receiver: UUID, reasons: Collection[UUID], *, by: Actor, on: date
) -> ProtocolVersion | None:
    """The one version that governs these reasons between two units on a day, or None when none does.

    Raises ``RuleBroken`` when they go by different ones, or only some by one: each goes in a referral of its own.
    """
    found = {row.reason_id: row.version for row in _in_force(by, on).filter(sender=sender, receiver_id=receiver)}
    versions = {found.get(reason) for reason in reasons}
    if len(versions) > 1:
        raise RuleBroken("Esos motivos van por protocolos distintos: derívelos por separado.", field="lines")
    return next(iter(versions), None)


def terms_of(protocol: ProtocolVersion | None) -> Terms:
    if protocol is None:
        return WITHOUT_PROTOCOL
    return Terms(protocol.accept_days, protocol.answer_days, protocol.expire_days, protocol.urgent_days)


@dataclass(frozen=True, slots=True)
class Suggested:
    """Where a reason would go: by a protocol, or because a unit has its function."""

    receiver_id: UUID
    version: ProtocolVersion | None


def suggestions(
    sender: UUID, reasons: dict[UUID, str | None], receivers: Collection[Unit | Provider], *, by: Actor, on: date
) -> dict[UUID, Suggested]:
    """For each reason (with its function), who receives by its protocol, else the only unit with its function."""
    by_protocol = {row.reason_id: row for row in _in_force(by, on).filter(sender=sender, reason__in=reasons)}
    ids = {one.pk for one in receivers}
    units = [one for one in receivers if isinstance(one, Unit)]
    found = {}
    for reason, function in reasons.items():
        row = by_protocol.get(reason)
        if row and row.receiver_id in ids:
            found[reason] = Suggested(row.receiver_id, row.version)
            continue
        fit = [unit.pk for unit in units if function and function in functions_of(unit) and unit.pk != sender]
        if len(fit) == 1:
            found[reason] = Suggested(fit[0], None)
    return found


def functions_of(unit: Unit) -> set[str]:
    """Free for units that came with theirs."""
    return {row.function_id for row in unit.functions.all()}


def _in_force(by: Actor, on: date) -> TenantQuerySet[Governance]:
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Governance.objects.visible_to(by).filter(lasting, starts_on__lte=on).select_related("version__protocol")
