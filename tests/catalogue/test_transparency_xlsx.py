"""The workbook of the transparency law: a row an entry, what is not known in blank and said beside, no formulas."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.test import Client
from tests import make

from ventanilla.access.permissions import Role

pytestmark = pytest.mark.django_db

ADDRESS = "/catalogo/exportar/transparencia.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PROGRAMMES, MISSING, ABOUT = 1, 2, 3


def taken_out(role: Role = Role.COUNTERPART) -> bytes:
    client = Client()
    client.force_login(make.posting(role).account)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="transparencia-')
    return bytes(answer.content)


def rows_of(content: bytes, sheet: int) -> list[dict[str, str]]:
    """The cells of each row by the letters of their column; numbers and days as the file keeps them."""
    with ZipFile(BytesIO(content)) as book:
        texts = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [
        {
            re.sub(r"\d", "", cell.attrib["r"]): texts[int(value)] if cell.get("t") == "s" else value
            for cell in row.iter(f"{MAIN}c")
            if (value := cell.findtext(f"{MAIN}v")) is not None
        }
        for row in tree.iter(f"{MAIN}row")
    ]


def row_named(rows: list[dict[str, str]], name: str) -> dict[str, str]:
    """By its headings."""
    headings = rows[0]
    return next({headings[letter]: said for letter, said in row.items()} for row in rows[1:] if row["A"] == name)


def test_each_entry_that_anybody_may_read_is_a_row(offered: None) -> None:
    rows = rows_of(taken_out(), PROGRAMMES)
    assert [row["A"] for row in rows[1:]] == ["Vale de gas", "Orientación legal", "Pañales de adulto"]
    gas = row_named(rows, "Vale de gas")
    assert gas["Unidad que lo gestiona"] == "Unidad uas"
    assert gas["Monto global asignado"] == "12000000"
    assert gas["Moneda"] == "Pesos"
    assert gas["Plazo de evaluación (días hábiles)"] == "10"
    assert gas["Número del acto"] == "1204"
    assert gas["Fecha del acto"] == "46083"  # 2 March 2026, as a spreadsheet counts days
    assert "Tener 60 años o más (Ordenanza 4, art. 2)" in gas["Requisitos y antecedentes para postular"]
    assert "Documentos: Cédula de identidad; " in gas["Requisitos y antecedentes para postular"]
    assert gas["Enlace a más información"].endswith("/publico/4303/catalogo/vale-de-gas/")
    assert row_named(rows, "Pañales de adulto")["Situación"] == "Suspendida por ahora"


def test_what_is_not_known_is_blank_and_said_beside(offered: None) -> None:
    content = taken_out()
    nappies = row_named(rows_of(content, PROGRAMMES), "Pañales de adulto")
    assert "Monto global asignado" not in nappies
    assert "Moneda" not in nappies
    assert "Objetivo" not in nappies
    lacks = {row["B"] for row in rows_of(content, MISSING)[1:] if row["A"] == "Pañales de adulto"}
    assert {"El monto global", "El objetivo", "La fecha del acto", "Dónde y cuándo se pide"} <= lacks
    assert not [row for row in rows_of(content, MISSING)[1:] if row["A"] == "Vale de gas"]


def test_it_says_who_took_it_out_and_when_inside(offered: None) -> None:
    said = {row["A"]: row.get("B", "") for row in rows_of(taken_out(), ABOUT)}
    assert said["Hecho por"] == "Camila De Contraparte municipal, Contraparte municipal"
    assert re.fullmatch(r"\d\d-\d\d-\d{4} \d\d:\d\d", said["Hecho el"])
    assert said["Institución"] == "Municipalidad de Monte Patria"
    assert said["Programas"] == "3"


def test_nothing_in_it_is_taken_for_a_formula_or_a_link(offered: None) -> None:
    content = taken_out()
    assert row_named(rows_of(content, PROGRAMMES), "Vale de gas")["Criterio de evaluación y asignación"] == (
        "'=SUMA(orden de llegada)"
    )
    with ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_its_headings_stay_on_the_screen(offered: None) -> None:
    with ZipFile(BytesIO(taken_out())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_whoever_reads_the_catalogue_may_take_it_out_and_nobody_else(offered: None) -> None:
    assert rows_of(taken_out(Role.FRONT_DESK), PROGRAMMES)
    client = Client()
    client.force_login(make.posting(Role.DATA_OFFICER).account)
    assert client.get(ADDRESS).status_code == 403


def test_with_nothing_published_it_has_only_headings(db: None) -> None:
    assert len(rows_of(taken_out(), PROGRAMMES)) == 1
