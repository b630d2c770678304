"""A load undone leaves everything as it was, or says what leans on it and leaves everything as it is."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make
from tests.datasets.bringing import again, bring, counterpart, done, loaded, someone, table, told

from ventanilla.access.actors import Actor
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.datasets.course import actions, working
from ventanilla.datasets.models import Load
from ventanilla.datasets.states import LoadState
from ventanilla.intake.actions import start_consultation
from ventanilla.registry.models import Person
from ventanilla.registry.search import search_people

pytestmark = pytest.mark.django_db
TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if model._meta.app_label in ("registry", "benefits") and hasattr(model, "institution_id")
)


@pytest.fixture(autouse=True)
def loads_root(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOADS_ROOT = tmp_path / "loads"


@pytest.fixture
def by() -> Actor:
    return counterpart()


def everything(by: Actor) -> dict[str, list[Any]]:
    """All rows of all tables of people and benefits, with what the search finds them by."""
    found = {}
    with acting(by), connection.cursor() as cursor:
        for name in sorted({*TABLES} - {"registry_duplicatesearch"}):  # asked for after it
            cursor.execute(f"select to_jsonb(t)::text from {name} t order by t.id")
            found[name] = [text for (text,) in cursor.fetchall()]
    return found


def undone(load: Load, by: Actor) -> Load:
    with acting(by):
        actions.undo_load(again(load), by=by)
    return done(load)


def test_what_it_brought_goes_and_what_it_changed_is_as_before(by: Actor) -> None:
    loaded(table(someone(1, "Amalia"), someone(2, "Ramón")), by=by)
    before = everything(by)
    newer = [(*someone(1, "Amalia Rosa", "Quispe")[:5], "05-10-2026"), someone(3, "Fresia"), someone(2, "Ramón")]
    load = loaded(table(*newer), by=by)
    assert told(load) == (1, 1, 1, 0)
    assert everything(by) != before
    load = undone(load, by)
    assert (load.state, load.problem) == (LoadState.UNDONE, "")
    assert everything(by) == before


people = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["Amalia", "Ramón", "Fresia"]), st.sampled_from(["Muñoz", "Soto"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(people, min_size=1, max_size=3))
def test_loads_undone_from_the_last_to_the_first_leave_nothing(by: Actor, files: list[list[Any]]) -> None:
    at_first = everything(by)
    seen, made = [at_first], []
    for day, rows in enumerate(files, start=1):
        rows_told = [(*someone(number, name, surname)[:5], f"{day:02d}-10-2026") for number, name, surname in rows]
        made.append(loaded(table(*rows_told), by=by))
        seen.append(everything(by))
    for load in reversed(made):
        assert everything(by) == seen.pop()
        assert undone(load, by).state == LoadState.UNDONE
    assert everything(by) == at_first


def test_what_somebody_changed_since_is_not_undone(by: Actor) -> None:
    load = loaded(table(someone(1), someone(2)), by=by)
    with acting(by):
        Person.objects.filter(run=someone(1)[0]).update(given_names="Amalia Rosa")
    before = everything(by)
    load = undone(load, by)
    assert (load.state, load.problem) == (
        LoadState.APPLIED, "No se puede deshacer: después se cambió 1 persona. Revise eso primero.",
    )  # fmt: skip
    assert everything(by) == before


def test_whom_somebody_attended_since_is_not_undone(by: Actor) -> None:
    load = loaded(table(someone(1), someone(2)), by=by)
    desk = actor_in(make.posting(Role.FRONT_DESK))
    with acting(desk):
        start_consultation(Person.objects.get(run=someone(1)[0]), by=desk)
    load = undone(load, by)
    assert load.state == LoadState.APPLIED
    assert "se anotó 1 consulta" in load.problem


def test_a_later_load_that_was_undone_is_no_obstacle(by: Actor) -> None:
    first = loaded(table(someone(1)), by=by)
    second = loaded(table((*someone(1, "Otra")[:5], "05-10-2026")), by=by)
    assert undone(first, by).state == LoadState.APPLIED
    assert undone(second, by).state == LoadState.UNDONE
    assert undone(first, by).state == LoadState.UNDONE


def test_one_who_is_restored_is_found_by_her_name(by: Actor) -> None:
    loaded(table(someone(1, "Amalia", "Quillagua")), by=by)
    load = loaded(table((*someone(1, "Otra", "Distinta")[:5], "05-10-2026")), by=by)
    undone(load, by)
    desk = actor_in(make.posting(Role.FRONT_DESK))
    with acting(desk):
        found = search_people("amalia quillagua", by=desk, on=make.TODAY)
        assert [match.person.given_names for match in found.matches] == ["Amalia"]
        assert not search_people("otra distinta", by=desk, on=make.TODAY).matches


def test_one_that_stopped_halfway_is_undone_too(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 1)
    load = done(bring(table(someone(1), someone(2)), by=by))
    before = everything(by)
    with acting(by):
        actions.accept_load(load, by=by)

    def full_disk(load: Load) -> None:
        if again(load).row_done:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(working, "refuse_suspended", full_disk)
    load = done(load)
    assert (load.state, told(load)) == (LoadState.STOPPED, (1, 0, 0, 0))
    assert undone(load, by).state == LoadState.UNDONE
    assert everything(by) == before
