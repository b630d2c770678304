"""The waiting room by keyboard: a number at the entrance, one key at the desk, the wall that shows it."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.intake.models import Queue
from ventanilla.intake.waiting import arranging

pytestmark = pytest.mark.browser


@pytest.fixture
def wall_path(office: Office) -> str:
    """The address of the screen, in an office with one queue and two desks."""
    with make.inside() as head:
        queue: Queue = make.queue()
        token = arranging.hang_display(queue.site, by=head)
    return f"/consultas/pantalla/{make.MONTE_PATRIA}/{token}/"


def test_from_the_number_to_the_consultation_by_keyboard(
    visit: Visit, another_visit: Visit, office: Office, wall_path: str
) -> None:
    visit.sign_in(office.desk)
    page = visit.page
    visit.go("/consultas/llegadas/")
    expect(page.get_by_label(re.compile("^RUN"))).to_be_focused()
    page.keyboard.type("902145303")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="A-001")).to_be_visible()
    assert visit.violations() == []
    visit.shot("9-llegadas")
    visit.go("/consultas/sala/")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Esperan")).to_be_visible()
    assert visit.violations() == []
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="A-001")).to_be_visible()
    expect(page.get_by_text("Rosa Elvira Araya Contreras")).to_be_visible()
    visit.shot("10-sala")
    assert visit.violations() == []
    assert another_visit.go(wall_path) == 200  # nobody signed in at the screen
    expect(another_visit.page.get_by_text("A-001")).to_be_visible()
    expect(another_visit.page.get_by_text("Rosa")).to_have_count(0)
    assert another_visit.violations() == []
    another_visit.shot("11-pantalla")
    page.keyboard.press("r")
    expect(page.get_by_text("llamado 2 veces")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa Elvira"))).to_be_visible()


def test_the_room_works_on_a_phone_and_without_scripts(
    phone_visit: Visit, scriptless_visit: Visit, office: Office, wall_path: str
) -> None:
    phone_visit.sign_in(office.head)
    for address in (
        "/consultas/llegadas/",
        "/consultas/sala/",
        "/consultas/sala/dia/",
        "/consultas/sala/filas/",
        wall_path,
    ):
        assert phone_visit.go(address) == 200
        assert phone_visit.violations() == [], address
        assert not phone_visit.overflows(), address
    scriptless_visit.sign_in(office.desk)
    scriptless_visit.go("/consultas/llegadas/")
    scriptless_visit.page.get_by_role("button", name="Dar número").click()
    expect(scriptless_visit.page.get_by_role("heading", name="A-001")).to_be_visible()
    scriptless_visit.go("/consultas/sala/")
    scriptless_visit.page.get_by_role("button", name=re.compile("Módulo 1")).click()
    scriptless_visit.page.get_by_role("button", name="Llamar al siguiente").click()
    expect(scriptless_visit.page.get_by_role("heading", name="A-001")).to_be_visible()
