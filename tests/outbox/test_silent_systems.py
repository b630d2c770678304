"""A system that takes calls and says nothing keeps no other system waiting."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from tests.outbox.test_after_faults import environment, running, wait_until
from tests.outbox.test_letters import postman, worker
from tests.outbox.test_told_systems import System, system

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.core.jobs import NotTaken, go_after_others
from ventanilla.outbox.actions import subscribe
from ventanilla.outbox.events import deliver_event, note_event
from ventanilla.outbox.models import EventDelivery

__all__ = ["environment", "postman", "running", "system", "worker"]
Running = Callable[[], None]


def do(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def silent() -> Iterator[Callable[[], str]]:
    """Addresses where calls are taken and nothing is said."""
    with ExitStack() as kept:

        def one() -> str:
            ears = kept.enter_context(socket.socket())
            ears.bind(("127.0.0.1", 0))
            ears.listen(100)
            return f"http://127.0.0.1:{ears.getsockname()[1]}/"

        yield one


def told(worker: Actor, times: int = 1) -> None:
    for _ in range(times):
        note_event("referral.sent", "/api/v1/referrals/x", {"folio": "D-2026-000001"}, by=worker)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("how_many", "seconds"), [(1, 9), (2, 20)])
def test_systems_that_say_nothing_keep_no_other_waiting(
    running: Running, worker: Actor, system: System, silent: Callable[[], str], how_many: int, seconds: int
) -> None:
    """One holds one worker of two; two hold both, but each only once."""
    with acting(worker):
        for _ in range(how_many):
            subscribe(silent(), by=worker)
        told(worker, 12)
        subscribe(system.url, by=worker)
        told(worker)
    running()
    wait_until(lambda: bool(do("select 1 from procrastinate_jobs where status = 'doing'")), "it works")
    wait_until(lambda: bool(system.told), "the one that answers is told", seconds=seconds)


@pytest.mark.django_db
def test_one_that_did_not_answer_leaves_the_line_and_the_line_lets_others_pass(
    worker: Actor, settings: LazySettings
) -> None:
    settings.EVENTS_TO_LOOPBACK = True
    with acting(worker):
        subscription = subscribe("http://127.0.0.1:9/", by=worker)
        told(worker, 3)
        first = EventDelivery.objects.order_by("event__at")[0]
    assert do("select lock, priority from procrastinate_jobs") == [(str(subscription.pk), 0)] * 3
    with pytest.raises(NotTaken):
        deliver_event(first.pk, by=worker)
    assert do("select lock, priority from procrastinate_jobs") == [(str(subscription.pk), -1)] * 3
    with acting(worker):
        told(worker)
    assert [priority for (priority,) in do("select priority from procrastinate_jobs order by id")] == [-1, -1, -1, 0]
    do("update procrastinate_jobs set priority = -5")
    go_after_others(str(subscription.pk))
    assert {priority for (priority,) in do("select priority from procrastinate_jobs")} == {-5}, (
        "none is brought forward"
    )
