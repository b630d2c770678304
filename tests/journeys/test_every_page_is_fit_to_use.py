"""Accessible, light, alone: every page, on a desktop and on a phone, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.waiting.actions import take_number
from ventanilla.registry.models import ReadPurpose
from ventanilla.registry.reading import open_purpose

pytestmark = pytest.mark.browser
HEAVIEST = 60 * 1024


@pytest.fixture
def addresses(office: Office) -> list[str]:
    """Every page of a head of UAS, with somebody in attention and a ground to read her file."""
    head = actor_in(office.head)
    with acting(head):
        consultation = start_consultation(office.rosa, by=head)
        open_purpose(
            office.luis, by=head, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisión de su informe social"
        )
        queue = make.queue()
        take_number(queue, by=head, person=office.luis)
        martin = make.person("Sin Hogar", "Conocido", birth_on=None, run=None)
    return [
        "/",
        "/consultas/",
        f"/consultas/{consultation.pk}/",
        f"/consultas/{consultation.pk}/anular/",
        "/consultas/llegadas/",
        "/consultas/sala/",
        "/consultas/sala/dia/",
        "/consultas/sala/filas/",
        f"/consultas/sala/filas/{queue.pk}/",
        "/buscar/",
        "/personas/nueva/",
        f"/personas/{martin.pk}/",
        f"/personas/{office.luis.pk}/ficha/",
        f"/personas/{office.luis.pk}/ficha/historia/",
        f"/personas/{office.rosa.pk}/lecturas/",
        "/personas/lecturas/",
        "/cuentas-bloqueadas/",
        "/desempenos/",
        "/operadores/",
        "/operadores/nuevo/",
        "/operadores/confirmar/",
        f"/operadores/{office.desk.account_id}/",
        "/acuerdo/",
        "/su-cuenta/segundo-factor/",
        "/su-cuenta/sesiones/",
        "/su-cuenta/contrasena/",
        "/diseno/",
    ]


def test_axe_finds_nothing_on_a_desktop(visit: Visit, office: Office, addresses: list[str]) -> None:
    visit.go("/ingresar/")
    assert visit.violations() == []
    visit.sign_in(office.head)
    found = {}
    for address in addresses:
        assert visit.go(address) == 200, address
        visit.page.wait_for_load_state("networkidle")
        if violations := visit.violations():
            found[address] = violations
        assert not visit.overflows(), address
    assert found == {}


def test_axe_finds_nothing_on_a_phone_and_nothing_overflows(
    phone_visit: Visit, office: Office, addresses: list[str]
) -> None:
    phone_visit.sign_in(office.head)
    found = {}
    for address in addresses:
        phone_visit.go(address)
        phone_visit.page.wait_for_load_state("networkidle")
        if violations := phone_visit.violations():
            found[address] = violations
        assert not phone_visit.overflows(), address
    assert found == {}


def test_a_page_weighs_less_than_60_kb_with_all_that_it_asks_for(
    visit: Visit, office: Office, addresses: list[str]
) -> None:
    visit.sign_in(office.head)
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weight = [0.0]
    session.on("Network.loadingFinished", lambda event: weight.__setitem__(0, weight[0] + event["encodedDataLength"]))
    for address in addresses:
        weight[0] = 0
        visit.go(address)
        visit.page.wait_for_load_state("networkidle")
        assert 0 < weight[0] < HEAVIEST, address


def test_a_neighbour_is_attended_without_scripts(scriptless_visit: Visit, office: Office) -> None:
    page = scriptless_visit.page
    scriptless_visit.sign_in(office.desk)
    page.get_by_label("Buscar personas, folios o acciones").fill("rosa araya contreras")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Iniciar consulta de Rosa Elvira")).click()
    page.get_by_label("SUF").check()
    page.get_by_role("button", name="Terminar atención").click()
    expect(page.get_by_text("Falta el resultado de SUF.")).to_be_visible()
    page.locator(".outcome", has_text="SUF").get_by_label("Informada").check()
    page.get_by_role("button", name="Terminar atención").click()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
