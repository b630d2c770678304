"""A reading erased by law loses its salt with its content; its digest stays in the seal."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_readings_naming")]
    operations = [
        migrations.RunSQL("alter table registry_readentry alter column salt drop not null", migrations.RunSQL.noop)
    ]
