"""Data protection: an emergency is told, a look at oneself is answered for, and every page of hers is fit to use."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.journeys.test_every_page_is_fit_to_use import HEAVIEST
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.registry.emergency import break_glass
from ventanilla.registry.models import Flag, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.states import FlagKind

pytestmark = pytest.mark.browser


@pytest.fixture
def officer(office: Office) -> Posting:
    """Protection of data, after a case worker looked herself up and broke the glass for Rosa."""
    made = make.posting(Role.DATA_OFFICER)
    worker = actor_in(office.case_worker)
    with acting(worker):
        herself = make.person("Camila", "Ficticia")
        Account.objects.filter(pk=office.case_worker.account_id).update(run=herself.run)
        log_reading(ReadEntry.Kind.FULL, of=herself)
        break_glass(office.rosa, by=worker, reason="El hospital necesita ubicar a su familia ahora")
    return made


def addresses(office: Office) -> list[str]:
    with make.inside():
        flag = Flag.objects.get(kind=FlagKind.BREAK_GLASS)
    return [
        "/",
        "/auditoria/cadena/",
        "/auditoria/cadena/informe/",
        "/auditoria/cambios/",
        f"/auditoria/cambios/?persona={office.rosa.pk}",
        f"/auditoria/cambios/registry_person/{office.rosa.pk}/",
        "/auditoria/cambios/?desde=02-01-2026&hasta=01-01-2026",
        "/auditoria/persona/",
        "/auditoria/por-revisar/",
        f"/auditoria/por-revisar/{flag.pk}/",
        "/auditoria/avisos/",
        "/personas/lecturas/",
    ]


def test_what_draws_attention_is_answered_with_the_keyboard_alone(
    visit: Visit, office: Office, officer: Posting
) -> None:
    page = visit.page
    visit.sign_in(officer)
    expect(page.get_by_text("Se pidió por una urgencia ver lo restringido de una persona.")).to_be_visible()
    visit.go("/auditoria/por-revisar/")
    page.get_by_role("link", name="Su propia ficha").press("Enter")
    page.get_by_label("Explicada").press("Space")
    page.get_by_label("Por qué").fill("Mostró su propia ficha en la capacitación")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("La respuesta quedó registrada con su nombre.")).to_be_visible()
    visit.go("/auditoria/por-revisar/")
    expect(page.get_by_role("link", name="Apertura por urgencia")).to_be_visible()
    expect(page.get_by_role("link", name="Su propia ficha")).to_have_count(0)


def test_every_page_of_data_protection_is_fit_to_use(visit: Visit, office: Office, officer: Posting) -> None:
    visit.sign_in(officer)
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weight = [0.0]
    session.on("Network.loadingFinished", lambda event: weight.__setitem__(0, weight[0] + event["encodedDataLength"]))
    found = {}
    for address in addresses(office):
        weight[0] = 0
        visit.go(address)
        visit.page.wait_for_load_state("networkidle")
        assert 0 < weight[0] < HEAVIEST, address
        assert not visit.overflows(), address
        if violations := visit.violations():
            found[address] = violations
    assert found == {}


def test_nothing_overflows_on_a_phone(phone_visit: Visit, office: Office, officer: Posting) -> None:
    phone_visit.sign_in(officer)
    found = {}
    for address in addresses(office):
        phone_visit.go(address)
        phone_visit.page.wait_for_load_state("networkidle")
        assert not phone_visit.overflows(), address
        if violations := phone_visit.violations():
            found[address] = violations
    assert found == {}
