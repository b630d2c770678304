"""The day of a unit in figures: what was attended, in how long, by hour and by operator, beside the day before."""

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of

from ventanilla.access.actors import NATIONAL_TIME_ZONE, Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.errors import NotAllowed
from ventanilla.intake.actions import LineDetails, Writing, end_attention, start_consultation, void_consultation
from ventanilla.intake.day import DayOfUnit, Handled, day_of_unit
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import Outcome

pytestmark = pytest.mark.django_db

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
DAYS = WorkingDays(frozenset())
ZONE = ZoneInfo(NATIONAL_TIME_ZONE)


@pytest.fixture
def head() -> Posting:
    with make.inside():
        pass
    return make.posting(Role.UAS_HEAD)


@pytest.fixture
def ana(head: Posting) -> Posting:
    return make.posting(Role.FRONT_DESK)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def attend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Consultation]:
    """Attend somebody from one moment to another, or not to the end."""

    def act(by: Actor, began: datetime, ended: datetime | None, reason: str = "information") -> Consultation:
        with acting(by), monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: ended or began)
            started = start_consultation(make.person(), by=by, occurred_at=began)
            if ended is None:
                return started
            line = LineDetails(make.reason(reason).pk, Outcome.INFORMED)
            return end_attention(started, Writing(lines=[line]), by=by)

    return act


def day(head: Posting, now: datetime) -> DayOfUnit:
    actor = actor_in(head)
    with acting(actor):
        return day_of_unit(now.astimezone(ZONE).date(), by=actor, now=now, days=DAYS)


def test_a_morning_at_the_desk(head: Posting, ana: Posting, attend: Callable[..., Consultation]) -> None:
    her, jefa = actor_in(ana), actor_in(head)
    for began, ended in (((8, 40), (8, 45)), ((8, 50), (9, 0)), ((10, 0), (10, 30))):
        attend(her, at(MONDAY, *began), at(MONDAY, *ended))
    attend(jefa, at(MONDAY, 10, 5), at(MONDAY, 10, 10))
    attend(her, at(MONDAY, 10, 35), None)
    found = day(head, at(MONDAY, 10, 42))
    assert found.total == Handled("Toda la unidad", 4, 12, 8)
    assert found.by_operator == [
        Handled(ana.account.full_name, 3, 15, 10),
        Handled(head.account.full_name, 1, 5, 5),
    ]
    assert found.in_attention == 1
    assert found.by_hour == [("8 h", 2, False), ("9 h", 0, False), ("10 h", 3, True)]


def test_monday_is_held_against_friday_at_the_same_hour(
    head: Posting, ana: Posting, attend: Callable[..., Consultation]
) -> None:
    her = actor_in(ana)
    attend(her, at(FRIDAY, 9, 0), at(FRIDAY, 9, 10))
    attend(her, at(FRIDAY, 10, 30), at(FRIDAY, 10, 50))
    attend(her, at(FRIDAY, 13, 0), at(FRIDAY, 13, 10))
    found = day(head, at(MONDAY, 10, 42))
    assert (found.before, found.before_on, found.is_before_yesterday) == (1, FRIDAY, False)
    assert (found.total, found.by_hour) == (Handled("Toda la unidad", 0, None, None), [])


def test_what_was_left_open_and_ended_today_counts_today(
    head: Posting, ana: Posting, attend: Callable[..., Consultation]
) -> None:
    attend(actor_in(ana), at(FRIDAY, 13, 50), at(MONDAY, 8, 50))
    found = day(head, at(MONDAY, 9, 0))
    assert (found.total.attended, found.before, found.in_attention) == (1, 0, 0)


def test_what_is_voided_secret_or_of_another_unit_is_not_counted(
    head: Posting, ana: Posting, attend: Callable[..., Consultation]
) -> None:
    her = actor_in(ana)
    voided = attend(her, at(MONDAY, 9, 0), at(MONDAY, 9, 5))
    with acting(her):
        void_consultation(voided, by=her, reason="Se registró dos veces")
    attend(her, at(MONDAY, 9, 10), at(MONDAY, 9, 20), "violence")
    attend(make.actor(in_unit=make.unit(code="rsh", functions=("rsh",))), at(MONDAY, 9, 0), at(MONDAY, 9, 10))
    found = day(head, at(MONDAY, 10, 0))
    assert (found.total.attended, found.by_hour) == (0, [])


def test_only_whoever_oversees_the_room_sees_them(head: Posting, ana: Posting) -> None:
    with pytest.raises(NotAllowed):
        day(ana, at(MONDAY, 10, 0))


def test_the_day_is_two_queries_however_many_came(
    head: Posting,
    ana: Posting,
    attend: Callable[..., Consultation],
    django_assert_num_queries: Callable[..., CaptureQueriesContext],
) -> None:
    for minute in range(5):
        attend(actor_in(ana), at(MONDAY, 9, minute), at(MONDAY, 9, 30 + minute))
    actor = actor_in(head)
    with acting(actor), django_assert_num_queries(2):
        day_of_unit(MONDAY, by=actor, now=at(MONDAY, 10), days=DAYS)


def test_the_head_has_them_beside_her_tray_with_the_room_where_there_is_one(head: Posting, ana: Posting) -> None:
    page = browser_of(head).get("/").content.decode()
    assert "Hoy en el mesón" in page
    assert "No se sabe aún" in page
    assert "En espera" not in page
    with make.inside():
        make.queue()
    assert "En espera" in browser_of(head).get("/").content.decode()
    assert "En espera" in browser_of(make.posting(Role.COUNTERPART)).get("/").content.decode()
    assert "Hoy en el mesón" not in browser_of(ana).get("/").content.decode()
