"""Deliveries from the municipality's own register."""

from pathlib import Path

import pytest
from tests.datasets.file_of import figures, load_rows
from tests.make import MONTE_PATRIA, inside
from tests.make import person as make_person

from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
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


def test_a_delivery_to_nobody_of_tomorrow_or_of_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    with inside():
        make_person(run="90000001-4")
    wrong = (BOX | {"persona": ""}, BOX | {"fecha": "01-06-2999"}, BOX | {"unidad": "nada"}, BOX | {"monto": "-5"})
    assert figures(load_rows(tmp_path, "entregas", *wrong)) == (0, 0, 0, 4)
