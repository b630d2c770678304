"""What leaves survives what goes wrong around it: a database that restarts, a receiver that is silent, two at once."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import InterfaceError, OperationalError, connection
from procrastinate.jobs import Job
from tests.outbox.systems import URL, posted, told_system
from tests.outbox.test_letters import Postman, again, environment_of, postman, worker, worker_process

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core.jobs import MOST_TRIES, NotTaken, UntilTaken
from ventanilla.outbox import events, letters, posting
from ventanilla.outbox.actions import subscribe
from ventanilla.outbox.events import deliver_event, note_event
from ventanilla.outbox.letters import deliver_letter
from ventanilla.outbox.models import EventDelivery, Letter

__all__ = ["postman", "worker"]
PROGRAM = Path(sys.executable).with_name("ventanilla")


def owner(settings: LazySettings) -> Any:
    """A session that is not the application's, on the test's own database."""
    return connect(owner_database(settings.VAR), name=connection.settings_dict["NAME"])


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 45) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it never came that {what}"
        time.sleep(0.1)


@pytest.fixture
def environment(
    database_environment: dict[str, str], settings: LazySettings, postman: Postman, tmp_path: Path
) -> dict[str, str]:
    return environment_of(database_environment, settings, tmp_path) | {"VENTANILLA_DEMO": "1"}


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Call it and a worker runs until the test ends."""
    started: list[subprocess.Popen[str]] = []
    yield lambda: started.append(worker_process(environment))
    for process in started:
        process.kill()
        process.communicate()


# Whether it is tried again


def decided(error: BaseException, tries: int = 0, priority: int = 0) -> Any:
    job = Job(id=1, queue="outbox", lock=None, queueing_lock=None, task_name="x", attempts=tries, priority=priority)
    return UntilTaken().get_retry_decision(exception=error, job=job)


def test_what_the_database_interrupted_is_done_again_and_a_mistake_of_ours_is_not() -> None:
    assert decided(OperationalError("gone"))
    assert decided(InterfaceError("closed"))
    assert decided(ValueError("x")) is None


def test_the_row_says_when_it_ends_and_not_how_often_its_workers_were_killed() -> None:
    """Each killed worker counts for the job and not for the row: ending by both, a row would be left waiting."""
    assert decided(NotTaken("x"), tries=MOST_TRIES + 5)


def test_what_was_tried_goes_after_what_was_not() -> None:
    assert decided(NotTaken("x"), priority=60).priority == 59


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_while_it_is_sent_leaves_nothing_undecided(
    running: Callable[[], None], environment: dict[str, str], postman: Postman, settings: LazySettings
) -> None:
    letter = posted()
    postman.seconds = 2
    running()
    wait_until(lambda: postman.began == 1, "the mail server has it in its hand")
    with owner(settings) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename <> current_user"
        )
        connection.close()
        postman.seconds = 0
        state = "select status from procrastinate_jobs where task_name = 'mail_letter'"
        wait_until(lambda: admin.execute(state).fetchone() != ("doing",), "the worker finds its session gone")
        assert admin.execute(state).fetchone() == ("todo",)
        admin.execute("update procrastinate_jobs set scheduled_at = now()")
    told, _ = worker_process(environment, "--once", "--json").communicate(timeout=90)
    assert '"failed": 0' in told
    assert again(letter).sent_at is not None
    first, second = (
        next(line for line in text.splitlines() if line.lower().startswith("message-id:")) for _, text in postman.taken
    )
    assert first == second, "whoever receives it twice can tell"


@pytest.mark.django_db(transaction=True)
def test_a_worker_starts_although_what_the_last_one_held_was_asked_again(
    environment: dict[str, str], settings: LazySettings
) -> None:
    with owner(settings) as admin:
        for status in ("doing", "todo"):
            admin.execute(
                "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
                " values ('referrals', 'follow_referrals', 'follow 4303', '{\"institution\": 4303}', %s)",
                [status],
            )
    done = subprocess.run(
        [PROGRAM, "work", "--once", "--json"], env=environment, text=True, capture_output=True, timeout=90
    )
    assert done.returncode == 0, done.stderr[-500:]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'follow_referrals'")
        assert cursor.fetchone() == (0,)


# Whom it keeps waiting


@pytest.mark.django_db(transaction=True)
def test_a_system_that_takes_calls_and_says_nothing_keeps_no_letter_waiting(
    running: Callable[[], None], postman: Postman, worker: Actor, settings: LazySettings
) -> None:
    settings.EVENTS_TO_LOOPBACK = True
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(100)
        with acting(worker):
            subscribe(f"http://127.0.0.1:{silent.getsockname()[1]}/", by=worker)
            for _ in range(12):
                note_event("referral.sent", "/api/v1/referrals/x", {"folio": "D-2026-000001"}, by=worker)
        posted()
        running()
        wait_until(lambda: bool(postman.taken), "the letter leaves", seconds=20)


# Two at once


@pytest.mark.django_db
def test_of_two_who_try_at_once_it_stays_sent_if_either_sent_it(
    worker: Actor, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = posted()

    def the_other_first(_: Letter) -> tuple[str, bool]:
        monkeypatch.undo()
        deliver_letter(letter.pk, by=worker)
        return "El servidor de correo no respondió.", False

    monkeypatch.setattr(letters, "_hand_over", the_other_first)
    deliver_letter(letter.pk, by=worker)
    kept = again(letter)
    assert (kept.sent_at is not None, kept.text, kept.tries, kept.last_error) == (True, "", 1, "")


@pytest.mark.django_db
def test_of_two_who_tell_at_once_it_stays_told_if_either_did(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    told_system()
    with acting(worker):
        delivery = EventDelivery.objects.get()

    def the_other_first(*_: Any) -> tuple[int | None, str]:
        monkeypatch.setattr(events, "post", lambda *_: (204, ""))
        deliver_event(delivery.pk, by=worker)
        return None, "No respondió."

    monkeypatch.setattr(events, "post", the_other_first)
    deliver_event(delivery.pk, by=worker)
    with acting(worker):
        kept = EventDelivery.objects.get()
    assert (kept.delivered_at is not None, kept.tries, kept.last_error) == (True, 1, "")


# What is refused


@pytest.mark.django_db
def test_a_mailbox_that_is_refused_for_now_is_tried_again(worker: Actor, postman: Postman) -> None:
    """Many servers let a stranger wait: 450 the first time, and taken the second."""
    letter = posted("espere@cesfam.example")
    with pytest.raises(NotTaken):
        deliver_letter(letter.pk, by=worker)
    assert again(letter).failed_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a..b", "x" * 70 + ".example"])
def test_a_name_that_cannot_be_looked_up_is_not_taken_and_no_mistake(worker: Actor, name: str) -> None:
    told_system()
    with acting(worker):
        delivery = EventDelivery.objects.select_related("subscription").get()
        delivery.subscription.url = URL.replace("sistema.example", name)
        delivery.subscription.save()
    with pytest.raises(NotTaken):
        deliver_event(delivery.pk, by=worker)


@pytest.mark.django_db
def test_a_system_that_answers_a_byte_now_and_then_is_not_waited_for(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EVENTS_TO_LOOPBACK = True
    monkeypatch.setattr(posting, "SECONDS", 1)
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()

        def answer() -> None:
            line, _ = slow.accept()
            with line, suppress(OSError):
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while True:
                    time.sleep(0.2)
                    line.sendall(b"x")

        threading.Thread(target=answer, daemon=True).start()
        began = time.monotonic()
        status, why = posting.post(f"http://127.0.0.1:{slow.getsockname()[1]}/", b"{}", {})
    assert status is None
    assert why.startswith("No respondió")
    assert time.monotonic() - began < 5
