"""A referral nobody answers becomes late, its head is told, it expires, and its reason is pending where it began."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.referrals.loop import attended, rsh, sent
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in, of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.referrals.actions import follow_to_the_end
from ventanilla.referrals.models import Referral

pytestmark = pytest.mark.browser


@pytest.fixture
def register(office: Office) -> Posting:
    """The head of the unit of the social register."""
    with make.inside():
        return make.posting(Role.UNIT_HEAD, in_unit=rsh())


def sent_long_ago(office: Office, days: int) -> Referral:
    by = actor_in(office.desk)
    with clock.standing_at(clock.now() - timedelta(days=days)):
        return sent(by, attended(by, person=office.rosa))


def the_term_passes(on: date) -> None:
    """What the worker does each morning."""
    with make.inside():
        rule = of_the_command(make.MONTE_PATRIA)
    with clock.standing_at(clock.now() + (on - clock.today())):
        follow_to_the_end(by=rule)


def test_late_it_reaches_the_head_and_expired_it_is_pending_at_its_origin(
    visit: Visit, another_visit: Visit, office: Office, register: Posting
) -> None:
    one = sent_long_ago(office, days=14)
    the_term_passes(clock.today())

    there = another_visit.sign_in(register)
    there.page.get_by_role("link", name=re.compile("derivación atrasada")).click()
    row = there.page.get_by_role("row", name=re.compile("Rosa Elvira"))
    expect(row.get_by_text(re.compile("de atraso"))).to_be_visible()
    there.shot("55-atrasada")
    assert there.violations() == []
    row.get_by_role("link", name="Rosa Elvira Araya Contreras").click()
    expect(there.page.get_by_text(re.compile("Se avisa a la jefatura"))).to_be_visible()

    with acting(actor_in(office.head)):
        kept = Referral.objects.get(pk=one.pk)
    the_term_passes(max(kept.expires_on, clock.today()) + timedelta(days=1))
    visit.sign_in(office.desk)
    visit.go(f"/derivaciones/{one.pk}/")
    expect(visit.page.get_by_text("Caducada").first).to_be_visible()
    visit.shot("56-caducada")
    assert visit.violations() == []
    visit.go("/consultas/pendientes/")
    expect(visit.page.get_by_role("link", name="Rosa Elvira Araya Contreras")).to_be_visible()
    visit.go(f"/derivaciones/{one.pk}/")
    visit.page.get_by_text("Más acciones").click()
    visit.page.get_by_role("link", name=re.compile("Enviar de nuevo")).click()
    visit.page.get_by_label("Por qué se envía de nuevo").fill("Confirmado por teléfono: la van a ver esta semana")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page.get_by_text("Reabierta").first).to_be_visible()
