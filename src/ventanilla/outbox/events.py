"""Events for other systems: noted with the change that makes them, told to each subscription until it takes them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.jobs import MOST_TRIES, NotTaken, go_after_others, hasten, queue
from ventanilla.outbox.models import QUEUE, Event, EventDelivery, Subscription
from ventanilla.outbox.posting import Refused, post
from ventanilla.outbox.signing import headers_of

PREFIX = "cl.ventanilla."


@transaction.atomic
def note_event(kind: str, subject: str, content: Mapping[str, Any], *, by: Actor) -> Event | None:
    """``kind`` is as ``referral.accepted``, ``subject`` the address of the API where the rest is read.

    ``content`` has ids and states, nobody's name. Without a subscription that wants it nothing is kept.
    """
    wanting = [one for one in Subscription.objects.visible_to(by).active() if _wants(one, kind)]
    if not wanting:
        return None
    event = Event.objects.create(type=f"{PREFIX}{kind}.v1", subject=subject, at=clock.now(), content=dict(content))
    for subscription in wanting:
        _defer(EventDelivery.objects.create(event=event, subscription=subscription), by=by)
    return event


def tell_now(deliveries: Sequence[EventDelivery], *, by: Actor) -> None:
    """Those that wait for their next try have it now, and the others are asked for again."""
    waiting = hasten("delivery", [delivery.pk for delivery in deliveries])
    for delivery in deliveries:
        if delivery.pk not in waiting:
            _defer(delivery, by=by)


def _defer(delivery: EventDelivery, *, by: Actor) -> None:
    """One at a time for each subscription: whoever is silent holds one worker, and not all."""
    job = queue.configure_task("tell_system", queue=QUEUE, lock=str(delivery.subscription_id))
    job.defer(institution=by.institution, delivery=str(delivery.pk))


def _wants(subscription: Subscription, kind: str) -> bool:
    return not subscription.types or any(kind == one or kind.startswith(f"{one}.") for one in subscription.types)


def body_of(event: Event) -> bytes:
    """CloudEvents 1.0, structured mode."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": str(event.pk),
            "source": f"urn:ventanilla:{event.institution_id}",
            "type": event.type,
            "subject": event.subject,
            "time": event.at.isoformat(),
            "datacontenttype": "application/json",
            "data": event.content,
        },
        ensure_ascii=False,
    ).encode()


def deliver_event(delivery_id: UUID, *, by: Actor) -> None:
    """Tell it; raises ``NotTaken`` to be tried again. Nothing is held while the other system answers.

    A receiver may see one twice, always with the same id. After a day of trying its subscription is paused.
    """
    with acting(by):
        require(by, Permission.OUTBOX_DELIVER)
        waiting = EventDelivery.objects.filter(delivered_at__isnull=True, failed_at__isnull=True)
        waiting = waiting.filter(subscription__removed_at__isnull=True, subscription__paused_at__isnull=True)
        delivery = waiting.select_related("event", "subscription").filter(pk=delivery_id).first()
    if delivery is None:
        return
    body = body_of(delivery.event)
    try:
        status, failure = post(delivery.subscription.url, body, headers_of(delivery.subscription, delivery.event, body))
    except Refused as refused:
        status, failure = None, str(refused)
    with acting(by):
        delivery = (
            EventDelivery.objects.select_for_update(of=("self",)).select_related("subscription").get(pk=delivery_id)
        )
        if delivery.delivered_at is not None:  # another that tried meanwhile told it
            return
        delivery.tries += 1
        delivery.status, delivery.last_error, delivery.tried_at = status, failure[:200], clock.now()
        if not failure:
            delivery.delivered_at = clock.now()
        elif delivery.tries >= MOST_TRIES:
            delivery.failed_at = clock.now()
            _pause(delivery.subscription, failure)
        delivery.save()
        if status is None:  # the next would be as silent
            go_after_others(str(delivery.subscription_id))
    if failure and delivery.failed_at is None:
        raise NotTaken(failure)


def _pause(subscription: Subscription, failure: str) -> None:
    """Somebody must look at it: what it did not take is sent again when it is taken up."""
    because = f"No respondió durante un día: {failure}"
    kept = Subscription.objects.filter(pk=subscription.pk, paused_at__isnull=True)
    kept.update(paused_at=clock.now(), paused_because=because[:200])
