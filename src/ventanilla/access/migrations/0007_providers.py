"""Providers outside the institution."""

import django.db.models.deletion
import ventanilla.core.ids
from django.db import migrations, models

from ventanilla.access.migration_operations import AuditedTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_keys_of_the_api"),
    ]

    operations = [
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nombre")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("public_service", "Servicio público"),
                            ("municipal_corporation", "Corporación municipal"),
                            ("private", "Privado"),
                        ],
                        max_length=21,
                        verbose_name="naturaleza",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="dirección")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="teléfono")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="correo")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="sitio")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="dejó de atender")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.institution",
                        verbose_name="institución",
                    ),
                ),
            ],
            options={
                "verbose_name": "prestador externo",
                "verbose_name_plural": "prestadores externos",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "id"), name="provider_within_institution"),
                    models.UniqueConstraint(fields=("institution", "name"), name="one_provider_per_name"),
                ],
            },
        ),
        AuditedTable("Provider"),
    ]
