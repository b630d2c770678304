"""Entries of the catalogue of which somebody was told."""

import django.db.models.deletion
import ventanilla.access.tenancy
import ventanilla.core.ids
from django.db import migrations, models

from ventanilla.access.migration_operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("catalogue", "0005_entries"),
        ("intake", "0007_pending_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ventanilla.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "consultation",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="intake.consultation",
                        verbose_name="consulta",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        default=ventanilla.access.tenancy.current_institution_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.institution",
                        verbose_name="institución",
                    ),
                ),
                (
                    "version",
                    ventanilla.access.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told_in",
                        to="catalogue.entryversion",
                        verbose_name="prestación",
                    ),
                ),
            ],
            options={
                "verbose_name": "prestación informada",
                "verbose_name_plural": "prestaciones informadas",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "consultation", "version"), name="one_row_per_told_entry"
                    )
                ],
            },
        ),
        TenantTable("ToldEntry"),
    ]
