"""The engine of loads: what becomes of each row of a file, and of files that are none."""

import csv
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.make import COMBARBALA, MONTE_PATRIA, actor

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.datasets import DATASETS
from ventanilla.core.errors import NotAllowed
from ventanilla.core.models import AuditEvent
from ventanilla.datasets.applying import REPEATED
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import Loaded, command_actor, load_file
from ventanilla.registry.models import Identifier, Person

pytestmark = pytest.mark.django_db

AMALIA = {"referencia": "P-1", "run": "90.000.001-4", "nombres": "Amalia", "primer_apellido": "Muñoz"}
FRESIA = {"referencia": "P-2", "nombres": "Fresia", "primer_apellido": "O'Ryan"}
STATED = {"fuente": "rsh", "fecha_dato": "01-10-2026"}


def row(**cells: str) -> dict[str, str]:
    return STATED | cells


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_file(dataset: str, rows: Sequence[dict[str, str]], *, delimiter: str = ";", start: str = "") -> Path:
        path = tmp_path / f"{dataset}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(start)
            writer = csv.DictWriter(file, DATASETS[dataset].headings, restval="", delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_file


def load(path: Path, dataset: str = "personas", **options: Any) -> Loaded:
    by = options.pop("by", None) or command_actor(options.pop("institution", MONTE_PATRIA))
    return load_file(DATASETS[dataset], path, by=by, rejected_path=path.with_suffix(".no.csv"), **options)


def figures(loaded: Loaded) -> tuple[int, int, int, int]:
    found = loaded.figures
    assert found.read == found.new + found.changed + found.same + found.rejected
    return found.new, found.changed, found.same, found.rejected


def people() -> dict[str, Person]:
    with acting(command_actor(MONTE_PATRIA)):
        return {person.given_names: person for person in Person.objects.all()}


def test_a_load_twice_changes_nothing_the_second_time(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA), row(**FRESIA)])
    assert figures(load(path)) == (2, 0, 0, 0)
    assert figures(load(path)) == (0, 0, 2, 0)
    assert len(people()) == 2


def test_a_bad_row_does_not_stop_the_good_ones(write: Callable[..., Path]) -> None:
    wrong = row(**AMALIA | {"run": "90.000.001-7", "referencia": "P-9"})
    tomorrow = row(**FRESIA | {"referencia": "P-8", "fecha_nacimiento": "01-01-2999"})
    loaded = load(write("personas", [wrong, row(**AMALIA), tomorrow, row(**FRESIA)]))
    assert figures(loaded) == (2, 0, 0, 2)
    assert set(loaded.figures.reasons) == {
        "La columna «run» tiene un RUN cuyo dígito verificador no corresponde.",
        "La columna «fecha_nacimiento» tiene una fecha futura.",
    }


def test_the_rejected_rows_can_be_corrected_and_loaded_again(write: Callable[..., Path]) -> None:
    loaded = load(write("personas", [row(**AMALIA), row(**FRESIA | {"primer_apellido": ""})]))
    assert loaded.rejected_file is not None
    text = loaded.rejected_file.read_text(encoding="utf-8-sig")
    (kept,) = csv.DictReader(text.splitlines(), delimiter=";")
    assert (kept["nombres"], kept["fila"], kept["motivo"]) == ("Fresia", "3", "Falta la columna «primer_apellido».")
    corrected = loaded.rejected_file.with_name("corregidas.csv")
    corrected.write_text(text.replace("Fresia;", "Fresia;O'Ryan"), encoding="utf-8")
    assert figures(load(corrected)) == (1, 0, 0, 0)
    assert people()["Fresia"].first_surname == "O'Ryan"


def test_a_load_without_rejected_rows_leaves_no_file(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA)])
    assert load(path).rejected_file is None
    assert not path.with_suffix(".no.csv").exists()


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_a_key_repeated_in_the_file_is_rejected_in_whatever_batch(write: Callable[..., Path], batch_rows: int) -> None:
    again = row(**AMALIA | {"referencia": "P-7", "nombres": "Amalia Rosa"})
    loaded = load(write("personas", [row(**AMALIA), row(**FRESIA), again]), batch_rows=batch_rows)
    assert figures(loaded) == (2, 0, 0, 1)
    assert set(loaded.figures.reasons) == {REPEATED}


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_a_row_is_not_rejected_for_repeating_one_that_was_rejected(write: Callable[..., Path], batch_rows: int) -> None:
    nowhere = row(**AMALIA | {"comuna_residencia": "99999"})
    loaded = load(write("personas", [nowhere, row(**AMALIA)]), batch_rows=batch_rows)
    assert figures(loaded) == (1, 0, 0, 1)


def test_a_dry_run_tells_the_same_and_changes_nothing(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA), row(**FRESIA), row(**AMALIA)])
    tried = load(path, dry_run=True, batch_rows=1)
    assert people() == {}
    assert figures(tried) == figures(load(path))
    with acting(command_actor(MONTE_PATRIA)):
        assert sorted(Load.objects.values_list("dry_run", "rows_read", "rows_new", "rows_rejected")) == [
            (False, 3, 2, 1),
            (True, 3, 2, 1),
        ]


def test_every_load_leaves_a_row_and_the_audit_names_it(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA)])
    loaded = load(path)
    with acting(command_actor(MONTE_PATRIA)):
        kept = Load.objects.get(pk=loaded.load_id)
        assert (kept.dataset, kept.file_name, kept.ended_at is not None) == ("personas", "personas.csv", True)
        assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        written = AuditEvent.objects.filter(request_id=loaded.load_id, table_name="registry_person")
        assert list(written.values_list("op", flat=True)) == ["I"]


def test_what_is_loaded_belongs_to_one_institution(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA)])
    load(path)
    assert figures(load(path, institution=COMBARBALA)) == (1, 0, 0, 0)
    assert len(people()) == 1


def test_an_operator_without_the_right_loads_nothing(write: Callable[..., Path]) -> None:
    with pytest.raises(NotAllowed):
        load(write("personas", [row(**AMALIA)]), by=actor(Role.FRONT_DESK))


def test_an_unknown_institution_is_refused_in_words() -> None:
    with pytest.raises(UnusableFile, match="No hay una institución con el número 77"):
        command_actor(77)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "está vacío"),
        (b"%PDF-1.7\n", "es un PDF"),
        (b"PK\x03\x04....", "está dañado"),
        (b"referencia\0;run", "no es un archivo de texto"),
        (b"referencia;run\n", "le faltan las columnas «nombres», «primer_apellido», «fuente», «fecha_dato»"),
        (b"\n \n;;;\n", "le faltan las columnas «nombres»"),
    ],
)
def test_a_file_that_is_no_table_of_people_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "personas.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=sentence):
        load(path)
    with acting(command_actor(MONTE_PATRIA)):
        assert not Load.objects.exists()


def test_a_column_that_is_not_of_the_format_is_passed_over_and_told(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA)])
    headings, amalia = path.read_text().split()
    path.write_text(f"{headings};estatura\n{amalia};170\n")
    loaded = load(path)
    assert figures(loaded) == (1, 0, 0, 0)
    assert loaded.table.passed_over == ("estatura",)


@pytest.mark.parametrize("heading", ["run", "RUT"])
def test_two_columns_for_the_same_are_refused_by_name(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "personas.csv"
    path.write_text(";".join((*DATASETS["personas"].headings, heading)))
    with pytest.raises(UnusableFile, match=f"«run», «{heading}» serían todas «run»"):
        load(path)


def test_bytes_that_are_not_utf8_far_into_the_file_are_found_before_anything_is_written(
    write: Callable[..., Path],
) -> None:
    path = write("personas", [row(**AMALIA)])
    with path.open("ab") as file:
        file.write(b"\xf1" * 3)
    with pytest.raises(UnusableFile, match="no está en UTF-8"):
        load(path)
    assert people() == {}


@pytest.mark.parametrize(("delimiter", "start"), [(",", ""), (";", "\ufeff"), (",", "\ufeff")])
def test_either_separator_and_a_byte_order_mark_are_read(
    write: Callable[..., Path], delimiter: str, start: str
) -> None:
    assert figures(load(write("personas", [row(**AMALIA)], delimiter=delimiter, start=start))) == (1, 0, 0, 0)


def test_a_quotation_mark_that_is_not_closed_spoils_one_row_only(write: Callable[..., Path]) -> None:
    path = write("personas", [row(**AMALIA), row(**FRESIA), row(**AMALIA | {"run": "", "referencia": "P-3"})])
    path.write_text(path.read_text().replace("P-1;", '"P-1;'))
    loaded = load(path)
    assert figures(loaded) == (2, 0, 0, 1)
    assert set(loaded.figures.reasons) == {
        "La fila no tiene tantas celdas como columnas hay, o tiene comillas que no se cierran."
    }


def test_hostile_text_is_stored_as_it_is(write: Callable[..., Path]) -> None:
    hostile = row(**AMALIA | {"nombres": "Ñusta\\N 🌻 \t'; drop", "nombre_social": "\\"})
    assert figures(load(write("personas", [hostile, row(**FRESIA | {"nombres": "a" * 300})]))) == (1, 0, 0, 1)
    assert people()["Ñusta\\N 🌻 '; drop"].social_name == "\\"


def test_a_rule_that_no_check_foresaw_rejects_the_guilty_row_alone(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ventanilla.registry.loading import people as module

    # Without its check, the table's own constraint is what stops a death before the birth.
    monkeypatch.setattr(module, "_REFUSE", "select 1")
    load(write("personas", [row(**AMALIA, fecha_nacimiento="01-01-1950")]))
    dead = row(**AMALIA, fecha_defuncion="01-01-1940", fuente_defuncion="registro_civil")
    loaded = load(write("personas", [row(**FRESIA), dead, row(**FRESIA | {"referencia": "P-3"})]))
    assert figures(loaded) == (2, 0, 0, 1)
    assert "death_not_before_birth" in next(iter(loaded.figures.reasons))


def test_a_load_leaves_no_table_of_its_own(write: Callable[..., Path]) -> None:
    load(write("personas", [row(**AMALIA)]))
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('pg_temp.load_seen')")
        assert cursor.fetchone() == (None,)


def test_references_are_kept_so_that_other_files_can_use_them(write: Callable[..., Path]) -> None:
    load(write("personas", [row(**AMALIA)]))
    with acting(command_actor(MONTE_PATRIA)):
        assert Identifier.objects.get(kind="reference", value="P-1").person.run == "90000001-4"
