"""The room on the nights when its clock misbehaves: midnight, the two changes of the year, a clock set back."""

from datetime import datetime, timedelta

import pytest
from tests import make
from tests.intake.booked import Office

from ventanilla.access.calendars import service_days
from ventanilla.access.models import OwnDay
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.intake.models import Ticket
from ventanilla.intake.waiting import actions as room
from ventanilla.intake.waiting.day import day_of_room, last_worked_before
from ventanilla.intake.waiting.reading import minutes_since, room_of

pytestmark = pytest.mark.django_db

# In 2026 Chile set its clocks back at midnight of Saturday 4 April (24:00 was 23:00 again), and on at midnight of
# Saturday 5 September (24:00 was 01:00 of Sunday).
BACK = datetime.fromisoformat("2026-04-05T03:00+00:00")
ON = datetime.fromisoformat("2026-09-06T04:00+00:00")


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def take(office: Office) -> Ticket:
    return room.take_number(office.queue, by=office.clerk)


def attend_next(office: Office) -> Ticket:
    ticket, _ = room.call_next(office.desk, by=office.clerk)
    room.attend(ticket, by=office.clerk)
    return ticket


@pytest.mark.parametrize(
    "moment",
    [pytest.param(BACK, id="clocks go back"), pytest.param(ON, id="clocks go on")],
)
def test_who_waits_when_the_clocks_change_is_called_in_order_and_waited_what_she_waited(
    office: Office, moment: datetime
) -> None:
    with acting(office.clerk):
        office.at(moment - timedelta(minutes=30))
        before = take(office)
        office.at(moment + timedelta(minutes=10))
        after = take(office)
        office.at(moment + timedelta(minutes=20))
        assert attend_next(office) == before
        room.finish(before, by=office.clerk)
        assert attend_next(office) == after
        for ticket, minutes in ((before, 50), (after, 10)):
            ticket.refresh_from_db()
            assert ticket.waited_minutes == minutes
        if moment == BACK:  # it is Saturday still, from 23:00 to 24:00 once more
            assert (before.day, after.day, before.label, after.label) == (before.day, before.day, "A-001", "A-002")
        else:
            assert (after.day - before.day, after.label) == (timedelta(days=1), "A-001")


def test_the_hour_that_comes_twice_is_one_row_of_the_day(office: Office) -> None:
    with acting(office.head):
        for minutes in (-30, 30):
            office.at(BACK + timedelta(minutes=minutes))
            room.take_number(office.queue, by=office.head)
        found = day_of_room(clock.today(), by=office.head, now=clock.now())
        assert [(span.label, span.arrived) for span in found.by_hour] == [("23 h", 2)]
        assert found.arrivals == [("23 h", 2, True)]


def test_a_day_of_twenty_five_hours_keeps_nobody_longer_in_the_room(office: Office) -> None:
    with acting(office.clerk):
        office.at(BACK - timedelta(minutes=30))
        ticket = take(office)
        office.later(hours=12, minutes=-1)
        assert room_of(office.desk, by=office.clerk, now=clock.now()).waiting[0].minutes == 12 * 60 - 1
        office.later(minutes=1)
        with pytest.raises(RuleBroken, match="Nadie espera"):
            room.call_next(office.desk, by=office.clerk)
        assert list(Ticket.objects.unfinished_before(clock.now())) == [ticket]


def test_numbers_begin_anew_at_midnight_and_whoever_waits_keeps_hers(office: Office) -> None:
    with acting(office.clerk):
        office.at(datetime.fromisoformat("2026-11-23T23:50-03:00"))
        before = take(office)
        office.later(minutes=20)
        after = take(office)
        assert (before.label, after.label, after.day - before.day) == ("A-001", "A-001", timedelta(days=1))
        assert attend_next(office) == before
        with pytest.raises(RuleBroken, match="A-001"):
            room.call_next(office.desk, by=office.clerk)
        room.finish(before, by=office.clerk)
        assert attend_next(office) == after


def test_a_clock_set_back_makes_no_wait_negative_and_forgets_nobody(office: Office) -> None:
    with acting(office.head):
        ticket = room.take_number(office.queue, by=office.head)
        office.later(minutes=-40)
        assert minutes_since(ticket.arrived_at, clock.now()) == 0
        called, _ = room.call_next(office.desk, by=office.head)
        assert called == ticket
        room.attend(called, by=office.head)
        room.finish(called, by=office.head)
        called.refresh_from_db()
        assert called.started_at < called.arrived_at  # type: ignore[operator]  # what the clock said stays written
        assert called.waited_minutes == 0
        found = day_of_room(called.day, by=office.head, now=clock.now())
        assert (found.total.waited, found.total.waited_median, found.total.handled) == (0, 0, 0)


# The day beside the one before


def test_today_is_told_beside_the_same_hour_of_the_last_day_worked(office: Office) -> None:
    with acting(office.head):
        friday = datetime.fromisoformat("2026-11-20T10:00-03:00")
        for minutes in (0, 30, 90):
            office.at(friday + timedelta(minutes=minutes))
            ticket = room.take_number(office.queue, by=office.head)
            attend_next(office)
            office.later(minutes=10)
            room.finish(ticket, by=office.head)
        office.at(datetime.fromisoformat("2026-11-23T11:00-03:00"))
        room.take_number(office.queue, by=office.head)
        room.call_next(office.desk, by=office.head)
        found = day_of_room(clock.today(), by=office.head, now=clock.now())
        assert (found.before, found.before_words) == (2, "el viernes")
        assert (found.total.attended, found.attending, found.waiting) == (0, 1, 0)
        assert found.arrivals == [("11 h", 1, True)]


def test_yesterday_is_yesterday_and_a_closed_day_is_passed_over(office: Office) -> None:
    OwnDay.objects.create(institution_id=make.MONTE_PATRIA, day="2026-11-24", reason="Corte de luz")
    with acting(office.head):
        office.at(datetime.fromisoformat("2026-11-25T11:00-03:00"))
        worked = service_days(make.MONTE_PATRIA, around=clock.today())
        assert str(last_worked_before(clock.today(), worked)) == "2026-11-23"
        assert day_of_room(clock.today(), by=office.head, now=clock.now()).before_words == "el lunes"
        office.later(days=1)
        assert day_of_room(clock.today(), by=office.head, now=clock.now()).before_words == "ayer"
