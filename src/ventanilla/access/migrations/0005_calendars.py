"""The calendar: the holidays of the country until 2040, and the days that each institution changes."""

from typing import Any

import django.db.models.deletion
import ventanilla.core.ids
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from holidays import country_holidays

from ventanilla.access.migration_operations import AuditedTable

YEARS = range(2018, 2041)
KEPT_IN = {"AP": ["15"], "NB": ["16101", "16103"]}
"""Regions of the library whose own holidays only some communes keep: Arica y Parinacota; Chillán and Chillán Viejo."""


def load_holidays(apps: Any, schema_editor: Any) -> None:
    holiday = apps.get_model("access", "Holiday")
    country = country_holidays("CL", years=YEARS, language="es")
    rows = [holiday(day=day, name=name) for day, name in sorted(country.items())]
    for region, places in KEPT_IN.items():
        there = country_holidays("CL", subdiv=region, years=YEARS, language="es")
        rows += [
            holiday(day=day, name=there[day].partition(" (")[0], places=places) for day in there.keys() - country.keys()
        ]
    holiday.objects.using(schema_editor.connection.alias).bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_agreement_and_second_factor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="día")),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                (
                    "places",
                    ArrayField(
                        base_field=models.CharField(max_length=5), default=list, size=None, verbose_name="lugares"
                    ),
                ),
            ],
            options={
                "verbose_name": "feriado",
                "ordering": ["day", "name"],
                "constraints": [models.UniqueConstraint(fields=("day", "name"), name="one_row_per_holiday")],
            },
        ),
        migrations.CreateModel(
            name="OwnDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="día")),
                ("is_worked", models.BooleanField(default=False, verbose_name="se atiende")),
                ("reason", models.CharField(max_length=160, verbose_name="motivo")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_days",
                        to="access.institution",
                        verbose_name="institución",
                    ),
                ),
            ],
            options={
                "verbose_name": "día propio",
                "verbose_name_plural": "días propios",
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint(fields=("institution", "day"), name="one_row_per_own_day")],
            },
        ),
        AuditedTable("OwnDay"),
        migrations.RunPython(load_holidays, migrations.RunPython.noop),
    ]
