"""What goes wrong with the work after the answer: a job that kills who does it, no worker at all, jobs that failed."""

import json
import signal
import subprocess
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of
from tests.outbox.systems import posted
from tests.outbox.test_after_faults import PROGRAM, environment, wait_until
from tests.outbox.test_letters import Postman, again, jobs, postman, worker_process

from ventanilla.access.permissions import Role
from ventanilla.config.jobs import MOST_KILLS
from ventanilla.core.jobs import put_back_failed

__all__ = ["environment", "postman"]


def do(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall() if cursor.description else []


def once(environment: dict[str, str], *options: str) -> dict[str, int]:
    """What a worker says of what is left, after doing what can be done now."""
    told, _ = worker_process(environment, "--once", "--json", *options).communicate(timeout=90)
    found: dict[str, int] = json.loads(told)
    return found


# One that kills its worker


@pytest.mark.django_db(transaction=True)
def test_what_kills_every_worker_is_taken_up_some_times_and_then_left_to_be_seen(
    environment: dict[str, str], postman: Postman
) -> None:
    letter = posted()
    postman.seconds = 60
    for times in range(1, MOST_KILLS + 1):
        killed = worker_process(environment)
        wait_until(lambda: postman.began == times, "it is in its hands")  # noqa: B023 - waited for at once
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        do("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'")
    postman.seconds = 0
    left = once(environment)
    assert (left["later"], left["failed"]) == (0, 1)
    assert postman.began == MOST_KILLS, "nobody takes it up again"
    page = browser_of(make.posting(Role.SYSTEM_ADMIN)).get("/sistemas/correo/").content.decode()
    assert "Nadie lo intenta" in page
    assert "Falló un trabajo" in page
    done = once(environment, "--retry-failed")
    assert (done["retried"], done["failed"]) == (1, 0)
    assert again(letter).sent_at


@pytest.mark.django_db(transaction=True)
def test_two_that_died_together_twice_are_taken_up_apart(environment: dict[str, str], postman: Postman) -> None:
    """One of them kills the worker; the other is not to die of it each time."""
    first, second = posted(), posted()
    do("update procrastinate_jobs set status = 'doing'")
    once(environment)
    assert again(first).sent_at, "after one death it is as well the server's"
    assert again(second).sent_at
    first, second = posted(), posted()
    do("update procrastinate_jobs set status = 'doing'")
    do("insert into procrastinate_events (job_id, type) select id, 'failed' from procrastinate_jobs")
    once(environment)
    assert do("select status from procrastinate_jobs where task_name = 'mail_letter'") == [("todo",)]
    assert sorted(again(letter).sent_at is not None for letter in (first, second)) == [False, True]


# None at all


@pytest.mark.django_db
def test_without_a_worker_the_server_is_well_and_says_that_nothing_leaves() -> None:
    answer = Client().get("/salud/")
    assert answer.status_code == 200, "a balancer must not take its pages away"
    assert (answer.json()["status"], answer.json()["jobs"]["workers"]) == ("no worker", 0)
    admin = browser_of(make.posting(Role.SYSTEM_ADMIN))
    for page in ("/sistemas/", "/sistemas/correo/"):
        assert "Nada está saliendo." in admin.get(page).content.decode()
    do("insert into procrastinate_workers default values")
    assert (Client().get("/salud/").json()["status"], Client().get("/salud/").json()["jobs"]["workers"]) == ("ok", 1)
    assert "Nada está saliendo." not in admin.get("/sistemas/").content.decode()
    do("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert Client().get("/salud/").json()["status"] == "no worker"


# What failed


@pytest.mark.django_db
def test_what_failed_is_put_back_as_new_and_what_waits_already_is_not_doubled() -> None:
    posted()
    do("update procrastinate_jobs set status = 'failed', attempts = 9")
    do("insert into procrastinate_events (job_id, type) select id, 'failed' from procrastinate_jobs")
    for status in ("failed", "todo"):
        do(
            "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " values ('referrals', 'follow_referrals', 'follow 4303', %s)",
            status,
        )
    assert put_back_failed() == 2
    assert sorted(name for name, _ in jobs()) == ["follow_referrals", "mail_letter"]
    assert do("select distinct status::text, attempts from procrastinate_jobs") == [("todo", 0)]
    assert do("select 1 from procrastinate_events where type = 'failed'") == [], "deaths are counted anew"
    assert put_back_failed() == 0


@pytest.mark.django_db(transaction=True)
def test_the_command_puts_them_back_and_says_how_many(environment: dict[str, str]) -> None:
    posted()
    do("update procrastinate_jobs set status = 'failed'")

    def ask(*options: str) -> str:
        words = [str(PROGRAM), "work", "--retry-failed", *options]
        return subprocess.run(words, env=environment, text=True, capture_output=True, timeout=90, check=True).stdout

    assert ask() == "Trabajos que habían fallado y se intentan de nuevo: 1.\n"
    assert [name for name, _ in jobs()] == ["mail_letter"], "it is for the worker that runs"
    assert json.loads(ask("--json")) == {"retried": 0}
