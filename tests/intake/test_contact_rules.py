"""What is late, what is next, and what may be told to whom: rules of what does not walk in, of paper and of others."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ventanilla.intake.contacts.rules import (
    OLD_AFTER,
    awaited_on,
    moment_of,
    names_of,
    objections_to_dates,
    phone_in,
    urgency,
)
from ventanilla.intake.contacts.states import CLOSED, CONTACT_LIFECYCLE, ICONS, OPEN, ContactState
from ventanilla.intake.deferred.rules import (
    OLDEST,
    canonical_sheet,
    in_columns,
    next_sheet,
    objection_to_moment,
    same_paper,
)
from ventanilla.intake.states import Channel, Requester
from ventanilla.intake.third_parties import Evidence, takes_paper, what_may_be_told

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
DAYS = some.integers(-400, 400).map(lambda days: MONDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("due_in", "age", "words", "tone"),
    [
        (-1, 9, "1 día de atraso", "bad"),
        (-2, 9, "2 días de atraso", "bad"),
        (0, 0, "Vence hoy", "warn"),
        (1, 0, "Vence mañana", "warn"),
        (2, 30, "Vence en 2 días", ""),
        (None, 0, "Hoy", ""),
        (None, 1, "Ayer", ""),
        (None, 2, "Hace 2 días", ""),
        (None, OLD_AFTER, f"Hace {OLD_AFTER} días", "warn"),
    ],
)
def test_a_contact_says_how_it_stands_with_time(due_in: int | None, age: int, words: str, tone: str) -> None:
    due_on = None if due_in is None else MONDAY + timedelta(days=due_in)
    found = urgency(due_on, MONDAY - timedelta(days=age), MONDAY)
    assert (found.words, found.tone) == (words, tone)


@given(some.one_of(some.none(), DAYS), DAYS, DAYS)
def test_only_what_somebody_gave_a_date_to_is_overdue_and_only_after_it(
    due_on: date | None, received_on: date, today: date
) -> None:
    assert urgency(due_on, received_on, today).is_overdue == (due_on is not None and due_on < today)


def test_what_is_due_sooner_goes_before_what_came_today_and_after_what_is_old() -> None:
    old = awaited_on(None, MONDAY - timedelta(days=OLD_AFTER + 1))
    due_tomorrow = awaited_on(MONDAY + timedelta(days=1), MONDAY)
    today = awaited_on(None, MONDAY)
    overdue = awaited_on(MONDAY - timedelta(days=2), MONDAY - timedelta(days=9))
    assert overdue < old < due_tomorrow < today


def test_of_a_letter_one_knows_the_day() -> None:
    assert moment_of(None, None, NOW) == NOW
    assert moment_of(date(2026, 11, 20), None, NOW) == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert moment_of(None, time(9, 5), NOW) == datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    early = NOW.replace(hour=8)
    assert moment_of(early.date(), None, early) == early, "noon has not come"


def test_dates_that_cannot_be_are_told_at_their_field() -> None:
    assert list(objections_to_dates(NOW, MONDAY, NOW)) == []
    ahead = objections_to_dates(NOW + timedelta(minutes=1), MONDAY + timedelta(days=1), NOW)
    assert [field for field, _ in ahead] == ["received_on", "document_on"]
    assert [field for field, _ in objections_to_dates(NOW - timedelta(days=366), None, NOW)] == ["received_on"]


def test_what_was_said_of_her_becomes_a_guess_of_her_names() -> None:
    assert names_of("Rosa Elvira Araya Contreras") == ("Rosa Elvira", "Araya", "Contreras")
    assert names_of("Rosa Araya") == ("Rosa", "Araya", "")
    assert names_of("Rosa") == ("Rosa", "", "")
    assert names_of("") == ("", "", "")
    assert phone_in("al +56 9 8123 4567, después de las 15") == "+56 9 8123 4567"
    assert phone_in("pasa el lunes a las 15") == ""


def test_what_is_open_can_end_and_what_ended_can_be_opened_again() -> None:
    assert set(OPEN) | set(CLOSED) == set(ContactState)
    for state in OPEN:
        assert set(CLOSED) <= CONTACT_LIFECYCLE.following(state)
    for state in CLOSED:
        assert CONTACT_LIFECYCLE.following(state) == {ContactState.RECEIVED}


def test_every_channel_has_its_drawing() -> None:
    assert set(ICONS) == set(Channel)


# Paper


def test_a_sheet_is_of_the_past_and_not_too_old() -> None:
    assert objection_to_moment(NOW, NOW) is None
    assert objection_to_moment(NOW - OLDEST, NOW) is None
    assert "futuro" in (objection_to_moment(NOW + timedelta(seconds=1), NOW) or "")
    assert "más de 30 días" in (objection_to_moment(NOW - OLDEST - timedelta(seconds=1), NOW) or "")


@pytest.mark.parametrize("typed", ["H-2026-7", "h20267", " h-2026-000007 ", "H 2026 7"])
def test_the_number_of_a_printed_sheet_is_read_however_it_is_typed(typed: str) -> None:
    assert canonical_sheet(typed) == "H-2026-000007"


def test_another_paper_keeps_its_number_and_repeats_on_another_day() -> None:
    assert canonical_sheet("cuaderno  3") == "CUADERNO 3"
    assert same_paper("CUADERNO 3", MONDAY) != same_paper("CUADERNO 3", MONDAY + timedelta(days=1))
    assert same_paper("H-2026-000007", MONDAY) == same_paper("H-2026-000007", MONDAY + timedelta(days=1))
    assert next_sheet("H-2026-000009") == "H-2026-000010"
    assert next_sheet("CUADERNO 3") == ""


@given(some.lists(some.text(min_size=1, max_size=3)), some.integers(1, 4))
def test_the_reasons_of_a_sheet_are_all_there_and_read_downwards(names: list[str], columns: int) -> None:
    rows = in_columns(names, columns)
    downwards = [row[column] for column in range(columns) for row in rows if row]
    assert [name for name in downwards if name] == names
    assert len({len(row) for row in rows}) <= 1


# Who comes for another


@given(some.sampled_from(["", Evidence.NONE]), some.one_of(some.none(), some.integers(0, 110)))
def test_with_nothing_shown_nobody_is_told_even_that_she_is_known(evidence: str, age: int | None) -> None:
    told = what_may_be_told(evidence, age=age)
    assert told.may.startswith("Solo información general")
    assert "No diga si la persona es conocida" in told.may
    assert not told.takes_paper


@pytest.mark.parametrize("age", [0, 13, 15, 16, 17])
def test_a_parent_is_told_of_her_childs_business(age: int) -> None:
    told = what_may_be_told(Evidence.BIRTH, age=age)
    assert "trámite de su hija o hijo" in told.may
    assert ("art. 16 quáter" in told.ground) == (age < 16)
    assert told.takes_paper


@pytest.mark.parametrize("age", [None, 18, 40])
def test_a_birth_certificate_opens_nothing_of_an_adult_or_of_whose_age_is_not_known(age: int | None) -> None:
    told = what_may_be_told(Evidence.BIRTH, age=age)
    assert "solo información general" in told.may.lower()
    assert not told.takes_paper


def test_each_ground_is_a_law_or_says_that_it_is_the_houses() -> None:
    for evidence in Evidence:
        for age in (None, 10, 17, 40):
            ground = what_may_be_told(evidence, age=age).ground
            assert "Ley 19.628" in ground or "Criterio de la casa" in ground


def test_the_paper_goes_home_with_who_came() -> None:
    assert takes_paper(Requester.SELF, "", age=40)
    assert takes_paper(Requester.THIRD_PARTY, Evidence.POWER, age=40)
    for evidence in ("", Evidence.NONE, Evidence.CARER_CREDENTIAL):
        assert not takes_paper(Requester.THIRD_PARTY, evidence, age=40)
    assert not takes_paper(Requester.INSTITUTION, Evidence.OFFICIAL_LETTER, age=40)
