"""What counts as an event, and the one order in which events are told, page after page."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening import events
from ventanilla.screening.events import Event, EventKind, Key
from ventanilla.screening.history import read_key, write_key

DAY = date(2026, 11, 23)


def fact(kind: FactKind, on: date, value: str = "", **extra: Any) -> Fact:
    return Fact(institution_id=4303, kind=kind, as_of=on, value=value, **({"source": Source.RSH} | extra))


def told(*facts: Fact) -> list[tuple[str, str, date]]:
    found = events.newest(events.of_facts(facts, on=DAY), 99)
    return [(event.title, event.more.replace("\N{NO-BREAK SPACE}", " "), event.on) for event in found]


def test_a_bracket_that_moved_says_from_where_and_the_same_one_again_is_no_event() -> None:
    days = [date(2026, month, 1) for month in (3, 6, 9)]
    brackets = [fact(FactKind.RSH_BRACKET, on, value) for on, value in zip(days, ("40", "40", "60"), strict=True)]
    assert told(*reversed(brackets)) == [
        ("Tramo del 60\N{NO-BREAK SPACE}% en el RSH", "(antes 40 %)", days[2]),
        ("Tramo del 40\N{NO-BREAK SPACE}% en el RSH", "", days[0]),
    ]


def test_what_the_person_declares_is_not_a_change_of_what_the_registry_says() -> None:
    registry = fact(FactKind.RSH_BRACKET, date(2026, 3, 1), "40")
    declared = fact(FactKind.RSH_BRACKET, date(2026, 6, 1), "80", source=Source.DECLARED)
    found = events.newest(events.of_facts([registry, declared], on=DAY), 9)
    assert [(event.kind, event.more) for event in found] == [(EventKind.DECLARED, ""), (EventKind.REGISTRY, "")]


def test_a_benefit_begins_and_ends_once_however_many_extracts_brought_it() -> None:
    term = {
        "valid_from": date(2025, 1, 1),
        "source": Source.SUBSIDIES,
        "person": Person(institution_id=4303, given_names="Martín"),
    }
    extracts = [
        fact(FactKind.SUBSIDY, date(2025, 2, 1), "suf", amount=20_328, valid_until=date(2025, 12, 31), **term),
        fact(FactKind.SUBSIDY, date(2025, 8, 1), "suf", amount=22_007, valid_until=date(2026, 6, 30), **term),
    ]
    assert told(*extracts) == [
        ("Termina Subsidio Familiar (SUF)", "", date(2026, 6, 30)),
        ("Comienza Subsidio Familiar (SUF)", "$22.007", date(2025, 1, 1)),
    ]


@pytest.mark.parametrize(("left", "ends"), [(-1, True), (0, True), (1, False)])
def test_what_has_not_happened_yet_is_no_event(left: int, ends: bool) -> None:
    until = DAY + timedelta(days=left)
    subsidy = fact(FactKind.SUBSIDY, date(2026, 1, 1), "suf", valid_from=date(2026, 1, 1), valid_until=until)
    future = fact(FactKind.DISABILITY, DAY + timedelta(days=1), "visual")
    assert len(told(subsidy, future)) == 1 + ends


def test_several_indicators_hold_at_once_and_are_no_change_of_each_other() -> None:
    both = [fact(FactKind.FAMILIAS_INDICATOR, date(2026, 1, 1), value) for value in ("sin controles", "sin trabajo")]
    assert {more for _, more, _ in told(*both)} == {""}


# The order, and pages that begin where the last one ended

keys = strategies.builds(
    Key,
    on=strategies.dates(date(2020, 1, 1), date(2026, 12, 31)),
    stamp=strategies.one_of(
        strategies.just(""),
        strategies.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.strftime(events.STAMP)),
    ),
    rank=strategies.integers(0, 6),
    id=strategies.uuids().map(str),
)


@given(keys)
def test_the_beginning_of_a_page_is_read_as_it_was_written(key: Key) -> None:
    assert read_key(write_key(key)) == key


@given(strategies.text() | strategies.binary().map(lambda raw: raw.decode("latin-1")))
def test_an_address_that_somebody_changed_is_the_newest_page(text: str) -> None:
    found = read_key(text)
    assert found is None or read_key(write_key(found)) == found


@given(strategies.lists(keys, unique=True, max_size=30), strategies.integers(1, 7))
@settings(max_examples=50)
def test_pages_tell_every_event_once_and_in_order(found: list[Key], size: int) -> None:
    all_of_them = [Event(key, EventKind.REGISTRY, title="x") for key in found]
    read: list[Key] = []
    before = None
    while page := events.newest(all_of_them, size, before=before):
        read += [event.key for event in page]
        before = page[-1].key
    assert read == sorted(found, reverse=True)
