"""Accounts, the postings that give them rights, and what each must meet before operating."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from ventanilla.access.models.bases import IdentityModel, ReferenceModel
from ventanilla.access.models.institutions import Institution, Unit
from ventanilla.access.models.territory import Province, Region
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, Role
from ventanilla.access.tenancy import TenantForeignKey
from ventanilla.core.tables import Retention


class AccountQuerySet(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser, IdentityModel):
    """A public servant. The account is national and nominal; what she may do comes from her postings."""

    username = models.CharField(
        "usuario", max_length=60, unique=True, error_messages={"unique": "Ya existe una cuenta con ese usuario."}
    )
    given_names = models.CharField("nombres", max_length=120)
    surnames = models.CharField("apellidos", max_length=120)
    run = models.CharField("RUN", max_length=10, null=True, blank=True, unique=True)
    email = models.EmailField("correo", blank=True)
    profession = models.CharField("profesión", max_length=80, blank=True)
    is_active = models.BooleanField("activa", default=True)
    must_change_password = models.BooleanField("debe cambiar su contraseña", default=False, db_default=False)
    prefers_no_shortcuts = models.BooleanField("sin atajos de una tecla", default=False)

    in_force: Sequence["Posting"]
    """Her postings in force today, the newest first, where ``sign_in.Backend`` brought her."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountQuerySet()

    class Meta:
        verbose_name = "cuenta"

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.surnames}".strip()


class Certification(IdentityModel):
    """A qualification that ends: an RSH enumerator's is annual (Ley 20.379 art. 6)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="certifications", verbose_name="cuenta")
    name = models.CharField("certificación", max_length=120)
    issued_by = models.CharField("otorgada por", max_length=120, blank=True)
    issued_on = models.DateField("fecha")
    expires_on = models.DateField("vence", null=True, blank=True)

    class Meta:
        verbose_name = "certificación"
        verbose_name_plural = "certificaciones"


# Every request asks these two; written out, Django does not build their five levels anew each time.
_FUNCTION_CODES = """array(
    select f.function_id from access_unitfunction f where f.unit_id = access_posting.unit_id order by 1)"""
_HAS_UNMET = """exists(
    select from access_operatingrequirement r
    where (r.roles = '{}' or access_posting.role = any (r.roles)) and not exists(
        select from access_fulfilledrequirement f
        where f.requirement_id = r.code and f.account_id = access_posting.account_id and f.version >= r.version
            and (f.institution_id is not distinct from access_posting.institution_id
                or (f.institution_id is null and not r.is_per_institution))
            and (f.expires_on is null or f.expires_on >= %s)))"""


class PostingQuerySet(models.QuerySet["Posting"]):
    def in_force_on(self, day: date) -> Self:
        """Those begun, not ended and not on leave. The day of its end is still served."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(away_from__isnull=True) | Q(away_from__gt=day) | Q(away_until__lt=day),
            starts_on__lte=day,
        )

    def with_context(self) -> Self:
        """With what an actor is made of, in one query."""
        return self.select_related("account", "institution", "unit").annotate(
            function_codes=RawSQL(_FUNCTION_CODES, [], ArrayField(models.CharField()))  # noqa: S611 - a constant
        )

    def with_unmet(self, day: date) -> Self:
        """With ``has_unmet``: whether some requirement to operate is not met on that day."""
        return self.annotate(
            has_unmet=RawSQL(_HAS_UNMET, [day], models.BooleanField())  # noqa: S611 - a constant
        )


class Posting(IdentityModel):
    """A role held in a unit, an institution or a territory between two dates, by an act."""

    class Nature(models.TextChoices):
        TITULAR = "titular", "Titular"
        SUBROGANTE = "subrogante", "Subrogante"
        SUPLENTE = "suplente", "Suplente"

    account = models.ForeignKey(Account, models.PROTECT, related_name="postings", verbose_name="cuenta")
    role = models.CharField("rol", max_length=24, choices=Role)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, verbose_name="institución")
    unit = TenantForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="unidad")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="región")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="provincia")
    nature = models.CharField("naturaleza", max_length=10, choices=Nature, default=Nature.TITULAR)
    act = models.CharField("acto que la dispone", max_length=120, blank=True)
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True)
    named = ArrayField(
        models.CharField(max_length=40), verbose_name="encargos", default=list, db_default=[], blank=True
    )
    away_from = models.DateField("suspendido desde", null=True, blank=True)
    away_until = models.DateField("suspendido hasta", null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "desempeño"
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "id"], name="posting_within_institution"),
            models.CheckConstraint(
                name="posting_has_institution_unless_above",
                condition=(Q(role__in=sorted(ABOVE_INSTITUTIONS)) & Q(institution__isnull=True, unit__isnull=True))
                | (~Q(role__in=sorted(ABOVE_INSTITUTIONS)) & Q(institution__isnull=False)),
                violation_error_message="Ese rol se desempeña en una institución, o por sobre todas ellas.",
            ),
            models.CheckConstraint(
                name="posting_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="El término no puede ser anterior al inicio.",
            ),
            models.CheckConstraint(
                name="posting_leave_in_order",
                condition=Q(away_until__isnull=True) | Q(away_until__gte=models.F("away_from")),
                violation_error_message="La suspensión no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="substitute_has_act",
                condition=Q(nature="titular") | ~Q(act=""),
                violation_error_message="Una subrogancia o suplencia lleva el acto que la dispone.",
            ),
        ]

    def __str__(self) -> str:
        where = self.unit or self.institution or self.province or self.region or "nivel nacional"
        return f"{self.get_role_display()}, {where}"


class OperatingRequirement(ReferenceModel):
    """What must be met before one operates. Later steps add rows (training).

    A higher ``version`` asks everybody again. One ``is_per_institution`` is met in each institution apart.
    """

    code = models.CharField("código", primary_key=True, max_length=40)
    name = models.CharField("requisito", max_length=160)
    how = models.CharField("cómo se cumple", max_length=200)
    roles = ArrayField(
        models.CharField(max_length=24, choices=Role), verbose_name="roles", default=list, help_text="vacío, todos"
    )
    version = models.PositiveSmallIntegerField("versión", default=1, db_default=1)
    is_per_institution = models.BooleanField("se cumple en cada institución", default=False, db_default=False)

    class Meta:
        verbose_name = "requisito para operar"
        verbose_name_plural = "requisitos para operar"


class FulfilledRequirement(IdentityModel):
    """That an account met a requirement, in one institution or (without it) everywhere, and until when."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="fulfilled", verbose_name="cuenta")
    requirement = models.ForeignKey(OperatingRequirement, models.PROTECT, verbose_name="requisito")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, verbose_name="institución")
    version = models.PositiveSmallIntegerField("versión cumplida", default=1, db_default=1)
    met_on = models.DateField("cumplido el")
    expires_on = models.DateField("vence", null=True, blank=True)

    class Meta:
        verbose_name = "requisito cumplido"
        verbose_name_plural = "requisitos cumplidos"


class SignInAttempt(IdentityModel):
    """A sign-in tried: the name as typed and the network it came from, to lock both out when it fails too often."""

    retention = Retention.SESSION

    username = models.CharField("usuario", max_length=60)
    network = models.GenericIPAddressField("red")
    at = models.DateTimeField("momento")
    succeeded = models.BooleanField("logrado")
    forgiven_at = models.DateTimeField("perdonado", null=True)
    forgiven_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="perdonado por")

    class Meta:
        verbose_name = "intento de ingreso"
        verbose_name_plural = "intentos de ingreso"
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_by_username"),
            models.Index(fields=["network", "at"], name="attempt_by_network"),
        ]
