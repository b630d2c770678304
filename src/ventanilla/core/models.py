"""The audit: one append-only table that only a trigger fills."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ventanilla.core.tables import Retention, TableClass


class AuditEvent(models.Model):
    """One row written, by whom and for what. ``old`` and ``new`` hold the columns that changed.

    The application role can only read those of the institution entered. ``salt`` and ``xact`` serve the sealed chain:
    a seal covers rows whose transaction ended, and a redacted row still verifies by its salted digest.
    """

    table_class: ClassVar[TableClass] = TableClass.LOG
    retention: ClassVar[Retention] = Retention.LOG

    class Operation(models.TextChoices):
        INSERT = "I", "creación"
        UPDATE = "U", "cambio"
        DELETE = "D", "eliminación"

    id = models.BigAutoField(primary_key=True)
    institution_id = models.IntegerField("institución", null=True)
    at = models.DateTimeField("momento")
    account_id = models.UUIDField("cuenta", null=True)
    posting_id = models.UUIDField("desempeño", null=True)
    purpose_id = models.UUIDField("finalidad", null=True)
    request_id = models.UUIDField("petición", null=True)
    table_name = models.CharField("tabla", max_length=63)
    row_id = models.CharField("registro", max_length=40)
    op = models.CharField("operación", max_length=1, choices=Operation)
    old = models.JSONField("antes", null=True)
    new = models.JSONField("después", null=True)

    class Meta:
        db_table = "core_audit_event"
        verbose_name = "evento de auditoría"
        verbose_name_plural = "eventos de auditoría"
        indexes = [
            models.Index(fields=["institution_id", "row_id"], name="audit_event_row"),
            models.Index(fields=["institution_id", "at"], name="audit_event_at"),
            models.Index(fields=["institution_id", "table_name", "at"], name="audit_event_table"),
            # A load writes as nobody, and does not pay for it.
            models.Index(
                fields=["institution_id", "posting_id", "at"],
                name="audit_event_posting",
                condition=models.Q(posting_id__isnull=False),
            ),
        ]


class Seal(models.Model):
    """A link of the chain that seals a log: digests of the entries it covers, bound to the link before it.

    Written by the owner only (``ventanilla audit seal``). It holds numbers and digests, of no institution.
    """

    table_class: ClassVar[TableClass] = TableClass.SYSTEM
    retention: ClassVar[Retention] = Retention.LOG

    class Log(models.TextChoices):
        AUDIT = "audit", "Cambios"
        READS = "reads", "Lecturas"

    id = models.BigAutoField(primary_key=True)
    log = models.CharField("registro sellado", max_length=5, choices=Log)
    number = models.IntegerField("número")
    first_id = models.BigIntegerField("primera entrada")
    last_id = models.BigIntegerField("última entrada")
    count = models.IntegerField("entradas")
    entries = ArrayField(models.BigIntegerField(), verbose_name="números de las entradas")
    digests = ArrayField(models.BinaryField(), verbose_name="resúmenes de las entradas")
    snapshot = models.TextField("lo que entonces se veía", blank=True)
    cluster = models.CharField("servidor de datos", max_length=20)
    sealed_at = models.DateTimeField("sellado")
    previous = models.BinaryField("resumen anterior")
    digest = models.BinaryField("resumen")

    class Meta:
        verbose_name = "sello"
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_seal_per_number")]
