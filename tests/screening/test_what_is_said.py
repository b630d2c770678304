"""What holds, what is declared beside it and what was said before: the rules alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from ventanilla.registry.models import Fact, Person
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening import events
from ventanilla.screening.compile import benefits_gone, benefits_in_force
from ventanilla.screening.rules import alerts, time_left
from ventanilla.screening.shapes import Benefit, SourceDate
from ventanilla.screening.statements import BACK, GONE, Statement, statements

DAY = date(2026, 11, 23)
JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (7, 8, 9, 10))
ANA = Person(institution_id=4303, given_names="Ana")


def suf(on: date, *, is_gone: bool = False, **extra: Any) -> Fact:
    said: dict[str, Any] = {"amount": None if is_gone else 22007, "source": Source.SUBSIDIES, "person": ANA}
    if is_gone:
        said["valid_until"] = on - timedelta(days=1)
    return Fact(institution_id=4303, kind=FactKind.SUBSIDY, value="suf", as_of=on, is_gone=is_gone, **(said | extra))


def told(*oldest_first: Fact) -> list[Statement]:
    return statements(oldest_first[::-1], *FactKind)


def test_the_newest_holds_and_what_changed_is_told_with_its_day() -> None:
    (one,) = told(suf(JULY), suf(AUGUST), suf(SEPTEMBER, amount=44014))
    assert (one.fact.amount, one.gone_on) == (44014, None)
    assert [(said.on, said.words) for said in one.before] == [
        (JULY, "$22.007"),
    ]
    assert one.before[0].source == "Plataforma de subsidios"


def test_what_was_always_said_the_same_has_no_history() -> None:
    (one,) = told(suf(JULY), suf(AUGUST))
    assert one.before == ()


def test_what_is_gone_says_since_which_extract_and_what_it_was() -> None:
    (one,) = told(suf(JULY), suf(AUGUST), suf(SEPTEMBER, is_gone=True), suf(OCTOBER, is_gone=True))
    assert (one.fact.as_of, one.gone_on) == (AUGUST, SEPTEMBER)
    assert [said.words for said in one.before] == ["$22.007"]


def test_what_came_back_says_so() -> None:
    (one,) = told(suf(JULY), suf(AUGUST, is_gone=True), suf(SEPTEMBER))
    assert one.gone_on is None
    assert [said.words for said in one.before] == [GONE, "$22.007"]


def test_what_changed_since_it_came_back_says_that_it_came_back() -> None:
    (one,) = told(suf(JULY), suf(AUGUST, is_gone=True), suf(SEPTEMBER), suf(OCTOBER, amount=44014))
    assert [said.words for said in one.before] == [f"{BACK}: $22.007", GONE, "$22.007"]


@pytest.mark.parametrize(("declared", "differs"), [(22007, False), (30000, True), (None, True)])
def test_what_she_declares_stands_beside_and_is_marked_when_it_differs(declared: int | None, differs: bool) -> None:
    hers = suf(AUGUST, source=Source.DECLARED, amount=declared)
    (one,) = told(suf(JULY), hers)
    assert (one.fact.source, one.declared, one.differs) == (Source.SUBSIDIES, hers, differs)


def test_what_only_she_declares_stands_alone() -> None:
    (one,) = told(suf(AUGUST, source=Source.DECLARED))
    assert (one.fact.source, one.declared, one.differs) == (Source.DECLARED, None, False)


def test_she_declares_what_is_no_longer_in_the_extract() -> None:
    facts = [suf(SEPTEMBER, is_gone=True), suf(AUGUST, source=Source.DECLARED), suf(JULY)]
    (one,) = statements(facts, FactKind.SUBSIDY)
    assert one.differs
    (received,) = benefits_in_force(facts, {ANA.pk: ANA}, DAY)
    (gone,) = benefits_gone(facts, {ANA.pk: ANA}, DAY)
    assert (received.source.source, gone.gone_on) == (Source.DECLARED, SEPTEMBER)


def test_who_collects_it_is_named_only_if_she_is_of_the_home() -> None:
    luis = Person(institution_id=4303, given_names="Luis")
    fact = suf(JULY, holder_id=luis.pk)
    assert benefits_in_force([fact], {ANA.pk: ANA, luis.pk: luis}, DAY)[0].holder is luis
    assert benefits_in_force([fact], {ANA.pk: ANA}, DAY)[0].holder is None


def test_what_is_gone_for_more_than_a_year_is_left_to_the_history() -> None:
    long_ago = [suf(date(2025, 11, 1), is_gone=True), suf(date(2025, 10, 1))]
    assert benefits_gone(long_ago, {ANA.pk: ANA}, DAY) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "termina hoy"), (1, "queda 1 día"), (59, "quedan 59 días"), (61, "termina en 2 meses"),
     (90, "termina en 2 meses"), (92, "termina en 3 meses"), (365, "termina en 12 meses"), (420, "")],
)  # fmt: skip
def test_how_long_it_still_runs(days: int, words: str) -> None:
    assert time_left(DAY + timedelta(days=days), on=DAY) == words


@pytest.mark.parametrize(("ago", "count"), [(0, 1), (90, 1), (91, 0)])
def test_that_somebody_is_no_longer_in_an_extract_is_an_alert_for_three_months(ago: int, count: int) -> None:
    gone = Statement(suf(JULY), gone_on=DAY - timedelta(days=ago))
    benefit = Benefit("SUF", ANA, 22007, None, False, SourceDate(Source.SUBSIDIES, JULY), statement=gone)
    found = alerts(ANA, bracket=None, benefits=[], has_home=True, on=DAY, no_longer=[benefit])
    assert len([alert for alert in found if "SUF de Ana ya no figura en el extracto" in alert.title]) == count


def test_the_history_tells_once_that_it_is_gone_and_that_it_is_back() -> None:
    facts = [suf(JULY), suf(AUGUST, is_gone=True), suf(SEPTEMBER, is_gone=True), suf(OCTOBER)]
    found = [(event.on, event.title) for event in events.newest(events.of_facts(facts, on=DAY), 9)]
    assert found == [
        (OCTOBER, "Vuelve a figurar: Subsidio Familiar (SUF)"),
        (AUGUST, "Ya no figura en el extracto: Subsidio Familiar (SUF)"),
        (JULY, "Figura con Subsidio Familiar (SUF)"),
    ]


def test_a_request_tells_each_of_its_states() -> None:
    request = {"kind": FactKind.RSH_REQUEST, "value": "S-1", "source": Source.RSH, "institution_id": 4303}
    facts = [
        Fact(as_of=JULY, detail="Ingreso: en revisión", **request),
        Fact(as_of=AUGUST, detail="Ingreso: aprobada", **request),
    ]
    found = [(event.title, event.more) for event in events.newest(events.of_facts(facts, on=DAY), 9)]
    assert found == [
        ("Solicitud en el RSH. Ingreso: aprobada", "(antes Ingreso: en revisión)"),
        ("Solicitud en el RSH. Ingreso: en revisión", ""),
    ]
