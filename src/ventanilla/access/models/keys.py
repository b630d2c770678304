"""Keys of the API: what each opens, how much is asked with it, and what was answered to a write, to say it again."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ventanilla.access.models.bases import IdentityModel
from ventanilla.access.models.operators import Posting
from ventanilla.access.permissions import SCOPES
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force_at(self, moment: datetime) -> Self:
        """Not ended nor revoked, taken by its holder or not yet."""
        return self.filter(expires_at__gt=moment, revoked_at__isnull=True)


class ApiToken(IdentityModel):
    """A key to the API for one posting: authorized, taken by its holder, and at last ended or revoked.

    Only its digest is stored, none until it is taken. ``scopes`` are the permissions it opens, within those of the
    role; a key older than scopes has none written and opens all of them.
    """

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="tokens", verbose_name="desempeño")
    name = models.CharField("nombre", max_length=60)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name="alcances", null=True)
    digest = models.CharField("resumen", max_length=64, unique=True, null=True)
    created_at = models.DateTimeField("autorizada")
    expires_at = models.DateTimeField("vence")
    last_used_at = models.DateTimeField("último uso", null=True)
    revoked_at = models.DateTimeField("revocada", null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "llave de la API"
        verbose_name_plural = "llaves de la API"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="token_opens_something",
                condition=Q(scopes__isnull=True) | Q(scopes__len__gt=0),
                violation_error_message="Elija al menos un alcance.",
            ),
        ]

    @property
    def expires_on(self) -> date:
        """The last day on which it may open, here."""
        return timezone.localtime(self.expires_at).date()

    @property
    def is_taken(self) -> bool:
        return self.digest is not None

    @property
    def scopes_in_words(self) -> str:
        if self.scopes is None:
            return "Todo lo que permite el desempeño"
        return ", ".join(SCOPES.get(scope, scope) for scope in self.scopes).capitalize()


class ApiUse(models.Model):
    """How many requests an account made this minute, or how many wrong keys came from a network.

    Unlogged in PostgreSQL: a count that a crash forgets, and that no request waits to see on disk.
    """

    table_class = IdentityModel.table_class
    retention = Retention.SESSION

    whose = models.CharField("cuenta o red", max_length=45, primary_key=True)
    minute = models.DateTimeField("minuto")
    requests = models.PositiveIntegerField("pedidos")

    class Meta:
        verbose_name = "uso de la API"
        verbose_name_plural = "usos de la API"


class KeptAnswerQuerySet(TenantQuerySet["KeptAnswer"]):
    def of(self, posting_id: UUID | None) -> Self:
        return self.filter(posting_id=posting_id)


class KeptAnswer(TenantModel):
    """What a write by API answered, for whoever repeats the same request with the same ``Idempotency-Key``.

    Of key and request only digests: a client may have put anything in them.
    """

    retention = Retention.SESSION

    posting = TenantForeignKey(Posting, models.CASCADE, related_name="+", verbose_name="desempeño")
    key = models.CharField("llave del pedido", max_length=64)
    request = models.CharField("pedido", max_length=64)
    status = models.PositiveSmallIntegerField("estado HTTP")
    location = models.CharField("dirección de lo creado", max_length=200, blank=True)
    body = models.TextField("cuerpo", blank=True)
    at = models.DateTimeField("momento")

    objects = KeptAnswerQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "respuesta guardada"
        verbose_name_plural = "respuestas guardadas"
        constraints = [
            models.UniqueConstraint(fields=["institution", "posting", "key"], name="one_answer_per_key"),
        ]
        indexes = [models.Index(fields=["institution", "at"], name="kept_answer_at")]
