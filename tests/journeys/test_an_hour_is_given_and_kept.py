"""An hour by keyboard: given, printed, received at the entrance, called in its place; and who does not come."""

import re
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.calendars import service_days
from ventanilla.access.models import OwnDay
from ventanilla.core import clock
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.models import Agenda, Appointment, Queue
from ventanilla.intake.waiting.actions import take_number

pytestmark = pytest.mark.browser


@pytest.fixture
def queue(office: Office) -> Queue:
    """Of an office that attends today, whatever day it is."""
    with make.inside() as head:
        today = clock.today()
        if not service_days(head.institution, around=today).includes(today):
            OwnDay.objects.create(institution_id=head.institution, day=today, is_worked=True, reason="Turno")
        return make.queue()


def morning_of(queue: Queue) -> Agenda:
    """An agenda as offices have it."""
    return make.agenda(queue, starts_at=time(9), ends_at=time(13), minutes=30)


def give_an_hour_that_has_come(queue: Queue, office: Office) -> None:
    """Luis has had his hour for five minutes, and somebody without one waits since before."""
    with make.inside() as head:
        agenda = make.agenda(queue)
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        made = book_appointment(agenda, slot.starts_at, Request(person=office.luis), by=head)
        now = clock.now()
        Appointment.objects.filter(pk=made.pk).update(
            day=clock.today(), starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=10)
        )
        take_number(queue, by=head, arrived_at=now - timedelta(minutes=30))


def test_an_hour_is_given_with_the_keyboard_alone(visit: Visit, office: Office, queue: Queue) -> None:
    with make.inside():
        morning_of(queue)
    visit.sign_in(office.desk)
    page = visit.page
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name=re.compile("^Citas del"))).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_label("RUN o nombre")).to_be_focused()
    page.keyboard.type("902145303")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hora para Rosa Elvira Araya Contreras")).to_be_visible()
    first = page.locator("input[name=slot]").first
    expect(first).to_be_focused()
    expect(first).to_be_checked()
    visit.shot("12-dar-hora")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hora dada:")).to_be_visible()
    expect(page.get_by_role("heading", name="Su hora")).to_be_visible()
    visit.shot("13-cita")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Para el calendario del teléfono").click()
    assert downloading.value.suggested_filename == "hora.ics"


def test_who_comes_at_her_hour_is_called_before_who_has_none_and_who_does_not_come_is_told_at_closing(
    visit: Visit, another_visit: Visit, office: Office, queue: Queue
) -> None:
    give_an_hour_that_has_come(queue, office)
    visit.sign_in(office.desk)
    page = visit.page
    visit.go("/consultas/llegadas/")
    expect(page.get_by_role("heading", name="Con hora hoy")).to_be_visible()
    assert visit.violations() == []
    visit.shot("14-llegada-con-hora")
    page.get_by_role("button", name=re.compile("Llegó Luis Alberto")).click()
    expect(page.get_by_role("heading", name="A-002")).to_be_visible()
    expect(page.get_by_text("Tenía hora a las")).to_be_visible()
    visit.go("/consultas/sala/")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Esperan")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="A-002")).to_be_visible()
    expect(page.get_by_text("A-002. Tenía hora a las")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name=re.compile("Consulta de Luis Alberto"))).to_be_visible()

    with make.inside() as head:
        agenda = Agenda.objects.get()
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        made = book_appointment(agenda, slot.starts_at, Request(person=office.rosa), by=head)
        gone = clock.now() - timedelta(hours=1)
        Appointment.objects.filter(pk=made.pk).update(
            day=clock.today(), starts_at=gone, ends_at=gone + timedelta(minutes=15)
        )
    another_visit.sign_in(office.head)
    another_visit.go("/consultas/sala/dia/")
    another_visit.page.get_by_role("button", name=re.compile("^Cerrar el día")).first.click()
    expect(another_visit.page.get_by_text("No vinieron a su hora: 1.")).to_be_visible()
    another_visit.go(f"/consultas/citas/{made.pk}/")
    expect(another_visit.page.get_by_text("No vino").first).to_be_visible()


def test_calls_are_noted_with_one_key(visit: Visit, office: Office, queue: Queue) -> None:
    with make.inside() as head:
        agenda = morning_of(queue)
        day = service_days(head.institution, around=clock.today()).first_from(clock.today() + timedelta(days=1))
        tomorrow = [slot for slot in free_slots(agenda, after=clock.now(), most=300) if slot.day == day]
        for slot, person in zip(tomorrow, (office.rosa, office.luis), strict=False):
            request = Request(person=person, phone="+56 9 1234 5678")
            book_appointment(agenda, slot.starts_at, request, by=head)
    visit.sign_in(office.desk)
    page = visit.page
    visit.go("/consultas/citas/recordar/")
    expect(page.get_by_role("heading", name="Llame a Rosa Elvira Araya Contreras")).to_be_visible()
    visit.shot("15-recordar")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Llame a Luis Alberto Araya Pizarro")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("1 de 2 avisadas")).to_be_visible()
