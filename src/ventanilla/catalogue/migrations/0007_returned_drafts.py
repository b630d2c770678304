"""A draft keeps why it was returned until it is sent again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_national_catalogue"),
    ]

    operations = [
        migrations.AddField(
            model_name="entrydraft",
            name="returned_for",
            field=models.CharField(blank=True, max_length=500, verbose_name="qué hay que corregir"),
        ),
    ]
