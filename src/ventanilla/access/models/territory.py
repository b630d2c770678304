"""The 16 regions, 56 provinces and 346 communes, by their official code (CUT), always text."""

from django.db import models

from ventanilla.access.models.bases import ReferenceModel


class Region(ReferenceModel):
    code = models.CharField("código", primary_key=True, max_length=2)
    name = models.CharField("nombre", max_length=80)
    iso = models.CharField("código ISO", max_length=5)

    class Meta:
        verbose_name = "región"
        verbose_name_plural = "regiones"

    def __str__(self) -> str:
        return self.name


class Province(ReferenceModel):
    code = models.CharField("código", primary_key=True, max_length=3)
    name = models.CharField("nombre", max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="región")

    class Meta:
        verbose_name = "provincia"

    def __str__(self) -> str:
        return self.name


class Commune(ReferenceModel):
    code = models.CharField("código", primary_key=True, max_length=5)
    name = models.CharField("nombre", max_length=80)
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="provincia")
    digital_group = models.CharField("grupo de transformación digital", max_length=1, blank=True)

    class Meta:
        verbose_name = "comuna"

    def __str__(self) -> str:
        return self.name
