from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_external_providers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="referralstep",
            name="event",
            field=models.CharField(
                choices=[
                    ("sent", "Enviada"),
                    ("received", "Recibida"),
                    ("accepted", "Aceptada"),
                    ("appointed", "Hora dada"),
                    ("attended", "En atención"),
                    ("no_show", "No asistió"),
                    ("returned", "Devuelta por antecedentes"),
                    ("forwarded", "Reenviada a otra unidad"),
                    ("completed", "Antecedentes completados"),
                    ("rejected", "Rechazada"),
                    ("answered", "Respondida"),
                    ("reopened", "Reabierta"),
                    ("withdrawn", "Retirada"),
                    ("told", "Avisada la persona"),
                    ("linked", "Enlace para el prestador"),
                    ("attached", "Archivo agregado"),
                    ("assigned", "Asignada"),
                    ("reminded", "Recordatorio"),
                    ("late", "Plazo vencido"),
                    ("expired", "Caducada"),
                ],
                max_length=10,
                verbose_name="qué pasó",
            ),
        ),
    ]
