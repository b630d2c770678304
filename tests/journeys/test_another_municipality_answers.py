"""Somebody moved: her municipality refers her to the new one, which attends her there, and the answer comes back."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.referrals.loop import partner
from ventanilla.access.permissions import Role

pytestmark = pytest.mark.browser


def test_from_the_desk_to_the_desk_of_another_municipality_and_back(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    other = partner()
    with make.inside(make.COMBARBALA):
        unit = make.unit(make.COMBARBALA, "atencion", ("attention",))
        make.reason("assistance")
    page = visit.sign_in(office.desk).page
    visit.search("90214530-3")
    page.get_by_role("checkbox", name="Ayuda Asistencial").first.check()
    page.get_by_role("radio", name="Requiere otra unidad").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("atendida").first).to_be_visible()
    page.keyboard.press("d")
    page.get_by_label("A quién").select_option(label=other.name)
    page.get_by_label("Fundamento legal").fill("Función de asistencia de la municipalidad donde vive ahora")
    page.get_by_label("Qué se pide").fill("Se trasladó: continuar la ayuda de alimentos.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("la ve en la plataforma").first).to_be_visible()

    there = another_visit.sign_in(make.posting(Role.FRONT_DESK, make.COMBARBALA, in_unit=unit))
    there.page.get_by_role("link", name=re.compile("Recibir lo de Monte Patria")).click()
    expect(there.page.get_by_role("heading", name=re.compile("Ayuda Asistencial"))).to_be_visible()
    expect(there.page.get_by_text("Rosa Elvira Araya Contreras")).to_be_visible()
    another_visit.shot("59-otra-institucion")
    assert another_visit.violations() == []
    received = there.page.url
    there.page.keyboard.press("a")
    expect(there.page.get_by_text("Lo tiene usted")).to_be_visible()
    there.page.goto(received)
    there.page.get_by_role("radio", name="Otorgado").check()
    there.page.get_by_role("textbox", name="Qué se hizo").fill("Recibe la canasta desde diciembre.")
    there.page.keyboard.press("Control+Enter")
    expect(there.page.get_by_role("heading", name="Contrarreferencia")).to_be_visible()

    visit.go("/derivaciones/?caja=respondidas")
    page.get_by_role("link", name=re.compile("Rosa")).first.click()
    expect(page.get_by_text("Recibe la canasta desde diciembre.")).to_be_visible()
    expect(page.get_by_text("en la plataforma").first).to_be_visible()
    assert visit.violations() == []
