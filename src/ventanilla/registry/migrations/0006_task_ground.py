"""A pending matter in one's charge is a ground to read the record it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_watch")]
    operations = [
        migrations.AlterField(
            model_name="readpurpose",
            name="ground",
            field=models.CharField(
                choices=[
                    ("consultation", "Consulta en atención"),
                    ("written_reason", "Motivo escrito"),
                    ("break_glass", "Urgencia"),
                    ("task", "Pendiente a su cargo"),
                ],
                max_length=16,
                verbose_name="fundamento",
            ),
        )
    ]
