"""The verbs of whoever says which other systems are told what happens here."""

from collections.abc import Sequence

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.outbox.events import tell_now
from ventanilla.outbox.models import EventDelivery, Subscription
from ventanilla.outbox.posting import objection_to

KINDS = ("referral",)
"""With what the types of events begin, as a subscription may ask for them."""


@transaction.atomic
def subscribe(url: str, *, by: Actor, types: Sequence[str] = ()) -> Subscription:
    """From now on it is told; the same address again is the same subscription."""
    require(by, Permission.WEBHOOK_MANAGE)
    url = url.strip()
    if why := objection_to(url):
        raise RuleBroken(why, field="url")
    wanted = list(dict.fromkeys(kind.strip() for kind in types if kind.strip()))
    if unknown := [kind for kind in wanted if kind.partition(".")[0] not in KINDS]:
        raise RuleBroken(f"No hay eventos que empiecen con «{unknown[0]}». Hay: {', '.join(KINDS)}.", field="types")
    if known := Subscription.objects.visible_to(by).kept().filter(url=url).first():
        return known
    return Subscription.objects.create(url=url, types=wanted, made_at=clock.now(), account_id=by.account_id)


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: Actor) -> None:
    """It is told nothing more, not even what waits."""
    _hold(subscription, by=by)
    if subscription.removed_at is None:
        subscription.removed_at = clock.now()
        subscription.save()


@transaction.atomic
def take_up(subscription: Subscription, *, by: Actor) -> int:
    """Its pause ends, and all that it did not take in it goes now; how many."""
    _hold(subscription, by=by)
    if subscription.removed_at is not None:
        raise InvalidTransition("Esa suscripción se quitó: agréguela de nuevo.")
    subscription.paused_at, subscription.paused_because = None, ""
    subscription.save()
    left = list(subscription.deliveries.filter(delivered_at__isnull=True))
    subscription.deliveries.filter(delivered_at__isnull=True).update(failed_at=None, tries=0)
    tell_now(left, by=by)
    return len(left)


@transaction.atomic
def send_again(delivery: EventDelivery, *, by: Actor) -> None:
    """Once more, also what was taken: whoever receives knows it by its id."""
    require(by, Permission.WEBHOOK_MANAGE)
    delivery.refresh_from_db(from_queryset=EventDelivery.objects.select_for_update())
    if delivery.subscription.removed_at or delivery.subscription.paused_at:
        raise InvalidTransition("Su suscripción está en pausa o se quitó.")
    delivery.delivered_at, delivery.failed_at, delivery.tries = None, None, 0
    delivery.save()
    tell_now([delivery], by=by)


def _hold(subscription: Subscription, *, by: Actor) -> None:
    require(by, Permission.WEBHOOK_MANAGE)
    subscription.refresh_from_db(from_queryset=Subscription.objects.select_for_update())
