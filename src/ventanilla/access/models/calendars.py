"""The days that are not worked: the country's, and what each institution adds to them or takes away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ventanilla.access.models.bases import IdentityModel, ReferenceModel
from ventanilla.access.models.institutions import Institution


class Holiday(ReferenceModel):
    """A day that the law sets apart. ``places`` begin the codes of the communes that keep it; none is all."""

    day = models.DateField("día")
    name = models.CharField("nombre", max_length=120)
    places = ArrayField(models.CharField(max_length=5), verbose_name="lugares", default=list)

    class Meta:
        verbose_name = "feriado"
        ordering = ["day", "name"]
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="one_row_per_holiday")]


class OwnDay(IdentityModel):
    """A day on which the institution does otherwise than the country: closed by an act, or worked on a Saturday."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="own_days", verbose_name="institución")
    day = models.DateField("día")
    is_worked = models.BooleanField("se atiende", default=False)
    reason = models.CharField("motivo", max_length=160)

    class Meta:
        verbose_name = "día propio"
        verbose_name_plural = "días propios"
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["institution", "day"], name="one_row_per_own_day")]
