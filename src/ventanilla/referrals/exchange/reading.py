"""What is read of referrals that other institutions sent: those that came, and what was done here with one."""

from uuid import UUID

from django.http import Http404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.intake.models import Contact
from ventanilla.referrals.models import Exchange, ExchangeStep
from ventanilla.referrals.models.exchange import ExchangeQuerySet


def received(*, by: Actor, is_ended: bool = False) -> ExchangeQuerySet:
    """Those that came to her unit, soonest first; of what ended, the newest first."""
    require(by, Permission.REFERRAL_READ)
    found = Exchange.objects.received_by(by).select_related("sender")
    return found.ended().order_by("-ended_at", "-id") if is_ended else found.open().order_by("due_on", "id")


def find_received(exchange_id: UUID, *, by: Actor) -> Exchange:
    """Raises ``Http404`` for one of others, or above her."""
    require(by, Permission.REFERRAL_READ)
    found = Exchange.objects.received_by(by).select_related("sender").filter(pk=exchange_id).first()
    if found is None:
        raise Http404
    return found


def steps_here(exchange: Exchange) -> list[ExchangeStep]:
    """What was done here, the newest first."""
    steps = ExchangeStep.objects.filter(exchange=exchange).select_related("account", "posting__unit", "contact")
    return list(steps.order_by("-at", "-id"))


def contact_of(exchange: Exchange) -> Contact | None:
    """The one that it became here."""
    step = ExchangeStep.objects.filter(exchange=exchange, contact__isnull=False).select_related("contact__consultation")
    found = step.first()
    return found.contact if found else None
