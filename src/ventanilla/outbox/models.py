"""What leaves by itself, kept until it was taken: letters by mail, and events for other systems."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ventanilla.access.models import Account
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

QUEUE = "outbox"


class LetterQuerySet(TenantQuerySet["Letter"]):
    def left(self) -> Self:
        """Those that have not left: they wait, or nobody tries any more."""
        return self.filter(sent_at__isnull=True)


class Letter(TenantModel):
    """A message to be mailed, without personal data. Its text goes when the mail server took it.

    ``about`` is what it is about, as a table and its id; ``failed_at`` says that nobody tries any more.
    """

    to_address = models.EmailField("para")
    subject = models.CharField("asunto", max_length=200)
    text = models.TextField("texto", max_length=4000, blank=True)
    about = models.CharField("sobre qué", max_length=40)
    about_id = models.UUIDField("sobre cuál")
    folio = models.CharField("folio", max_length=16, blank=True)
    asked_at = models.DateTimeField("pedido")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="pedido por"
    )
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    last_error = models.CharField("último error", max_length=200, blank=True)
    sent_at = models.DateTimeField("enviado", null=True, blank=True)
    failed_at = models.DateTimeField("abandonado", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "carta por correo"
        verbose_name_plural = "cartas por correo"
        indexes = [
            models.Index(fields=["institution", "about", "about_id"], name="letter_about"),
            models.Index(fields=["institution", "asked_at"], name="letter_left", condition=Q(sent_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_or_failed",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message="Una carta se envió o se abandonó.",
            )
        ]

    @property
    def discreet_address(self) -> str:
        """Enough to see that it is written wrong, not to know whose it is."""
        name, _, domain = self.to_address.rpartition("@")
        return f"{name[:1]}…@{domain}"


class SubscriptionQuerySet(TenantQuerySet["Subscription"]):
    def active(self) -> Self:
        return self.filter(removed_at__isnull=True, paused_at__isnull=True)

    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)


class Subscription(TenantModel):
    """Another system that is told what happens here. Its secret comes from the server's key and its id."""

    url = models.CharField("dirección", max_length=500)
    types = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="tipos de evento")
    """Beginnings of types; none means all."""
    made_at = models.DateTimeField("creada")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="creada por"
    )
    paused_at = models.DateTimeField("en pausa desde", null=True, blank=True)
    paused_because = models.CharField("por qué está en pausa", max_length=200, blank=True)
    removed_at = models.DateTimeField("quitada", null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "suscripción de un sistema"
        verbose_name_plural = "suscripciones de sistemas"
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "url"], condition=Q(removed_at__isnull=True), name="one_subscription_per_url"
            )
        ]

    def __str__(self) -> str:
        return self.url


class Event(TenantModel):
    """Something that happened, told to other systems with ids and states and nobody's name (CloudEvents 1.0)."""

    append_only: ClassVar[bool] = True

    type = models.CharField("tipo", max_length=60)
    subject = models.CharField("de qué", max_length=120)
    at = models.DateTimeField("momento")
    content = models.JSONField("contenido", default=dict)

    objects = TenantQuerySet["Event"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "evento para otros sistemas"
        verbose_name_plural = "eventos para otros sistemas"


class EventDelivery(TenantModel):
    """An event on its way to a subscription, until it answered that it took it or a day went by."""

    event = TenantForeignKey(Event, models.CASCADE, related_name="deliveries", verbose_name="evento")
    subscription = TenantForeignKey(Subscription, models.CASCADE, related_name="deliveries", verbose_name="suscripción")
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    status = models.PositiveSmallIntegerField("respuesta", null=True, blank=True)
    last_error = models.CharField("último error", max_length=200, blank=True)
    tried_at = models.DateTimeField("último intento", null=True, blank=True)
    delivered_at = models.DateTimeField("entregado", null=True, blank=True)
    failed_at = models.DateTimeField("abandonado", null=True, blank=True)

    objects = TenantQuerySet["EventDelivery"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "entrega de un evento"
        verbose_name_plural = "entregas de eventos"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "subscription", "event"], name="one_delivery_per_event_and_subscription"
            )
        ]
