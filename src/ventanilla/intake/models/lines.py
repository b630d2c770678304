"""The reasons of a consultation: about whom, what became of each."""

from django.db import models
from django.db.models import Q

from ventanilla.access.models import Function
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.catalogue.models import Reason
from ventanilla.catalogue.rules import documents_of
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models.consultations import Consultation
from ventanilla.intake.states import ANSWERED, Outcome
from ventanilla.registry.models import Dwelling, Home, Person


class ReasonLine(TenantModel):
    """One reason of one consultation, with its owner function, its outcome and its answer.

    ``name``, ``secrecy`` and ``function`` are the reason's as they were when the line was written (ADR 0025).
    """

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

    objects = TenantQuerySet["ReasonLine"].as_manager()

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
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def papers(self) -> list[str]:
        """Each document it waits for."""
        return documents_of(self.awaited_documents)

    @property
    def is_answered(self) -> bool:
        return self.outcome in ANSWERED or self.answered_at is not None


class LineSubject(TenantModel):
    """Whom or what a line is about, when it is not simply the person who came."""

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
