"""Two tabs and two postings: each page acts in the one it was shown under, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.models import Consultation

pytestmark = pytest.mark.browser


@pytest.fixture
def at_combarbala(office: Office) -> Posting:
    """Where the operator of the front desk also works; the newest of her postings."""
    return make.posting(Role.FRONT_DESK, make.COMBARBALA, account=office.desk.account)


def change_posting(visit: Visit, institution: str) -> None:
    """In another tab."""
    tab = visit.context.new_page()
    tab.goto(f"{visit.server.url}/desempenos/")
    tab.locator("li", has_text=institution).get_by_role("button", name="Actuar en este").click()
    expect(tab.get_by_text("Ahora actúa como")).to_be_visible()
    tab.close()


def test_a_consultation_written_in_one_tab_is_not_sent_from_the_posting_of_another(
    visit: Visit, office: Office, at_combarbala: Posting
) -> None:
    visit.sign_in(office.desk)
    change_posting(visit, "Monte Patria")
    page = visit.page
    page.reload()
    visit.search("90214530-3")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Pregunta por la feria del viernes")
    change_posting(visit, "Combarbalá")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Cambió de desempeño")).to_be_visible()
    assert visit.violations() == []
    change_posting(visit, "Monte Patria")
    page.get_by_role("button", name="Enviar lo escrito").click()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    expect(page.get_by_text("Pregunta por la feria del viernes")).to_be_visible()
    with acting(actor_in(at_combarbala)):
        assert Consultation.objects.count() == 0


def test_the_box_says_that_the_posting_changed_and_chooses_nobody_elsewhere(
    visit: Visit, office: Office, at_combarbala: Posting
) -> None:
    visit.sign_in(office.desk)
    change_posting(visit, "Monte Patria")
    page = visit.page
    page.reload()
    change_posting(visit, "Combarbalá")
    page.get_by_label("Buscar personas, folios o acciones").click()
    page.keyboard.type("rosa araya")
    expect(page.get_by_text("Cambió de desempeño en otra pestaña.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cambió de desempeño")).to_be_visible()


def test_with_two_postings_a_person_is_chosen_from_the_box_as_with_one(
    visit: Visit, office: Office, at_combarbala: Posting
) -> None:
    visit.sign_in(office.desk)
    change_posting(visit, "Monte Patria")
    page = visit.page
    page.reload()
    page.get_by_label("Buscar personas, folios o acciones").click()
    page.keyboard.type("rosa elvira araya contreras")
    option = page.get_by_role("option", name=re.compile("Rosa Elvira Araya"))
    expect(option).to_be_visible()
    option.click()
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
