"""Homes, where they live, who belongs to them, and how people are bound apart from the home."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ventanilla.access.models import Commune, Unit
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.hanging import Hanging, Taken
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models.people import Person, SecretQuerySet
from ventanilla.registry.vocabulary import DwellingKind, Kinship, MembershipSource, RelationKind, Rurality, Source


class Dwelling(TenantModel):
    """A place to live in; one may hold several homes, and a person without address has one of kind ``no_address``."""

    shown_in_audit = True

    kind = models.CharField("tipo de vivienda", max_length=12, choices=DwellingKind, default=DwellingKind.HOUSE)
    address = models.CharField("dirección", max_length=200, blank=True)
    sector = models.CharField("sector", max_length=80, blank=True)
    neighbourhood_unit = models.CharField("unidad vecinal", max_length=20, blank=True)
    rurality = models.CharField("ruralidad", max_length=5, choices=Rurality, blank=True)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="comuna")

    objects = TenantQuerySet["Dwelling"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "vivienda"
        indexes = [models.Index(fields=["institution", "address"], name="dwelling_by_address")]

    def __str__(self) -> str:
        if self.kind == DwellingKind.NO_ADDRESS:
            return "Sin domicilio" + (f", {self.sector}" if self.sector else "")
        return ", ".join(part for part in (self.address, self.sector) if part) or "Dirección sin registrar"


class Home(TenantModel):
    """People, related or not, who share a dwelling and a food budget (RSH)."""

    shown_in_audit = True

    reference = models.CharField("referencia", max_length=40, blank=True, help_text="folio del RSH o del archivo")
    dwelling = TenantForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="homes", verbose_name="vivienda"
    )
    source = models.CharField("fuente", max_length=14, choices=Source, default=Source.DECLARED)
    as_of = models.DateField("fecha del dato", null=True, blank=True)
    recorded_at = models.DateTimeField("registrado")

    objects = TenantQuerySet["Home"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "hogar"
        verbose_name_plural = "hogares"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "reference"], condition=~Q(reference=""), name="one_home_per_reference"
            ),
        ]


class Membership(TenantModel):
    """That a person belongs to a home, according to a source, between two dates."""

    blocked_by = "person__processing_blocked"
    shown_in_audit = True
    # Of two homes at once one stays, as whoever merges says (merging.homes); by then nothing is in the way.
    when_merged: ClassVar = (Hanging("person"),)

    home = TenantForeignKey(Home, models.PROTECT, related_name="memberships", verbose_name="hogar")
    person = TenantForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="persona")
    kinship = models.CharField("parentesco", max_length=14, choices=Kinship)
    is_head = models.BooleanField("jefatura de hogar", default=False)
    source = models.CharField("fuente", max_length=8, choices=MembershipSource)
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True)
    is_shielded = models.BooleanField(
        "resguardada ante su hogar", default=False, help_text="los demás integrantes no la ven ni la cuentan"
    )

    objects = TenantQuerySet["Membership"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "integrante del hogar"
        verbose_name_plural = "integrantes del hogar"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "home", "source"],
                condition=Q(is_head=True, ends_on__isnull=True),
                name="one_head_per_home",
                violation_error_message="El hogar ya tiene jefatura vigente.",
            ),
            models.UniqueConstraint(
                fields=["institution", "person", "source"],
                condition=Q(ends_on__isnull=True),
                name="one_home_per_person",
                violation_error_message="La persona ya pertenece a un hogar según esa fuente.",
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
        ]


class Relation(TenantModel):
    """``person`` is the parent, guardian, carer or representative of ``other``, whatever home they live in."""

    blocked_by = "person__processing_blocked"
    shown_in_audit = True
    when_merged: ClassVar = (Hanging("person", Taken.REPEATED), Hanging("other", Taken.REPEATED))

    person = TenantForeignKey(Person, models.PROTECT, related_name="relations", verbose_name="persona")
    other = TenantForeignKey(Person, models.PROTECT, related_name="relations_to_her", verbose_name="con")
    kind = models.CharField("tipo", max_length=14, choices=RelationKind)
    source = models.CharField("fuente", max_length=14, choices=Source)
    starts_on = models.DateField("desde", null=True, blank=True)
    ends_on = models.DateField("hasta", null=True, blank=True)

    objects = TenantQuerySet["Relation"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "relación"
        verbose_name_plural = "relaciones"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person", "other", "kind", "source"],
                condition=Q(ends_on__isnull=True),
                name="one_relation_per_kind",
            ),
            models.CheckConstraint(
                name="relation_with_somebody_else",
                condition=~Q(person=models.F("other")),
                violation_error_message="La relación es con otra persona.",
            ),
        ]


class Residence(TenantModel):
    """Where one person says or is known to live, apart from her home: a hidden address is one."""

    blocked_by = "person__processing_blocked"
    shown_in_audit = True
    when_merged: ClassVar = (Hanging("person"),)

    person = TenantForeignKey(Person, models.PROTECT, related_name="residences", verbose_name="persona")
    dwelling = TenantForeignKey(Dwelling, models.PROTECT, related_name="residents", verbose_name="vivienda")
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="unidad")
    recorded_by_id = models.UUIDField("registrado por", null=True, blank=True)
    source = models.CharField("fuente", max_length=14, choices=Source)
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True)

    objects = SecretQuerySet["Residence"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "residencia"
