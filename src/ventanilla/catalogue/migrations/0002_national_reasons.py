"""The national list of reasons for coming."""

from typing import Any

from django.db import migrations

# code, name, parent, index group, secrecy, function that answers it
REASONS = [
    ("rsh_entry", "Ingreso RSH", None, "rsh_entry", "ordinary", "rsh"),
    ("rsh_change", "Modificación RSH", None, "rsh_change", "ordinary", "rsh"),
    ("suf", "SUF", None, "suf", "ordinary", "subsidies"),
    ("sap", "SAP", None, "sap", "ordinary", "subsidies"),
    ("sdm", "SDM", None, "sdm", "ordinary", "subsidies"),
    ("social_report", "Informe Social", None, "social_report", "ordinary", "social_assistance"),
    ("assistance", "Ayuda Asistencial", None, "assistance", "ordinary", "social_assistance"),
    ("information", "Información", None, "information", "ordinary", "attention"),
    ("other", "Otro motivo", None, "other", "ordinary", None),
    ("food", "Alimentos", "assistance", "assistance", "ordinary", "social_assistance"),
    ("medicines", "Medicamentos y exámenes", "assistance", "assistance", "reserved", "social_assistance"),
    ("rent", "Arriendo", "assistance", "assistance", "ordinary", "social_assistance"),
    ("utilities_debt", "Deuda de servicios básicos", "assistance", "assistance", "ordinary", "social_assistance"),
    ("funeral", "Servicio funerario", "assistance", "assistance", "ordinary", "social_assistance"),
    ("housing_materials", "Materiales y mediagua", "assistance", "assistance", "ordinary", "social_assistance"),
    ("furnishings", "Camas y frazadas", "assistance", "assistance", "ordinary", "social_assistance"),
    ("transport", "Pasajes y traslado", "assistance", "assistance", "ordinary", "social_assistance"),
    ("technical_aids", "Ayudas técnicas", "assistance", "assistance", "ordinary", "social_assistance"),
    ("scholarship", "Becas", "other", "other", "ordinary", "social_assistance"),
    ("pgu", "PGU y pensiones", "other", "other", "ordinary", "subsidies"),
    ("disability_credential", "Credencial de discapacidad", "other", "other", "ordinary", "disability"),
    ("carer_support", "Apoyo a cuidadoras", "other", "other", "ordinary", "social_assistance"),
    ("violence", "Violencia o protección", "other", "other", "restricted", "social_assistance"),
    ("homeless", "Situación de calle", "other", "other", "reserved", "social_assistance"),
    ("migration", "Papeles de migración", "other", "other", "ordinary", "social_assistance"),
    ("emergency", "Emergencia (FIBE)", "other", "other", "ordinary", "social_assistance"),
    ("complaint", "Reclamo", "other", "other", "ordinary", "attention"),
]


def load(apps: Any, schema_editor: Any) -> None:
    reason = apps.get_model("catalogue", "NationalReason")
    reason.objects.using(schema_editor.connection.alias).bulk_create(
        reason(
            code=code,
            name=name,
            parent_id=parent,
            index_group=group,
            secrecy=secrecy,
            function_id=function,
            position=position,
        )
        for position, (code, name, parent, group, secrecy, function) in enumerate(REASONS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("access", "0002_territory")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
