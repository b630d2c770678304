"""What is read of subscriptions: those of the institution, and what became of the last events of one."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.outbox.models import EventDelivery, Subscription
from ventanilla.outbox.models import SubscriptionQuerySet as Subscriptions

LAST = 50


def subscriptions(*, by: Actor) -> Subscriptions:
    """Those that were not removed, with how many events each has still to take."""
    require(by, Permission.WEBHOOK_MANAGE)
    left = EventDelivery.objects.filter(subscription=OuterRef("pk"), delivered_at__isnull=True).order_by()
    counted = left.values("subscription").annotate(number=Count("id")).values("number")
    found = Subscription.objects.visible_to(by).kept().select_related("account")
    return found.annotate(waiting=Coalesce(Subquery(counted), 0))


def last_deliveries(subscription: Subscription, *, by: Actor) -> list[EventDelivery]:
    require(by, Permission.WEBHOOK_MANAGE)
    found = EventDelivery.objects.visible_to(by).filter(subscription=subscription).select_related("event")
    return list(found.order_by("-event__at", "-id")[:LAST])
