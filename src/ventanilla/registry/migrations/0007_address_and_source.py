"""Who else lives at an address, and up to when each registry is loaded, without reading the whole town."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_task_ground")]
    operations = [
        migrations.AddIndex("dwelling", models.Index(fields=["institution", "address"], name="dwelling_by_address")),
        migrations.AddIndex("fact", models.Index(fields=["institution", "source", "as_of"], name="fact_by_source")),
    ]
