"""A neighbour and how to reach her."""

from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from ventanilla.access.actors import Actor, can
from ventanilla.access.models import Commune, Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core import clock
from ventanilla.core.clock import age_on
from ventanilla.core.errors import RuleBroken
from ventanilla.core.hanging import Hanging, Taken
from ventanilla.core.run import parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.vocabulary import ContactKind, IdentifierKind, IndigenousPeople, Sex, Source

M = TypeVar("M", bound=models.Model)


class PersonQuerySet(TenantQuerySet["Person"]):
    def unblocked(self) -> Self:
        """Without those whose data are blocked, and without the records that were joined to another (ADR 0040)."""
        return super().unblocked().filter(merged_into__isnull=True)

    def with_run(self, canonical: str) -> Self:
        return self.filter(run=canonical)


class Person(TenantModel):
    """Somebody the institution knows, with RUN or without. The same human may be a person of several institutions.

    When two turn out to be one, the record of the second is ``merged_into`` the first: always straight into the one
    that is kept, never through a third.
    """

    blocked_by = "processing_blocked"
    shown_in_audit = True
    when_merged: ClassVar = (Hanging("merged_into"),)

    run = models.CharField("RUN", max_length=10, null=True, blank=True)
    given_names = models.CharField("nombres", max_length=120)
    first_surname = models.CharField("primer apellido", max_length=80, blank=True)
    second_surname = models.CharField("segundo apellido", max_length=80, blank=True)
    social_name = models.CharField("nombre social", max_length=120, blank=True)
    sex = models.CharField("sexo registral", max_length=6, choices=Sex, blank=True)
    birth_on = models.DateField("fecha de nacimiento", null=True, blank=True)
    nationality = models.CharField("nacionalidad", max_length=2, blank=True, help_text="código ISO de dos letras")
    indigenous_people = models.CharField("pueblo indígena", max_length=12, choices=IndigenousPeople, blank=True)
    died_on = models.DateField("fecha de defunción", null=True, blank=True)
    death_source = models.CharField("fuente de la defunción", max_length=14, choices=Source, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="comuna de residencia"
    )
    source = models.CharField("fuente", max_length=14, choices=Source, default=Source.DECLARED)
    as_of = models.DateField("fecha del dato", null=True, blank=True)
    processing_blocked = models.BooleanField("tratamiento bloqueado", default=False)
    merged_into = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name="unida a"
    )
    search_key = models.CharField("clave de búsqueda", max_length=400, editable=False)
    sort_key = models.CharField("clave de orden", max_length=300, editable=False)
    recorded_at = models.DateTimeField("registrada")

    objects = PersonQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "persona"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "run"],
                name="one_person_per_run",
                violation_error_message="Ya hay una persona registrada con ese RUN.",
            ),
            models.CheckConstraint(
                name="death_not_before_birth",
                condition=Q(died_on__isnull=True) | Q(birth_on__isnull=True) | Q(died_on__gte=models.F("birth_on")),
                violation_error_message="La defunción no puede ser anterior al nacimiento.",
            ),
            models.CheckConstraint(
                name="death_has_source",
                condition=Q(died_on__isnull=True) | ~Q(death_source=""),
                violation_error_message="Una defunción lleva su fuente.",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "sort_key"], name="person_by_sort_key"),
            # By these two, rows of a file without RUN find the few people they may be.
            models.Index(fields=["institution", "birth_on"], name="person_by_birth"),
            models.Index(fields=["institution", "search_key"], name="person_by_sound"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """As she is to be called: the social name stands in for the given names."""
        given = self.social_name or self.given_names
        return " ".join(part for part in (given, self.first_surname, self.second_surname) if part)

    @property
    def formatted_run(self) -> str:
        return str(parse(self.run)) if self.run else "Sin RUN"

    def age_on(self, day: date) -> int | None:
        """Completed years; None when the birth date is unknown."""
        return age_on(self.birth_on, min(day, self.died_on or day)) if self.birth_on else None


class Identifier(TenantModel):
    """A document other than RUN. Passports of two countries may share a number, hence the issuing country."""

    blocked_by = "person__processing_blocked"
    shown_in_audit = True
    when_merged: ClassVar = (Hanging("person"),)

    person = TenantForeignKey(Person, models.PROTECT, related_name="identifiers", verbose_name="persona")
    kind = models.CharField("tipo", max_length=12, choices=IdentifierKind)
    country = models.CharField("país emisor", max_length=2, blank=True)
    value = models.CharField("número", max_length=60)
    valid_until = models.DateField("válido hasta", null=True, blank=True)

    objects = TenantQuerySet["Identifier"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "identificador"
        verbose_name_plural = "identificadores"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "country", "value"],
                name="one_person_per_identifier",
                condition=~Q(kind=IdentifierKind.NO_DOCUMENT),
                violation_error_message="Ya hay una persona registrada con ese documento.",
            ),
        ]


class SecretQuerySet(TenantQuerySet[M], Generic[M]):
    """Rows with ``secrecy`` and the ``unit`` that wrote them; restricted ones are for whoever recorded them."""

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(within_secrecy(actor))


def refuse_blocked(person: "Person | None", *, field: str | None = None) -> None:
    """Nothing new is written of somebody whose data are blocked."""
    if person is not None and person.processing_blocked:
        raise RuleBroken("El tratamiento de los datos de esta persona está bloqueado.", field=field)


def within_secrecy(actor: Actor, named: Q | None = None) -> Q:
    """Ordinary: all. Reserved: own unit and UAS. Restricted: its author, those ``named``, and in an emergency."""
    reserved = Q(secrecy=Secrecy.RESERVED)
    if not actor.is_uas:
        reserved &= Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
    restricted = Q(recorded_by_id=actor.account_id) if actor.account_id else Q(pk__in=[])
    if named is not None:
        restricted |= named
    if can(actor, Permission.SECRECY_BREAK):
        restricted |= Q(person__in=_opened_in_emergency(actor))
    return Q(secrecy=Secrecy.ORDINARY) | reserved | (Q(secrecy=Secrecy.RESTRICTED) & restricted)


def _opened_in_emergency(actor: Actor) -> QuerySet[Any, Any]:
    """People whose restricted rows the actor has opened, in this posting and until now (ADR 0027).

    PostgreSQL asks it once a query, and only when that query meets a restricted row that nothing else lets through.
    """
    now = clock.now()
    purposes: QuerySet[Any] = apps.get_model("registry", "ReadPurpose")._default_manager.all()
    mine = purposes.filter(institution_id=actor.institution_id, posting_id=actor.posting_id)
    return mine.filter(ground="break_glass", starts_at__lte=now, ends_at__gt=now).values("person")


class ContactPoint(TenantModel):
    """A telephone or an address of mail, with what must be known before using it."""

    blocked_by = "person__processing_blocked"
    shown_in_audit = True
    when_merged: ClassVar = (Hanging("person", Taken.REPEATED),)

    person = TenantForeignKey(Person, models.PROTECT, related_name="contacts", verbose_name="persona")
    kind = models.CharField("tipo", max_length=5, choices=ContactKind)
    value = models.CharField("valor", max_length=120)
    note = models.CharField("nota", max_length=120, blank=True)
    do_not_call = models.BooleanField("no llamar", default=False)
    secrecy = models.CharField("reserva", max_length=10, choices=Secrecy, default=Secrecy.ORDINARY)
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="unidad")
    recorded_by_id = models.UUIDField("registrado por", null=True, blank=True)
    source = models.CharField("fuente", max_length=14, choices=Source, default=Source.DECLARED)
    as_of = models.DateField("fecha del dato")
    ended_on = models.DateField("dejó de usarse", null=True, blank=True)

    objects = SecretQuerySet["ContactPoint"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "contacto"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person", "kind", "value", "source"], name="one_contact_per_source"
            ),
        ]
