"""What crosses the wall of the municipality: the transfer, the link that opens it, each opening, and files."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ventanilla.access.models import Account, Posting, Provider, ProviderNature
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.referrals.models.referrals import Referral
from ventanilla.referrals.outside.states import Consent, Opening


class Transfer(TenantModel):
    """That data of somebody went to a body outside: the log of Ley 21.180 art. 24 bis (chile-rules.md §6).

    Names are as they were then. ``data`` says which data, never their values; ``until`` is how long they may be used.
    """

    append_only: ClassVar[bool] = True

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="transfers", verbose_name="derivación")
    provider = TenantForeignKey(Provider, models.PROTECT, related_name="+", verbose_name="destino")
    destination = models.CharField("organismo de destino", max_length=120)
    nature = models.CharField("naturaleza", max_length=21, choices=ProviderNature)
    procedure = models.CharField("procedimiento", max_length=300)
    data = ArrayField(models.CharField(max_length=60), verbose_name="datos")
    legal_ground = models.CharField("fundamento legal", max_length=300, blank=True)
    consent = models.CharField("autorización de la persona", max_length=14, choices=Consent, blank=True)
    until = models.DateField("hasta")
    at = models.DateTimeField("momento")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+", verbose_name="funcionario")
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["Transfer"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "traspaso de datos"
        verbose_name_plural = "traspasos de datos"
        constraints = [
            models.CheckConstraint(
                name="transfer_has_a_ground",
                condition=~Q(legal_ground="") | ~Q(consent=""),
                violation_error_message="Un traspaso tiene un fundamento legal o la autorización de la persona.",
            )
        ]
        indexes = [models.Index(fields=["institution", "-at", "-id"], name="transfer_newest")]


class AccessLink(TenantModel):
    """The address by which a provider reads and answers one referral; useless without the code told apart.

    Neither is kept: both come from the server's key and this row (``outside.links``). ``wrong`` counts codes refused.
    """

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="links", verbose_name="derivación")
    digest = models.CharField("huella", max_length=64)
    made_at = models.DateTimeField("creado")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="creado por"
    )
    wrong = models.PositiveSmallIntegerField("códigos equivocados", default=0)
    revoked_at = models.DateTimeField("revocado", null=True, blank=True)

    objects = TenantQuerySet["AccessLink"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "enlace de un prestador"
        verbose_name_plural = "enlaces de prestadores"
        constraints = [
            models.UniqueConstraint(fields=["institution", "digest"], name="one_row_per_access_link"),
            models.UniqueConstraint(
                fields=["institution", "referral"],
                condition=Q(revoked_at__isnull=True),
                name="one_access_link_at_a_time",
            ),
        ]


class LinkOpening(TenantModel):
    """Each time a link was opened: what happened, who said to be, from where."""

    append_only: ClassVar[bool] = True

    link = TenantForeignKey(AccessLink, models.PROTECT, related_name="openings", verbose_name="enlace")
    what = models.CharField("qué pasó", max_length=8, choices=Opening)
    said_by = models.CharField("quién dijo ser", max_length=160, blank=True)
    address = models.GenericIPAddressField("desde", null=True)
    at = models.DateTimeField("momento")

    objects = TenantQuerySet["LinkOpening"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "apertura del enlace"
        verbose_name_plural = "aperturas del enlace"
        ordering = ["at", "id"]


class Attachment(TenantModel):
    """A file that goes with a referral or with its answer. Its bytes are never opened here, only handed on."""

    append_only: ClassVar[bool] = True

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="attachments", verbose_name="derivación")
    name = models.CharField("nombre", max_length=120)
    media_type = models.CharField("tipo", max_length=40)
    size = models.PositiveIntegerField("tamaño")
    sha256 = models.CharField("huella", max_length=64)
    content = models.BinaryField("contenido")
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    said_by = models.CharField("lo agregó", max_length=160, blank=True)

    objects = TenantQuerySet["Attachment"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "archivo de la derivación"
        verbose_name_plural = "archivos de la derivación"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "referral", "sha256"], name="one_row_per_attached_file")
        ]
