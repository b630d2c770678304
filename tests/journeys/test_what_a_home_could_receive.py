"""A rule is tried on invented homes and published; the desk sees what the home could receive, and why, and tells it."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.details import EntryDetails
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.intake.models import ToldEntry

pytestmark = pytest.mark.browser

GAS = Rule(
    Subject.HOME,
    (
        Condition(Kind.BRACKET, high=60, article="Reglamento de ayudas, art. 8"),
        Condition(Kind.HOME_AGES, low=60, times=1),
        Condition(Kind.TO_PROVE, text="Que la boleta sea de su casa"),
    ),
)
SCHOOL = Rule(Subject.PERSON, (Condition(Kind.AGE, low=6, high=17), Condition(Kind.BRACKET, high=40)))
CAN = Rule(Subject.PERSON, (Condition(Kind.AGE, high=3),))
SUF = Rule(Subject.PERSON, (Condition(Kind.RECEIVES, values=("sdm",), whose=Whose.PERSON),))


@pytest.fixture
def gas(office: Office) -> Entry:
    """As a draft that its head has written; the rest of the catalogue is published."""
    by = actor_in(office.head)
    with acting(by):
        reason = make.local_reason("assistance", "Estufa y garrafa")
        make.written_entry("Set escolar", rule=SCHOOL, words="cuadernos útiles")
        make.written_entry("Leche", rule=CAN, reasons=[reason.pk])
        make.written_entry("Apoyo al SDM", rule=SUF)
        make.written_entry("Orientación legal", modality="service", reasons=[make.reason("information").pk])
        return make.written_entry("Vale de gas", rule=GAS, reasons=[reason.pk], is_published=False)


def try_and_publish(visit: Visit, office: Office, gas: Entry) -> None:
    visit.sign_in(office.head)
    visit.go(f"/catalogo/{gas.pk}/regla/")
    page = visit.page
    sample = page.get_by_role("listitem").filter(has_text="Mujer mayor que vive sola").first
    expect(sample.get_by_text("Podría recibirla")).to_be_visible()
    sample.locator("summary").click()
    expect(sample.get_by_text("Está en el tramo del 50 %.")).to_be_visible()
    page.get_by_role("link", name="Contar").click()
    expect(page.get_by_text("menos de 10").first).to_be_visible()
    visit.shot("44-probar-la-regla")
    visit.go(f"/catalogo/{gas.pk}/borrador/")
    page.get_by_role("link", name="Publicar…").click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Publicada la versión")).to_be_visible()


def begin(page: Page) -> None:
    page.keyboard.type("902145303")
    expect(page.get_by_role("option", name=re.compile("Rosa Elvira"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Consulta de Rosa Elvira Araya Contreras")).to_be_visible()
    expect(page.get_by_role("heading", name="Qué podría recibir")).to_be_visible()


def test_from_the_rule_that_is_tried_to_what_the_neighbour_takes_home(
    visit: Visit, another_visit: Visit, office: Office, gas: Entry
) -> None:
    try_and_publish(visit, office, gas)
    desk = another_visit.sign_in(office.desk).page
    begin(desk)
    panel = desk.locator("[data-told]")
    by_data = panel.locator("[data-list=could]")
    expect(by_data.get_by_role("listitem")).to_have_count(2)
    expect(by_data.get_by_role("listitem").filter(has_text="Vale de gas")).to_contain_text("por acreditar: 1 requisito")
    expect(by_data.get_by_role("listitem").filter(has_text="Set escolar")).to_contain_text("Martín Ignacio (9)")
    expect(panel.get_by_text("Por lo que consulta")).to_be_hidden()

    desk.get_by_label("Cómo lo pide").or_(desk.locator("#motivo")).first.focus()
    desk.keyboard.type("garrafa")
    desk.keyboard.press("Enter")
    suggested = panel.locator("[data-suggested]")
    expect(suggested.get_by_role("listitem")).to_have_count(2)
    expect(suggested.get_by_role("listitem").filter(has_text="Leche")).to_contain_text("no cumple: tiene")
    expect(by_data.get_by_role("listitem")).to_have_count(1)
    suggested.get_by_label("Vale de gas").check()
    another_visit.shot("43-podria-recibir")
    expect(desk.get_by_text("Guardado")).to_be_visible()
    desk.reload()  # what was ticked is in the draft
    expect(panel.get_by_label("Vale de gas")).to_be_checked()
    desk.locator(".outcome:not([hidden]) label", has_text="Informada").click()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Se le informó de")).to_be_visible()
    desk.get_by_role("link", name="Comprobante").click()
    expect(desk.get_by_text("Vale de gas").first).to_be_visible()
    with acting(actor_in(office.desk)):
        assert ToldEntry.objects.get().version.name == "Vale de gas"


def test_the_reasons_are_read_fact_by_fact(visit: Visit, office: Office, gas: Entry) -> None:
    by = actor_in(office.head)
    with acting(by):
        actions.publish_draft(gas, by=by, starts_on=make.TODAY, version=2)
    page = visit.sign_in(office.case_worker).page
    begin(page)
    page.get_by_role("link", name="Ver todo").last.evaluate("link => { link.removeAttribute('target'); link.click(); }")
    expect(page.get_by_role("heading", name="Podría recibir", exact=True)).to_be_visible()
    page.get_by_role("link", name="Vale de gas").click()
    expect(page.get_by_text("Está en el tramo del 40 %.")).to_be_visible()
    expect(page.get_by_text("Reglamento de ayudas, art. 8")).to_be_visible()
    expect(page.get_by_text("Se comprueba al postular.")).to_be_visible()
    visit.shot("45-por-que")


def test_next_years_version_leaves_what_was_given_as_it_was(visit: Visit, office: Office, gas: Entry) -> None:
    by = actor_in(office.head)
    with acting(by):
        first = actions.publish_draft(gas, by=by, starts_on=make.TODAY, version=2)
        given = Delivery.objects.create(
            person=office.rosa,
            label="Vale de gas",
            version=first,
            delivered_on=make.TODAY,
            origin=Delivery.Origin.MADE_HERE,
            recorded_at=clock.now(),
        )
        said = EntryDetails(name="Vale de gas", plain="De 11 kilos.", modality="in_kind", unit=make.unit_of(by))
        draft = actions.change_draft(gas, said, by=by, version=0)
        next_year = date(make.TODAY.year + 1, 1, 1)
        actions.publish_draft(gas, by=by, starts_on=next_year, version=draft.version)
    visit.sign_in(office.head)
    visit.go(f"/catalogo/{gas.pk}/")
    expect(visit.page.get_by_text("balón de gas de 15 kilos").first).to_be_visible()
    with acting(by):
        given.refresh_from_db()
        assert given.version is not None
        assert (given.version.number, given.version.plain) == (1, first.plain)
        in_force = EntryVersion.objects.in_force_on(next_year).get(entry=gas)
        assert in_force.plain == "De 11 kilos."
