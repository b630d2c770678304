"""Which protocol governs what a unit sends to another, and which units it may send to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, Unit
from ventanilla.access.tenancy import TenantQuerySet
from ventanilla.core import clock
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


def unit_of_function(code: str, units: Iterable[Unit], reasons: Collection[UUID], *, by: Actor) -> Unit:
    """Which unit receives what is sent to a function: the one with it whose protocol governs, else the only one.

    Raises ``RuleBroken`` when no other unit has it, or when several have it and nothing says which.
    """
    fit = [unit for unit in units if unit.pk != by.unit_id and code in functions_of(unit)]
    if len(fit) > 1:
        governed = _in_force(by, clock.today()).filter(sender=by.unit_id, reason__in=reasons)
        by_protocol = set(governed.values_list("receiver_id", flat=True))
        fit = [unit for unit in fit if unit.pk in by_protocol] or fit
    if not fit:
        raise RuleBroken("Ninguna otra unidad tiene esa función: elija una unidad.", field="to")
    if len(fit) > 1:
        names = ", ".join(unit.name for unit in fit)
        raise RuleBroken(f"Varias unidades tienen esa función ({names}): elija una.", field="to")
    return fit[0]


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
