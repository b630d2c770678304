"""What is read of what leaves: who is told, what became of the last events, and what has not left yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.jobs import tried
from ventanilla.outbox.models import EventDelivery, Letter, LetterQuerySet, Subscription
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


class Course(models.TextChoices):
    """How what has not left stands."""

    ON_ITS_WAY = "on_its_way", "Por salir"
    TRIED_AGAIN = "tried_again", "Se sigue intentando"
    GIVEN_UP = "given_up", "No se entregó"
    FORGOTTEN = "forgotten", "Nadie lo intenta"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that has not left: ``about`` what it is and ``to`` whom, without its text or anybody's address."""

    id: UUID
    about: str
    folio: str
    to: str
    since: datetime
    tries: int
    last_error: str
    course: Course


def letters_left(*, by: Actor) -> LetterQuerySet:
    """Those that wait or failed, the oldest first."""
    require(by, Permission.LETTER_TEND)
    return Letter.objects.visible_to(by).left().order_by("asked_at", "id")


def told_letters(letters: LetterQuerySet) -> list[Left]:
    shown = list(letters)
    left_alone = forgotten(shown)
    return [
        Left(
            one.pk,
            _named().get(one.about, one.about),
            one.folio,
            one.discreet_address,
            one.asked_at,
            one.tries,
            one.last_error,
            _course(one, is_tried=one.pk not in left_alone),
        )
        for one in shown
    ]


def forgotten(letters: Iterable[Letter]) -> set[UUID]:
    """Those that wait by their row and whose job failed, so that nobody tries them."""
    waiting = {one.pk for one in letters if one.sent_at is None and one.failed_at is None}
    return waiting - tried("letter", waiting) if waiting else set()


def deliveries_left(*, by: Actor) -> list[Left]:
    """Events that a system has still to take, the oldest first."""
    require(by, Permission.WEBHOOK_MANAGE)
    found = EventDelivery.objects.visible_to(by).filter(delivered_at=None, subscription__removed_at=None)
    shown = list(found.select_related("event", "subscription").order_by("event__at", "id"))
    awaited = tried("delivery", [one.pk for one in shown])
    return [
        Left(
            one.pk,
            one.event.type,
            one.event.content.get("folio", ""),
            one.subscription.url,
            one.event.at,
            one.tries,
            one.last_error,
            _course(one, is_tried=one.pk in awaited),
        )
        for one in shown
    ]


def _course(one: Letter | EventDelivery, *, is_tried: bool) -> Course:
    if one.failed_at:
        return Course.GIVEN_UP
    if not is_tried:
        return Course.FORGOTTEN
    return Course.TRIED_AGAIN if one.tries else Course.ON_ITS_WAY


@cache
def _named() -> dict[str, str]:
    """What each table keeps, in Spanish."""
    return {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}
