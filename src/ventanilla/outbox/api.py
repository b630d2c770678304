"""Subscriptions by API: which systems are told what happens, and whether they take it."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import Given, Line, Shown
from ventanilla.outbox import actions
from ventanilla.outbox.models import Subscription
from ventanilla.outbox.reading import last_deliveries, subscriptions
from ventanilla.outbox.signing import secret_of

router = Router(tags=["webhooks"])


class NewSubscription(Given):
    url: Line = Field(min_length=1, max_length=500, description="Empieza con https://.")
    types: list[Line] = Field(
        default_factory=list, max_length=20, description="Con qué empiezan, como `referral.answered`; vacío, todos."
    )


class SubscriptionShown(Shown):
    id: UUID
    url: str
    types: list[str]
    made_at: datetime
    paused_at: datetime | None
    paused_because: str


class SubscriptionMade(SubscriptionShown):
    secret: str = Field(description="Con que se comprueba la firma de cada aviso (Standard Webhooks).")


class EventDeliveryShown(Shown):
    id: UUID
    event_id: UUID
    type: str
    subject: str
    at: datetime
    tries: int
    status: int | None
    last_error: str
    delivered_at: datetime | None
    failed_at: datetime | None


@operation(
    router,
    "GET",
    "/webhooks",
    Permission.WEBHOOK_MANAGE,
    response=list[SubscriptionShown],
    summary="Sistemas a los que se avisa",
)
def list_subscriptions(request: ApiRequest) -> list[SubscriptionShown]:
    return [_shown(one) for one in subscriptions(by=request.actor)]


@operation(
    router,
    "POST",
    "/webhooks",
    Permission.WEBHOOK_MANAGE,
    response={200: SubscriptionMade, 201: SubscriptionMade},
    summary="Suscribir un sistema",
    description="Cada aviso es un CloudEvents 1.0 firmado, repetido durante un día hasta que se responda 2xx.",
)
def subscribe(request: ApiRequest, new: NewSubscription, response: HttpResponse) -> Status[SubscriptionMade]:
    asked_at = clock.now()
    made = actions.subscribe(new.url, types=new.types, by=request.actor)
    response.headers["Location"] = reverse("api:list_deliveries", args=[made.pk])
    is_new = made.made_at >= asked_at
    shown = SubscriptionMade(**_shown(made).model_dump(), secret=secret_of(made))
    return Status(HTTPStatus.CREATED if is_new else HTTPStatus.OK, shown)


@operation(
    router,
    "GET",
    "/webhooks/{uuid:subscription_id}/deliveries",
    Permission.WEBHOOK_MANAGE,
    response=list[EventDeliveryShown],
    summary="Qué fue de los últimos avisos",
)
def list_deliveries(request: ApiRequest, subscription_id: UUID) -> list[EventDeliveryShown]:
    found = last_deliveries(_found(request, subscription_id), by=request.actor)
    return [
        EventDeliveryShown(
            id=one.pk,
            event_id=one.event_id,
            type=one.event.type,
            subject=one.event.subject,
            at=one.event.at,
            tries=one.tries,
            status=one.status,
            last_error=one.last_error,
            delivered_at=one.delivered_at,
            failed_at=one.failed_at,
        )
        for one in found
    ]


@operation(
    router,
    "POST",
    "/webhooks/{uuid:subscription_id}/remove",
    Permission.WEBHOOK_MANAGE,
    response=SubscriptionShown,
    summary="Dejar de avisar a un sistema",
)
def unsubscribe(request: ApiRequest, subscription_id: UUID) -> SubscriptionShown:
    found = _found(request, subscription_id)
    actions.unsubscribe(found, by=request.actor)
    return _shown(found)


@operation(
    router,
    "POST",
    "/webhooks/{uuid:subscription_id}/resume",
    Permission.WEBHOOK_MANAGE,
    response=SubscriptionShown,
    summary="Retomar un sistema en pausa",
    description="Envía ahora todo lo que no tomó.",
)
def resume(request: ApiRequest, subscription_id: UUID) -> SubscriptionShown:
    found = _found(request, subscription_id)
    actions.take_up(found, by=request.actor)
    return _shown(found)


def _found(request: ApiRequest, subscription_id: UUID) -> Subscription:
    """Also one that was removed: what is asked of it is refused in words."""
    return get_object_or_404(Subscription.objects.visible_to(request.actor), pk=subscription_id)


def _shown(one: Subscription) -> SubscriptionShown:
    return SubscriptionShown(
        id=one.pk,
        url=one.url,
        types=one.types,
        made_at=one.made_at,
        paused_at=one.paused_at,
        paused_because=one.paused_because,
    )
