"""A neighbour looks on her phone for what she could receive, and takes home the sheet that the desk prints."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.models import Site
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.actions import suspend_entry
from ventanilla.catalogue.entries.details import Amount, Place
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject

pytestmark = pytest.mark.browser

PAGE = "/publico/4303/catalogo/"
HEAVIEST = 30 * 1024


@pytest.fixture
def gas(office: Office) -> Entry:
    """A gas voucher with all that can be said, among others."""
    head = actor_in(office.head)
    with acting(head):
        site = Site.objects.create(
            institution_id=make.MONTE_PATRIA, name="Casa de la comunidad", address="Diaguitas 31", commune_id="04303"
        )
        where = [Place(site, "lunes a viernes, 8:30 a 13:30")]
        conditions = (
            Condition(Kind.AGE, low=60, article="Ordenanza 4, art. 2"),
            Condition(Kind.RESIDENCE),
            Condition(Kind.BRACKET, high=60),
        )
        voucher = make.entry(
            "Vale de gas",
            Rule(Subject.PERSON, conditions),
            plain="Un vale para cambiar por un balón de gas de 15 kilos.",
            words="balón licuado cocina",
            who="Personas mayores que viven en la comuna.",
            audience=["older"],
            documents="Cédula de identidad\nCartola del Registro Social de Hogares",
            steps="Pida hora en el mesón\nRecibirá la visita de una trabajadora social",
            amounts=[Amount("Por vale", pesos=25_000, starts_on=date(2026, 1, 1))],
            evaluation_days=10,
            allocation_days=5,
            act_kind="Decreto",
            act_number="1204",
            act_on=date(2026, 3, 2),
            act_name="Ayudas sociales",
            local_note="Un vale por hogar cada tres meses.",
            places=where,
            contact="53 2 900 200",
            closes_on=make.TODAY + timedelta(days=20),
        )
        nappies = make.entry(
            "Pañales de adulto", plain="Un paquete de pañales al mes.", audience=["older", "carers"], places=where
        )
        suspend_entry(nappies.entry, by=head, ground=SuspensionGround.NO_FUNDS)
        make.entry("Beca de educación superior", plain="Un aporte al año.", audience=["young"], modality="money")
        make.entry("Talleres de oficio", plain="Cursos de panadería y gasfitería.", audience=["workers"])
        make.entry("Orientación legal", plain="Una abogada responde sus dudas.", modality="service")
    return voucher.entry


def test_a_neighbour_finds_what_she_needs_without_scripts_or_cookies(scriptless_visit: Visit, gas: Entry) -> None:
    page = scriptless_visit.page
    assert scriptless_visit.go(PAGE) == 200
    page.get_by_label("Busque con sus palabras").fill("balon de gas")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name="Vale de gas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vale de gas")
    expect(page.get_by_text("Tener 60 años o más")).to_be_visible()
    expect(page.get_by_role("link", name="53 2 900 200")).to_have_attribute("href", "tel:+56532900200")
    page.get_by_role("link", name="Todo lo que se ofrece").click()
    page.get_by_role("link", name="Personas que cuidan").click()
    expect(page.get_by_text("Suspendida por ahora")).to_be_visible()
    assert scriptless_visit.context.cookies() == []


def test_what_is_public_is_accessible_light_and_alone(
    visit: Visit, phone_visit: Visit, office: Office, gas: Entry
) -> None:
    addresses = [PAGE, f"{PAGE}?q=gas", f"{PAGE}?para=older", f"{PAGE}?por=unidad"]
    addresses += [f"{PAGE}vale-de-gas/", f"{PAGE}panales-de-adulto/"]
    for visitor in (visit, phone_visit):
        for address in addresses:
            assert visitor.go(address) == 200, address
            assert visitor.violations() == [], address
            assert not visitor.overflows(), address
        assert visitor.go(f"{PAGE}no-hay/") == 404
        assert visitor.violations() == []
        assert visitor.complaints == []
        assert len(visitor.hosts) == 1
        assert visitor.context.cookies() == []


def test_a_public_page_weighs_less_than_30_kb_with_all_that_it_asks_for(visit: Visit, gas: Entry) -> None:
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weight = [0.0]
    session.on("Network.loadingFinished", lambda event: weight.__setitem__(0, weight[0] + event["encodedDataLength"]))
    for address in (PAGE, f"{PAGE}vale-de-gas/"):
        weight[0] = 0
        visit.go(address)
        visit.page.wait_for_load_state("networkidle")
        assert 0 < weight[0] < HEAVIEST, address


def test_the_desk_reads_the_sheet_and_opens_it_to_be_printed(
    visit: Visit, phone_visit: Visit, office: Office, gas: Entry
) -> None:
    with acting(actor_in(office.head)):
        other = Entry.objects.get(code="panales-de-adulto")
    for visitor in (visit, phone_visit):
        visitor.sign_in(office.desk)
        for address in (f"/catalogo/{gas.pk}/hoja/", f"/catalogo/hojas/?p={gas.pk}&p={other.pk}"):
            assert visitor.go(address) == 200, address
            assert visitor.violations() == [], address
            assert not visitor.overflows(), address
    link = visit.page.get_by_role("link", name="Abrir para imprimir")
    expect(link).to_have_attribute("href", re.compile(f"/catalogo/hojas/pdf/\\?p={gas.pk}&p={other.pk}"))
    answer = visit.context.request.get(visit.server.url + f"/catalogo/hojas/pdf/?p={gas.pk}")
    assert answer.headers["content-type"] == "application/pdf"
