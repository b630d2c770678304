"""A protocol is signed and approved; the desk refers by it, the other unit answers, and the consultation resolves."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.referrals.agreements import details
from tests.referrals.loop import rsh
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.referrals.protocols import actions

pytestmark = pytest.mark.browser


@pytest.fixture
def register(office: Office) -> Posting:
    """The head of the unit of the social register."""
    with make.inside():
        return make.posting(Role.UNIT_HEAD, in_unit=rsh())


@pytest.fixture
def director(office: Office) -> Posting:
    return make.posting(Role.DIDECO)


def draft(office: Office) -> str:
    by = actor_in(office.head)
    said = {
        "purpose": "Que el hogar no vuelva a contar su situación para actualizar el Registro.",
        "documents": "Certificado de defunción",
        "fields": ["birth", "contact", "home", "bracket"],
        "answer_needs": "Folio de la solicitud\nFecha de la nueva cartola",
        "rejection_grounds": "No vive en la comuna\nTiene una solicitud en curso",
    }
    with acting(by):
        version = actions.draft_protocol(details(**said), by=by)
    return f"/protocolos/{version.protocol_id}/"


def step(page: Page, name: str) -> None:
    """One step of the protocol, by its button and its confirmation."""
    page.get_by_role("link", name=re.compile(f"^{name}…")).click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(f"{name.lower()}, listo")).to_be_visible()


def agree(visit: Visit, office: Office, register: Posting, director: Posting) -> None:
    address = draft(office)
    for who, names in ((office.head, ("Enviar a firma", "Firmar")), (register, ("Firmar",)), (director, ("Aprobar",))):
        visit.sign_in(who)
        visit.go(address)
        for name in names:
            step(visit.page, name)
        visit.context.clear_cookies()


def refer(visit: Visit) -> None:
    """From the RUN to the referral, by keyboard."""
    page = visit.page
    page.keyboard.type("902145303")
    expect(page.get_by_role("option", name=re.compile("Rosa Elvira"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Consulta de Rosa Elvira Araya Contreras")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("Modificación RSH")).first.check()
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 700, "y": 5})
    page.get_by_role("radio", name="Requiere otra unidad").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("atendida").first).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Derivar", exact=True)).to_be_visible()
    expect(page.get_by_text("P-01, versión 1")).to_be_visible()
    page.get_by_label("Qué se pide").fill("Retirar del hogar a su madre, fallecida en agosto.")
    page.get_by_role("checkbox", name="Certificado de defunción").check()
    visit.shot("52-derivar")
    assert visit.violations() == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("enviada a")).to_be_visible()


def test_from_the_protocol_to_the_answer_that_resolves_the_consultation(
    visit: Visit, another_visit: Visit, office: Office, register: Posting, director: Posting
) -> None:
    agree(visit, office, register, director)
    visit.sign_in(office.head)
    visit.go("/protocolos/")
    visit.shot("50-protocolos")
    visit.page.get_by_role("link", name="Ingreso y modificación RSH").click()
    expect(visit.page.get_by_text("Vigente").first).to_be_visible()
    visit.shot("51-protocolo")
    assert visit.violations() == []
    visit.context.clear_cookies()
    refer(visit.sign_in(office.desk))
    consultation = visit.page.url

    there = another_visit.sign_in(register)
    there.go("/derivaciones/?vista=tablero")
    expect(there.page.get_by_role("link", name="Rosa Elvira Araya Contreras")).to_be_visible()
    there.shot("53-tablero")
    assert there.violations() == []
    there.page.get_by_role("link", name="Rosa Elvira Araya Contreras").click()
    expect(there.page.get_by_text("Recibida").first).to_be_visible()
    there.page.keyboard.press("a")
    expect(there.page.get_by_text("aceptada").first).to_be_visible()
    there.shot("54-derivacion")
    assert there.violations() == []
    there.page.get_by_role("radio", name="Otorgado").check()
    there.page.get_by_label("Qué se hizo").fill("Solicitud 4410982 aprobada. Cartola nueva desde diciembre.")
    there.page.get_by_label("Próximo paso").select_option("tell_neighbour")
    there.page.keyboard.press("Control+Enter")
    expect(there.page.get_by_role("heading", name="Contrarreferencia")).to_be_visible()

    visit.page.goto(consultation)
    expect(visit.page.get_by_text("Atención finalizada").first).to_be_visible()
    expect(visit.page.get_by_text("Solicitud 4410982 aprobada").first).to_be_visible()
    visit.go("/")
    visit.page.get_by_role("link", name=re.compile("Avisar a la persona")).click()
    visit.page.get_by_text("Más acciones").click()
    visit.page.get_by_role("link", name=re.compile("Avisar a la persona")).click()
    visit.page.get_by_label("Cómo se le avisó").fill("Por teléfono")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page.get_by_text("Avisada la persona")).to_be_visible()
