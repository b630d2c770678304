"""An institution, what it serves, and how its work is divided."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from ventanilla.access.models.bases import IdentityModel, ReferenceModel
from ventanilla.access.models.territory import Commune
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import TenantForeignKey
from ventanilla.core.tables import Retention, TableClass


class Institution(models.Model):
    """The tenant. A municipality's number is its code as integer (Monte Patria 4303); others start at 100,000."""

    table_class = TableClass.IDENTITY
    retention = Retention.RECORD

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "Municipalidad"
        REGIONAL_DELEGATION = "regional_delegation", "Delegación Presidencial Regional"
        PROVINCIAL_DELEGATION = "provincial_delegation", "Delegación Presidencial Provincial"
        TRAINING = "training", "Institución de capacitación"

    id = models.IntegerField(primary_key=True)
    kind = models.CharField("tipo", max_length=24, choices=Kind)
    name = models.CharField("nombre", max_length=120)
    short_name = models.CharField("nombre corto", max_length=60)
    time_zone = models.CharField("huso horario", max_length=40, default="America/Santiago")

    class Meta:
        verbose_name = "institución"
        verbose_name_plural = "instituciones"

    def __str__(self) -> str:
        return self.name

    @property
    def counts_in_aggregates(self) -> bool:
        """Training never counts in any figure above the institution."""
        return self.kind != self.Kind.TRAINING


class InstitutionCommune(IdentityModel):
    """A commune that the institution serves. Antártica is served by Cabo de Hornos."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="served", verbose_name="institución")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="comuna")

    class Meta:
        verbose_name = "comuna atendida"
        verbose_name_plural = "comunas atendidas"
        constraints = [models.UniqueConstraint(fields=["institution", "commune"], name="one_row_per_served_commune")]


class InstitutionStage(IdentityModel):
    """Where the institution is in the programme, from a date; the newest row is the present one."""

    append_only = True

    class Stage(models.TextChoices):
        INVITED = "invited", "Invitada"
        INSTALLING = "installing", "En instalación"
        TRIAL_RUN = "trial_run", "En marcha blanca"
        OPERATING = "operating", "En operación"
        FOLLOW_UP = "follow_up", "En seguimiento"
        GRADUATED = "graduated", "Egresada"
        WITHDRAWN = "withdrawn", "Retirada"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="stages", verbose_name="institución")
    stage = models.CharField("etapa", max_length=12, choices=Stage)
    starts_on = models.DateField("desde")

    class Meta:
        verbose_name = "etapa de la institución"
        verbose_name_plural = "etapas de la institución"
        ordering = ["starts_on", "id"]


class LocalTitle(IdentityModel):
    """What the institution calls a role: «Directora de Desarrollo Comunitario»."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="titles", verbose_name="institución")
    role = models.CharField("rol", max_length=24, choices=Role)
    title = models.CharField("denominación", max_length=120)

    class Meta:
        verbose_name = "denominación local"
        verbose_name_plural = "denominaciones locales"
        constraints = [models.UniqueConstraint(fields=["institution", "role"], name="one_title_per_role")]


class Function(ReferenceModel):
    """What a unit does. A national table that grows; units of any name carry one or more."""

    code = models.CharField("código", primary_key=True, max_length=24)
    name = models.CharField("nombre", max_length=80)

    class Meta:
        verbose_name = "función"
        verbose_name_plural = "funciones"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OwnedByInstitution(IdentityModel):
    """An identity row that tenant rows reach by composite key, hence UNIQUE (institution_id, id)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name="institución")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["institution", "id"], name="%(class)s_within_institution")]


class Site(OwnedByInstitution):
    """A place where people are attended."""

    name = models.CharField("nombre", max_length=120)
    address = models.CharField("dirección", max_length=200, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="comuna")
    closed_on = models.DateField("cierre", null=True, blank=True)

    class Meta(OwnedByInstitution.Meta):
        verbose_name = "dependencia"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Desk(OwnedByInstitution):
    """A counter or a room of a site."""

    site = TenantForeignKey(Site, models.PROTECT, related_name="desks", verbose_name="dependencia")
    name = models.CharField("nombre", max_length=60)
    closed_on = models.DateField("cierre", null=True, blank=True)

    class Meta(OwnedByInstitution.Meta):
        verbose_name = "módulo de atención"
        verbose_name_plural = "módulos de atención"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def connected_on(self, day: date) -> Self:
        return self.filter(Q(connected_until__isnull=True) | Q(connected_until__gte=day), connected_from__lte=day)

    def with_function(self, codes: Iterable[str]) -> Self:
        return self.filter(functions__function__in=codes).distinct()


class Unit(OwnedByInstitution):
    """A part of the institution; connected to the platform between two dates."""

    code = models.CharField("código", max_length=30)
    name = models.CharField("nombre", max_length=120)
    parent = TenantForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="unidad superior")
    connected_from = models.DateField("conectada desde", null=True, blank=True)
    connected_until = models.DateField("conectada hasta", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "unidad"
        verbose_name_plural = "unidades"
        ordering = ["name"]
        constraints = [
            *OwnedByInstitution.Meta.constraints,
            models.UniqueConstraint(fields=["institution", "code"], name="one_unit_per_code"),
            models.CheckConstraint(
                name="unit_connection_in_order",
                condition=Q(connected_until__isnull=True) | Q(connected_until__gte=models.F("connected_from")),
                violation_error_message="La desconexión no puede ser anterior a la conexión.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitFunction(IdentityModel):
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="functions", verbose_name="unidad")
    function = models.ForeignKey(Function, models.PROTECT, related_name="+", verbose_name="función")

    class Meta:
        verbose_name = "función de la unidad"
        verbose_name_plural = "funciones de la unidad"
        constraints = [models.UniqueConstraint(fields=["unit", "function"], name="one_row_per_unit_function")]


class ProviderNature(models.TextChoices):
    """What an external provider is: what may be told to it depends on this."""

    PUBLIC_SERVICE = "public_service", "Servicio público"
    MUNICIPAL_CORPORATION = "municipal_corporation", "Corporación municipal"
    PRIVATE = "private", "Privado"


class Provider(OwnedByInstitution):
    """Somebody outside the institution who gives a benefit or a service to its neighbours."""

    name = models.CharField("nombre", max_length=120)
    nature = models.CharField("naturaleza", max_length=21, choices=ProviderNature)
    address = models.CharField("dirección", max_length=200, blank=True)
    phone = models.CharField("teléfono", max_length=40, blank=True)
    email = models.EmailField("correo", blank=True)
    website = models.CharField("sitio", max_length=200, blank=True)
    ended_on = models.DateField("dejó de atender", null=True, blank=True)
    partner = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="institución de la plataforma",
    )
    """When it is an institution that works here too: what it is sent arrives there, and is answered there."""

    class Meta:
        verbose_name = "prestador externo"
        verbose_name_plural = "prestadores externos"
        ordering = ["name"]
        constraints = [
            *OwnedByInstitution.Meta.constraints,
            models.UniqueConstraint(fields=["institution", "name"], name="one_provider_per_name"),
            models.UniqueConstraint(fields=["institution", "partner"], name="one_provider_per_partner"),
            models.CheckConstraint(
                name="partner_is_a_public_service",
                condition=Q(partner__isnull=True) | Q(nature="public_service") & ~Q(partner=models.F("institution")),
                violation_error_message="Una institución de la plataforma es un servicio público, y es otra.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
