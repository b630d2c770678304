"""A letter is kept with what asks for it and tried until the mail server takes it; a real one, down for an hour."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.conf import LazySettings
from django.db import connection, transaction
from procrastinate.jobs import Job
from tests import make
from tests.outbox.systems import TO, posted

from ventanilla.access.actors import Actor
from ventanilla.access.operators import of_the_command
from ventanilla.access.permissions import Role
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed
from ventanilla.core.jobs import MOST_TRIES, NotTaken, UntilTaken, wait_after
from ventanilla.outbox.letters import deliver_letter
from ventanilla.outbox.models import Letter


class Postman:
    """A mail server that keeps what it takes, and may be slow to say so."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], str]] = []
        self.seconds = 0.0
        self.began = 0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nadie@"):
            return "550 no such mailbox"
        if address.startswith("espere@"):
            return "450 wait a little"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - as above
        self.began += 1
        await asyncio.sleep(self.seconds)
        content = envelope.content
        self.taken.append((envelope.rcpt_tos, content.decode() if isinstance(content, bytes) else str(content)))
        return "250 taken"


@pytest.fixture
def postman(settings: LazySettings) -> Iterator[Postman]:
    found = Postman()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", port, "gsl@comuna.example"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    controller.start()
    yield found
    controller.stop()


def clerk() -> Actor:
    with make.inside():
        return make.actor(Role.FRONT_DESK)


def again(letter: Letter) -> Letter:
    with make.inside():
        return Letter.objects.get(pk=letter.pk)


def jobs() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, args::text from procrastinate_jobs order by id")
        return [(name, json.loads(given)) for name, given in cursor.fetchall()]


@pytest.fixture
def worker() -> Actor:
    with make.inside():
        return of_the_command(make.MONTE_PATRIA)


# One letter


@pytest.mark.django_db
def test_it_waits_in_the_same_transaction_as_what_asks_for_it(worker: Actor) -> None:
    with transaction.atomic():
        posted()
        transaction.set_rollback(True)
    assert jobs() == []
    letter = posted()
    assert jobs() == [("mail_letter", {"institution": make.MONTE_PATRIA, "letter": str(letter.pk)})]


@pytest.mark.django_db
def test_taken_it_is_not_sent_again_and_its_text_is_gone(worker: Actor, postman: Postman) -> None:
    letter = posted()
    deliver_letter(letter.pk, by=worker)
    deliver_letter(letter.pk, by=worker)
    ((to, text),) = postman.taken
    assert to == [TO]
    assert "D-2026-000001" in text
    kept = again(letter)
    assert (kept.text, kept.tries, kept.last_error) == ("", 1, "")
    assert kept.sent_at


@pytest.mark.django_db
def test_with_the_server_down_for_an_hour_it_leaves_when_it_is_back(
    worker: Actor, postman: Postman, settings: LazySettings
) -> None:
    letter, port = posted(), settings.EMAIL_PORT
    settings.EMAIL_PORT = 9  # nobody listens there
    moment, tries = clock.now(), 0
    while moment < clock.now() + timedelta(hours=1):
        with clock.standing_at(moment), pytest.raises(NotTaken):
            deliver_letter(letter.pk, by=worker)
        moment += timedelta(seconds=wait_after(tries))
        tries += 1
    assert tries >= 5
    assert "no respondió" in again(letter).last_error
    settings.EMAIL_PORT = port
    with clock.standing_at(moment):
        deliver_letter(letter.pk, by=worker)
    assert len(postman.taken) == 1
    assert again(letter).tries == tries + 1


@pytest.mark.django_db
def test_an_address_that_is_refused_is_not_tried_again(worker: Actor, postman: Postman) -> None:
    letter = posted("nadie@cesfam.example")
    deliver_letter(letter.pk, by=worker)
    kept = again(letter)
    assert kept.failed_at
    assert "no aceptó esa dirección" in kept.last_error
    assert postman.taken == []


@pytest.mark.django_db
def test_after_a_day_nobody_tries_any_more(worker: Actor, postman: Postman, settings: LazySettings) -> None:
    letter = posted()
    settings.EMAIL_PORT = 9
    with make.inside():
        Letter.objects.update(tries=MOST_TRIES - 1)
    deliver_letter(letter.pk, by=worker)
    assert again(letter).failed_at


def test_it_is_tried_for_a_day_sooner_at_first_and_a_mistake_of_ours_is_not() -> None:
    def decided(error: BaseException, tries: int) -> bool:
        job = Job(id=1, queue="outbox", lock=None, queueing_lock=None, task_name="x", attempts=tries)
        return UntilTaken().get_retry_decision(exception=error, job=job) is not None

    assert decided(NotTaken("x"), 0)
    assert not decided(ValueError("x"), 0)
    whole = sum(wait_after(tries) for tries in range(MOST_TRIES - 1))
    assert timedelta(hours=23) < timedelta(seconds=whole) < timedelta(hours=26)
    assert wait_after(0) < wait_after(1) < wait_after(2)


@pytest.mark.django_db
def test_nobody_but_the_worker_hands_letters_over() -> None:
    letter, by = posted(), clerk()
    with pytest.raises(NotAllowed):
        deliver_letter(letter.pk, by=by)


# The worker


def environment_of(database: dict[str, str], settings: LazySettings, var: Path) -> dict[str, str]:
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(settings.EMAIL_PORT), "EMAIL_TLS": "0"}
    return os.environ | database | mail | {"EMAIL_FROM": "gsl@comuna.example", "VENTANILLA_VAR": str(var)}


def worker_process(environment: dict[str, str], *options: str) -> subprocess.Popen[str]:
    program = Path(sys.executable).with_name("ventanilla")
    return subprocess.Popen([program, "work", *options], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_no_letter(
    database_environment: dict[str, str], settings: LazySettings, postman: Postman, tmp_path: Path
) -> None:
    letters = [posted() for _ in range(6)]
    environment = environment_of(database_environment, settings, tmp_path)
    postman.seconds = 60
    first = worker_process(environment)
    deadline = time.monotonic() + 60
    while postman.began < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert postman.began == 2, "two at a time"
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close() if first.stdout else None
    assert not any(again(letter).sent_at for letter in letters)
    postman.seconds = 0
    with connection.cursor() as cursor:  # as if its last sign of life had been a minute ago
        cursor.execute("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'")
    second = worker_process(environment, "--once", "--json")
    told, _ = second.communicate(timeout=90)
    assert second.returncode == 0
    assert '"later": 0' in told
    assert all(again(letter).sent_at for letter in letters)
    assert len(postman.taken) == 6
    assert jobs() == []
