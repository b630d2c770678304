"""What is written down of the operators: each change in their register, what they signed, where they are signed in."""

from datetime import date
from typing import Self

from django.db import models

from ventanilla.access.models.bases import IdentityModel, ReferenceModel
from ventanilla.access.models.institutions import Institution
from ventanilla.access.models.operators import Account, Posting
from ventanilla.core.tables import Retention


class RegisterEntry(IdentityModel):
    """One change of an account or a posting: which, when, by whom and why. Confirming it is one too."""

    append_only = True

    class Change(models.TextChoices):
        REGISTERED = "registered", "Cuenta creada"
        PASSWORD_GIVEN = "password_given", "Contraseña nueva entregada"
        PASSWORD_CHANGED = "password_changed", "Contraseña cambiada por la persona"
        SUSPENDED = "suspended", "Cuenta suspendida"
        RESTORED = "restored", "Cuenta restituida"
        FACTOR_ON = "factor_on", "Segundo factor activado"
        FACTOR_OFF = "factor_off", "Segundo factor quitado"
        CODES_RENEWED = "codes_renewed", "Códigos de recuperación nuevos"
        GIVEN = "given", "Desempeño asignado"
        AWAY = "away", "Desempeño suspendido"
        BACK = "back", "Desempeño retomado"
        ENDED = "ended", "Término fijado"
        CONFIRMED = "confirmed", "Desempeño confirmado"
        RIGHT_GIVEN = "right_given", "Encargo dado"
        RIGHT_TAKEN = "right_taken", "Encargo quitado"
        KEY_GRANTED = "key_granted", "Llave de la API autorizada"
        KEY_TAKEN = "key_taken", "Llave de la API retirada"
        KEY_REVOKED = "key_revoked", "Llave de la API revocada"

    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", verbose_name="cuenta")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="entries", verbose_name="desempeño")
    change = models.CharField("cambio", max_length=16, choices=Change)
    starts_on = models.DateField("desde", null=True)
    ends_on = models.DateField("hasta", null=True)
    reason = models.CharField("motivo", max_length=300, blank=True)
    at = models.DateTimeField("momento")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="hecho por")
    by_posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="en su desempeño")

    class Meta:
        verbose_name = "asiento del registro"
        verbose_name_plural = "asientos del registro"
        ordering = ["-at", "-id"]


class AgreementText(ReferenceModel):
    """A version of the confidentiality agreement; the highest number is the one in force."""

    number = models.PositiveSmallIntegerField("versión", primary_key=True)
    title = models.CharField("título", max_length=160)
    body = models.TextField("texto")
    is_sample = models.BooleanField("texto de ejemplo", default=False)
    published_on = models.DateField("publicado el")

    class Meta:
        verbose_name = "texto del acuerdo"
        verbose_name_plural = "textos del acuerdo"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.title}, versión {self.number}"


class AgreementSignatureQuerySet(models.QuerySet["AgreementSignature"]):
    def in_force_on(self, day: date) -> Self:
        """Those of the text in force that have not expired."""
        newest = AgreementText.objects.order_by("-number").values("number")[:1]
        return self.filter(text_id=newest, expires_on__gte=day)


class AgreementSignature(IdentityModel):
    """That somebody accepted one exact text, for one institution or (without it) above them, and until when."""

    append_only = True

    account = models.ForeignKey(Account, models.PROTECT, related_name="signatures", verbose_name="cuenta")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+", verbose_name="desempeño")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+", verbose_name="institución"
    )
    text = models.ForeignKey(AgreementText, models.PROTECT, related_name="+", verbose_name="texto")
    sha256 = models.CharField("SHA-256 de lo firmado", max_length=64)
    signed_as = models.CharField("firmado por", max_length=300)
    signed_at = models.DateTimeField("firmado")
    expires_on = models.DateField("vence")

    objects = AgreementSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "firma del acuerdo"
        verbose_name_plural = "firmas del acuerdo"
        ordering = ["-signed_at", "-id"]


class OpenSession(IdentityModel):
    """Where somebody is signed in. ``key`` is that of the stored session, from which nobody can act."""

    retention = Retention.SESSION

    account = models.ForeignKey(Account, models.CASCADE, related_name="open_sessions", verbose_name="cuenta")
    key = models.CharField("sesión guardada", max_length=40, unique=True)
    network = models.GenericIPAddressField("red", null=True)
    browser = models.CharField("navegador", max_length=60, blank=True)
    opened_at = models.DateTimeField("abierta")
    used_at = models.DateTimeField("último uso")

    class Meta:
        verbose_name = "sesión abierta"
        verbose_name_plural = "sesiones abiertas"
        ordering = ["-used_at", "-id"]
