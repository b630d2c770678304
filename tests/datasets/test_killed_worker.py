"""The worker killed for real in each step of a load, or its database: all ends as if nothing had happened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from tests import make
from tests.datasets.bringing import again, bring, loaded, someone, table, told
from tests.outbox.test_after_faults import wait_until
from tests.outbox.test_letters import worker_process
from tests.outbox.test_worker_gaps import do

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.datasets.course import actions
from ventanilla.datasets.models import Load, RejectedRow
from ventanilla.datasets.states import LoadState
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 16_000
"""More than three batches."""


@pytest.fixture
def environment(database_environment: dict[str, str], settings: LazySettings, tmp_path: Path) -> dict[str, str]:
    settings.LOADS_ROOT = tmp_path / "loads"
    return database_environment | {"VENTANILLA_VAR": str(tmp_path), "LOADS_ROOT": str(settings.LOADS_ROOT)}


_BEING_UNDONE = "select 1 from procrastinate_jobs where status = 'doing' and task_name = 'undo_load'"

_CUT_OFF = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""


def a_file() -> bytes:
    """One row in a hundred has a RUN that is wrong, and one repeats the first."""
    wrong = ("90.000.009-9", "Fresia", "Soto", "", "rsh", "01-10-2026")
    rows = [wrong if number % 100 == 7 else someone(number, f"Amalia{number % 50}") for number in range(MANY)]
    return table(*rows, someone(0, "Otra"), titles=3)


def tables(by: Actor) -> list[list[tuple[Any, ...]]]:
    """All that the load leaves, without what names each row."""
    with acting(by):
        return [
            sorted(Person.objects.values_list("run", "given_names", "first_surname", "second_surname")),
            sorted(RejectedRow.objects.values_list("number", "reason", "cells")),
        ]


def stands(load: Load, by: Actor, state: LoadState, **more: int) -> Callable[[], bool]:
    def asked() -> bool:
        with acting(by):
            return Load.objects.filter(pk=load.pk, state=state, **more).exists()

    return asked


def worker_until(is_so: Callable[[], bool], environment: dict[str, str]) -> None:
    """A worker that is killed as soon as it is so, and its silence noticed at once."""
    worker = worker_process(environment)
    try:
        wait_until(is_so, "the worker came so far", seconds=120)
    finally:
        worker.kill()
        worker.communicate()
    do("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'")


def test_when_the_database_goes_away_it_goes_on_where_it_was(environment: dict[str, str]) -> None:
    undisturbed, by = make.actor(Role.COUNTERPART, 5101), make.actor(Role.COUNTERPART)
    whole = loaded(a_file(), by=undisturbed)
    do("delete from procrastinate_jobs")
    load = bring(a_file(), by=by)
    worker_until(stands(load, by, LoadState.TRIED), environment)
    with acting(by):
        actions.accept_load(again(load), by=by)
    worker = worker_process(environment)
    wait_until(stands(load, by, LoadState.APPLYING, rows_read__gt=0), "a batch was kept", seconds=120)
    assert len(do(_CUT_OFF)) > 1, "its hands and its own"
    wait_until(lambda: not do("select 1 from procrastinate_jobs where status = 'doing'"), "it lets go of it")
    worker.kill()
    worker.communicate()
    cut = again(load)
    assert (cut.state, cut.rows_read < whole.rows_read) == (LoadState.APPLYING, True)
    do("update procrastinate_jobs set scheduled_at = now() where task_name = 'apply_load'")  # not in a minute
    worker_until(stands(load, by, LoadState.APPLIED), environment)
    assert told(again(load)) == told(whole)
    assert tables(by) == tables(undisturbed)


def test_killed_in_each_step_it_ends_as_if_nothing_had_happened(environment: dict[str, str]) -> None:
    undisturbed, by = make.actor(Role.COUNTERPART, 5101), make.actor(Role.COUNTERPART)
    whole = loaded(a_file(), by=undisturbed)
    do("delete from procrastinate_jobs")
    load = bring(a_file(), by=by)
    worker_until(stands(load, by, LoadState.TRYING, done__gt=0), environment)
    worker_until(stands(load, by, LoadState.TRIED), environment)
    assert again(load).trial["rejected"] == whole.rows_rejected
    with acting(by):
        actions.accept_load(again(load), by=by)
    kept = 0
    for _ in range(2):
        worker_until(stands(load, by, LoadState.APPLYING, rows_read__gt=kept), environment)
        kept = again(load).rows_read
        assert 0 < kept < whole.rows_read
    worker_until(stands(load, by, LoadState.APPLIED), environment)
    assert told(again(load)) == told(whole)
    assert tables(by) == tables(undisturbed)
    with acting(by):
        actions.undo_load(again(load), by=by)
    worker_until(lambda: bool(do(_BEING_UNDONE)), environment)
    assert again(load).state == LoadState.UNDOING
    worker_until(stands(load, by, LoadState.UNDONE), environment)
    assert tables(by) == [[], []]
