"""Why a person's record may be read, and the log of every reading."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging
from ventanilla.core.tables import Retention, TableClass
from ventanilla.registry.models.people import Person


class ReadPurposeQuerySet(TenantQuerySet["ReadPurpose"]):
    def open_at(self, moment: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def of_emergencies(self) -> Self:
        return self.filter(ground="break_glass")


def _follows_a_record(moment: datetime) -> Q:
    """Open, and founded on a record that follows the person. A reason or an emergency is of the record it was for."""
    founded = Q(ground__in=["consultation", "task", "referral"])
    return founded & (Q(ends_at__isnull=True) | Q(ends_at__gt=moment))


class ReadPurpose(TenantModel):
    """That an operator has a ground to read a person's record, from a moment until another."""

    blocked_by = "person__processing_blocked"
    when_merged: ClassVar = (Hanging("person", only=_follows_a_record),)

    class Ground(models.TextChoices):
        CONSULTATION = "consultation", "Consulta en atención"
        WRITTEN_REASON = "written_reason", "Motivo escrito"
        BREAK_GLASS = "break_glass", "Urgencia"
        TASK = "task", "Pendiente a su cargo"
        REFERRAL = "referral", "Derivación a su unidad"
        DUPLICATE = "duplicate", "Posible duplicado"

    person = TenantForeignKey(Person, models.PROTECT, related_name="purposes", verbose_name="persona")
    account_id = models.UUIDField("cuenta")
    posting_id = models.UUIDField("desempeño")
    ground = models.CharField("fundamento", max_length=16, choices=Ground)
    reference_id = models.UUIDField("registro que la funda", null=True)
    reason = models.CharField("motivo", max_length=300, blank=True)
    starts_at = models.DateTimeField("desde")
    ends_at = models.DateTimeField("hasta", null=True, blank=True)

    objects = ReadPurposeQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "finalidad de lectura"
        verbose_name_plural = "finalidades de lectura"
        indexes = [
            models.Index(fields=["institution", "account_id", "person"], name="purpose_by_reader"),
            # Few rows ever: asking whether one is open costs nothing to who has none.
            models.Index(
                fields=["institution", "posting_id"], name="emergency_open", condition=Q(ground="break_glass")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="written_reason_is_written",
                condition=~Q(ground="written_reason") | ~Q(reason=""),
                violation_error_message="Escriba para qué necesita la ficha.",
            ),
            models.CheckConstraint(
                name="emergency_has_reason_and_end",
                condition=~Q(ground="break_glass") | (~Q(reason="") & Q(ends_at__isnull=False)),
                violation_error_message="Escriba cuál es la urgencia.",
            ),
        ]


class ReadEntry(models.Model):
    """One look at people's data: who, of whom, what was shown, for which purpose. Filled by ``log_read`` only.

    A file opened leaves one row for each person it showed; a search or a list leaves one row with all its people.
    """

    table_class: ClassVar[TableClass] = TableClass.LOG
    retention: ClassVar[Retention] = Retention.LOG

    class Kind(models.TextChoices):
        SEARCH = "search", "Búsqueda"
        SUMMARY = "summary", "Ficha resumida"
        FULL = "full", "Ficha completa"
        CONSULTATION = "consultation", "Consulta"
        REFERRAL = "referral", "Derivación"
        LIST = "list", "Lista"
        HISTORY = "history", "Historia de un registro"
        EXPORT = "export", "Exportación"
        COMPARISON = "comparison", "Comparación de dos fichas"

    id = models.BigAutoField(primary_key=True)
    institution_id = models.IntegerField("institución")
    at = models.DateTimeField("momento")
    account_id = models.UUIDField("cuenta", null=True)
    posting_id = models.UUIDField("desempeño", null=True)
    request_id = models.UUIDField("petición", null=True)
    kind = models.CharField("qué se vio", max_length=14, choices=Kind)
    person_id = models.UUIDField("persona vista", null=True)
    opened_for_id = models.UUIDField("ficha abierta", null=True)
    people = ArrayField(models.UUIDField(), null=True, verbose_name="personas de la lista")
    purpose_id = models.UUIDField("finalidad", null=True)
    note = models.CharField("observación", max_length=120, blank=True)

    objects = TenantQuerySet["ReadEntry"].as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "lectura"
        indexes = [
            models.Index(fields=["institution_id", "person_id", "at"], name="read_entry_by_person"),
            models.Index(fields=["institution_id", "posting_id", "at"], name="read_entry_by_posting"),
            models.Index(fields=["institution_id", "kind", "at"], name="read_entry_by_kind"),
            models.Index(fields=["institution_id", "at"], name="read_entry_by_hour"),
        ]
