"""The national layer of the catalogue as this release brings it, and the amounts of the law.

A later release that adds versions to the files publishes them by a migration like this one; one that adds a column to
what an entry says fills it in for the versions already published.
"""

from typing import Any

from django.db import migrations

from ventanilla.catalogue.national.publishing import publish
from ventanilla.catalogue.national.reading import shipped


def load(apps: Any, schema_editor: Any) -> None:
    publish(shipped(), apps=apps, keep_published=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_entries"), ("access", "0007_providers")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
