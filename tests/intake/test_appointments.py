"""An hour given: to one person, once, on a day that is attended; and what becomes of it."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests import make
from tests.intake.booked import MONDAY_NINE, Office

from ventanilla.access.actors import Actor
from ventanilla.access.models import Holiday, OwnDay
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.intake.appointments import actions, arranging
from ventanilla.intake.appointments.actions import Request
from ventanilla.intake.appointments.reading import calls_for, next_working_day
from ventanilla.intake.appointments.slots import free_slots
from ventanilla.intake.appointments.states import CancelledBy, Reminder
from ventanilla.intake.models import Agenda, Appointment
from ventanilla.registry.models import ContactPoint, ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def hours(agenda: Agenda, most: int = 3, **options: Any) -> list[str]:
    found = free_slots(agenda, after=clock.now(), most=most, **options)
    return [f"{slot.starts_at:%d-%m %H:%M}" for slot in found]


# Giving


def test_an_hour_is_given_with_its_step_and_is_no_longer_free(office: Office) -> None:
    with acting(office.clerk):
        assert hours(office.agenda) == ["23-11 09:15", "23-11 09:30", "23-11 09:45"]
        made = office.book(30, request={"about": "  informe   social "})
        assert (made.state, made.about, made.booked_by_id) == ("booked", "informe social", office.clerk.account_id)
        assert [(step.before, step.after) for step in made.steps.all()] == [("", "booked")]
        assert hours(office.agenda) == ["23-11 09:15", "23-11 09:45", "23-11 10:00"]


def test_the_same_form_gives_one_hour(office: Office) -> None:
    with acting(office.clerk):
        sent = new_id()
        assert office.book(submission_id=sent) == office.book(submission_id=sent)
        assert Appointment.objects.count() == 1


def test_an_hour_gone_by_full_not_offered_or_of_a_day_not_attended_is_refused_in_words(office: Office) -> None:
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day=MONDAY_NINE.date() + timedelta(days=1), reason="Acto")
    with acting(office.clerk):
        office.book(30)
        for minutes, words in (
            (0, "ya pasó"),
            (30, "ya se ocupó. Quedan: lunes 23-11-2026 a las 09:15"),
            (31, "no da la hora del lunes 23-11-2026 a las 09:31"),
            (24 * 60, "El 24-11-2026 no se atiende"),
            (5 * 24 * 60, "El 28-11-2026 no se atiende"),
            (400 * 24 * 60, "un año"),
        ):
            with pytest.raises(RuleBroken, match=words):
                office.book(minutes, office.luis)


def test_free_hours_skip_weekends_holidays_and_the_institutions_own_days(office: Office) -> None:
    Holiday.objects.get(day="2026-12-08")
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day="2026-12-07", reason="Aniversario comunal")
    office.at(MONDAY_NINE + timedelta(days=11, hours=14))  # Friday 4 December, at eleven at night
    with acting(office.clerk):
        assert hours(office.agenda, most=4) == ["04-12 23:15", "04-12 23:30", "09-12 00:00", "09-12 00:15"]


def test_nobody_is_given_two_hours_at_once_and_nothing_is_told_of_a_reserved_one(office: Office) -> None:
    with acting(office.head):
        arranging.change_agenda(office.alone, by=office.head, name="Visitas", queue=None, is_reserved=True)
    other = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="atencion", functions=("attention",)))
    with acting(office.clerk):
        office.book(30)
        with pytest.raises(RuleBroken, match="Ya tiene hora el lunes 23-11-2026 a las 09:30, en Informe social"):
            office.book(30, agenda=office.alone)
        office.book(60, agenda=office.alone)
    with acting(other):
        assert "23-11 10:00" not in hours(office.agenda, most=5, person=office.rosa)
        assert "23-11 10:00" in hours(office.agenda, most=5, person=office.luis)
        with pytest.raises(RuleBroken, match=r"^La hora del lunes 23-11-2026 a las 10:00 ya se ocupó. Quedan"):
            office.book(60, by=other)
        assert Appointment.objects.visible_to(other).count() == 1


def test_postgresql_itself_gives_no_place_and_no_person_twice(office: Office) -> None:
    with acting(office.clerk):
        made = office.book(30)
        same = {name: getattr(made, name) for name in ("agenda", "hours", "day", "starts_at", "ends_at", "booked_at")}
        with pytest.raises(IntegrityError, match="one_appointment_per_place"), transaction.atomic():
            Appointment.objects.create(**same, place=made.place, person=office.luis)
        shifted = same | {"starts_at": made.starts_at + timedelta(minutes=14), "ends_at": made.ends_at + timedelta(60)}
        with pytest.raises(IntegrityError, match="one_hour_per_person"), transaction.atomic():
            Appointment.objects.create(**shifted, place=1, person=office.rosa)


def test_a_capacity_of_two_is_given_twice_and_by_desk_once_each(office: Office) -> None:
    with acting(office.head):
        made = arranging.open_agenda(office.queue.site, make.unit(), by=office.head, name="Subsidios")
        for desk in office.queue.site.desks.all():
            arranging.add_hours(
                made,
                by=office.head,
                desk=desk,
                weekdays=[0],
                starts_at=MONDAY_NINE.time(),
                ends_at=(MONDAY_NINE + timedelta(hours=2)).time(),
                minutes=60,
                capacity=1,
                from_on=MONDAY_NINE.date(),
            )
    with acting(office.clerk):
        (ten, *_) = free_slots(made, after=clock.now(), most=1)
        assert ten.left == 2
        desks = {office.book(60, who, agenda=made).hours.desk for who in (office.rosa, office.luis)}
        assert len(desks) == 2
        with pytest.raises(RuleBroken, match=r"ya se ocupó\. Quedan: lunes 30-11-2026 a las 09:00"):
            office.book(60, make.person("Otra"), agenda=made)


def test_without_a_record_a_name_and_a_telephone_are_asked(office: Office) -> None:
    with acting(office.clerk):
        at = MONDAY_NINE + timedelta(minutes=30)
        for request, words in ((Request(), "nombre"), (Request(name="Nelda"), "teléfono")):
            with pytest.raises(RuleBroken, match=words):
                actions.book_appointment(office.agenda, at, request, by=office.clerk)
        made = actions.book_appointment(
            office.agenda, at, Request(name=" Nelda  Vega ", phone="9 1234 5678"), by=office.clerk
        )
        assert made.who == "Nelda Vega"


def test_what_is_reserved_is_not_written_in_an_agenda_nor_an_hour_given_to_who_is_blocked(office: Office) -> None:
    with acting(office.clerk):
        reason = make.reason("information")
        reason.secrecy = "reserved"
        with pytest.raises(RuleBroken, match="asunto reservado"):
            office.book(request={"reason": reason})
        reason.secrecy = "ordinary"
        made = office.book(request={"reason": reason, "about": "subsidio"})
        assert made.subject == f"{reason.name}: subsidio"
        reason.secrecy = "restricted"
        assert made.subject == "subsidio"
        office.luis.processing_blocked = True
        with pytest.raises(RuleBroken, match="bloqueado"):
            office.book(person=office.luis)


def test_only_who_works_in_the_room_of_the_institution_gives_hours(office: Office) -> None:
    foreign = make.actor(Role.FRONT_DESK, make.COMBARBALA)
    with acting(foreign):
        assert not Agenda.objects.exists()
        with pytest.raises(NotAllowed):
            office.book(by=foreign)
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(NotAllowed):
        office.book(by=counterpart)


# Changing


def test_moved_she_has_one_hour_and_the_other_is_free_again(office: Office) -> None:
    with acting(office.clerk):
        first = office.book(30, request={"about": "informe"})
        sent = new_id()
        for _ in range(2):
            second = actions.move_appointment(
                first, office.agenda, MONDAY_NINE + timedelta(minutes=45), by=office.clerk, submission_id=sent
            )
        assert (first.state, second.moved_from, second.about) == ("moved", first, "informe")
        assert "23-11 09:30" in hours(office.agenda)
        with pytest.raises(InvalidTransition):
            actions.move_appointment(first, office.agenda, MONDAY_NINE + timedelta(minutes=60), by=office.clerk)


def test_to_a_full_hour_nothing_is_moved(office: Office) -> None:
    with acting(office.clerk):
        first, _ = office.book(30), office.book(45, office.luis)
        with pytest.raises(RuleBroken, match="ya se ocupó"):
            actions.move_appointment(first, office.agenda, MONDAY_NINE + timedelta(minutes=45), by=office.clerk)
        first.refresh_from_db()
        assert first.state == "booked"


def test_cancelled_it_says_by_whom_and_the_office_says_why(office: Office) -> None:
    with acting(office.clerk):
        made = office.book()
        with pytest.raises(RuleBroken, match="por qué"):
            actions.cancel_appointment(made, by=office.clerk, cancelled_by=CancelledBy.OFFICE)
        for _ in range(2):
            actions.cancel_appointment(made, by=office.clerk, cancelled_by=CancelledBy.PERSON)
        assert (made.state, made.cancelled_by, made.steps.count()) == ("cancelled", "person", 2)
        assert "23-11 09:30" in hours(office.agenda)


# Reminding


def phone(office: Office, value: str, **other: object) -> None:
    ContactPoint.objects.create(
        person=office.rosa, kind="phone", value=value, **({"as_of": MONDAY_NINE.date()} | other)
    )


def test_she_is_called_at_the_telephones_that_may_be_used(office: Office) -> None:
    with acting(office.clerk):
        office.book(24 * 60 + 30, request={"phone": "+56 9 1111 1111"})
        phone(office, "911111111", as_of=MONDAY_NINE.date() - timedelta(days=9))
        phone(office, "922222222")
        phone(office, "933333333", do_not_call=True)
        phone(office, "944444444", ended_on=MONDAY_NINE.date())
        phone(office, "955555555", secrecy="restricted")
        day = next_working_day(make.MONTE_PATRIA, clock.today())
        (call,) = calls_for(day, [office.agenda], by=office.clerk)
        assert call.phones == ["+56 9 1111 1111", "922222222"]
        assert ReadEntry.objects.filter(note="recordatorios", people__contains=[office.rosa.pk]).count() == 1


def test_who_asked_not_to_be_called_or_left_no_telephone_is_told_apart(office: Office) -> None:
    with acting(office.clerk):
        office.book(24 * 60 + 30, request={"phone": "933333333"})
        office.book(24 * 60 + 45, office.luis)
        phone(office, "+56933333333", do_not_call=True)
        rosa, luis = calls_for(clock.today() + timedelta(days=1), [office.agenda], by=office.clerk)
        assert (rosa.phones, rosa.why_not) == ((), "Pidió que no la llamen.")
        assert luis.why_not == "No se sabe: falta su teléfono."


def test_each_call_leaves_its_row(office: Office) -> None:
    with acting(office.clerk):
        made = office.book()
        actions.remind(made, Reminder.NO_ANSWER, by=office.clerk)
        actions.remind(made, Reminder.TOLD, by=office.clerk)
        assert made.reminder == "told"
        assert [step.reason for step in made.steps.all()] == [
            "",
            "Recordatorio: No contesta",
            "Recordatorio: Avisada",
        ]
        actions.cancel_appointment(made, by=office.clerk, cancelled_by=CancelledBy.PERSON)
        with pytest.raises(InvalidTransition):
            actions.remind(made, Reminder.TOLD, by=office.clerk)


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_place_one_gets_it_and_the_other_the_next_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office(monkeypatch)
    start, ends = Barrier(2), []

    def want(by: Actor, who: object) -> None:
        start.wait()
        try:
            with acting(by):
                office.book(30, by=by, who=who)
                ends.append("given")
        except RuleBroken as error:
            ends.append(str(error))
        finally:
            connection.close()

    pairs = ((office.clerk, office.rosa), (make.actor(), office.luis))
    threads = [Thread(target=want, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends, key=len) == [
        "given",
        "La hora del lunes 23-11-2026 a las 09:30 ya se ocupó. Quedan: lunes 23-11-2026 a las 09:15; lunes 23-11-2026"
        " a las 09:45; lunes 23-11-2026 a las 10:00.",
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_with_the_same_person_in_two_agendas_one_gives_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office(monkeypatch)
    start, ends = Barrier(2), []

    def want(agenda: Agenda) -> None:
        start.wait()
        try:
            with acting(office.clerk):
                office.book(30, agenda=agenda)
                ends.append("given")
        except RuleBroken:
            ends.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=want, args=(agenda,)) for agenda in (office.agenda, office.alone)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["given", "refused"]
