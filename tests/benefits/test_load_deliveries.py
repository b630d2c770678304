"""Deliveries from the municipality's own register."""

from datetime import date
from pathlib import Path

import pytest
from tests import make
from tests.datasets.file_of import figures, load_rows
from tests.make import MONTE_PATRIA, inside
from tests.make import person as make_person

from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.datasets.run import command_actor

pytestmark = pytest.mark.django_db

BOX = {"referencia": "E-1", "persona": "90000001-4", "prestacion": "Caja de alimentos", "cantidad": "1,5",
       "monto": "$25.000", "fecha": "01-06-2026"}  # fmt: skip


def test_a_delivery_is_brought_up_to_date_by_its_reference(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4")
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (1, 0, 0, 0)
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (0, 0, 1, 0)
    assert figures(load_rows(tmp_path, "entregas", BOX | {"acto": "DA 12/2026", "cantidad": ""})) == (0, 1, 0, 0)
    with acting(command_actor(MONTE_PATRIA)):
        kept = Delivery.objects.get()
    assert (str(kept.quantity), kept.amount, kept.act, kept.origin) == ("1.50", 25000, "DA 12/2026", "loaded")


def test_a_delivery_of_nothing_is_refused(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4")
    found = load_rows(tmp_path, "entregas", BOX | {"cantidad": "0,0"})
    assert list(found.reasons) == ["La cantidad debe ser mayor que cero."]


def test_a_delivery_to_nobody_of_tomorrow_or_of_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4")
    wrong = (BOX | {"persona": ""}, BOX | {"fecha": "01-06-2999"}, BOX | {"unidad": "nada"}, BOX | {"monto": "-5"})
    assert figures(load_rows(tmp_path, "entregas", *wrong)) == (0, 0, 0, 4)


def given(reference: str = "E-1") -> Delivery:
    with acting(command_actor(MONTE_PATRIA)):
        return Delivery.objects.select_related("version").get(reference=reference)


def of_day(reference: str, label: str, day: str) -> dict[str, str]:
    return BOX | {"referencia": reference, "prestacion": label, "fecha": day}


def test_a_delivery_points_at_the_version_of_its_day_however_its_name_is_written(tmp_path: Path) -> None:
    with inside() as by:
        make_person(run="90000001-4")
        entry = make.entry("Pañales de adulto", starts_on=date(2024, 1, 1)).entry
        details = EntryDetails(name="Pañales para adultos", plain="Más.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(entry, details, by=by, version=0)
        actions.publish_draft(entry, by=by, starts_on=date(2026, 1, 1), version=1, is_history=True)
        make.adopt_catalogue()
    rows = (
        of_day("E-1", "PANALES DE ADULTO", "31-12-2025"),
        of_day("E-2", "pañales  de adulto", "01-01-2026"),
        of_day("E-3", "Pañales para adultos", "01-06-2020"),
        of_day("E-4", "panales-de-adulto", "01-06-2026"),
        of_day("E-5", "sap_rural", "01-06-2026"),
        of_day("E-6", "Nada del catálogo", "01-06-2026"),
    )
    assert figures(load_rows(tmp_path, "entregas", *rows)) == (6, 0, 0, 0)
    pointed = [given(f"E-{number}").version for number in range(1, 7)]
    assert [version and version.number for version in pointed] == [1, 2, 1, 2, 1, None]
    assert pointed[4] is not None
    assert pointed[4].name == "Subsidio de agua potable rural (SAP)"
    assert figures(load_rows(tmp_path, "entregas", *rows)) == (0, 0, 6, 0)


def test_a_delivery_loaded_before_the_catalogue_finds_its_version_when_it_is_loaded_again(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4")
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (1, 0, 0, 0)
    assert given().version is None
    with inside():
        make.entry(starts_on=date(2024, 1, 1))
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (0, 1, 0, 0)
    assert given().version is not None
    assert figures(load_rows(tmp_path, "entregas", BOX | {"prestacion": "Otra cosa"})) == (0, 1, 0, 0)
    assert given().version is None


def test_what_was_given_before_an_entry_closed_goes_on_pointing_at_it_and_not_at_the_one_that_took_its_name(
    tmp_path: Path,
) -> None:
    with inside() as by:
        make_person(run="90000001-4")
        old = make.entry(starts_on=date(2024, 1, 1)).entry
        actions.close_entry(old, by=by, reason="Cambia el convenio")
        new = make.entry().entry
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (1, 0, 0, 0)
    today = BOX | {"referencia": "E-2", "fecha": f"{make.TODAY:%d-%m-%Y}"}
    assert figures(load_rows(tmp_path, "entregas", today)) == (1, 0, 0, 0)
    first, second = given("E-1").version, given("E-2").version
    assert first is not None
    assert second is not None
    assert (first.entry_id, second.entry_id) == (old.pk, new.pk)


def test_the_catalogue_of_another_municipality_is_not_looked_at(tmp_path: Path) -> None:
    with inside(make.COMBARBALA):
        make.entry(starts_on=date(2024, 1, 1))
    with inside():
        make_person(run="90000001-4")
    assert figures(load_rows(tmp_path, "entregas", BOX)) == (1, 0, 0, 0)
    assert given().version is None
