"""The reasons of a consultation: about whom, what became of each, and who has to answer those that stayed open."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Function, Posting, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.models import EntryVersion, Reason
from ventanilla.catalogue.words import lines_of
from ventanilla.core.hanging import Hanging
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.states import ANSWERED, Outcome
from ventanilla.registry.models import Dwelling, Home, Person


class ReasonLineQuerySet(TenantQuerySet["ReasonLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the consultations that the actor may see.

        Asked row by row, in the order of an index, and only of as many as are shown: an ``exists`` would be planned as
        a join with every consultation of the institution, or as a hash of them all.
        """
        visible = Consultation.objects.visible_to(actor).filter(pk=OuterRef("consultation"))
        is_visible = Subquery(visible.values(found=Value(True)), output_field=models.BooleanField())
        return self.filter(Coalesce(is_visible, Value(False)), institution_id=actor.institution_id)

    def pending_in(self, unit_id: UUID | None) -> Self:
        """What the unit has still to answer."""
        return self.filter(pending_in=unit_id) if unit_id else self.none()

    def soonest_first(self) -> Self:
        return self.order_by("due_on", "id")

    def of_nobody(self) -> Self:
        """Those in nobody's charge, soonest first in the words of an index."""
        return self.filter(assigned_to__isnull=True).order_by("assigned_to", "due_on", "id")


class ReasonLine(TenantModel):
    """One reason of one consultation, with its owner function, its outcome and its answer.

    ``name``, ``secrecy`` and ``function`` are the reason's as they were when the line was written (ADR 0025).
    """

    blocked_by: ClassVar[str | None] = "consultation__person__processing_blocked"

    consultation = TenantForeignKey(Consultation, models.PROTECT, related_name="lines", verbose_name="consulta")
    reason = TenantForeignKey(Reason, models.PROTECT, related_name="lines", verbose_name="motivo")
    name = models.CharField("nombre del motivo", max_length=80)
    secrecy = models.CharField("reserva del motivo", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    position = models.PositiveSmallIntegerField("orden")
    function = models.ForeignKey(
        Function, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="función que atiende"
    )
    outcome = models.CharField("resultado", max_length=18, choices=Outcome, blank=True)
    answer = models.CharField("respuesta", max_length=500, blank=True)
    awaited_documents = models.CharField("documentos que faltan", max_length=500, blank=True)
    awaited_until = models.DateField("hasta", null=True, blank=True)
    answered_at = models.DateTimeField("respondido", null=True, blank=True)

    # Of those that stay open when the attention ends; kept here so that a tray is read by an index, soonest first.
    pending_in = TenantForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pendiente en"
    )
    """The unit that has it to answer; none when nothing is pending."""
    due_on = models.DateField("plazo", null=True, blank=True)
    assigned_to = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="a cargo de"
    )

    objects = ReasonLineQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "motivo de la consulta"
        verbose_name_plural = "motivos de la consulta"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "consultation", "reason"],
                name="one_line_per_reason",
                violation_error_message="Ese motivo ya está en la consulta.",
            ),
            models.CheckConstraint(
                name="awaited_documents_are_named",
                condition=~Q(outcome="waiting_documents") | ~Q(awaited_documents=""),
                violation_error_message="Escriba qué documentos faltan.",
            ),
            models.CheckConstraint(
                name="pending_line_has_term",
                condition=Q(pending_in__isnull=True) | Q(due_on__isnull=False),
                violation_error_message="Un motivo pendiente lleva su plazo.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "pending_in", "due_on", "id"],
                name="pending_line_by_term",
                condition=Q(pending_in__isnull=False),
            ),
            models.Index(
                fields=["institution", "pending_in", "assigned_to", "due_on", "id"],
                name="pending_line_by_holder",
                condition=Q(pending_in__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def papers(self) -> list[str]:
        """Each document it waits for."""
        return lines_of(self.awaited_documents)

    @property
    def is_answered(self) -> bool:
        return self.outcome in ANSWERED or self.answered_at is not None


class LineAssignment(TenantModel):
    """That what stayed open of a line passed from somebody (or nobody) to somebody: when, by whom, why."""

    append_only: ClassVar[bool] = True

    line = TenantForeignKey(ReasonLine, models.PROTECT, related_name="assignments", verbose_name="motivo")
    before = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="la tenía"
    )
    after = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="queda a cargo"
    )
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    reason = models.CharField("motivo del cambio", max_length=300, blank=True)

    objects = TenantQuerySet["LineAssignment"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "asignación del motivo"
        verbose_name_plural = "asignaciones del motivo"
        ordering = ["at", "id"]


class LineSubject(TenantModel):
    """Whom or what a line is about, when it is not simply the person who came."""

    when_merged: ClassVar = (Hanging("person"),)

    line = TenantForeignKey(ReasonLine, models.CASCADE, related_name="subjects", verbose_name="motivo")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name="persona")
    home = TenantForeignKey(Home, models.PROTECT, null=True, blank=True, verbose_name="hogar")
    dwelling = TenantForeignKey(Dwelling, models.PROTECT, null=True, blank=True, verbose_name="vivienda")

    objects = TenantQuerySet["LineSubject"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "sujeto del motivo"
        verbose_name_plural = "sujetos del motivo"
        constraints = [
            models.CheckConstraint(
                name="line_subject_is_one_thing",
                condition=Q(person__isnull=False, home__isnull=True, dwelling__isnull=True)
                | Q(person__isnull=True, home__isnull=False, dwelling__isnull=True)
                | Q(person__isnull=True, home__isnull=True, dwelling__isnull=False),
                violation_error_message="Un motivo es sobre una persona, un hogar o una vivienda.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else "el hogar" if self.home_id else "la vivienda"


class ToldEntry(TenantModel):
    """That in a consultation the person was told of an entry of the catalogue, as it said then."""

    blocked_by: ClassVar[str | None] = "consultation__person__processing_blocked"

    consultation = TenantForeignKey(Consultation, models.PROTECT, related_name="told", verbose_name="consulta")
    version = TenantForeignKey(EntryVersion, models.PROTECT, related_name="told_in", verbose_name="prestación")

    objects = TenantQuerySet["ToldEntry"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "prestación informada"
        verbose_name_plural = "prestaciones informadas"
        constraints = [
            models.UniqueConstraint(fields=["institution", "consultation", "version"], name="one_row_per_told_entry"),
        ]
