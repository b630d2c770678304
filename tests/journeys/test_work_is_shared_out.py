"""A head shares out the work of her unit by keyboard, sees the effect before, and a colleague finds it in her tray."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.intake.pending_work import leave
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.intake.states import Outcome

pytestmark = pytest.mark.browser

NAMES = ("Berta", "Carmen", "Delia", "Elsa", "Flor", "Gloria")


@pytest.fixture
def pending(office: Office) -> None:
    """Six lines that nobody has, and one that the desk waits for since last week."""
    for name in NAMES:
        leave(actor_in(office.desk), Outcome.NEEDS_CASE, reason="assistance", given_names=name)
    leave(actor_in(office.desk), until=make.TODAY - timedelta(days=7), person=office.rosa)


def test_a_head_gives_five_lines_and_a_colleague_finds_them(
    visit: Visit, another_visit: Visit, office: Office, pending: None
) -> None:
    page = visit.sign_in(office.head).page
    expect(page.get_by_role("link", name="Asignar lo que nadie tiene: 6 motivos sin asignar")).to_be_visible()
    assert visit.violations() == []
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Pendientes de la unidad")).to_be_visible()
    bar = page.get_by_role("region", name="Acciones sobre lo marcado")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")  # Rosa, whose papers are late: not marked
    for _ in range(5):
        page.keyboard.press("j")
        page.keyboard.press("Space")
    expect(bar.get_by_text("5 marcados")).to_be_visible()
    assert visit.violations() == []
    visit.shot("21-pendientes")
    bar.get_by_role("button", name="Asignar…").click()
    colleague = office.case_worker.account.full_name
    page.get_by_role("radio", name=re.compile(colleague)).check()
    page.get_by_role("button", name="Ver el efecto").click()
    expect(page.get_by_role("heading", name=f"Pasan a {colleague}")).to_be_visible()
    expect(page.get_by_text(f"{colleague} no tiene nada pendiente y quedará con 5.")).to_be_visible()
    assert visit.violations() == []
    visit.shot("22-asignar")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"5 motivos quedaron a cargo de {colleague}.")).to_be_visible()

    hers = another_visit.sign_in(office.case_worker).page
    expect(hers.get_by_role("link", name="Ver si abre un caso: Ayuda Asistencial")).to_have_count(5)
    expect(hers.get_by_text("Tomar lo que nadie tiene: 1 motivo sin asignar")).to_be_visible()
    assert another_visit.violations() == []
    another_visit.shot("20-bandeja")
    hers.keyboard.press("j")
    hers.keyboard.press("Enter")
    expect(hers.get_by_text(f"A cargo de {colleague} · plazo")).to_be_visible()
    hers.keyboard.press("g")
    hers.keyboard.press("b")
    expect(hers.get_by_role("heading", name="Mi bandeja")).to_be_visible()


def test_the_same_on_a_phone_and_without_scripts(
    phone_visit: Visit, scriptless_visit: Visit, office: Office, pending: None
) -> None:
    phone_visit.sign_in(office.head)
    for address in ("/", "/consultas/pendientes/"):
        phone_visit.go(address)
        assert phone_visit.violations() == [], address
        assert not phone_visit.overflows(), address
    page = scriptless_visit.sign_in(office.case_worker).page
    page.get_by_role("link", name="De mi unidad").click()
    page.get_by_label(re.compile("Marcar .* de Berta")).check()
    page.get_by_role("button", name="Quedar a mi cargo…").click()
    expect(page.get_by_text("Todavía no cambia nada")).to_be_visible()
    page.get_by_role("button", name="Quedar a cargo de 1").click()
    expect(page.get_by_text(f"1 motivo quedó a cargo de {office.case_worker.account.full_name}.")).to_be_visible()
