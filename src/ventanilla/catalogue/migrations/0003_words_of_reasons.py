"""The words in which people ask for each reason, so that the desk finds it by typing them."""

from typing import Any

from django.db import migrations, models

WORDS = {
    "rsh_entry": "registro social ficha puntaje inscribir ingresar",
    "rsh_change": "registro social ficha puntaje tramo actualizar corregir cambio domicilio integrante",
    "suf": "subsidio familiar carga hijos asignación maternal",
    "sap": "subsidio agua potable cuenta medidor apr",
    "sdm": "subsidio discapacidad mental menor",
    "social_report": "informe social tribunal colegio universidad",
    "assistance": "ayuda aporte asistencia",
    "information": "información consulta pregunta horario orientación",
    "medicines": "remedios medicamentos farmacia receta exámenes médico insumos pañales",
    "food": "mercadería canasta caja alimentos comida leche",
    "rent": "arriendo dueño desalojo",
    "utilities_debt": "luz agua gas cuenta deuda corte",
    "funeral": "funeral cajón urna sepultura cementerio fallecido",
    "housing_materials": "zinc planchas madera techo mediagua construcción reparar casa",
    "furnishings": "cama colchón frazadas camarote",
    "transport": "pasaje bus micro traslado viaje hospital",
    "technical_aids": "silla ruedas bastón andador lentes audífonos muletas",
    "scholarship": "beca junaeb indígena universidad colegio útiles",
    "pgu": "pensión jubilación adulto mayor vejez invalidez",
    "disability_credential": "credencial discapacidad compin carnet",
    "carer_support": "cuidadora cuidador postrado dependencia",
    "violence": "golpes amenaza maltrato abuso protección miedo",
    "homeless": "calle albergue dormir",
    "migration": "visa extranjero permiso residencia carnet migrante",
    "emergency": "incendio inundación lluvia temporal terremoto emergencia",
    "complaint": "reclamo queja sugerencia felicitación",
}


def load(apps: Any, schema_editor: Any) -> None:
    reason = apps.get_model("catalogue", "NationalReason")
    for code, words in WORDS.items():
        reason.objects.using(schema_editor.connection.alias).filter(pk=code).update(words=words)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_national_reasons")]
    operations = [
        migrations.AddField(
            "nationalreason",
            "words",
            models.CharField("cómo lo dice la gente", blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
