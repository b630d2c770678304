"""Nobody is registered twice: the likely matches come first, with the reason."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Office, Visit

pytestmark = pytest.mark.browser


def test_somebody_already_registered_is_shown_before_a_twin_is_made(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.go("/personas/nueva/")
    page = visit.page
    page.get_by_text("No tiene RUN").click()
    page.get_by_label("Otro documento").select_option(label="Sin documento")
    page.get_by_label("Nombres").fill("Rosa Elvira")
    page.get_by_label("Primer apellido").fill("Haraya")
    page.get_by_label("Segundo apellido").fill("Contreras")
    page.get_by_label("Fecha de nacimiento").fill("14-05-1983")
    page.get_by_role("button", name=re.compile("^Registrar")).click()
    panel = page.get_by_role("region", name="¿Es una de estas personas?")
    expect(panel).to_contain_text("Rosa Elvira Araya Contreras")
    expect(panel).to_contain_text("Misma fecha de nacimiento, 14-05-1983")
    expect(page.get_by_label("Nombres")).to_have_value("Rosa Elvira")
    visit.shot("7-registrar")
    panel.get_by_role("button", name="Ninguna es: registrar").click()
    expect(page.get_by_text("quedó registrada")).to_be_visible()


def test_a_wrong_run_is_told_with_the_digit_it_should_have(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.go("/personas/nueva/")
    page = visit.page
    page.get_by_label("RUN").fill("90.214.530-9")
    page.get_by_label("Nombres").fill("Ana")
    page.get_by_label("Primer apellido").fill("O'Ryan")
    page.get_by_role("button", name=re.compile("^Registrar")).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("El RUN no corresponde: el dígito debería ser 3.")
    summary.get_by_role("link").click()
    expect(page.get_by_label("RUN")).to_be_focused()
    expect(page.get_by_label("Primer apellido")).to_have_value("O'Ryan")


def test_hostile_names_break_neither_the_page_nor_the_search(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.go("/personas/nueva/")
    page = visit.page
    page.get_by_label("RUN").fill("1.000.000-" + "9")
    page.get_by_label("Nombres").fill("<b>Zoé</b> 🌻 " + "Ña" * 50)
    page.get_by_label("Primer apellido").fill("D'Alençon")
    page.get_by_role("button", name=re.compile("^Registrar")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>Zoé</b> 🌻")
    assert not visit.overflows()
