"""Two extracts come; the file says what ended, what no longer figures, what was said before and what is declared."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.datasets.file_of import loaded_rows
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.core.run import Run
from ventanilla.registry.models import Home, Person, ReadPurpose
from ventanilla.registry.reading import open_purpose
from ventanilla.registry.vocabulary import FactKind, Source

pytestmark = pytest.mark.browser

NOW, BEFORE = (f"{make.TODAY - timedelta(days=ago):%d-%m-%Y}" for ago in (2, 40))


@pytest.fixture
def told(office: Office, tmp_path: Path) -> Office:
    """Luis had a pension that no longer comes; Rosa's SUF goes on with another amount, and she declares another one."""
    rosa, luis = office.rosa.run, office.luis.run
    assert rosa
    assert luis
    ends = f"{make.TODAY + timedelta(days=70):%d-%m-%Y}"
    suf = {"persona": rosa, "subsidio": "suf", "hasta": ends}
    old = [suf | {"monto": "21243"}, {"persona": luis, "subsidio": "pgu", "monto": "231732"}]
    loaded_rows(tmp_path, "subsidios", *[row | {"fecha_extracto": BEFORE} for row in old])
    other = Run(90_777_001).canonical
    with acting(actor_in(office.head)):
        make.person("Elba", run=other)
        home = Home.objects.get(memberships__person=office.rosa)
        Home.objects.filter(pk=home.pk).update(reference="H-1")
        make.fact(FactKind.SUBSIDY, person=office.rosa, value="suf", amount=30_000, source=Source.DECLARED)
        box = make.entry("Caja de alimentos", _once_in_six_months())
        for ago in (60, 3):
            Delivery.objects.create(
                person=office.rosa, version=box, label="Caja de alimentos", amount=25_000, origin="loaded",
                delivered_on=make.TODAY - timedelta(days=ago), recorded_at=clock.now(),
            )  # fmt: skip
    rows = [suf | {"monto": "22007", "titular": luis}, {"persona": other, "subsidio": "pgu"}]
    newer = [row | {"fecha_extracto": NOW} for row in rows]
    assert loaded_rows(tmp_path, "subsidios", *newer).closed.gone == 1
    family = {"hogar": "H-1", "etapa": "plan_familiar", "indicadores": "Sin trabajo|Sin controles de salud"}
    loaded_rows(tmp_path, "familias", family | {"fecha_extracto": BEFORE})
    family |= {"etapa": "acompanamiento", "sesion": "4", "indicadores": "Sin trabajo"}
    loaded_rows(tmp_path, "familias", family | {"fecha_extracto": NOW})
    request = {"folio": "S-1", "persona": rosa, "tipo": "actualizacion", "estado": "en_revision"}
    loaded_rows(tmp_path, "solicitudes_rsh", request | {"fecha_ingreso": BEFORE, "fecha_extracto": NOW})
    return office


def _once_in_six_months() -> Rule:
    return Rule(Subject.PERSON, (Condition(Kind.FREQUENCY, months=6, times=1, whose=Whose.PERSON),))


def open_file(visit: Visit, office: Office, person: Person, *, is_full: bool) -> Page:
    posting = office.case_worker if is_full else office.desk
    by = actor_in(posting)
    with acting(by):
        open_purpose(person, by=by, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
    visit.sign_in(posting)
    assert visit.go(f"/personas/{person.pk}/ficha/") == 200
    visit.page.wait_for_load_state("networkidle")
    return visit.page


def test_a_case_worker_reads_what_changed_and_what_does_not_agree(visit: Visit, told: Office) -> None:
    page = open_file(visit, told, told.rosa, is_full=True)
    receives = page.get_by_role("region", name="Lo que recibe hoy")
    suf = receives.get_by_role("row", name="Subsidio Familiar (SUF)").filter(has_text="22.007")
    expect(suf.get_by_text("termina en 2 meses")).to_be_visible()
    expect(suf.get_by_text("cobra Luis Alberto")).to_be_visible()
    expect(suf.get_by_text("La persona declara: $30.000")).to_be_visible()
    expect(suf.get_by_text("no coincide")).to_be_visible()
    suf.locator("summary").click()
    expect(suf.get_by_text("$21.243")).to_be_visible()
    expect(receives.get_by_text("(PGU), Luis Alberto: no viene en el extracto")).to_be_visible()
    familias = page.get_by_role("region", name="Programa Familias")
    expect(familias.get_by_text("Acompañamiento, sesión 4")).to_be_visible()
    expect(familias.get_by_role("listitem").filter(has_text="Sin controles de salud").first).to_contain_text(
        "ya no figura"
    )
    aids = page.get_by_role("region", name="Ayudas entregadas")
    expect(aids.get_by_text("antes de tiempo")).to_be_visible()
    visit.shot("7-ficha-en-el-tiempo")
    page.get_by_text("alertas más").click()
    expect(page.get_by_text("Caja de alimentos: se entregó otra vez antes de tiempo.")).to_be_visible()
    expect(page.get_by_role("region", name="Solicitudes en el RSH").get_by_text("en revisión")).to_be_visible()
    assert visit.violations() == []


def test_on_a_phone_everything_is_there_and_nothing_overflows(phone_visit: Visit, told: Office) -> None:
    page = open_file(phone_visit, told, told.rosa, is_full=True)
    expect(page.get_by_role("region", name="Ayudas entregadas")).to_be_visible()
    assert phone_visit.violations() == []
    assert not phone_visit.overflows()


def test_the_desk_reads_the_benefits_and_nothing_of_the_programme(phone_visit: Visit, told: Office) -> None:
    page = open_file(phone_visit, told, told.rosa, is_full=False)
    expect(page.get_by_text("(PGU), Luis Alberto: no viene en el extracto")).to_be_visible()
    expect(page.get_by_role("region", name="Solicitudes en el RSH")).to_be_visible()
    for hidden in ("Sin trabajo", "antes de tiempo", "Caja de alimentos: se entregó"):
        expect(page.get_by_text(hidden)).to_have_count(0)
    assert phone_visit.violations() == []
    assert not phone_visit.overflows()
