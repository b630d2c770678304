"""A morning of a whole office: two desks, twenty neighbours of every kind by keyboard, and a head who watches."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import Office, Visit
from ventanilla.access.operators import actor_in
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.run import Run
from ventanilla.intake.appointments.actions import Request, book_appointment
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.models import Consultation, Ticket
from ventanilla.registry.models import Person

pytestmark = pytest.mark.browser

PEDRO, NEWCOMER = (Run(number).canonical for number in (91_500_101, 91_500_102))
NEIGHBOURS = 20
FEW = 12
"""Keystrokes beyond what is written: what an attention by the keyboard may cost."""


@dataclass(slots=True)
class Desk:
    """A clerk at her desk, and how many keys she pressed for whoever she has in front: a chord is as many as it has."""

    visit: Visit
    pressed: int = 0
    of_each: list[int] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.visit.page.keyboard.press(key)
            self.pressed += len(key.split("+"))

    def write(self, text: str) -> None:
        self.visit.page.keyboard.type(text)

    def tab_to(self, name: re.Pattern[str]) -> None:
        """By Tab, as far as it is."""
        wanted = self.visit.page.get_by_role("button", name=name)
        expect(wanted).to_be_visible()
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"no Tab leads to {name}")

    def is_at(self, title: str | re.Pattern[str]) -> None:
        expect(self.visit.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    def call(self) -> str:
        """The next number, and whom it is of."""
        self.pressed = 0
        self.press("n")
        called = self.visit.page.locator("#h-aqui")
        expect(called).to_be_visible()
        return called.inner_text()

    def attend(self) -> None:
        self.press("c")
        self.is_at(re.compile("^Consulta"))

    def end(self) -> None:
        self.press("Control+Enter")
        expect(self.visit.page.get_by_role("button", name="Llamar al siguiente")).to_be_visible()
        self.of_each.append(self.pressed)


def plainly(*keys: str) -> Callable[[Desk], None]:
    def attended(desk: Desk) -> None:
        desk.attend()
        desk.press(*keys)
        desk.end()

    return attended


def brings_no_papers(desk: Desk) -> None:
    desk.attend()
    desk.press("2", "e")
    desk.write("Certificado de residencia")
    desk.press("Enter")
    desk.end()


def misses_one_of_the_usual_papers(desk: Desk) -> None:
    desk.attend()
    desk.press("m")
    desk.write("balón")
    desk.press("Enter", "Escape", "e", "1", "Enter")
    desk.end()


def tells_more_than_a_reason(desk: Desk) -> None:
    desk.attend()
    desk.press("2", "i", "n")
    desk.write("Pregunta también por la feria del sábado")
    desk.end()


def comes_for_her_mother(desk: Desk) -> None:
    desk.attend()
    desk.press("q", "ArrowDown")
    expect(desk.visit.page.get_by_label("Quién es")).to_be_visible()
    desk.press("Tab")
    desk.press("Escape", "2", "i")
    desk.end()


def comes_about_her_child(desk: Desk) -> None:
    desk.attend()
    desk.press("2", "s", "1", "i")
    desk.end()


def says_who_he_is_at_the_desk(desk: Desk) -> None:
    desk.attend()
    desk.press("2", "b")
    desk.is_at("¿A quién atiende?")
    desk.write(PEDRO)
    desk.press("Enter")
    desk.is_at(re.compile("Consulta de Pedro"))
    desk.press("i")
    desk.end()


def was_never_here_before(desk: Desk) -> None:
    desk.attend()
    desk.press("b")
    desk.is_at("¿A quién atiende?")
    desk.write(NEWCOMER)
    desk.press("Enter")
    expect(desk.visit.page.get_by_role("heading", name="No encontramos a nadie")).to_be_visible()
    desk.press("r")
    desk.is_at("Registrar persona")
    desk.write(NEWCOMER)
    desk.press("Tab", "Tab")
    desk.write("Nueva")
    desk.press("Tab")
    desk.write("Vecina")
    desk.press("Control+Enter")
    desk.is_at("¿A quién atiende?")
    desk.press("1")
    desk.is_at(re.compile("Consulta de Nueva Vecina"))
    desk.press("2", "i")
    desk.end()


def does_not_come(desk: Desk) -> None:
    desk.press("r")
    expect(desk.visit.page.get_by_text("llamado 2 veces")).to_be_visible()
    desk.press("x")
    expect(desk.visit.page.locator("#h-aqui")).to_have_count(0)


def comes_after_all(desk: Desk) -> None:
    """Whoever did not come when called, once the room is quiet again."""
    desk.pressed = 0
    desk.press("g", "s")
    desk.is_at("Sala de espera")
    desk.tab_to(re.compile("^Volvió"))
    desk.press("Enter")
    desk.is_at("Sala de espera")
    desk.call()
    plainly("2", "r")(desk)


AT_THE_DESK = {
    "Con una pregunta": plainly("2", "i"),
    "Resuelta aquí": plainly("2", "r"),
    "Para otra unidad": plainly("2", "u"),
    "Para un caso": plainly("2", "c"),
    "Que desiste": plainly("2", "d"),
    "Con dos motivos": plainly("2", "3", "i", "r"),
    "Sin papeles": brings_no_papers,
    "Sin un papel": misses_one_of_the_usual_papers,
    "Que cuenta más": tells_more_than_a_reason,
    "Por su madre": comes_for_her_mother,
    "Con hora": plainly("2", "i"),
    "Preferente": plainly("2", "i"),
    "Urgente": plainly("2", "c"),
    "Apurada": plainly("1", "i"),
    "Con otra duda": plainly("3", "r"),
    "Ausente": does_not_come,
}
"""Whoever gave her RUN at the entrance, by her given names."""
NAMELESS = [plainly("2", "i"), says_who_he_is_at_the_desk, was_never_here_before]


def arrive(clerk: Desk, run: str, *, preference: str = "", evidence: str = "") -> str:
    """The number given at the entrance to a RUN, or to nobody."""
    page = clerk.visit.page
    clerk.visit.go("/consultas/llegadas/")
    expect(page.get_by_label("RUN o nombre")).to_be_focused()
    clerk.write(run)
    if preference:
        page.get_by_role("radio", name=preference).press("Space")
        page.get_by_label(re.compile("Cómo se acredita")).press_sequentially(evidence)
    clerk.press("Control+Enter")
    return page.locator("#h-numero").inner_text()


def people_of_the_morning(office: Office) -> dict[str, Person]:
    """Those registered already: one has an hour soon, one comes later without a name."""
    with make.inside() as head:
        make.local_reason("utilities_debt", "Vale de gas", words="balón", documents="Cédula\nCartola")
        queue = make.queue()
        people = {name: make.person(name) for name in AT_THE_DESK}
        make.person("Pedro", run=PEDRO)
        agenda = make.agenda(queue)
        (slot,) = free_slots(agenda, after=clock.now(), most=1)
        book_appointment(agenda, slot.starts_at, Request(person=people["Con hora"]), by=head)
    return people


def test_twenty_neighbours_are_attended_by_keyboard_at_two_desks_while_the_head_watches(
    visit: Visit, another_visit: Visit, phone_visit: Visit, office: Office
) -> None:
    people = people_of_the_morning(office)
    head = phone_visit.sign_in(office.head)
    desks = [Desk(visit.sign_in(office.desk)), Desk(another_visit.sign_in(office.case_worker))]
    entrance = desks[0]
    asked: dict[str, Callable[[Desk], None]] = {}
    for name, at_the_desk in AT_THE_DESK.items():
        told = {
            "Preferente": {"preference": "Discapacidad", "evidence": "Credencial"},
            "Urgente": {"preference": "Urgencia", "evidence": "Se descompensó en la fila"},
        }.get(name, {})
        asked[arrive(entrance, people[name].run or "", **told)] = at_the_desk
    asked[arrive(entrance, "90.214.530-3")] = comes_about_her_child
    asked[arrive(entrance, "")], asked[arrive(entrance, "")] = NAMELESS[:2]
    asked[arrive(entrance, NEWCOMER)] = NAMELESS[2]
    assert len(asked) == NEIGHBOURS
    assert_figures(head, waiting=NEIGHBOURS, attended=0)

    for number, desk in enumerate(desks, start=1):
        desk.visit.go("/consultas/sala/")
        desk.press(str(number))
        desk.is_at("Sala de espera")
    while asked:
        busy = [(desk, asked.pop(desk.call())) for desk in desks[: len(asked)]]
        for desk, at_the_desk in busy:
            at_the_desk(desk)
    comes_after_all(desks[0])
    asked_again = arrive(entrance, "90.214.530-3")  # Rosa forgot to ask something
    assert asked_again
    desks[1].call()
    plainly("3", "i")(desks[1])

    assert_figures(head, waiting=0, attended=NEIGHBOURS + 1)
    costs = desks[0].of_each + desks[1].of_each
    assert len(costs) == NEIGHBOURS + 1
    assert median(costs) <= FEW, costs
    with acting(actor_in(office.head)):
        assert not Ticket.objects.exclude(state="done").exists()
        written = Consultation.objects.all()
        assert {row.state for row in written} == {"attended", "resolved"}
        assert [row.person is None for row in written].count(True) == 1
        assert Person.objects.get(given_names="Nueva").consultations.count() == 1


def assert_figures(head: Visit, *, waiting: int, attended: int) -> None:
    """What the page of the day says to whoever watches."""
    head.go("/consultas/sala/dia/")
    figures = dict(
        zip(*(head.page.locator(f".figures {part}").all_inner_texts() for part in ("dt", "dd")), strict=True)
    )
    said = {name: int(figures[name].split()[0]) for name in ("Esperan", "Atendidas", "En curso")}
    assert said == {"Esperan": waiting, "Atendidas": attended, "En curso": 0}
