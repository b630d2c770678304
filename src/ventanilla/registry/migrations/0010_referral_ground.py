"""A referral to one's unit is a ground to read the record of whoever it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_own_fact_index")]
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
                    ("referral", "Derivación a su unidad"),
                ],
                max_length=16,
                verbose_name="fundamento",
            ),
        ),
        migrations.AlterField(
            model_name="readentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("search", "Búsqueda"),
                    ("summary", "Ficha resumida"),
                    ("full", "Ficha completa"),
                    ("consultation", "Consulta"),
                    ("referral", "Derivación"),
                    ("list", "Lista"),
                    ("history", "Historia de un registro"),
                    ("export", "Exportación"),
                ],
                max_length=14,
                verbose_name="qué se vio",
            ),
        ),
    ]
