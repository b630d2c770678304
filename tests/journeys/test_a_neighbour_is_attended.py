"""The whole of it: a RUN is typed, the neighbour is attended, and everybody else sees what they should."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.browser


def attend_rosa(visit: Visit, office: Office) -> str:
    """From the sign-in to «Atendida», by keyboard alone; returns the consultation's path."""
    visit.sign_in(office.desk)
    page = visit.page
    page.keyboard.press("/")
    page.keyboard.type("902145303")
    expect(page.get_by_label("Buscar personas, folios o acciones")).to_have_value("90.214.530-3")
    expect(page.get_by_role("option", name=re.compile("Rosa Elvira"))).to_be_visible()
    visit.shot("1-buscar")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Consulta de Rosa Elvira Araya Contreras")).to_be_visible()
    expect(page.get_by_text("Tramo del 40 %")).to_be_visible()
    visit.shot("2-consulta")
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.locator("fieldset", has_text="Modificación RSH").get_by_label("Espera documentos").check()
    page.get_by_label("Qué documentos faltan").locator("visible=true").fill("Certificado de defunción")
    page.locator(".outcome", has_text="SUF").get_by_label("Informada").check()
    visit.shot("3-motivos")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Atendida").first).to_be_visible()
    expect(page.get_by_text("Certificado de defunción")).to_be_visible()
    visit.shot("4-atendida")
    return page.url.removeprefix(visit.server.url)


def test_a_neighbour_is_found_by_run_and_attended_by_keyboard(visit: Visit, office: Office) -> None:
    attend_rosa(visit, office)
    with acting(actor_in(office.head)):
        consultation = Consultation.objects.get()
        assert consultation.state == "attended"
        assert {line.reason.name for line in consultation.lines.all()} == {"SUF", "Modificación RSH"}
        assert consultation.bracket == 40


def test_the_other_municipality_sees_no_trace(visit: Visit, another_visit: Visit, office: Office) -> None:
    path = attend_rosa(visit, office)
    another_visit.sign_in(office.foreigner)
    assert another_visit.go(path) == 404
    assert another_visit.go(f"/personas/{office.rosa.pk}/") == 404
    assert another_visit.go(f"/personas/{office.rosa.pk}/ficha/") == 404
    another_visit.go("/buscar/")
    another_visit.page.get_by_label("Buscar personas, folios o acciones").fill("90.214.530-3")
    another_visit.page.keyboard.press("Enter")
    expect(another_visit.page.get_by_text("Nadie está registrado con el RUN 90.214.530-3.")).to_be_visible()


def test_the_head_sees_who_looked(visit: Visit, another_visit: Visit, office: Office) -> None:
    attend_rosa(visit, office)
    another_visit.sign_in(office.head)
    another_visit.go(f"/personas/{office.rosa.pk}/lecturas/")
    row = another_visit.page.get_by_role("row").filter(has_text=office.desk.account.full_name).first
    expect(row).to_contain_text("Atención de público")
    another_visit.shot("6-lecturas")
    with acting(actor_in(office.head)):
        assert ReadEntry.objects.filter(person_id=office.rosa.pk, account_id=office.desk.account_id).exists()


def test_a_case_worker_opens_the_full_file_with_a_written_reason(visit: Visit, office: Office) -> None:
    visit.sign_in(office.case_worker)
    visit.search("roza haraya contrera")
    page = visit.page
    page.get_by_role("link", name=re.compile("Rosa Elvira")).click()
    page.get_by_label("Para qué necesita la ficha").fill("Informe social que pide el tribunal de familia")
    page.get_by_role("button", name="Abrir ficha").click()
    expect(page.get_by_role("heading", name="Salud, cuidados y estudios")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Luis Alberto"))).to_contain_text("Dependencia moderada")
    visit.shot("5-ficha")
    page.get_by_role("link", name="Historia", exact=True).click()
    page.get_by_label("Qué", exact=True).select_option(label="Subsidios y pensiones")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_text("Figura con Subsidio Familiar (SUF)")).to_be_visible()
    expect(page.get_by_text("Dependencia moderada")).to_have_count(0)
    page.get_by_role("link", name="Ver todo").click()
    expect(page.get_by_text("Dependencia moderada")).to_be_visible()
    visit.shot("5-historia")


def test_a_reason_is_found_by_the_words_of_whoever_asks(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.search("90214530-3")
    page = visit.page
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.type("medicó")
    expect(page.get_by_text("Enter lo marca")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=re.compile("Medicamentos"))).to_be_checked()
    expect(page.get_by_role("checkbox", name="Ingreso RSH")).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.type("zzz")
    expect(page.get_by_text("Ningún motivo dice eso")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Ingreso RSH")).to_be_visible()
