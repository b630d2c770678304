"""What the catalogue said of what was delivered."""

import django.db.models.deletion
import ventanilla.access.tenancy
from django.db import migrations

from ventanilla.access.migration_operations import TenantReference


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0001_initial"),
        ("catalogue", "0005_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="version",
            field=ventanilla.access.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="catalogue.entryversion",
                verbose_name="según el catálogo",
            ),
        ),
        TenantReference("Delivery", "version"),
    ]
