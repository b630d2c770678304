"""What an entry of the catalogue says: the same words in the national layer, in a draft and in a version."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ventanilla.catalogue.rule.conditions import Rule, read_rule


class Modality(models.TextChoices):
    MONEY = "money", "Dinero"
    IN_KIND = "in_kind", "Especies"
    SERVICE = "service", "Servicio"
    LOAN = "loan", "Préstamo (comodato)"
    PROCEDURE = "procedure", "Trámite"
    INFORMATION = "information", "Información y orientación"


class Audience(models.TextChoices):
    """For whom, by the moment of life; an entry for everybody has none."""

    CHILDREN = "children", "Niñas, niños y adolescentes"
    YOUNG = "young", "Jóvenes"
    PREGNANT = "pregnant", "Embarazo y primera infancia"
    FAMILIES = "families", "Familias"
    OLDER = "older", "Personas mayores"
    DISABILITY = "disability", "Personas con discapacidad"
    CARERS = "carers", "Personas que cuidan"
    WORKERS = "workers", "Trabajo"
    HOUSING = "housing", "Vivienda"


class SaidOfEntry(models.Model):
    """The columns that Ley 20.285 art. 7 letter i asks to publish, and what a clerk and a neighbour need beside them.

    ``amounts`` are dated, in pesos: ``[{"label", "pesos", "from", "until"}]``, or by the law's own table,
    ``[{"label", "legal", "times"}]``. ``rule`` is as ``rule.conditions.write_rule`` keeps it.
    """

    name = models.CharField("nombre", max_length=120)
    plain = models.CharField("qué es", max_length=600)
    who = models.CharField("quién puede recibirlo", max_length=600, blank=True)
    modality = models.CharField("modalidad", max_length=11, choices=Modality)
    audience = ArrayField(
        models.CharField(max_length=10, choices=Audience), default=list, blank=True, verbose_name="para quién"
    )
    objective = models.CharField("objetivo", max_length=600, blank=True)
    words = models.CharField("cómo lo pide la gente", max_length=300, blank=True)
    documents = models.CharField("documentos", max_length=1000, blank=True)
    """One a line."""
    steps = models.CharField("cómo se pide", max_length=1000, blank=True)
    """One a line."""
    cost = models.CharField("costo para la persona", max_length=120, blank=True)
    """None when it is free."""
    criterion = models.CharField("criterio de evaluación y asignación", max_length=600, blank=True)
    evaluation_days = models.PositiveSmallIntegerField("días hábiles para evaluar", null=True, blank=True)
    allocation_days = models.PositiveSmallIntegerField("días hábiles para asignar", null=True, blank=True)
    act_kind = models.CharField("tipo de acto", max_length=60, blank=True)
    act_name = models.CharField("denominación del acto", max_length=200, blank=True)
    act_number = models.CharField("número del acto", max_length=40, blank=True)
    act_on = models.DateField("fecha del acto", null=True, blank=True)
    act_url = models.CharField("enlace al acto", max_length=300, blank=True)
    more_url = models.CharField("enlace a más información", max_length=300, blank=True)
    needs_report = models.BooleanField("necesita informe social", default=False)
    needs_decree = models.BooleanField("necesita decreto", default=False)
    exclusion_ground = models.CharField("por qué no se publica la nómina", max_length=200, blank=True)
    rule = models.JSONField("regla", default=dict, blank=True)
    amounts = models.JSONField("montos", default=list, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def asks(self) -> Rule:
        return read_rule(self.rule)

    @property
    def document_list(self) -> list[str]:
        return self.documents.splitlines()

    @property
    def step_list(self) -> list[str]:
        return self.steps.splitlines()

    @property
    def audience_names(self) -> list[str]:
        return [Audience(one).label for one in self.audience]

    @property
    def act(self) -> str:
        """«Ley 18.020, de 17-08-1981»."""
        which = " ".join(part for part in (self.act_kind, self.act_number) if part)
        named = ", ".join(part for part in (which, self.act_name) if part)
        return f"{named}, de {self.act_on:%d-%m-%Y}" if named and self.act_on else named


class CompletedHere(models.Model):
    """What each institution says of an entry, its own or a national one that it completes.

    ``places`` are the sites where it is asked for, as they were then: ``[{"site", "name", "address", "hours"}]``.
    """

    opens_on = models.DateField("se postula desde", null=True, blank=True)
    closes_on = models.DateField("se postula hasta", null=True, blank=True)
    budget = models.BigIntegerField("monto global en pesos", null=True, blank=True)
    budget_line = models.CharField("cuenta del presupuesto", max_length=40, blank=True)
    places_count = models.PositiveIntegerField("cupos", null=True, blank=True)
    local_documents = models.CharField("documentos que además se piden aquí", max_length=1000, blank=True)
    local_words = models.CharField("cómo lo pide la gente aquí", max_length=300, blank=True)
    local_note = models.CharField("lo que conviene saber aquí", max_length=600, blank=True)
    contact = models.CharField("teléfono o correo para preguntar", max_length=120, blank=True)
    places = models.JSONField("dónde y cuándo", default=list, blank=True)

    class Meta:
        abstract = True

    def is_in_season(self, day: date) -> bool:
        """Whether one may apply on that day; what says no days may be asked for all the year."""
        return (self.opens_on is None or self.opens_on <= day) and (self.closes_on is None or day <= self.closes_on)


class WholeEntry(SaidOfEntry, CompletedHere):
    """Both together, as a neighbour is told of them."""

    class Meta:
        abstract = True

    @property
    def all_documents(self) -> list[str]:
        """The nation's and those that are asked for here besides."""
        return list(dict.fromkeys([*self.document_list, *self.local_documents.splitlines()]))

    @property
    def all_words(self) -> str:
        return f"{self.words} {self.local_words}".strip()


SAID: tuple[str, ...] = tuple(field.name for field in SaidOfEntry._meta.local_fields)
"""Everything that the national layer says, and that no institution that adopts it changes."""

COMPLETED: tuple[str, ...] = tuple(field.name for field in CompletedHere._meta.local_fields)
"""What an institution completes."""


AT_LENGTH: tuple[str, ...] = (
    *("objective", "documents", "steps", "cost", "criterion", "evaluation_days", "allocation_days", "act_kind"),
    *("act_name", "act_number", "act_on", "act_url", "more_url", "exclusion_ground", "amounts", "budget"),
    *("budget_line", "places_count", "local_documents", "local_note", "contact", "places"),
)
"""What only a page of the entry itself tells: lists of many entries do without."""


def as_kept(said: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of those columns, by name."""
    return {name: getattr(said, name) for name in names}
