"""The clock: aware instants, the institution's own day, completed years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.core import clock

LATE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 23:30 of the day before in Santiago


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_day_of_the_institution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATE)
    assert clock.today("America/Santiago") == date(2026, 11, 23)
    assert clock.today("Pacific/Easter") == date(2026, 11, 23)
    assert clock.today("UTC") == date(2026, 11, 24)
    with timezone.override("Asia/Tokyo"):
        assert clock.today() == date(2026, 11, 24)
    assert clock.today() == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1983, 5, 14), date(2026, 5, 13), 42),
        (date(1983, 5, 14), date(2026, 5, 14), 43),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_an_age_is_in_completed_years(born: date, day: date, age: int) -> None:
    assert clock.age_on(born, day) == age


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 20_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert 0 <= clock.age_on(born, day) <= clock.age_on(born, day + timedelta(days=1))
