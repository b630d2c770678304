"""Audit of the register of operators, the first text of the agreement, and what is asked before operating."""

from datetime import date
from importlib.resources import files
from typing import Any

from django.db import migrations

from ventanilla.access.migration_operations import AuditedTable

STRICT_ROLES = ["technical_assistant", "provincial", "regional", "national", "system_admin"]


def load(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    body = files("ventanilla.access").joinpath("data/agreement_1.txt").read_text(encoding="utf-8")
    apps.get_model("access", "AgreementText").objects.using(using).create(
        number=1,
        title="Acuerdo de confidencialidad de quienes operan Ventanilla",
        body=body,
        is_sample=True,
        published_on=date(2026, 11, 23),
    )
    requirement = apps.get_model("access", "OperatingRequirement").objects.using(using)
    requirement.create(
        code="confidentiality",
        name="Acuerdo de confidencialidad",
        how="Léalo y fírmelo aquí mismo; se firma una vez al año en cada institución.",
        roles=[],
        is_per_institution=True,
    )
    requirement.create(
        code="second_factor",
        name="Segundo factor de ingreso",
        how="Actívelo con una aplicación de códigos en su teléfono.",
        roles=STRICT_ROLES,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_register_of_operators"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        AuditedTable("RegisterEntry"),
        AuditedTable("AgreementSignature"),
        AuditedTable("Authenticator", hidden=("data",), app="mfa"),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
