"""Extracts of the State over time: what a newer one adds, what it no longer brings, in whichever order they come."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.file_of import figures, load_rows, loaded_rows
from tests.make import COMBARBALA, MONTE_PATRIA, TODAY, actor, inside
from tests.make import person as make_person
from tests.registry.extract_rows import INES, LUIS, NOVEMBER, OCTOBER, ROSA, RUNS, SEPTEMBER, day, facts, load, suf

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.datasets import Applied, Batch, Closed
from ventanilla.core.errors import NotAllowed
from ventanilla.core.models import AuditEvent
from ventanilla.datasets.applying import UNFINISHED
from ventanilla.datasets.run import command_actor
from ventanilla.registry.extracts import SPOKEN, looks_like_another_file
from ventanilla.registry.loading import close_extracts, load_familias, load_rsh_requests, load_subsidies
from ventanilla.registry.loading.references import UNKNOWN_PERSON
from ventanilla.registry.loading.statements import STATED_OTHERWISE
from ventanilla.registry.models import Extract, Fact
from ventanilla.registry.vocabulary import ExtractScope, FactKind, Subsidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> None:
    with inside():
        for run in RUNS:
            make_person(run=run)


def told(run: str) -> list[tuple[date, bool]]:
    """The dates of what is known of somebody's SUF, and whether it is that she is gone."""
    return [(fact.as_of, fact.is_gone) for fact in facts(person__run=run, value=Subsidy.SUF)]


# What one extract says


def test_a_subsidy_says_of_whom_who_collects_it_and_by_which_resolution(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, OCTOBER, titular=LUIS, hasta="31-05-2028", resolucion="Res. 1.204 de 2025"))
    (fact,) = facts(kind=FactKind.SUBSIDY)
    assert (fact.person and fact.person.run, fact.holder and fact.holder.run) == (ROSA, LUIS)
    assert (fact.amount, fact.valid_until, fact.detail) == (22007, date(2028, 5, 31), "Res. 1.204 de 2025")
    assert (fact.source, fact.expires_on) == ("subsidies", date(2031, 10, 1))


def test_an_extract_carries_its_purpose_and_its_term(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, OCTOBER))
    with acting(command_actor(MONTE_PATRIA)):
        extract = Extract.objects.get()
    assert (extract.scope, extract.as_of, extract.is_whole) == (ExtractScope.SUF, date(2026, 10, 1), True)
    assert (extract.purpose, extract.expires_on) == (SPOKEN[ExtractScope.SUF].purpose, date(2031, 10, 1))


def test_every_subsidy_is_spoken_for_by_one_extract() -> None:
    assert sorted(value for spoken in SPOKEN.values() for value in spoken.values) == sorted(Subsidy)


def test_a_holder_nobody_knows_here_leaves_the_subsidy_without_holder(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, OCTOBER, titular="90.999.999-9"))
    (fact,) = facts(kind=FactKind.SUBSIDY)
    assert fact.holder is None


def test_an_extract_past_its_term_is_refused(tmp_path: Path, town: None) -> None:
    found = load_rows(tmp_path, "subsidios", suf(ROSA, "01-10-2015"), suf(LUIS, "01-10-2999"))
    assert set(found.reasons) == {
        "El extracto tiene más de 60 meses: ya no corresponde conservar sus datos.",
        "La columna «fecha_extracto» tiene una fecha futura.",
    }


# What a newer one adds, and what it no longer brings


def test_the_same_extract_twice_changes_nothing(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    newer = [suf(ROSA, OCTOBER)]
    load(tmp_path, *newer)
    before = [(fact.pk, fact.as_of, fact.is_gone) for fact in facts()]
    again = loaded_rows(tmp_path, "subsidios", *newer)
    assert (figures(again.figures), again.closed) == ((0, 0, 1, 0), Closed())
    assert [(fact.pk, fact.as_of, fact.is_gone) for fact in facts()] == before


def test_who_no_longer_comes_is_gone_since_that_date_and_stays_known(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    assert load(tmp_path, suf(ROSA, OCTOBER)) == Closed(gone=1)
    assert told(LUIS) == [(day(SEPTEMBER), False), (day(OCTOBER), True)]
    gone = facts(is_gone=True)[0]
    assert (gone.valid_until, gone.amount) == (date(2026, 9, 30), None)


def test_who_is_gone_is_said_once_and_may_come_back(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    load(tmp_path, suf(ROSA, OCTOBER))
    assert load(tmp_path, suf(ROSA, NOVEMBER)) == Closed()
    assert told(LUIS)[-1] == (day(OCTOBER), True)
    load(tmp_path, suf(ROSA, "15-11-2026"), suf(LUIS, "15-11-2026"))
    assert told(LUIS)[-1] == (date(2026, 11, 15), False)


def test_a_programme_says_nothing_of_another(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER, subsidio="pgu"))
    assert load(tmp_path, suf(INES, OCTOBER)) == Closed(gone=1)
    assert [fact.person and fact.person.run for fact in facts(is_gone=True)] == [ROSA]


def test_what_ended_by_its_own_term_is_not_gone(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER, hasta="30-09-2026"))
    assert load(tmp_path, suf(INES, OCTOBER)) == Closed()


def test_what_other_files_had_stated_can_be_gone_too(tmp_path: Path, town: None) -> None:
    stated = {"tipo": "subsidio", "valor": "suf", "fuente": "subsidios", "fecha_dato": SEPTEMBER}
    load_rows(tmp_path, "antecedentes", {"persona": ROSA} | stated)
    assert load(tmp_path, suf(INES, OCTOBER)) == Closed(gone=1)


def test_a_statement_of_before_that_comes_later_is_held_against_the_extract_it_is_not_in(
    tmp_path: Path, town: None
) -> None:
    load(tmp_path, suf(INES, OCTOBER))
    stated = {"tipo": "subsidio", "valor": "suf", "fuente": "subsidios", "fecha_dato": SEPTEMBER}
    load_rows(tmp_path, "antecedentes", {"persona": ROSA} | stated, {"persona": INES} | stated)
    assert told(ROSA) == [(day(SEPTEMBER), False), (day(OCTOBER), True)]
    assert told(INES) == [(day(SEPTEMBER), False), (day(OCTOBER), False)]


def test_nobody_whose_data_are_blocked_is_marked(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    with inside():
        rosa = Fact.objects.get(person__run=ROSA).person
        assert rosa is not None
        rosa.processing_blocked = True
        rosa.save()
    assert load(tmp_path, suf(INES, OCTOBER)) == Closed(gone=1)
    assert told(ROSA) == [(day(SEPTEMBER), False)]


def test_what_is_marked_is_in_the_audit_under_its_load(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER))
    loaded = loaded_rows(tmp_path, "subsidios", suf(INES, OCTOBER))
    (gone,) = facts(is_gone=True)
    with acting(command_actor(MONTE_PATRIA)):
        event = AuditEvent.objects.get(table_name="registry_fact", row_id=str(gone.pk))
    assert event.request_id == loaded.load_id


def test_an_extract_of_another_municipality_marks_nobody_here(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER))
    with inside(COMBARBALA):
        make_person(run=INES)
    assert load(tmp_path, suf(INES, OCTOBER), institution=COMBARBALA) == Closed()
    assert told(ROSA) == [(day(SEPTEMBER), False)]


@pytest.mark.parametrize("action", [load_subsidies, load_familias, load_rsh_requests])
def test_who_may_not_load_writes_nothing(action: Callable[..., Applied]) -> None:
    desk = actor(Role.FRONT_DESK)
    batch = Batch(MONTE_PATRIA, clock.now(), TODAY, "America/Santiago")
    with acting(desk), pytest.raises(NotAllowed):
        action(batch, by=desk)
    with acting(desk), pytest.raises(NotAllowed):
        close_extracts(batch, [("suf", TODAY)], by=desk)


# What protects from the wrong file


@pytest.mark.parametrize(
    ("gone", "figured", "is_other"),
    [(0, 0, False), (5, 5, False), (6, 7, True), (6, 30, False), (7, 30, True), (200, 1000, False), (201, 1000, True)],
)
def test_a_share_of_those_who_figured_and_more_than_a_few_look_like_another_file(
    gone: int, figured: int, is_other: bool
) -> None:
    assert looks_like_another_file(gone, figured=figured) is is_other


def test_a_file_that_would_leave_out_too_many_marks_nobody_and_says_so(tmp_path: Path, town: None) -> None:
    load(tmp_path, *[suf(run, SEPTEMBER) for run in RUNS])
    few = [suf(run, OCTOBER) for run in RUNS[:10]]
    closed = load(tmp_path, *few)
    assert closed.gone == 0
    assert "dejarían de figurar 20 de 30, más del 20 %" in closed.refusals[0]
    assert facts(is_gone=True) == []
    closed = load(tmp_path, *few, accept_gone=True)
    assert (closed.gone, closed.refusals, len(closed.despite)) == (20, (), 1)


def test_an_extract_in_two_files_is_whole_with_the_second(tmp_path: Path, town: None) -> None:
    load(tmp_path, *[suf(run, SEPTEMBER) for run in RUNS])
    assert load(tmp_path, *[suf(run, OCTOBER) for run in RUNS[:10]]).refusals
    assert load(tmp_path, *[suf(run, OCTOBER) for run in RUNS[10:29]]) == Closed(gone=1)
    assert [fact.person and fact.person.run for fact in facts(is_gone=True)] == [RUNS[29]]


def test_whom_the_second_file_of_a_date_brings_was_never_gone(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    load(tmp_path, suf(ROSA, OCTOBER))
    second = loaded_rows(tmp_path, "subsidios", suf(LUIS, OCTOBER))
    assert figures(second.figures) == (0, 1, 0, 0)
    assert told(LUIS) == [(day(SEPTEMBER), False), (day(OCTOBER), False)]


def test_a_rejected_row_might_be_hers_so_nobody_is_marked(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    closed = load(tmp_path, suf(ROSA, OCTOBER), suf(LUIS, OCTOBER, monto="mucho"))
    assert closed == Closed(refusals=(UNFINISHED,))
    assert load(tmp_path, suf(LUIS, OCTOBER)) == Closed()
    assert facts(is_gone=True) == []


def test_rows_of_people_nobody_knows_here_do_not_stop_it(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, SEPTEMBER))
    loaded = loaded_rows(tmp_path, "subsidios", suf(ROSA, OCTOBER), suf("90.999.999-9", OCTOBER))
    assert (set(loaded.figures.reasons), loaded.closed) == ({UNKNOWN_PERSON}, Closed(gone=1))


def test_a_file_of_two_dates_is_of_no_date(tmp_path: Path, town: None) -> None:
    closed = load(tmp_path, suf(ROSA, SEPTEMBER), suf(LUIS, OCTOBER))
    assert (closed.gone, len(closed.refusals)) == (0, 1)
    assert "2 fechas de extracto (01-09-2026, 01-10-2026)" in closed.refusals[0]


def test_a_dry_run_tells_who_would_be_gone_and_marks_nobody(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, SEPTEMBER))
    assert load(tmp_path, suf(INES, OCTOBER), dry_run=True) == Closed(gone=1)
    assert told(ROSA) == [(day(SEPTEMBER), False)]


def test_what_is_known_of_that_date_is_not_replaced(tmp_path: Path, town: None) -> None:
    load(tmp_path, suf(ROSA, OCTOBER))
    found = load_rows(tmp_path, "subsidios", suf(ROSA, OCTOBER, monto="44014"))
    assert set(found.reasons) == {STATED_OTHERWISE}
    assert facts(kind=FactKind.SUBSIDY)[0].amount == 22007


# In whichever order

LOOSE = "15-10-2026"
"""The date of statements that come in a file that is no extract."""
LETTERS = {"A": SEPTEMBER, "B": OCTOBER, "C": NOVEMBER, "D": "10-11-2026"}


def current(runs: Sequence[str]) -> dict[str, tuple[date, bool, int | None, date | None]]:
    """Of each: the newest date she figured with her amount, whether she is gone now, and since when."""
    found = {}
    for run in runs:
        mine = facts(person__run=run)
        if not mine:
            continue
        last = max((fact for fact in mine if not fact.is_gone), key=lambda fact: fact.as_of)
        gone = min((fact.as_of for fact in mine if fact.is_gone and fact.as_of > last.as_of), default=None)
        found[run] = (last.as_of, mine[-1].is_gone, last.amount, gone)
    return found


def after(extracts: Sequence[tuple[str, dict[str, int]]]) -> dict[str, tuple[date, bool, int | None, date | None]]:
    """What is so once these were loaded, in a town that is then forgotten."""
    with TemporaryDirectory() as folder, transaction.atomic():
        with inside():
            for run in RUNS[:4]:
                make_person(run=run)
        for on, amounts in extracts:
            if on == LOOSE:
                stated = {"tipo": "subsidio", "valor": "suf", "fuente": "subsidios", "fecha_dato": on}
                rows = [stated | {"persona": run, "monto": str(amount)} for run, amount in amounts.items()]
                load(Path(folder), *rows, dataset="antecedentes")
            else:
                rows = [suf(run, on, monto=str(amount)) for run, amount in amounts.items()]
                load(Path(folder), *rows, accept_gone=True)
        found = current(RUNS[:4])
        transaction.set_rollback(True)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    came=st.lists(st.dictionaries(st.sampled_from(RUNS[:4]), st.integers(1, 9), min_size=1), min_size=3, max_size=4),
    loose=st.dictionaries(st.sampled_from(RUNS[:4]), st.integers(1, 9)),
    order=st.randoms(use_true_random=False),
)
def test_extracts_in_any_order_leave_the_same_current_facts(
    came: list[dict[str, int]], loose: dict[str, int], order: Any
) -> None:
    whole = list(zip(LETTERS.values(), came, strict=False))
    files = sorted([*whole, (LOOSE, loose)], key=lambda file: day(file[0]))
    in_order = after(files)
    assert after(order.sample(files, len(files))) == in_order
    for run, (last, is_gone, amount, gone) in in_order.items():
        said = {day(on): amounts[run] for on, amounts in files if run in amounts}
        later = [day(on) for on, _ in whole if day(on) > max(said)]
        assert (last, amount) == (max(said), said[max(said)])
        assert (is_gone, gone) == (bool(later), later[0] if later else None)


@pytest.mark.parametrize("order", list(permutations("ABC")))
def test_who_came_in_the_middle_alone_is_gone_whatever_came_first(order: Sequence[str]) -> None:
    came = {"A": {RUNS[1]: 1}, "B": {RUNS[0]: 2, RUNS[1]: 1}, "C": {RUNS[1]: 1}}
    found = after([(LETTERS[letter], came[letter]) for letter in order])
    assert found[RUNS[0]] == (day(OCTOBER), True, 2, day(NOVEMBER))
