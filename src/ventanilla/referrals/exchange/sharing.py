"""The row by which another institution of the platform knows that something was referred to it."""

from ventanilla.access.actors import Actor
from ventanilla.referrals.models import Exchange, Referral


def share(referral: Referral, partner_id: int, *, by: Actor) -> Exchange:
    """That the institution of the platform to which it was sent sees it; the action that sends it asked the right."""
    return Exchange.objects.create(
        sender_id=by.institution,
        receiver_id=partner_id,
        referral_id=referral.pk,
        folio=referral.folio,
        title=referral.title,
        from_unit=referral.from_unit.name,
        is_urgent=referral.is_urgent,
        secrecy=referral.secrecy,
        state=referral.state,
        due_on=referral.due_on,
        sent_at=referral.sent_at,
    )
