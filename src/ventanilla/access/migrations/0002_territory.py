"""The national facts that everything else stands on: territory, the 345 municipalities, functions of units."""

import csv
from importlib.resources import files
from typing import Any

from django.db import migrations

from ventanilla.core.ids import new_id

WITHOUT_MUNICIPALITY = {"12202": 12201}
"""Antártica has no municipality: Cabo de Hornos serves it."""

TIME_ZONES_BY_REGION = {"11": "America/Coyhaique", "12": "America/Punta_Arenas"}
EASTER_ISLAND = "05201"

FUNCTIONS = {
    "attention": "Atención de público",
    "social_assistance": "Asistencia social",
    "rsh": "Registro Social de Hogares",
    "subsidies": "Subsidios",
    "families": "Programa Familias",
    "childhood": "Niñez",
    "disability": "Discapacidad",
    "elderly": "Personas mayores",
    "housing": "Vivienda",
    "labour": "Intermediación laboral",
    "gender": "Mujeres y género",
    "community": "Organizaciones comunitarias",
}


def load(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    model = {name: apps.get_model("access", name) for name in ("Region", "Province", "Commune", "Institution")}
    with files("ventanilla.access").joinpath("data/communes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    regions = {row["region_code"]: row for row in rows}
    provinces = {row["province_code"]: row for row in rows}
    model["Region"].objects.using(using).bulk_create(
        model["Region"](code=code, name=row["region"], iso=row["iso"]) for code, row in regions.items()
    )
    model["Province"].objects.using(using).bulk_create(
        model["Province"](code=code, name=row["province"], region_id=row["region_code"])
        for code, row in provinces.items()
    )
    model["Commune"].objects.using(using).bulk_create(
        model["Commune"](
            code=row["code"], name=row["name"], province_id=row["province_code"], digital_group=row["group"]
        )
        for row in rows
    )
    model["Institution"].objects.using(using).bulk_create(
        model["Institution"](
            id=int(row["code"]),
            kind="municipality",
            name=f"Municipalidad de {row['name']}",
            short_name=row["name"],
            time_zone=time_zone(row),
        )
        for row in rows
        if row["code"] not in WITHOUT_MUNICIPALITY
    )
    served = apps.get_model("access", "InstitutionCommune")
    served.objects.using(using).bulk_create(
        served(
            id=new_id(),
            institution_id=WITHOUT_MUNICIPALITY.get(row["code"], int(row["code"])),
            commune_id=row["code"],
        )
        for row in rows
    )
    function = apps.get_model("access", "Function")
    function.objects.using(using).bulk_create(function(code=code, name=name) for code, name in FUNCTIONS.items())


def time_zone(row: dict[str, str]) -> str:
    if row["code"] == EASTER_ISLAND:
        return "Pacific/Easter"
    return TIME_ZONES_BY_REGION.get(row["region_code"], "America/Santiago")


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
