"""A call noted by keyboard, taken by a colleague and attended; and a sheet of paper that is written down once."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake.contacts.actions import ContactDetails, note_contact, take_contact
from ventanilla.intake.deferred.actions import print_sheets
from ventanilla.intake.models import Consultation, Contact
from ventanilla.intake.states import Channel, Requester

pytestmark = pytest.mark.browser


def _in_hand(office: Office) -> None:
    """What the desk has taken already: nobody else's next."""
    desk, now = actor_in(office.desk), clock.now()
    with acting(desk):
        for details in (
            ContactDetails(
                Channel.OFFICIAL,
                "Informe de la situación de una familia",
                requester=Requester.INSTITUTION,
                sender="Juzgado de Familia de Ovalle",
                document_number="Oficio 412",
                due_on=make.YESTERDAY,
                received_at=now - timedelta(days=8),
            ),
            ContactDetails(
                Channel.EMAIL,
                "Pregunta por el subsidio de su hijo",
                name="Ana Tapia",
                received_at=now - timedelta(days=4),
            ),
        ):
            take_contact(note_contact(details, by=desk), by=desk)


def test_a_call_is_noted_taken_by_a_colleague_and_attended_by_keyboard(
    visit: Visit, another_visit: Visit, office: Office
) -> None:
    page = visit.sign_in(office.desk).page
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Contactos por atender")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_label(re.compile("^RUN"))).to_be_focused()
    page.keyboard.type("902145303")
    page.get_by_label("De qué se trata").focus()
    page.keyboard.type("Le cortaron el agua")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Le cortaron el agua")).to_be_visible()
    assert visit.violations() == []
    visit.shot("12-contacto")
    _in_hand(office)
    colleague = make.posting(Role.FRONT_DESK)
    theirs = another_visit.sign_in(colleague).page
    another_visit.go("/consultas/contactos/")
    another_visit.shot("13-contactos")
    theirs.keyboard.press("n")
    expect(theirs.get_by_text("Lo tiene usted")).to_be_visible()
    theirs.keyboard.press("c")
    expect(theirs.get_by_role("heading", name="Consulta de Rosa Elvira Araya Contreras")).to_be_visible()
    expect(theirs.get_by_text("Viene del contacto")).to_be_visible()
    theirs.keyboard.press("8")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.get_by_text("Atención finalizada").first).to_be_visible()
    assert another_visit.violations() == []
    with acting(actor_in(office.head)):
        assert Contact.objects.get(channel="phone").consultation == Consultation.objects.get(
            channel="phone", state="resolved"
        )


def test_a_sheet_is_written_down_once(visit: Visit, office: Office) -> None:
    with acting(actor_in(office.desk)):
        number = print_sheets(1, by=actor_in(office.desk))[0]
    page = visit.sign_in(office.desk).page

    def head(run: str) -> None:
        visit.go("/consultas/diferidas/")
        page.get_by_label("Número de la hoja").fill(number)
        page.get_by_label(re.compile("^Día")).fill(f"{make.YESTERDAY:%d-%m-%Y}")
        page.get_by_label(re.compile("^Hora")).fill("1030")
        page.get_by_label(re.compile("^RUN")).fill(run)

    head("90214530-3")
    visit.shot("14-diferida")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"Registro diferido de la hoja {number}")).to_be_visible()
    page.get_by_label("Consulta", exact=True).select_option("third_party")
    expect(page.get_by_text("No diga si la persona es conocida aquí.").first).to_be_visible()
    page.get_by_label("Poder o mandato").check()
    expect(page.get_by_text("Lo que el poder nombra")).to_be_visible()
    expect(page.get_by_text("No diga si la persona es conocida aquí.").first).to_be_hidden()
    visit.shot("15-tercero")
    assert visit.violations() == []
    page.get_by_label("Información").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Atención finalizada").first).to_be_visible()
    head(office.luis.formatted_run)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text(f"La hoja {number} ya está anotada")).to_be_visible()
    assert visit.violations() == []
    with acting(actor_in(office.head)):
        assert Consultation.objects.get().requester_evidence == "power"
