"""Several referrals at once, with a look at the effect before: accept them, take them, or pass them to a colleague."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.models import Account
from ventanilla.access.permissions import Permission
from ventanilla.core.errors import NotAllowed
from ventanilla.core.ids import parse_uuid
from ventanilla.referrals.actions import accept_referral, assign_referral
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.states import TO_ACCEPT, TO_ANSWER


class Order(StrEnum):
    ACCEPT = "aceptar"
    TAKE = "tomar"
    ASSIGN = "asignar"


@dataclass(frozen=True, slots=True)
class Refused:
    referral: Referral
    why: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes, or would become, of those marked; ``to`` is in whose charge they are."""

    order: Order
    to: Account
    passed: Sequence[Referral]
    refused: Sequence[Refused]

    @property
    def all(self) -> list[Referral]:
        return [*self.passed, *(one.referral for one in self.refused)]


def mark_of(referral_id: UUID, version: int) -> str:
    """A referral as it was on the page."""
    return f"{referral_id}_{version}"


def read_marks(marks: Iterable[str]) -> dict[UUID, int]:
    """What somebody changed in a form is not a mark."""
    found = {}
    for mark in marks:
        text, _, version = mark.partition("_")
        if (referral_id := parse_uuid(text)) and version.isdecimal():
            found[referral_id] = int(version)
    return found


def preview(order: Order, seen: Mapping[UUID, int], *, to: Account, by: Actor) -> Effect:
    """What would happen now. Those that are not of her unit, or above her, are as if they were not there."""
    require(by, Permission.REFERRAL_WORK)
    if order is Order.ASSIGN and not can(by, Permission.REFERRAL_ASSIGN):
        raise NotAllowed("Asignar a otra persona es de la jefatura de la unidad.")
    passed, refused = [], []
    for one in _theirs(seen, by=by).select_related("person", "from_unit", "assigned_to").soonest_first():
        if why := _why_not(order, one, seen[one.pk], to=to, by=by):
            refused.append(Refused(one, why))
        else:
            passed.append(one)
    return Effect(order, to, passed, refused)


@transaction.atomic
def carry_out(order: Order, seen: Mapping[UUID, int], *, to: Account, by: Actor, reason: str = "") -> Effect:
    """It happens to all that can; what changed meanwhile is told and does not stop the others. Twice is once."""
    require(by, Permission.REFERRAL_WORK)
    list(_theirs(seen, by=by).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    effect = preview(order, seen, to=to, by=by)
    for one in effect.passed:
        if order is Order.ACCEPT:
            accept_referral(one, by=by)
        else:
            assign_referral(one, to.pk, by=by, reason=reason)
    return effect


def _theirs(seen: Iterable[UUID], *, by: Actor) -> ReferralQuerySet:
    return Referral.objects.visible_to(by).sent_to(by.unit_id).filter(pk__in=list(seen))


def _why_not(order: Order, one: Referral, version: int, *, to: Account, by: Actor) -> str:
    state = one.get_state_display().lower()
    if one.version != version:
        holder = f", a cargo de {one.assigned_to}" if one.assigned_to else ""
        return f"Cambió mientras tanto: está {state}{holder}."
    if order is Order.ACCEPT:
        if one.state in TO_ANSWER:
            return f"Ya está {state}{f', a cargo de {one.assigned_to}' if one.assigned_to else ''}."
        return "" if one.state in TO_ACCEPT else f"Está {state}: ya no se acepta."
    if not one.is_open:
        return f"Está {state}: ya terminó."
    if one.assigned_to_id == to.pk:
        return f"Ya está a cargo de {to.full_name}."
    if one.assigned_to_id and not can(by, Permission.REFERRAL_ASSIGN):
        return f"La tiene {one.assigned_to}: pasarla es de la jefatura."
    return ""
