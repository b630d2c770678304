"""Whoever received it sends it on: another unit has it, and the first sender is the one answered."""

from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Unit
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.referrals import rules
from ventanilla.referrals.actions.sending import require_colleague
from ventanilla.referrals.actions.steps import hold, move, require_receiver
from ventanilla.referrals.governing import functions_of, governing, terms_of
from ventanilla.referrals.models import Referral
from ventanilla.referrals.packet import WITHOUT_PROTOCOL
from ventanilla.referrals.states import OPEN, ReferralEvent, ReferralState
from ventanilla.registry.reading import close_purposes


@transaction.atomic
def forward_referral(referral: Referral, to: UUID, *, by: Actor, reason: str, to_account: UUID | None = None) -> None:
    """It goes to another unit as if its origin had sent it there today, with no more than it carried.

    Raises ``RuleBroken`` for a unit that cannot have it; back to its origin it is rejected or returned instead.
    """
    hold(referral)
    require_receiver(referral, by=by)
    if referral.state not in OPEN:
        raise InvalidTransition("Ya terminó: no hay qué reenviar. Quien la envió puede reabrirla.")
    if referral.to_unit is None:
        raise RuleBroken("La tiene un prestador: la reenvía quien la envió, retirándola y derivando de nuevo.")
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Escriba por qué se reenvía.", field="reason")
    unit = _receiver(referral, to, by=by)
    if to_account is None and referral.secrecy == Secrecy.RESTRICTED:
        raise RuleBroken("Es restringida: elija a la persona que la recibe. Nadie más la verá.", field="to")
    if to_account:
        require_colleague(to_account, unit, by=by)
    today = clock.today()
    reasons = list(referral.lines.values_list("line__reason_id", flat=True))
    protocol = governing(referral.from_unit_id, unit.pk, reasons, by=by, on=today)
    days = service_days(by.institution, around=today)
    terms = rules.deadlines_when_sent(terms_of(protocol), on=today, days=days, is_urgent=referral.is_urgent)
    note = f"De {referral.to_unit} a {unit}. {reason}"
    move(referral, ReferralEvent.FORWARDED, ReferralState.SENT, by=by, note=note)
    allowed = protocol.fields if protocol else WITHOUT_PROTOCOL
    referral.packet = [line for line in referral.packet if line.get("field") in allowed]
    referral.to_unit, referral.protocol, referral.assigned_to_id = unit, protocol, to_account
    referral.kind = rules.kind_of(functions_of(unit))
    referral.received_at = referral.accepted_at = referral.appointed_at = referral.tell_by = None
    referral.accept_by, referral.answer_by = terms.accept_by, terms.answer_by
    referral.expires_on, referral.due_on = terms.expires_on, terms.accept_by
    referral.save()
    close_purposes(reference_id=referral.pk)


def _receiver(referral: Referral, to: UUID, *, by: Actor) -> Unit:
    if to == referral.from_unit_id:
        raise RuleBroken("Esa unidad la envió: devuélvala por antecedentes o recházela.", field="to")
    if to == referral.to_unit_id:
        raise RuleBroken("Ya la tiene esa unidad: para pasarla a una colega, asígnela.", field="to")
    units = Unit.objects.filter(institution_id=by.institution).connected_on(clock.today())
    unit = units.filter(pk=to).prefetch_related("functions").first()
    if unit is None:
        raise RuleBroken("Esa unidad no recibe derivaciones: elija otra.", field="to")
    return unit
