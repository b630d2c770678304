"""Units and operators from files."""

from pathlib import Path

import pytest
from tests.datasets.file_of import figures, load_rows
from tests.make import COMBARBALA, MONTE_PATRIA, posting

from ventanilla.access.loading import misplaced
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.permissions import Role

pytestmark = pytest.mark.django_db

UAS = {"codigo": "UAS", "nombre": "Asistencia Social", "unidad_superior": "DIDECO",
       "funciones": "attention|social_assistance", "conectada_desde": "01-03-2024"}  # fmt: skip
DIDECO = {"codigo": "DIDECO", "nombre": "Desarrollo Comunitario", "funciones": "community"}
CAMILA = {"usuario": "camila.rojas", "run": "90000001-4", "nombres": "Camila", "primer_apellido": "Rojas",
          "correo": "camila@ejemplo.cl", "rol": "front_desk", "unidad": "UAS", "naturaleza": "titular",
          "desde": "01-03-2024"}  # fmt: skip


def test_the_unit_above_may_come_later_in_the_file(tmp_path: Path) -> None:
    assert figures(load_rows(tmp_path, "unidades", UAS, DIDECO)) == (2, 0, 0, 0)
    assert figures(load_rows(tmp_path, "unidades", UAS, DIDECO)) == (0, 0, 2, 0)
    assert figures(load_rows(tmp_path, "unidades", UAS | {"funciones": "attention|rsh"})) == (0, 1, 0, 0)
    uas = Unit.objects.get(institution_id=MONTE_PATRIA, code="UAS")
    assert uas.parent is not None
    assert uas.parent.code == "DIDECO"
    assert set(uas.functions.values_list("function_id", flat=True)) == {"attention", "rsh"}


@pytest.mark.parametrize(
    ("known", "asked", "rows"),
    [
        ({}, {"A": (2, "B")}, {2}),
        ({}, {"A": (2, "B"), "B": (3, "C")}, {2, 3}),
        ({}, {"A": (2, "B"), "B": (3, "A")}, {2, 3}),
        ({"B": None}, {"A": (2, "B")}, set()),
        ({"A": None, "B": "A"}, {"A": (2, "B")}, {2}),
    ],
)
def test_a_unit_hangs_from_one_that_exists_and_never_from_itself(
    known: dict[str, str | None], asked: dict[str, tuple[int, str | None]], rows: set[int]
) -> None:
    assert set(misplaced(known, asked)) == rows


def test_an_account_is_made_once_and_cannot_sign_in_yet(tmp_path: Path) -> None:
    load_rows(tmp_path, "unidades", DIDECO, UAS)
    head = CAMILA | {"rol": "uas_head", "naturaleza": "subrogante", "acto": "DA 12/2026"}
    assert figures(load_rows(tmp_path, "operadores", CAMILA, head)) == (2, 0, 0, 0)
    assert figures(load_rows(tmp_path, "operadores", CAMILA, head)) == (0, 0, 2, 0)
    assert figures(load_rows(tmp_path, "operadores", CAMILA | {"hasta": "31-12-2026"})) == (0, 1, 0, 0)
    account = Account.objects.get(username="camila.rojas")
    assert not account.has_usable_password()
    assert Posting.objects.filter(account=account).count() == 2


def test_a_file_does_not_change_the_account_of_somebody_who_also_works_elsewhere(tmp_path: Path) -> None:
    elsewhere = posting(Role.FRONT_DESK, COMBARBALA).account
    load_rows(tmp_path, "unidades", DIDECO, UAS)
    taken = CAMILA | {"usuario": elsewhere.username, "correo": "otra@ejemplo.cl"}
    assert figures(load_rows(tmp_path, "operadores", taken)) == (1, 0, 0, 0)
    elsewhere.refresh_from_db()
    assert (elsewhere.email, elsewhere.given_names) == ("", "Camila")


def test_a_file_changes_the_accounts_that_this_institution_made(tmp_path: Path) -> None:
    load_rows(tmp_path, "unidades", DIDECO, UAS)
    load_rows(tmp_path, "operadores", CAMILA)
    assert figures(load_rows(tmp_path, "operadores", CAMILA | {"correo": "otra@ejemplo.cl"})) == (0, 1, 0, 0)
    assert Account.objects.get(username="camila.rojas").email == "otra@ejemplo.cl"


def test_a_file_takes_over_no_account_that_it_found_without_postings(tmp_path: Path) -> None:
    """Not even the second time, when the first has already given it a posting here."""
    found = Account.objects.create(username="camila.rojas", given_names="Camila", surnames="De otra parte")
    load_rows(tmp_path, "unidades", DIDECO, UAS)
    assert figures(load_rows(tmp_path, "operadores", CAMILA)) == (1, 0, 0, 0)
    assert figures(load_rows(tmp_path, "operadores", CAMILA)) == (0, 0, 1, 0)
    found.refresh_from_db()
    assert (found.run, found.email, found.surnames) == (None, "", "De otra parte")


def test_no_file_gives_a_role_above_the_institutions_or_the_run_of_another(tmp_path: Path) -> None:
    load_rows(tmp_path, "unidades", DIDECO, UAS)
    load_rows(tmp_path, "operadores", CAMILA)
    wrong = (
        CAMILA | {"rol": "national"},
        CAMILA | {"usuario": "otra.rojas"},
        CAMILA | {"run": "90000002-2", "desde": "02-03-2024"},
        CAMILA | {"unidad": "nada", "desde": "03-03-2024"},
        CAMILA | {"naturaleza": "suplente", "desde": "04-03-2024"},
    )
    assert figures(load_rows(tmp_path, "operadores", *wrong)) == (0, 0, 0, 5)
