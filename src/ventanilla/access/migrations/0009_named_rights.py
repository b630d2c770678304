"""Rights that a head gives to one of her postings, beyond those of its role."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_exchange"),
    ]

    operations = [
        migrations.AddField(
            model_name="posting",
            name="named",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="encargos",
            ),
        ),
        migrations.AlterField(
            model_name="registerentry",
            name="change",
            field=models.CharField(
                choices=[
                    ("registered", "Cuenta creada"),
                    ("password_given", "Contraseña nueva entregada"),
                    ("password_changed", "Contraseña cambiada por la persona"),
                    ("suspended", "Cuenta suspendida"),
                    ("restored", "Cuenta restituida"),
                    ("factor_on", "Segundo factor activado"),
                    ("factor_off", "Segundo factor quitado"),
                    ("codes_renewed", "Códigos de recuperación nuevos"),
                    ("given", "Desempeño asignado"),
                    ("away", "Desempeño suspendido"),
                    ("back", "Desempeño retomado"),
                    ("ended", "Término fijado"),
                    ("confirmed", "Desempeño confirmado"),
                    ("right_given", "Encargo dado"),
                    ("right_taken", "Encargo quitado"),
                    ("key_granted", "Llave de la API autorizada"),
                    ("key_taken", "Llave de la API retirada"),
                    ("key_revoked", "Llave de la API revocada"),
                ],
                max_length=16,
                verbose_name="cambio",
            ),
        ),
    ]
