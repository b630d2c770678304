"""The municipal register of a spreadsheet: loaded, corrected, loaded again, seen in the screening, undone."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests import make
from tests.datasets.bringing import done
from tests.datasets.tables import workbook
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.datasets.models import Load

pytestmark = pytest.mark.browser

REGISTER = """\
MUNICIPALIDAD DE MONTE PATRIA;;;;;
DEPARTAMENTO SOCIAL;;;;;
AYUDAS ENTREGADAS 2026 (datos ficticios);;;;;
N° entrega;RUT;Ayuda entregada;Valor;Fecha entrega;Quién anotó
1;90.214.530-3;Canasta de alimentos;$ 38.500;03-09-2026;Secretaría
2;90.214.530-3;Pañales de niño;12.000;31-02-2026;Secretaría
3;90214530-3;Subsidio de luz, año 2026;25.000;14-05-2026;Ñuñez
"""


@pytest.fixture(autouse=True)
def loads_root(settings: LazySettings, static_var: Path) -> None:
    """Where the server keeps them; jobs are done by the test."""
    settings.LOADS_ROOT = static_var / "loads"


def jobs_done(page: Page) -> Load:
    """After those that the load of the page asks for."""
    page.wait_for_url(re.compile(r"/cargas/[0-9a-f-]{36}/"))
    expect(page.locator("[data-progress]")).to_be_visible()
    with acting(make.actor(Role.COUNTERPART)):
        load = Load.objects.get(pk=page.url.split("/")[4])
    return done(load)


def choose(page: Page, what: str, path: Path) -> None:
    page.get_by_label("Qué trae el archivo").select_option(label=what)
    page.get_by_label("Archivo", exact=True).set_input_files(path)
    page.get_by_role("button", name="Revisar el archivo").click()


def test_a_register_is_loaded_corrected_seen_and_undone(
    visit: Visit, another_visit: Visit, phone_visit: Visit, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "ayudas 2026.csv"
    file.write_bytes(REGISTER.encode("latin-1"))
    page = visit.page
    with make.inside():
        make.written_entry("Canasta de alimentos", starts_on=date(2026, 1, 1))
    visit.sign_in(make.posting(Role.COUNTERPART))
    visit.go("/cargas/")
    choose(page, "Entregas de beneficios", file)
    jobs_done(page)
    expect(page.get_by_text("todavía no se ha guardado nada")).to_be_visible()
    expect(page.get_by_text("no es una fecha que exista")).to_be_visible()
    visit.shot("60-ensayo")
    page.keyboard.press("Control+Enter")
    jobs_done(page)
    expect(page.get_by_text("Qué fue de sus filas")).to_be_visible()
    visit.shot("61-cargada")

    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar con sus razones").click()
    headings, row = CalamineWorkbook.from_path(str(download.value.path())).get_sheet_by_index(0).to_python()
    row[headings.index("Fecha entrega")] = "28-02-2026"
    corrected = workbook(tmp_path / "corregidas.xlsx", Rechazadas=[headings, row])
    visit.go("/cargas/")
    choose(page, "Entregas de beneficios", corrected)
    jobs_done(page)
    page.get_by_role("button", name="Cargar 1 fila").click()
    second = jobs_done(page)
    expect(page.get_by_text("Qué fue de sus filas")).to_be_visible()

    another_visit.sign_in(office.head)
    another_visit.search("902145303")
    another_visit.page.wait_for_url(re.compile("/consultas/"))
    another_visit.go(f"/personas/{office.rosa.pk}/ficha/")
    for given in ("Canasta de alimentos", "Pañales de niño", "Subsidio de luz, año 2026"):
        expect(another_visit.page.get_by_text(given).first).to_be_visible()
    phone_visit.sign_in(office.desk)
    phone_visit.search("902145303")
    phone_visit.page.wait_for_url(re.compile("/consultas/"))
    phone_visit.go(f"/personas/{office.rosa.pk}/ficha/")
    expect(phone_visit.page.get_by_text("Entregada el 03-09-2026")).to_be_visible()
    expect(phone_visit.page.get_by_text("Canasta de alimentos").first).to_be_visible()
    expect(phone_visit.page.get_by_text("38.500")).to_have_count(0)

    page.get_by_role("button", name="Deshacer…").click()
    page.get_by_role("dialog").get_by_role("button", name="Deshacer").click()
    jobs_done(page)
    expect(page.get_by_text("de esta carga no quedó nada")).to_be_visible()
    another_visit.page.reload()
    expect(another_visit.page.get_by_text("Canasta de alimentos").first).to_be_visible()
    expect(another_visit.page.get_by_text("Pañales de niño")).to_have_count(0)
    with acting(actor_in(make.posting(Role.COUNTERPART))):
        assert Load.objects.get(pk=second.pk).state == "undone"


def test_an_upload_that_was_cut_goes_on_from_where_it_was(visit: Visit, office: Office, tmp_path: Path) -> None:
    file = tmp_path / "nómina.csv"
    lines = ["N° entrega;RUT;Ayuda entregada;Fecha entrega"]
    lines += [f"{number};90.214.530-3;Canasta de alimentos;03-03-2026" for number in range(12_000)]
    file.write_text("\n".join(lines), encoding="utf-8")
    page = visit.page
    visit.sign_in(make.posting(Role.COUNTERPART))
    visit.go("/cargas/")
    pieces = []

    def after_two(route: object) -> None:
        pieces.append(route)
        route.abort() if len(pieces) > 2 else route.continue_()  # type: ignore[attr-defined]  # Playwright's

    page.route("**/trozo/", after_two)
    choose(page, "Entregas de beneficios", file)
    expect(page.get_by_text("Sin conexión: sigue sola cuando vuelva")).to_be_visible()
    page.reload()
    expect(page.get_by_text("La subida quedó a medias")).to_be_visible()
    page.unroute("**/trozo/")
    other = tmp_path / "otra.csv"
    other.write_text("x")
    page.locator("input[type=file]").set_input_files(other)
    page.get_by_role("button", name="Seguir subiendo").click()
    expect(page.get_by_text("Ese no es el mismo archivo")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Seguir subiendo").click()
    load = jobs_done(page)
    assert load.trial["read"] == 12_000
    expect(page.get_by_text("todavía no se ha guardado nada")).to_be_visible()


def test_the_pages_of_loads_are_fit_to_use(phone_visit: Visit, visit: Visit, office: Office, tmp_path: Path) -> None:
    file = tmp_path / "rara.csv"
    file.write_bytes(REGISTER.replace("RUT", "IDENT").replace("Ayuda entregada", "QUE").encode("latin-1"))
    posting = make.posting(Role.COUNTERPART)
    visit.sign_in(posting)
    phone_visit.sign_in(posting)
    visit.go("/cargas/")
    choose(visit.page, "Entregas de beneficios", file)
    jobs_done(visit.page)
    expect(visit.page.get_by_role("heading", name="Falta decir qué es cada columna")).to_be_visible()
    address = visit.page.url.removeprefix(visit.server.url)
    for page in ("/cargas/", address, f"{address}columnas/"):
        for visitor in (visit, phone_visit):
            assert visitor.go(page) == 200
            assert visitor.violations() == [], page
            assert not visitor.overflows(), page
    visit.page.get_by_label("IDENT").select_option("persona")
    visit.page.get_by_label("QUE").select_option("prestacion")
    visit.shot("62-columnas")
    visit.page.get_by_role("button", name="Ensayar").click()
    jobs_done(visit.page)
    expect(visit.page.get_by_text("todavía no se ha guardado nada")).to_be_visible()
    for visitor in (visit, phone_visit):
        visitor.go(address)
        assert visitor.violations() == []
        assert not visitor.overflows()
    visit.page.get_by_role("button", name="Cargar 2 filas").click()
    expect(visit.page.locator("[data-progress]")).to_be_visible()
    for visitor in (visit, phone_visit):
        visitor.go(address)
        assert visitor.violations() == []
        assert not visitor.overflows()
    jobs_done(visit.page)
    expect(visit.page.get_by_text("Qué fue de sus filas")).to_be_visible()
    for visitor in (visit, phone_visit):
        visitor.go(address)
        assert visitor.violations() == []
        assert not visitor.overflows()
