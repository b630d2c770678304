"""What was attended on paper: written down once, on its day, by whoever finds the sheet; and the sheets themselves."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests import make
from tests.intake.desk_page import browser_of, form, kept

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.intake import actions as intake
from ventanilla.intake.deferred.actions import MOST_SHEETS, Paper, print_sheets, start_from_paper
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db

PAGE = "/consultas/diferidas/"
THEN = clock.now().replace(microsecond=0) - timedelta(days=2)


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person)
    return person


@pytest.fixture
def posting(rosa: Person) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def desk(posting: Posting) -> Actor:
    return actor_in(posting)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def end(consultation: Consultation, by: Actor, outcome: Outcome = Outcome.INFORMED) -> Consultation:
    line = intake.LineDetails(make.reason("information").pk, outcome)
    return intake.end_attention(consultation, intake.Writing([line]), by=by)


def test_it_counts_when_it_happened_and_has_no_duration(desk: Actor, rosa: Person) -> None:
    with acting(desk):
        made = end(start_from_paper(rosa, Paper("cuaderno 3", THEN), by=desk), desk)
        assert (made.occurred_at, made.attended_at, made.resolved_at) == (THEN, THEN, THEN)
        assert made.lines.get().answered_at == THEN
        assert made.recorded_at - THEN > timedelta(days=1)
        assert (made.is_deferred, made.handling_minutes) == (True, None)
        assert [step.at > THEN for step in made.transitions.all()] == [True] * 3


def test_even_minutes_later_it_is_deferred(desk: Actor) -> None:
    with acting(desk):
        made = start_from_paper(None, Paper("1", clock.now() - timedelta(minutes=5)), by=desk)
        assert made.is_deferred


def test_what_stays_open_is_answered_when_it_is_answered(desk: Actor, rosa: Person) -> None:
    with acting(desk):
        made = end(start_from_paper(rosa, Paper("1", THEN), by=desk), desk, Outcome.NEEDS_UNIT)
        assert (made.attended_at, made.resolved_at) == (THEN, None)
        line = made.lines.select_related("consultation").get()
        answered = intake.answer_line(line, by=desk, outcome=Outcome.RESOLVED)
        assert answered.resolved_at
        assert answered.resolved_at > THEN


def test_a_sheet_is_written_down_once(desk: Actor, rosa: Person) -> None:
    colleague = make.actor(Role.FRONT_DESK)
    with acting(desk):
        first = start_from_paper(rosa, Paper("12", THEN), by=desk)
    with acting(colleague):
        with pytest.raises(RuleBroken, match=f"La hoja 12 ya está anotada: es la consulta {first.folio}") as refused:
            start_from_paper(None, Paper("12", THEN + timedelta(minutes=5)), by=colleague)
        assert refused.value.field == "sheet"
        start_from_paper(None, Paper("12", THEN - timedelta(days=1)), by=colleague)  # another day, another notebook


def test_the_refusal_names_no_consultation_that_one_may_not_know_of(desk: Actor, rosa: Person) -> None:
    elsewhere = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="subsidios", functions=("subsidies",)))
    with acting(desk):
        start_from_paper(rosa, Paper("12", THEN), by=desk)
    with acting(elsewhere), pytest.raises(RuleBroken, match=r"^La hoja 12 ya está anotada\. No la anote otra vez\.$"):
        start_from_paper(None, Paper("12", THEN), by=elsewhere)


def test_a_printed_sheet_is_one_whatever_the_day_and_must_have_been_printed(desk: Actor) -> None:
    with acting(desk):
        numbers = print_sheets(3, by=desk)
        assert numbers == print_sheets_of(1, 2, 3)
        start_from_paper(None, Paper(numbers[0].lower(), THEN), by=desk)
        with pytest.raises(RuleBroken, match="ya está anotada"):
            start_from_paper(None, Paper(numbers[0], THEN - timedelta(days=3)), by=desk)
        with pytest.raises(RuleBroken, match=f"no se ha impreso: la última es {numbers[-1]}"):
            start_from_paper(None, Paper(numbers[0].replace("000001", "000099"), THEN), by=desk)
        assert print_sheets(1, by=desk) == print_sheets_of(4)


def print_sheets_of(*numbers: int) -> list[str]:
    return [f"H-{clock.today().year}-{number:06d}" for number in numbers]


def test_a_voided_record_frees_its_sheet(desk: Actor, rosa: Person) -> None:
    with acting(desk):
        wrong = start_from_paper(rosa, Paper("12", THEN), by=desk)
        intake.void_consultation(wrong, by=desk, reason="Era la hoja de otra persona")
        assert start_from_paper(None, Paper("12", THEN), by=desk) != wrong


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (Paper("1", clock.now() + timedelta(hours=1)), "day"),
        (Paper("1", clock.now() - timedelta(days=31)), "day"),
        (Paper("  ", THEN), "sheet"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(desk: Actor, paper: Paper, field: str) -> None:
    with acting(desk):
        with pytest.raises(RuleBroken) as refused:
            start_from_paper(None, paper, by=desk)
        assert refused.value.field == field
        assert not Consultation.objects.exists()


def test_the_same_form_twice_is_one_and_who_may_not_attend_writes_nothing_down(desk: Actor, rosa: Person) -> None:
    submission = new_id()
    with acting(desk):
        first = start_from_paper(rosa, Paper("12", THEN), by=desk, submission_id=submission)
        assert start_from_paper(rosa, Paper("12", THEN), by=desk, submission_id=submission) == first
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(NotAllowed):
        start_from_paper(None, Paper("13", THEN), by=counterpart)


def test_a_sheet_never_mixes_with_the_attention_that_is_open(desk: Actor, rosa: Person) -> None:
    with acting(desk):
        now = intake.start_consultation(rosa, by=desk)
        with pytest.raises(RuleBroken, match=f"en atención en {now.folio}"):
            start_from_paper(rosa, Paper("12", THEN), by=desk)
        assert Consultation.objects.get().sheet == ""


def test_it_says_who_attended_and_who_wrote_it_down(client: Client, desk: Actor, rosa: Person) -> None:
    colleague = make.posting(Role.FRONT_DESK)
    elsewhere = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="subsidios", functions=("subsidies",)))
    with acting(desk):
        with pytest.raises(RuleBroken, match="no atendía ese día en su unidad"):
            start_from_paper(rosa, Paper("12", THEN, elsewhere.account), by=desk)
        made = end(start_from_paper(rosa, Paper("12", THEN, colleague.account), by=desk), desk)
        assert (made.attended_by_id, made.recorded_by_id) == (colleague.account_id, desk.account_id)
    page = client.get(made.get_absolute_url()).content.decode()
    assert re.search(rf"<dt>Atendió</dt><dd>{colleague.account}<span[^>]*>Lo anotó", page)


# Its page


def head(**fields: Any) -> dict[str, str]:
    local = timezone.localtime(THEN)
    return {"sheet": "12", "day": f"{local:%d-%m-%Y}", "hour": f"{local:%H:%M}", "channel": "in_person"} | fields


def test_a_sheet_becomes_a_consultation_that_is_marked_everywhere(client: Client, rosa: Person) -> None:
    address = client.post(PAGE, head(run=rosa.formatted_run)).headers["Location"]
    page = client.get(address).content.decode()
    assert "Registro diferido de la hoja 12" in page
    ended = client.post(address, form(page, Información="informed") | {"end": "1"}, follow=True).content.decode()
    assert "Registro diferido de la hoja 12" in ended
    assert "Anotar otra hoja" in ended
    assert "diferida, hoja 12" in client.get("/consultas/").content.decode()
    assert timezone.localtime(kept().occurred_at).strftime("%H:%M") == head()["hour"]


def test_the_next_sheet_of_the_pile_brings_what_the_one_before_said(client: Client, desk: Actor) -> None:
    with acting(desk):
        number = print_sheets(2, by=desk)[0]
    client.post(PAGE, head(sheet=number, channel="field", anonymous="on"))
    page = client.get(PAGE).content.decode()
    assert f'value="{number[:-1]}2"' in page
    assert f'value="{head()["day"]}"' in page
    assert re.search(r'value="field"[^>]* checked', page)


def test_the_same_sheet_is_refused_on_its_page_with_what_was_typed(client: Client) -> None:
    client.post(PAGE, head(anonymous="on"))
    answer = client.post(PAGE, head(anonymous="on", hour="10:05"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "La hoja 12 ya está anotada" in page
    assert 'value="10:05"' in page


def test_who_has_no_run_on_the_sheet_is_looked_for_by_name_first(client: Client, rosa: Person) -> None:
    answer = client.post(PAGE, head(name="roza haraya")).content.decode()
    assert rosa.full_name in answer
    with make.inside():
        assert not Consultation.objects.exists()
    started = client.post(PAGE, head(name="roza haraya", person=str(rosa.pk)))
    assert f"Consulta de {rosa.full_name}" in client.get(started.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Escriba el RUN o el nombre"),
        ({"run": "99.000.001-8"}, "Nadie está registrado con el RUN 99.000.001-8"),
        ({"run": "99.000.001-1"}, "El RUN no corresponde"),
        ({"day": "31-02-2026", "anonymous": "on"}, "La fecha no existe"),
        ({"hour": "25:00", "anonymous": "on"}, "La hora no existe"),
    ],
)
def test_what_is_wrong_with_the_head_of_a_sheet_is_told(client: Client, fields: dict[str, str], said: str) -> None:
    answer = client.post(PAGE, head(**fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_sheets_are_a_pdf_with_numbers_that_nobody_gets_again(client: Client) -> None:
    first = client.post(f"{PAGE}hojas/", {"count": "3"})
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert print_sheets_of(1)[0] in first.headers["Content-Disposition"]
    second = client.post(f"{PAGE}hojas/", {"count": "1"})
    assert print_sheets_of(4)[0] in second.headers["Content-Disposition"]
    for wrong in ("0", str(MOST_SHEETS + 1), "", "diez"):
        assert client.post(f"{PAGE}hojas/", {"count": wrong}).status_code == 422


def test_a_sheet_of_another_municipality_is_another_sheet(client: Client) -> None:
    client.post(PAGE, head(anonymous="on"))
    there = browser_of(make.posting(Role.FRONT_DESK, make.COMBARBALA))
    assert there.post(PAGE, head(anonymous="on")).status_code == 302


def test_the_hours_of_the_institution_are_those_of_the_sheet(desk: Actor) -> None:
    with acting(desk):
        noon = timezone.make_aware(datetime.combine(clock.today() - timedelta(days=1), datetime.min.time()))
        made = start_from_paper(None, Paper("1", noon), by=desk)
        assert made.sheet_day == clock.today() - timedelta(days=1)
