"""Protocols: who may send whom to whom, with what and how fast, as it was signed; each version whole."""

from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ventanilla.access.models import Account, Posting, Provider, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.models import Entry, Reason
from ventanilla.catalogue.words import lines_of
from ventanilla.referrals.protocols.states import PacketField, Party, ProtocolState


class Protocol(TenantModel):
    """An agreement, whatever its version: the number by which it is known."""

    number = models.PositiveIntegerField("número")
    name = models.CharField("nombre", max_length=120)

    objects = TenantQuerySet["Protocol"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "protocolo"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["institution", "number"], name="one_protocol_per_number")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("protocols:protocol", args=[self.pk])

    @property
    def code(self) -> str:
        """«P-07»."""
        return f"P-{self.number:02d}"


class ProtocolVersionQuerySet(TenantQuerySet["ProtocolVersion"]):
    def approved(self) -> Self:
        return self.filter(state=ProtocolState.APPROVED)

    def in_force_on(self, day: date) -> Self:
        return self.approved().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def in_writing(self) -> Self:
        """Those not yet approved nor discarded."""
        return self.exclude(state__in=[ProtocolState.APPROVED, ProtocolState.DISCARDED])

    def involving(self, unit_id: UUID | None) -> Self:
        """Those in which the unit sends or receives."""
        if unit_id is None:
            return self.none()
        mine = ProtocolSender.objects.filter(unit=unit_id).values("version")
        return self.filter(Q(to_unit=unit_id) | Q(pk__in=mine))


class ProtocolVersion(TenantModel):
    """What a protocol says: written by heads, signed by those it binds, approved by the directorate.

    Terms are in working days of the institution's service. Once it leaves the draft nothing of its text changes:
    ``digest`` is what was signed.
    """

    protocol = TenantForeignKey(Protocol, models.PROTECT, related_name="versions", verbose_name="protocolo")
    number = models.PositiveIntegerField("versión")
    state = models.CharField("estado", max_length=12, choices=ProtocolState, default=ProtocolState.DRAFT)
    starts_on = models.DateField("vigente desde", null=True, blank=True)
    ends_on = models.DateField("vigente hasta", null=True, blank=True)

    to_unit = TenantForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="unidad que recibe"
    )
    to_provider = TenantForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prestador que recibe"
    )
    purpose = models.TextField("para qué", max_length=1000, blank=True)
    criteria = models.TextField("criterios de ingreso", max_length=2000, blank=True)
    documents = models.TextField("antecedentes mínimos", max_length=1000, blank=True)
    fields = ArrayField(
        models.CharField(max_length=12, choices=PacketField), default=list, blank=True, verbose_name="datos que viajan"
    )
    legal_ground = models.CharField("fundamento para compartir los datos", max_length=300, blank=True)
    accept_days = models.PositiveSmallIntegerField("días para aceptar", default=1)
    answer_days = models.PositiveSmallIntegerField("días para responder", default=5)
    expire_days = models.PositiveSmallIntegerField("días de atraso hasta que caduca", default=10)
    urgent_days = models.PositiveSmallIntegerField("días para responder una urgencia", default=1)
    urgent_how = models.CharField("cómo se avisa una urgencia", max_length=300, blank=True)
    rejection_grounds = models.TextField("causas de rechazo", max_length=1000, blank=True)
    answer_needs = models.TextField("qué lleva la respuesta", max_length=1000, blank=True)
    contacts = models.TextField("contactos y suplentes", max_length=1000, blank=True)
    note = models.CharField("qué cambió", max_length=300, blank=True)

    digest = models.CharField("resumen de lo firmado", max_length=64, blank=True)
    submitted_at = models.DateTimeField("enviado a firma", null=True, blank=True)
    token = models.CharField("dirección de verificación", max_length=64, blank=True)
    """Random; what it opens is what the paper says, and nobody's data."""
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="escrito por"
    )
    written_at = models.DateTimeField("escrito")
    version = models.PositiveIntegerField("cambio", default=1)

    objects = ProtocolVersionQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "versión del protocolo"
        verbose_name_plural = "versiones del protocolo"
        ordering = ["protocol", "number"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "protocol", "number"], name="one_row_per_protocol_version"),
            models.UniqueConstraint(
                fields=["institution", "protocol"],
                condition=~Q(state__in=["approved", "discarded"]),
                name="one_protocol_version_in_writing",
            ),
            models.CheckConstraint(
                name="protocol_has_one_receiver",
                condition=Q(to_unit__isnull=False, to_provider__isnull=True)
                | Q(to_unit__isnull=True, to_provider__isnull=False),
                violation_error_message="Un protocolo tiene quien recibe: una unidad o un prestador.",
            ),
            models.CheckConstraint(
                name="protocol_approved_iff_starts",
                condition=Q(state="approved", starts_on__isnull=False)
                | ~Q(state="approved") & Q(starts_on__isnull=True, ends_on__isnull=True),
                violation_error_message="Un protocolo aprobado dice desde cuándo rige.",
            ),
            models.CheckConstraint(
                name="protocol_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol.code}, versión {self.number}"

    @property
    def receiver(self) -> Unit | Provider:
        found = self.to_unit or self.to_provider
        assert found  # held by protocol_has_one_receiver
        return found

    @property
    def papers(self) -> list[str]:
        return lines_of(self.documents)

    @property
    def grounds(self) -> list[str]:
        return lines_of(self.rejection_grounds)

    @property
    def needs(self) -> list[str]:
        return lines_of(self.answer_needs)

    def is_in_force(self, day: date) -> bool:
        if self.state != ProtocolState.APPROVED or self.starts_on is None:
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class ProtocolSender(TenantModel):
    """A unit that sends under a version."""

    version = TenantForeignKey(ProtocolVersion, models.CASCADE, related_name="senders", verbose_name="protocolo")
    unit = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad que deriva")

    objects = TenantQuerySet["ProtocolSender"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "unidad que deriva por el protocolo"
        verbose_name_plural = "unidades que derivan por el protocolo"
        constraints = [models.UniqueConstraint(fields=["institution", "version", "unit"], name="one_row_per_sender")]


class ProtocolReason(TenantModel):
    """A reason that a version covers."""

    version = TenantForeignKey(ProtocolVersion, models.CASCADE, related_name="covered", verbose_name="protocolo")
    reason = TenantForeignKey(Reason, models.PROTECT, related_name="+", verbose_name="motivo")

    objects = TenantQuerySet["ProtocolReason"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "motivo del protocolo"
        verbose_name_plural = "motivos del protocolo"
        constraints = [
            models.UniqueConstraint(fields=["institution", "version", "reason"], name="one_row_per_covered_reason")
        ]


class ProtocolEntry(TenantModel):
    """A benefit or service of the catalogue that a version is about, and what it was called when it was written."""

    version = TenantForeignKey(ProtocolVersion, models.CASCADE, related_name="about", verbose_name="protocolo")
    entry = TenantForeignKey(Entry, models.PROTECT, related_name="+", verbose_name="prestación")
    name = models.CharField("nombre", max_length=200)

    objects = TenantQuerySet["ProtocolEntry"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "prestación del protocolo"
        verbose_name_plural = "prestaciones del protocolo"
        constraints = [
            models.UniqueConstraint(fields=["institution", "version", "entry"], name="one_row_per_protocol_entry")
        ]


class Governance(TenantModel):
    """That a version governs what one unit sends to one receiver for one reason, between two days.

    That no two do at once is held by ``one_protocol_at_a_time``, an exclusion that Django does not know of
    (migration 0001). Rows are made by the approval and only their end is set later.
    """

    version = TenantForeignKey(ProtocolVersion, models.PROTECT, related_name="governs", verbose_name="protocolo")
    sender = TenantForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unidad que deriva")
    receiver_id = models.UUIDField("unidad o prestador que recibe")
    reason = TenantForeignKey(Reason, models.PROTECT, related_name="+", verbose_name="motivo")
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True)

    objects = TenantQuerySet["Governance"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "alcance vigente del protocolo"
        verbose_name_plural = "alcances vigentes del protocolo"
        indexes = [models.Index(fields=["institution", "sender", "reason"], name="governance_by_sender")]


class ProtocolSignature(TenantModel):
    """That somebody signed a text, known by its digest: as whom, for which unit. Paper is written down by another.

    ``name`` and ``title`` are as they were then. Those of a text that was taken back to draft stay, as history.
    """

    append_only: ClassVar[bool] = True

    version = TenantForeignKey(ProtocolVersion, models.PROTECT, related_name="signatures", verbose_name="protocolo")
    party = models.CharField("como", max_length=8, choices=Party)
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="por la unidad")
    name = models.CharField("nombre", max_length=160)
    title = models.CharField("cargo", max_length=160)
    on_paper = models.BooleanField("firmó en papel", default=False)
    digest = models.CharField("resumen de lo firmado", max_length=64)
    signed_on = models.DateField("día de la firma")
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["ProtocolSignature"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "firma del protocolo"
        verbose_name_plural = "firmas del protocolo"
        ordering = ["at", "id"]


class ProtocolStep(TenantModel):
    """A step in the life of a version: from which state to which, when, by whom and why."""

    append_only: ClassVar[bool] = True

    version = TenantForeignKey(ProtocolVersion, models.PROTECT, related_name="steps", verbose_name="protocolo")
    before = models.CharField("desde", max_length=12, choices=ProtocolState, blank=True)
    after = models.CharField("hacia", max_length=12, choices=ProtocolState)
    reason = models.CharField("motivo", max_length=500, blank=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")

    objects = TenantQuerySet["ProtocolStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso del protocolo"
        verbose_name_plural = "pasos del protocolo"
        ordering = ["at", "id"]
