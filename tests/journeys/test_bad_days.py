"""What goes wrong at a real desk: a line that drops, a printer that is not there, a wrong clock, a huge zoom."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.models import Consultation, Ticket
from ventanilla.intake.waiting.actions import take_number

pytestmark = pytest.mark.browser

ZOOMED: ViewportSize = {"width": 341, "height": 192}
"""A screen of 1366 × 768 at 400 %."""


def begin_with_rosa(visit: Visit, office: Office) -> Page:
    visit.sign_in(office.desk)
    visit.search("90214530-3")
    expect(visit.page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
    return visit.page


def consultations(office: Office) -> list[Consultation]:
    with acting(actor_in(office.head)):
        return list(Consultation.objects.prefetch_related("lines", "transitions"))


def test_an_answer_that_never_arrived_is_asked_again_and_nothing_is_written_twice(visit: Visit, office: Office) -> None:
    page = begin_with_rosa(visit, office)
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Pregunta por el bono de invierno")

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST" or route.request.url.endswith("/borrador/"):
            route.continue_()
            return
        route.fetch(max_redirects=0)  # the server did it
        route.abort()  # and the line dropped

    page.route("**/consultas/**", lose_the_answer)
    path = page.url
    with page.expect_event("requestfailed"):
        page.keyboard.press("Control+Enter")
    page.unroute_all()
    page.goto(path)
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    expect(page.get_by_text("Pregunta por el bono de invierno")).to_be_visible()
    (only,) = consultations(office)
    assert len(only.lines.all()) == 1
    assert [step.after for step in only.transitions.all()] == ["in_attention", "attended", "resolved"]


def test_the_browser_that_repeats_the_form_by_itself_gets_the_same_answer(visit: Visit, office: Office) -> None:
    page = begin_with_rosa(visit, office)
    page.keyboard.press("8")

    def send_twice(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("/borrador/"):
            route.fetch(max_redirects=0)
        route.continue_()

    page.route("**/consultas/**", send_twice)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    assert len(consultations(office)) == 1


def test_a_printer_that_is_not_there_leaves_the_page_as_it_was(visit: Visit, office: Office) -> None:
    page = begin_with_rosa(visit, office)
    page.keyboard.press("8")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Comprobante").click()
    page.evaluate("window.print = () => {}")  # what Chromium does without a printer: nothing, and no word
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Comprobante de atención")).to_be_visible()
    expect(page.get_by_text("Información").first).to_be_visible()


def test_a_computer_with_a_wrong_clock_dates_nothing(visit: Visit, office: Office) -> None:
    visit.page.clock.install(time=clock.now() + timedelta(days=400))
    page = begin_with_rosa(visit, office)
    page.keyboard.press("8")
    page.keyboard.press("Control+Enter")
    page.clock.run_for(1000)
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    (only,) = consultations(office)
    assert only.attended_at
    assert abs(only.attended_at - clock.now()) < timedelta(minutes=5)


def test_two_desks_that_press_the_key_at_once_never_call_the_same_number(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    with make.inside() as head:
        queue = make.queue()
        take_number(queue, by=head, person=office.rosa)
        take_number(queue, by=head, person=office.luis)
    for who, posting, desk in ((visit, office.desk, "1"), (another_visit, office.case_worker, "2")):
        who.sign_in(posting)
        who.go("/consultas/sala/")
        who.page.keyboard.press(desk)
        expect(who.page.get_by_role("heading", name="Esperan")).to_be_visible()
    visit.page.keyboard.press("n")
    another_visit.page.keyboard.press("n")
    for who in (visit, another_visit):
        expect(who.page.locator("#h-aqui")).to_be_visible()
    with acting(actor_in(office.head)):
        called = Ticket.objects.filter(state="called")
        assert {ticket.number for ticket in called} == {1, 2}
        assert len({ticket.desk_id for ticket in called}) == 2


def test_a_tab_left_open_since_yesterday_asks_to_sign_in_and_goes_on(visit: Visit, office: Office) -> None:
    page = begin_with_rosa(visit, office)
    Session.objects.all().delete()
    page.reload()
    expect(page.get_by_label("Usuario")).to_be_visible()
    page.get_by_label("Usuario").fill(office.desk.account.username)
    page.get_by_label("Contraseña").fill(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()


def test_at_400_per_cent_nothing_is_cut_and_the_desk_still_works(visit: Visit, office: Office) -> None:
    visit.page.set_viewport_size(ZOOMED)
    page = begin_with_rosa(visit, office)
    assert not visit.overflows()
    page.keyboard.press("8")
    expect(page.locator(".outcome", has_text="Información")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    for address in ("/", "/consultas/", "/buscar/", "/personas/nueva/", "/consultas/sala/", "/consultas/llegadas/"):
        visit.go(address)
        assert not visit.overflows(), address


def test_a_screen_reader_is_told_what_the_eye_sees(visit: Visit, office: Office) -> None:
    page = begin_with_rosa(visit, office)
    outline = [
        (int(heading.evaluate("h => h.tagName[1]")), heading.inner_text())
        for heading in page.get_by_role("heading").all()
        if heading.is_visible()
    ]
    assert [text for level, text in outline if level == 1] == ["Consulta de Rosa Elvira Araya Contreras"]
    assert all(after - before <= 1 for (before, _), (after, _) in pairwise(outline)), outline
    for landmark in ("banner", "navigation", "main", "complementary"):
        expect(page.get_by_role(landmark).first).to_be_attached()
    page.get_by_role("checkbox", name="SUF").check()
    expect(page.get_by_role("group", name="SUF")).to_be_visible()
    expect(page.get_by_role("group", name="SUF").get_by_role("radio", name="Informada")).to_be_visible()
    page.get_by_role("button", name="Terminar atención").click()
    summary = page.get_by_role("alert").or_(page.locator(".error-summary"))
    expect(summary.first).to_be_focused()
    expect(summary.first).to_contain_text("Falta el resultado de SUF")
