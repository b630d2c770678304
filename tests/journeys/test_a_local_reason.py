"""The municipality names a reason of its own; the desk finds it, ticks its papers, and the paper can be verified."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.intake.paper import address_on
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.models import Consultation, LineSubject

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def begin(visit: Visit) -> None:
    """The RUN typed on the first page, with no other key, and Enter."""
    visit.page.keyboard.type("902145303")
    expect(visit.page.get_by_role("option", name=re.compile("Rosa Elvira"))).to_be_visible()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name="Consulta de Rosa Elvira Araya Contreras")).to_be_visible()
    expect(visit.page.locator("[data-digits] kbd").first).to_be_attached()  # the page's keys answer


def add_gas(visit: Visit) -> None:
    visit.sign_in(make.posting(Role.COUNTERPART))
    visit.go("/motivos/")
    page = visit.page
    page.get_by_role("link", name="Agregar motivo local").click()
    page.get_by_label("Motivo nacional al que pertenece").select_option(
        label="Ayuda Asistencial › Deuda de servicios básicos"
    )
    page.get_by_label("Nombre").fill("Vale de gas")
    page.get_by_label("Cómo lo pide la gente").fill("balón licuado cocina")
    page.get_by_label("Quién lo atiende").select_option(label="Asistencia social")
    page.get_by_label("Documentos que se suelen pedir").fill("Cartola del RSH\nBoleta de gas")
    page.get_by_label("Días para traerlos").fill("10")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("row", name=re.compile("Vale de gas"))).to_contain_text("2 en 10 días")
    visit.shot("30-motivos")


def test_a_local_reason_goes_from_the_counterpart_to_the_paper_in_the_hand(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    add_gas(another_visit)
    visit.sign_in(office.desk)
    begin(visit)
    page = visit.page
    press(page, "m")
    page.keyboard.type("balon")
    expect(page.get_by_text("Vale de gas. Enter lo marca")).to_be_visible()
    press(page, "Enter", "e", "1", "2")
    visit.shot("31-documentos")
    press(page, "Control+Enter")
    expect(page.get_by_text("Espera documentos: Cartola del RSH; Boleta de gas")).to_be_visible()
    press(page, "p")
    expect(page.get_by_role("heading", name="Comprobante para la persona")).to_be_visible()
    visit.shot("32-comprobante")
    with visit.context.expect_event("response", lambda answer: answer.url.endswith("/comprobante/pdf/")) as printed:
        press(page, "p")
    assert printed.value.header_value("content-type") == "application/pdf"
    outside = visit.context.browser.new_context().new_page() if visit.context.browser else page
    outside.goto(address_on(paper_of(page)))
    expect(outside.get_by_text("Queda algo pendiente")).to_be_visible()
    expect(outside.get_by_text(re.compile("Rosa|gas"))).to_have_count(0)
    outside.context.close()


def paper_of(page: Page) -> bytes:
    """The same form, sent once more beside the page: a browser keeps the bytes of what it shows for itself."""
    form = page.locator("form[target=_blank]")
    fields: dict[str, str | float | bool] = {
        str(field.get_attribute("name")): field.input_value() for field in form.locator("input").all()
    }
    answer = page.request.post(f"{page.url}pdf/", form=fields, headers={"Referer": page.url})
    return answer.body()


def test_an_information_consultation_takes_three_actions(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    begin(visit)  # the RUN and Enter
    assert press(visit.page, "8", "Control+Enter") + 1 == 3
    expect(visit.page.get_by_text("Atención finalizada").first).to_be_visible()


def test_two_reasons_are_ended_by_letters_alone(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    begin(visit)
    press(visit.page, "2", "3", "i", "u", "Control+Enter")
    expect(visit.page.get_by_text("Atendida").first).to_be_visible()
    with acting(actor_in(office.head)):
        outcomes = dict(Consultation.objects.get().lines.values_list("name", "outcome"))
    assert outcomes == {"Modificación RSH": "informed", "SUF": "needs_unit"}


def test_a_mother_her_children_her_house_and_somebody_elses_child(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    with acting(actor_in(office.head)):
        run = make.person("Benjamín", "Tapia").formatted_run
    begin(visit)
    page = visit.page
    press(page, "3", "s", "1", "3", "5")
    field = page.get_by_label("RUN de otra persona").locator("visible=true")
    field.fill(run)
    press(page, "Enter")
    expect(page.get_by_role("checkbox", name="Benjamín Tapia Contreras")).to_be_checked()
    field.fill("90.000.001-0")
    press(page, "Enter")
    expect(page.get_by_text("El RUN no corresponde")).to_be_visible()
    field.fill("")
    press(page, "Escape", "i", "Control+Enter")
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    with acting(actor_in(office.head)):
        told = {str(subject) for subject in LineSubject.objects.select_related("person")}
    assert told == {office.rosa.full_name, "Martín Ignacio Castillo Araya", "la vivienda", "Benjamín Tapia Contreras"}


def test_the_help_of_the_page_shows_its_keys(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    begin(visit)
    press(visit.page, "?")
    expect(visit.page.get_by_role("dialog")).to_contain_text("Informada, resuelta aquí, espera documentos")
