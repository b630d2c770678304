"""Who is called next: preference without starving the rest."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as some

from ventanilla.core.ids import new_id
from ventanilla.intake.waiting.rules import (
    MOST_PREFERENTIAL_IN_A_ROW,
    InRoom,
    is_giving_numbers,
    kept_her_hour,
    mean_minutes,
    median_minutes,
    minutes_between,
    next_called,
    objection_to_priority,
)
from ventanilla.intake.waiting.states import TICKET_LIFECYCLE, Priority, TicketState

NINE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def one(minute: int, *, first: bool = False, urgent: bool = False, hour: int | None = None) -> InRoom:
    """Who came so many minutes after nine; ``hour`` is when her appointment was, in minutes after nine."""
    expected = None if hour is None else NINE + timedelta(minutes=hour)
    return InRoom(new_id(), NINE + timedelta(minutes=minute), first or urgent, urgent, expected)


def called(waiting: list[InRoom], went_first: list[bool] | None = None, *, at: int = 60) -> InRoom:
    """Who is called so many minutes after nine."""
    choice = next_called(waiting, went_first or [], now=NINE + timedelta(minutes=at))
    assert choice
    return next(person for person in waiting if person.id == choice.id)


def test_with_nobody_waiting_nobody_is_called() -> None:
    assert next_called([], [True], now=NINE) is None


def test_preference_goes_before_an_earlier_arrival_and_urgency_before_preference() -> None:
    ordinary, preferential, urgent = one(0), one(5, first=True), one(9, urgent=True)
    assert called([ordinary, preferential]) == preferential
    assert called([ordinary, preferential, urgent]) == urgent


def test_after_two_preferences_whoever_waits_longest_without_one_is_called() -> None:
    ordinary, later, preferential = one(3), one(4), one(0, first=True)
    assert called([later, ordinary, preferential], [True, True]) == ordinary
    assert called([preferential], [True, True]) == preferential
    choice = next_called([later, ordinary], [True, True], now=NINE)
    assert choice
    assert "preferencia" in choice.why


def test_from_her_hour_on_she_goes_before_who_came_without_one() -> None:
    since_eight, on_time = one(-60), one(20, hour=30)
    assert called([since_eight, on_time], at=29) == since_eight
    assert called([since_eight, on_time], at=30) == on_time
    choice = next_called([on_time], [], now=NINE + timedelta(minutes=30))
    assert choice
    assert choice.why == "Tenía hora a las 12:30."


def test_before_her_hour_she_is_called_only_when_nobody_else_waits() -> None:
    early, earlier_hour = one(0, hour=50), one(5, hour=40)
    assert called([early, earlier_hour], at=10) == earlier_hour
    choice = next_called([early], [], now=NINE + timedelta(minutes=10))
    assert choice
    assert choice.why == "Nadie más espera: pasa antes de su hora de las 12:50."


def test_ten_minutes_late_she_kept_her_hour_and_later_she_waits_by_her_arrival() -> None:
    walked_in, just, late = one(15), one(40, hour=30), one(41, hour=30)
    assert called([walked_in, just]) == just
    assert called([walked_in, late]) == walked_in
    assert called([late, one(45)]) == late


def test_of_two_hours_and_a_preference_the_earlier_goes_first() -> None:
    at_nine, at_half_past, preferential = one(0, hour=0), one(10, hour=30), one(20, first=True)
    assert called([at_half_past, preferential, at_nine]) == at_nine
    assert called([at_half_past, preferential]) == preferential


def test_a_preference_is_never_the_worse_for_having_an_hour() -> None:
    both, walked_in = one(0, first=True, hour=50), one(-5)
    assert called([both, walked_in], at=10) == both


@given(
    some.lists(
        some.tuples(some.integers(0, 300), some.booleans(), some.booleans(), some.none() | some.integers(0, 300)),
        max_size=15,
    )
)
def test_nobody_waits_for_her_turn_behind_more_than_two_who_go_first_and_everybody_is_called(
    people: list[tuple[int, bool, bool, int | None]],
) -> None:
    waiting = [one(minute, first=first, urgent=urgent, hour=hour) for minute, first, urgent, hour in people]

    def goes_first(person: InRoom) -> bool:
        return person.is_preferential or (
            person.expected_at is not None and kept_her_hour(person.arrived_at, person.expected_at)
        )

    recent: list[bool] = []
    in_a_row = 0
    while waiting:
        chosen = called(waiting, recent, at=400)
        others = [person for person in waiting if not goes_first(person)]
        in_a_row = in_a_row + 1 if goes_first(chosen) else 0
        assert in_a_row <= MOST_PREFERENTIAL_IN_A_ROW or not others
        waiting.remove(chosen)
        recent.insert(0, goes_first(chosen))


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
    assert median_minutes([]) is None


def test_one_who_waited_all_morning_moves_the_mean_and_not_the_median() -> None:
    waits = [(NINE, NINE + timedelta(minutes=minutes)) for minutes in (5, 6, 7, 240)]
    assert (mean_minutes(waits), median_minutes(waits)) == (64, 6)


def test_a_clock_set_back_gives_no_negative_minutes() -> None:
    back = (NINE, NINE - timedelta(hours=1))
    assert minutes_between(*back) == 0
    assert mean_minutes([back, (NINE, NINE + timedelta(minutes=10))]) == 5


def test_only_who_did_not_come_may_wait_again() -> None:
    again = {before for before, after in TICKET_LIFECYCLE.steps() if after == TicketState.WAITING}
    assert again == {TicketState.NO_SHOW}
