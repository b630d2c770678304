"""An index of who has the municipality's own facts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_providers"),
        ("registry", "0008_own_facts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("kind__in", ["own", "home_own"])),
                fields=["institution", "kind", "value"],
                name="own_fact_by_code",
            ),
        ),
    ]
