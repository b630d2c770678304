"""Sessions that end, forms sent twice, power cuts: what was acknowledged stays, what was typed is not asked again."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Route, expect

from tests import make
from tests.journeys.conftest import Office, Server, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.intake.models import Consultation

pytestmark = pytest.mark.browser


def begin_with_rosa(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.search("90214530-3")
    expect(visit.page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()


def test_a_form_sent_after_the_session_ended_is_sent_again(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Pregunta por la feria de emprendedoras del viernes")
    Session.objects.all().delete()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Su sesión terminó")).to_be_visible()
    with visit.context.expect_page() as opened:
        page.get_by_role("link", name="Ingrese en otra pestaña").click()
    tab = opened.value
    tab.get_by_label("Usuario").fill(office.desk.account.username)
    tab.get_by_label("Contraseña").fill(make.PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{visit.server.url}/")
    page.get_by_role("button", name="Enviar lo escrito").click()
    expect(page.get_by_text("Pregunta por la feria de emprendedoras del viernes")).to_be_visible()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()


def test_a_part_of_the_page_that_comes_after_the_session_ended_takes_nothing_away(visit: Visit, office: Office) -> None:
    def late(route: Route) -> None:
        Session.objects.all().delete()
        route.continue_()

    visit.sign_in(office.desk)
    page = visit.page
    page.route("**/ficha/resumen/", late)
    visit.search("90214530-3")
    expect(page.get_by_role("alert")).to_contain_text("Su sesión terminó")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Rosa"))).to_be_visible()
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Pregunta por la feria")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Su sesión terminó")).to_be_visible()
    assert page.locator("input[name=notes]").input_value() == "Pregunta por la feria"


def test_two_presses_and_the_back_button_make_one_consultation(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    page.keyboard.press("8")
    page.get_by_role("button", name="Terminar atención").dblclick()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    page.go_back()
    page.go_forward()
    with acting(actor_in(office.head)):
        assert Consultation.objects.count() == 1
        assert Consultation.objects.get().lines.count() == 1


def test_a_killed_server_keeps_all_it_acknowledged(visit: Visit, server: Server, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Quedó anotado antes del corte")
    page.get_by_role("button", name="Guardar y seguir").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    server.kill()
    server.start()
    page.reload()
    expect(page.get_by_role("textbox", name="Notas")).to_have_value("Quedó anotado antes del corte")
    page.get_by_role("button", name="Terminar atención").click()
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()


def test_without_connection_the_search_says_so_and_keeps_what_was_typed(visit: Visit, office: Office) -> None:
    visit.sign_in(office.desk)
    visit.context.set_offline(True)
    box = visit.page.get_by_label("Buscar personas, folios o acciones")
    box.click()
    visit.page.keyboard.type("rosa araya")
    expect(visit.page.get_by_text("No pudimos buscar: no hay conexión")).to_be_visible()
    expect(box).to_have_value("rosa araya")
    visit.context.set_offline(False)


def test_two_people_writing_the_same_consultation_get_a_choice(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    other = visit.context.new_page()
    other.goto(visit.page.url)
    other.get_by_role("textbox", name="Notas").fill("Desde la otra pestaña")
    other.get_by_role("button", name="Guardar y seguir").click()
    expect(other.get_by_text("Guardado.")).to_be_visible()
    visit.page.keyboard.press("8")
    visit.page.get_by_role("textbox", name="Notas").fill("Desde la primera")
    visit.page.get_by_role("button", name="Terminar atención").click()
    expect(visit.page.get_by_role("heading", name="Usted guardó esta consulta en otra ventana")).to_be_visible()
    expect(visit.page.get_by_role("row", name=re.compile("Notas"))).to_contain_text("Desde la otra pestaña")
    expect(visit.page.get_by_role("textbox", name="Notas")).to_have_value("Desde la primera")
    visit.page.get_by_role("button", name="Terminar atención").click()
    expect(visit.page.get_by_text("Atención finalizada").first).to_be_visible()


def test_what_was_typed_is_there_when_the_tab_was_closed_without_sending(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    page.keyboard.press("8")
    page.get_by_role("textbox", name="Notas").fill("Alcancé a escribir esto")
    expect(page.get_by_text(re.compile(r"^Guardado \d\d:\d\d$"))).to_be_visible()
    tab = visit.context.new_page()
    tab.goto(page.url)
    page.close()
    expect(tab.get_by_text("Se retomó su borrador")).to_be_visible()
    expect(tab.get_by_role("textbox", name="Notas")).to_have_value("Alcancé a escribir esto")
    expect(tab.get_by_role("checkbox", name="Información")).to_be_checked()
    tab.get_by_role("textbox", name="Notas").press("Control+Enter")
    expect(tab.get_by_text("Atención finalizada").first).to_be_visible()
    expect(tab.get_by_text("Alcancé a escribir esto")).to_be_visible()


def test_without_connection_the_draft_says_so_and_is_kept_when_it_comes_back(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    visit.context.set_offline(True)
    page.get_by_role("textbox", name="Notas").fill("Sin línea")
    expect(page.get_by_text("se guardará al volver")).to_be_visible()
    visit.context.set_offline(False)
    expect(page.get_by_text(re.compile(r"^Guardado \d\d:\d\d$"))).to_be_visible(timeout=15_000)


def test_keys_pressed_before_the_scripts_came_are_heard_when_they_do(visit: Visit, office: Office) -> None:
    begin_with_rosa(visit, office)
    page = visit.page
    held: list[Route] = []
    page.route("**/intake/attend*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    expect(page.get_by_role("heading", name="2. Resultado de cada motivo")).to_be_visible()
    for key in ("3", "e"):
        page.keyboard.press(key)
    page.keyboard.type("Certificado de residencia")
    expect(page.get_by_role("checkbox", name=re.compile("^SUF"))).not_to_be_checked()
    assert held
    held[0].continue_()
    outcomes = page.locator(".outcome", has_text="SUF")
    expect(outcomes.get_by_label("Espera documentos")).to_be_checked()
    expect(page.locator(".awaits:visible input[type=text], .awaits:visible textarea").first).to_have_value(
        "Certificado de residencia"
    )
