"""Who is called next: preference without starving the rest."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as some

from ventanilla.core.ids import new_id
from ventanilla.intake.waiting.rules import (
    MOST_PREFERENTIAL_IN_A_ROW,
    InRoom,
    is_giving_numbers,
    mean_minutes,
    next_called,
    objection_to_priority,
)
from ventanilla.intake.waiting.states import TICKET_LIFECYCLE, Priority, TicketState

NINE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def one(minute: int, *, first: bool = False, urgent: bool = False) -> InRoom:
    return InRoom(new_id(), NINE + timedelta(minutes=minute), first or urgent, urgent)


def test_with_nobody_waiting_nobody_is_called() -> None:
    assert next_called([], [True]) is None


def test_preference_goes_before_an_earlier_arrival_and_urgency_before_preference() -> None:
    ordinary, preferential, urgent = one(0), one(5, first=True), one(9, urgent=True)
    choice = next_called([ordinary, preferential], [])
    assert choice
    assert choice.id == preferential.id
    choice = next_called([ordinary, preferential, urgent], [])
    assert choice
    assert choice.id == urgent.id


def test_after_two_preferences_whoever_waits_longest_without_one_is_called() -> None:
    ordinary, later, preferential = one(3), one(4), one(0, first=True)
    choice = next_called([later, ordinary, preferential], [True, True])
    assert choice
    assert choice.id == ordinary.id
    assert "preferencia" in choice.why
    choice = next_called([preferential], [True, True])
    assert choice
    assert choice.id == preferential.id


@given(some.lists(some.tuples(some.integers(0, 300), some.booleans(), some.booleans()), max_size=30))
def test_nobody_without_preference_waits_behind_more_than_two_preferences_in_a_row(
    people: list[tuple[int, bool, bool]],
) -> None:
    waiting = [one(minute, first=first, urgent=urgent) for minute, first, urgent in people]
    recent: list[bool] = []
    in_a_row = 0
    while waiting:
        choice = next_called(waiting, recent)
        assert choice
        called = next(person for person in waiting if person.id == choice.id)
        others = [person for person in waiting if not person.is_preferential]
        in_a_row = in_a_row + 1 if called.is_preferential else 0
        assert in_a_row <= MOST_PREFERENTIAL_IN_A_ROW or not others
        waiting.remove(called)
        recent.insert(0, called.is_preferential)


def test_a_preference_by_disability_or_care_says_what_showed_it() -> None:
    assert objection_to_priority(Priority.DISABILITY, " ", None)
    assert objection_to_priority(Priority.CARER, "", 40)
    assert objection_to_priority(Priority.DISABILITY, "Credencial", 40) is None
    assert objection_to_priority(Priority.URGENCY, "", None)
    assert objection_to_priority(Priority.PREGNANCY, "", 30) is None


def test_a_preference_by_age_is_refused_only_when_the_birth_date_denies_it() -> None:
    assert objection_to_priority(Priority.AGE, "", 59)
    assert objection_to_priority(Priority.AGE, "", 60) is None
    assert objection_to_priority(Priority.AGE, "", None) is None


def test_a_queue_without_hours_always_gives_numbers() -> None:
    assert is_giving_numbers(None, None, time(23, 59))
    assert is_giving_numbers(time(8, 30), time(14), time(8, 30))
    assert not is_giving_numbers(time(8, 30), time(14), time(14))
    assert not is_giving_numbers(time(8, 30), None, time(8))


def test_a_mean_counts_only_what_ended() -> None:
    assert mean_minutes([(NINE, NINE + timedelta(minutes=10)), (NINE, None)]) == 10
    assert mean_minutes([]) is None


def test_only_who_did_not_come_may_wait_again() -> None:
    again = {before for before, after in TICKET_LIFECYCLE.steps() if after == TicketState.WAITING}
    assert again == {TicketState.NO_SHOW}
