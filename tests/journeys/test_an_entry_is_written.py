"""A head writes an entry and its rule by keyboard, and the desk finds it by the neighbour's words."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.models import Site
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import EntryVersion

pytestmark = pytest.mark.browser

NEXT_YEAR = date(make.TODAY.year + 1, 1, 1)


def write(page: Page, label: str, text: str) -> None:
    """Into the field of that label, as one types."""
    labelled = page.get_by_label(re.compile(rf"^{re.escape(label)}(\s+\(opcional\))?$"))
    page.locator("input, textarea").and_(labelled).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Space")


def press(page: Page, role: str, name: str) -> None:
    """A link or a button, by its focus and Enter."""
    page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]  # a role of ARIA
    page.keyboard.press("Enter")


def begin_condition(page: Page, kind: str) -> None:
    page.get_by_label("Qué se pide").focus()
    page.keyboard.type(kind)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=kind, exact=True)).to_be_visible()


def written(visit: Visit) -> None:
    """Gas vouchers, as a draft, with all that a clerk is asked."""
    page = visit.page
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="Catálogo", exact=True)).to_be_visible()
    press(page, "link", "Escribir una prestación")
    write(page, "Nombre", "Vale de gas")
    write(page, "Qué es", "Un vale para cambiar por un balón de gas de 15 kilos.")
    choose(page, "Especies")
    choose(page, "Personas mayores")
    write(page, "Cómo lo pide la gente", "balón licuado cocina")
    write(page, "Quién puede recibirla", "Personas mayores que viven en la comuna.")
    write(page, "Qué hay que llevar", "Cédula de identidad")
    write(page, "Cómo se pide", "Pídalo en el mesón; se entrega el mismo día")
    write(page, "Qué monto es", "Por vale")
    write(page, "Pesos", "25000")
    write(page, "Desde", f"{make.TODAY:%d-%m-%Y}")
    choose(page, "Casa de la comunidad")
    write(page, "Horario en Casa de la comunidad", "Lunes a viernes, 9:00 a 13:30")
    press(page, "button", "Guardar e ir a la regla")
    expect(page.get_by_role("heading", name="Quién puede recibirla")).to_be_visible()


def ruled(visit: Visit) -> None:
    """Sixty years or a disability, in the lower sixty per cent; and a contradiction that is refused."""
    page = visit.page
    begin_condition(page, "Edad")
    write(page, "Desde qué edad", "60")
    write(page, "De dónde viene", "Ordenanza 4, art. 2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Tener 60 años o más").first).to_be_visible()
    begin_condition(page, "Edad")
    write(page, "Hasta qué edad", "17")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("se excluyen")
    expect(page.get_by_label("Hasta qué edad").first).to_have_value("17")
    begin_condition(page, "Discapacidad")
    page.keyboard.press("Control+Enter")
    begin_condition(page, "Tramo del Registro Social de Hogares")
    page.get_by_label("Hasta qué tramo").focus()
    page.keyboard.type("60")
    page.keyboard.press("Control+Enter")
    choose(page, "Marcar: Tener 60 años o más")
    choose(page, "Marcar: Tener discapacidad acreditada")
    press(page, "button", "Basta una de las marcadas")
    expect(page.get_by_text("Basta una de estas:")).to_be_visible()
    visit.shot("42-regla")
    press(page, "link", "Terminar")


def published(visit: Visit, starts_on: date | None = None) -> None:
    page = visit.page
    press(page, "link", "Publicar…")
    expect(page.get_by_role("heading", name="Publicar: Vale de gas")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the page's keys answer
    if starts_on:
        write(page, "Vale desde", f"{starts_on:%d-%m-%Y}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Publicada la versión")).to_be_visible()


def test_a_head_writes_an_entry_and_the_desk_finds_it_by_the_neighbours_words(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    Site.objects.create(
        institution_id=make.MONTE_PATRIA, name="Casa de la comunidad", address="Diaguitas 31", commune_id="04303"
    )
    visit.sign_in(office.head)
    written(visit)
    ruled(visit)
    published(visit)
    page = visit.page
    expect(page.get_by_text("Tener 60 años o más o bien tener discapacidad acreditada")).to_be_visible()
    expect(page.get_by_text("Ordenanza 4, art. 2")).to_be_visible()
    with acting(actor_in(office.head)):
        make.written_entry("Pañales de adulto", plain="Un paquete de pañales al mes.", words="mudas incontinencia")
        make.written_entry(
            "Orientación legal", plain="Una abogada responde sus dudas.", modality="service", words="abogada"
        )

    desk = another_visit.sign_in(office.desk).page
    desk.keyboard.press("/")
    desk.keyboard.type("balon de gas")
    expect(desk.get_by_role("option", name=re.compile("Vale de gas"))).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Vale de gas")).to_be_visible()
    expect(desk.get_by_text("$25.000").first).to_be_visible()
    another_visit.shot("41-prestacion")
    another_visit.go("/catalogo/?q=licuado+cosina")
    expect(desk.locator("a.title.cover")).to_have_text(["Vale de gas"])
    another_visit.go("/catalogo/")
    another_visit.shot("40-catalogo")

    press(page, "link", "Escribir")
    write(page, "Qué es", "Un vale para un balón de 11 kilos.")
    page.keyboard.press("Control+Enter")
    published(visit, NEXT_YEAR)
    for reader in (visit, another_visit):
        reader.go(page.url.removeprefix(visit.server.url).removesuffix("borrador/"))
        expect(reader.page.get_by_text("balón de gas de 15 kilos").first).to_be_visible()
        expect(reader.page.get_by_text("balón de 11 kilos")).to_have_count(0)
    desk.get_by_role("link", name="Versión 2").click()
    expect(desk.get_by_text("Todavía no vale.")).to_be_visible()
    expect(desk.get_by_text("balón de 11 kilos")).to_be_visible()
    with acting(actor_in(office.head)):
        first = EntryVersion.objects.get(number=1, name="Vale de gas")
        assert first.plain == "Un vale para cambiar por un balón de gas de 15 kilos."


def test_a_rule_is_written_without_scripts(scriptless_visit: Visit, office: Office) -> None:
    with acting(actor_in(office.head)):
        entry = make.written_entry(is_published=False)
    scriptless_visit.sign_in(office.head)
    scriptless_visit.go(f"/catalogo/{entry.pk}/regla/")
    page = scriptless_visit.page
    page.get_by_label("Qué se pide").select_option(label="Recibir otro beneficio")
    page.get_by_role("button", name="Seguir").click()
    page.get_by_label("Subsidio Familiar (SUF)").check()
    page.get_by_label("De cualquiera del hogar").check()
    page.get_by_role("button", name="Agregar la condición").click()
    expect(page.get_by_text("Que alguien del hogar reciba Subsidio Familiar (SUF)").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Quitar")).click()
    expect(page.get_by_text("Sin condiciones todavía")).to_be_visible()
