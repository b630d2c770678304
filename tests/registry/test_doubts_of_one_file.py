"""What a file has of doubtful is the same in its trial and in its load, in whatever batches, and killed wherever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.bringing import again, bring, counterpart, done, loaded, table
from tests.datasets.file_of import loaded_rows
from tests.make import MONTE_PATRIA, actor

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.run import Run
from ventanilla.datasets.applying import Figures
from ventanilla.datasets.course import actions, working
from ventanilla.datasets.models import Load
from ventanilla.datasets.run import command_actor
from ventanilla.datasets.states import LoadState
from ventanilla.registry.merging.actions import Joining, leave_for_later, merge_pair, set_apart
from ventanilla.registry.models import DuplicateSearch, Person, PossibleDuplicate

pytestmark = pytest.mark.django_db
Row = dict[str, str]

KNOWN = st.integers(90_000_000, 90_000_003).map(lambda body: Run(body).canonical)
NAMES = st.sampled_from(
    [("Rosa Elvira", "Araya", "Tapia"), ("Rosa", "Araya", ""), ("Roza Elvira", "Haraya", "Tapia"),
     ("Luis Alberto", "Vega", "Pizarro"), ("Luis", "Vega", "Pizarro"), ("Fresia", "Soto", "Vega")]
)  # fmt: skip
BIRTHS = st.sampled_from(["", "14-05-1983", "05-04-1983", "04-05-1983"])


def row(run: str, name: tuple[str, str, str], birth: str, reference: str = "", as_of: str = "01-11-2026") -> Row:
    given_names, first, second = name
    return {"run": run, "referencia": reference, "nombres": given_names, "primer_apellido": first,
            "segundo_apellido": second, "fecha_nacimiento": birth, "fuente": "rsh", "fecha_dato": as_of}  # fmt: skip


def with_references(rows: list[tuple[bool, str, tuple[str, str, str], str]]) -> list[Row]:
    """Half of them have no RUN but a reference of their own, as have some of the others; no RUN comes twice."""
    made, seen = [], set()
    for place, (has_reference, run, name, birth) in enumerate(rows):
        has_run = not place % 2 and run not in seen
        seen |= {run} if has_run else set()
        reference = "" if has_run and not has_reference else f"A-{place}"
        made.append(row(run if has_run else "", name, birth, reference, "01-10-2026"))
    return made


FILES = st.lists(st.tuples(st.booleans(), KNOWN, NAMES, BIRTHS), min_size=1, max_size=10).map(with_references)


WHOLE = st.sampled_from([("Rosa Elvira", "Araya", "Tapia"), ("Luis Alberto", "Vega", "Pizarro")])
BEFORE = st.lists(st.tuples(KNOWN, WHOLE, st.sampled_from(["14-05-1983", "05-04-1983"])), max_size=4)
"""Of whom all is known, and of a newer day: no row changes what later rows are compared with."""


def new_and_doubtful(found: Figures) -> tuple[int, int]:
    assert found.read == found.new + found.changed + found.same + found.doubtful + found.rejected
    return found.new, found.doubtful


def kept() -> list[tuple[str, str | None]]:
    with acting(command_actor(MONTE_PATRIA)):
        return sorted(Person.objects.values_list("sort_key", "run"), key=str)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BEFORE, FILES)
def test_the_trial_says_whom_the_load_brings_in_whatever_batches_and_nobody_comes_twice(
    tmp_path_factory: pytest.TempPathFactory, db: None, before: list[tuple[Any, ...]], rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("rows")

    def load(*rows: Row, **options: Any) -> Figures:
        return loaded_rows(folder, "personas", *rows, **options).figures

    with transaction.atomic():
        load(*(row(*one) for one in before))
        at_first = kept()
        outcomes = {new_and_doubtful(load(*rows, dry_run=True, batch_rows=many)) for many in (1, 3, 100)}
        assert kept() == at_first
        for many in (1, 3, 100):
            with transaction.atomic():
                found = load(*rows, batch_rows=many)
                outcomes.add(new_and_doubtful(found))
                assert len(kept()) == len(at_first) + found.new + found.doubtful
                assert set(at_first) <= set(kept())
                with acting(command_actor(MONTE_PATRIA)):
                    assert PossibleDuplicate.objects.count() >= found.doubtful
                everybody = kept()
                assert new_and_doubtful(load(*rows, batch_rows=many)) == (0, 0)
                assert kept() == everybody
                transaction.set_rollback(True)
        assert len(outcomes) == 1
        transaction.set_rollback(True)  # the next example begins with nobody


# In the browser

HEADINGS = ("RUN", "referencia", "nombres", "primer_apellido", "segundo_apellido", "fecha_nacimiento", "fuente",
            "fecha_dato")  # fmt: skip
ROSA = row("90000001-4", ("Rosa Elvira", "Araya", "Tapia"), "14-05-1983", as_of="01-10-2026")
CLAIM = row("90000001-4", ("Luis Alberto", "Vega", "Pizarro"), "03-03-1990", as_of="01-11-2026")
ALIKE = row("", ("Rosa", "Araya", "Tapia"), "14-05-1983", "A-1", "01-11-2026")
TWICE = [row("", ("Fresia", "Soto", "Vega"), "01-02-1970", f"B-{number}") for number in (1, 2)]


@pytest.fixture(autouse=True)
def loads_root(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOADS_ROOT = tmp_path / "loads"


@pytest.fixture
def by() -> Actor:
    return counterpart()


def content(*rows: Row) -> bytes:
    return table(*(tuple(one.values()) for one in rows), headings=HEADINGS)


def told(load: Load) -> tuple[int, int, int, int, int]:
    return load.rows_new, load.rows_changed, load.rows_same, load.rows_doubtful, load.rows_rejected


class Killed(BaseException):
    """As a process that ends there."""


def accepted(rows: list[Row], by: Actor) -> Load:
    load = done(bring(content(*rows), by=by))
    with acting(by):
        actions.accept_load(load, by=by)
    return load


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_killed_between_batches_each_doubtful_row_is_counted_once_and_none_is_of_its_own_file(
    by: Actor, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    loaded(content(ROSA), by=by)
    monkeypatch.setattr(working, "AT_ONCE", 1)
    load = accepted([CLAIM, TWICE[0], ALIKE, TWICE[1]], by)
    assert (load.trial["new"], load.trial["doubtful"]) == (2, 2)

    def killed() -> Iterator[None]:
        for _ in range(after):
            yield
        raise Killed

    batches = killed()
    with monkeypatch.context() as dying:
        dying.setattr(working, "refuse_suspended", lambda load: next(batches))
        if after == 4:  # after the last batch, before the end is told
            dying.setattr(working, "close_extracts", lambda *given, **options: next(batches))
        with pytest.raises(Killed):
            done(load)
    assert again(load).rows_read == after
    load = done(load)
    assert (load.state, told(load)) == (LoadState.APPLIED, (2, 0, 0, 2, 0))
    with acting(by):
        assert Person.objects.count() == 5
        assert PossibleDuplicate.objects.count() == 2


def test_a_load_killed_after_its_last_row_is_followed_by_its_search(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    load = accepted([ROSA], by)

    def killed(*given: Any, **options: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(working, "close_extracts", killed)
        with pytest.raises(Killed):
            done(load)
    with acting(by):
        assert not DuplicateSearch.objects.exists()
    assert done(load).state == LoadState.APPLIED
    with acting(by):
        assert DuplicateSearch.objects.count() == 1


def test_a_search_that_cannot_be_asked_for_leaves_the_load_to_go_on(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    load = accepted([ROSA], by)

    def killed(*given: Any, **options: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(working, "begin_what_follows", killed)
        with pytest.raises(Killed):
            done(load)
    assert again(load).state == LoadState.APPLYING
    assert done(load).state == LoadState.APPLIED
    with acting(by):
        assert DuplicateSearch.objects.count() == 1


@pytest.mark.parametrize("decision", ["later", "different", "same"])
def test_what_somebody_decided_since_is_said_and_nothing_is_undone(by: Actor, decision: str) -> None:
    loaded(content(ROSA), by=by)
    load = loaded(content(CLAIM), by=by)
    assert told(load) == (0, 0, 0, 1, 0)
    head = actor(Role.UAS_HEAD)
    with acting(head):
        pair = PossibleDuplicate.objects.select_related("first", "second").get()
        if decision == "later":
            leave_for_later(pair, by=head)
        elif decision == "different":
            set_apart(pair, by=head)
        else:
            merge_pair(pair, Joining(taken={}, reason="Cambió su nombre"), by=head)
    before = kept()
    with acting(by):
        actions.undo_load(again(load), by=by)
    load = done(load)
    assert load.state == LoadState.APPLIED
    assert "posible duplicado" in load.problem
    assert kept() == before
