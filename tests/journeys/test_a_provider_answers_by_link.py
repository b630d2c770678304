"""A desk refers to a health centre; somebody there opens the link on her telephone, answers, and all is resolved."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.referrals.loop import GROUND, health_centre, protocol

pytestmark = pytest.mark.browser

TELEPHONE: ViewportSize = {"width": 390, "height": 844}


def refer_outside(visit: Visit) -> tuple[str, str]:
    """From the RUN to the address and the code that is told by telephone."""
    page = visit.page
    visit.search("90214530-3")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
    page.get_by_role("checkbox", name="Ayuda Asistencial").first.check()
    page.get_by_role("radio", name="Requiere otra unidad").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("atendida").first).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text("P-01, versión 1")).to_be_visible()
    expect(page.get_by_text("Viajan datos sensibles")).to_be_visible()
    page.get_by_label("Qué se pide").fill("Indicar qué silla de ruedas necesita.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Revise")
    page.get_by_label("Autorización de la persona").select_option("in_person")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Cómo responde el prestador")).to_be_visible()
    told = page.get_by_role("region", name="Cómo responde el prestador")
    code = re.search(r"\b\d{4} \d{4}\b", told.inner_text())
    assert code
    told.get_by_text("Ver la dirección").click()
    return told.get_by_role("code").inner_text(), code[0]


def open_link(page: Page, address: str, code: str) -> None:
    page.set_viewport_size(TELEPHONE)
    page.goto(address)
    expect(page.get_by_text("Rosa Elvira")).to_have_count(0)
    page.get_by_label("Su nombre y cargo").fill("Carla Rojas (ficticia), asistente social")
    page.get_by_label("Código").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rosa Elvira Araya Contreras")).to_be_visible()


def test_from_the_desk_to_the_telephone_of_somebody_without_an_account(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    with make.inside() as head:
        senders = [make.unit_of(head)]
        fields = ["birth", "contact", "care"]
        protocol(health_centre(), "assistance", senders=senders, fields=fields, legal_ground=GROUND)
    address, code = refer_outside(visit.sign_in(office.desk))
    visit.shot("57-prestador")
    assert visit.violations() == []
    referral = visit.page.url

    page = another_visit.page
    open_link(page, address, code)
    another_visit.shot("58-enlace")
    assert another_visit.violations() == []
    page.get_by_role("button", name="Aceptar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    page.locator("#id_file").set_input_files(
        {"name": "informe.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Agregar archivo").click()
    expect(page.get_by_role("link", name="informe.pdf")).to_be_visible()
    page.get_by_role("radio", name="Otorgado").check()
    page.get_by_label("Qué se hizo").fill("Silla de ruedas estándar indicada.")
    page.get_by_role("button", name="Responder y terminar").click()
    expect(page.get_by_role("heading", name="Respuesta recibida")).to_be_visible()

    visit.page.goto(referral)
    expect(visit.page.get_by_role("heading", name="Contrarreferencia")).to_be_visible()
    expect(visit.page.get_by_text("Carla Rojas (ficticia), asistente social").first).to_be_visible()
    expect(visit.page.get_by_role("link", name="informe.pdf")).to_be_visible()
