"""What has not left is seen by whoever looks after it, without what it says, and sent again: by page and by command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from tests import make
from tests.intake.desk_page import browser_of
from tests.outbox.systems import FOLIO, TO, URL, posted, told_system
from tests.outbox.test_letters import Postman, again, clerk, jobs, postman, worker

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed
from ventanilla.core.jobs import MOST_TRIES
from ventanilla.outbox.letters import deliver_letter, send_letters_again
from ventanilla.outbox.models import EventDelivery, Letter, Subscription
from ventanilla.outbox.reading import deliveries_left, letters_left, told_letters

__all__ = ["postman", "worker"]
pytestmark = pytest.mark.django_db
PAGE = "/sistemas/correo/"


def given_up(worker: Actor, to: str = TO) -> Letter:
    """One that nobody took in a day, and whose job is done with."""
    letter = posted(to)
    with make.inside():
        Letter.objects.filter(pk=letter.pk).update(tries=MOST_TRIES - 1)
    deliver_letter(letter.pk, by=worker)
    do("delete from procrastinate_jobs")
    assert again(letter).failed_at
    return letter


def do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def courses(worker: Actor) -> list[str]:
    with acting(worker):
        return [one.course.value for one in [*told_letters(letters_left(by=worker)), *deliveries_left(by=worker)]]


def due() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where coalesce(scheduled_at, now()) <= now()")
        return int(cursor.fetchone()[0])


# On the page


def test_what_waits_and_what_failed_is_seen_without_what_it_says(
    worker: Actor, postman: Postman, settings: LazySettings
) -> None:
    posted()
    settings.EMAIL_PORT = 9
    given_up(worker, "rosa.araya@correo.example")
    page = browser_of(make.posting(Role.SYSTEM_ADMIN)).get(PAGE).content.decode()
    assert page.count(FOLIO) >= 2
    assert "Derivación <span" in page
    assert "No se entregó" in page
    assert "El servidor de correo no respondió. Intentos: 28." in page
    assert "r…@correo.example" in page
    for never in ("rosa.araya", TO, "Abra esta dirección"):
        assert never not in page


def test_with_nothing_left_it_is_calm() -> None:
    page = browser_of(make.posting(Role.SYSTEM_ADMIN)).get(PAGE).content.decode()
    assert "Todo salió" in page
    assert "Reenviar" not in page


def test_one_that_failed_is_sent_again_and_leaves(worker: Actor, postman: Postman, settings: LazySettings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    letter = given_up(worker)
    settings.EMAIL_PORT = port
    client = browser_of(make.posting(Role.SYSTEM_ADMIN))
    assert "La carta va otra vez." in client.post(f"{PAGE}{letter.pk}/", follow=True).content.decode()
    assert (again(letter).failed_at, again(letter).tries, len(jobs())) == (None, 0, 1)
    deliver_letter(letter.pk, by=worker)
    assert len(postman.taken) == 1
    assert "ya había salido" in client.post(f"{PAGE}{letter.pk}/", follow=True).content.decode()
    assert "Todo salió" in client.get(PAGE).content.decode()


def test_one_that_waits_goes_now_and_not_twice(worker: Actor) -> None:
    posted()
    do("update procrastinate_jobs set scheduled_at = now() + interval '1 hour', attempts = 6")
    assert due() == 0
    browser_of(make.posting(Role.SYSTEM_ADMIN)).post(f"{PAGE}enviar/")
    assert (due(), len(jobs())) == (1, 1)


def test_one_whose_job_failed_says_that_nobody_tries_it(worker: Actor) -> None:
    letter = posted()
    assert courses(worker) == ["on_its_way"]
    do("update procrastinate_jobs set status = 'failed'")
    assert courses(worker) == ["forgotten"]
    client = browser_of(make.posting(Role.SYSTEM_ADMIN))
    assert "Nadie lo intenta" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{letter.pk}/")
    assert courses(worker) == ["on_its_way"]
    assert len(jobs()) == 1, "what failed of it is not left to be counted"


def test_another_municipality_sees_and_sends_none_of_it(worker: Actor) -> None:
    letter = posted()
    do("update procrastinate_jobs set status = 'failed'")
    client = browser_of(make.posting(Role.SYSTEM_ADMIN, make.COMBARBALA))
    assert FOLIO not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{letter.pk}/").status_code == 404
    client.post(f"{PAGE}enviar/")
    assert courses(worker) == ["forgotten"]


def test_only_whoever_looks_after_the_mail_sends_it_again() -> None:
    posted()
    by = clerk()
    with acting(by), pytest.raises(NotAllowed):
        send_letters_again(Letter.objects.left(), by=by)


def test_the_page_asks_the_same_of_the_database_however_many_wait(django_assert_max_num_queries: Any) -> None:
    client = browser_of(make.posting(Role.SYSTEM_ADMIN))
    with django_assert_max_num_queries(100) as few:
        client.get(PAGE)
    for _ in range(6):
        posted()
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)


# By command

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(database_environment: dict[str, str]) -> Run:
    program = [sys.executable, "-c", "from ventanilla.config.cli import main; main(prog_name='ventanilla')", "outbox"]

    def ask(*arguments: str, institution: str = "04303") -> "subprocess.CompletedProcess[str]":
        words = [*program, *arguments, "--institution", institution]
        return subprocess.run(
            words, env=os.environ | database_environment, capture_output=True, text=True, check=False, timeout=120
        )

    return ask


@pytest.mark.django_db(transaction=True)
def test_the_command_lists_letters_and_events_and_sends_them_again(worker: Actor, run: Run) -> None:
    letter, subscription = posted(), told_system()
    with acting(worker):
        Letter.objects.update(failed_at=letter.asked_at, tries=MOST_TRIES, last_error="No respondió.")
        EventDelivery.objects.update(failed_at=letter.asked_at, tries=MOST_TRIES)
        Subscription.objects.update(paused_at=letter.asked_at, paused_because="No respondió")
    do("delete from procrastinate_jobs")
    mail, event = json.loads(run("list", "--json").stdout)
    assert (mail["kind"], mail["about"], mail["folio"], mail["to"]) == (
        "letter",
        "derivación",
        FOLIO,
        "d…@cesfam.example",
    )
    assert (mail["tries"], mail["last_error"], mail["course"]) == (MOST_TRIES, "No respondió.", "given_up")
    assert (event["kind"], event["about"], event["to"]) == ("event", "cl.ventanilla.referral.sent.v1", URL)
    said = run("list").stdout
    assert "No se entregó: No respondió. Intentos: 28." in said
    assert TO not in said
    paused = run("resend", event["id"])
    assert (paused.returncode, "en pausa" in paused.stderr) == (1, True)
    assert json.loads(run("resend", mail["id"], "--json").stdout) == {"letters": 1, "events": 0}
    assert json.loads(run("resend", "--all", "--json").stdout) == {"letters": 1, "events": 1}
    with acting(worker):
        subscription.refresh_from_db()
    assert subscription.paused_at is None
    assert sorted(name for name, _ in jobs()) == ["mail_letter", "tell_system"], "each once"


def test_the_command_says_what_it_does_not_find(run: Run) -> None:
    make.posting(Role.SYSTEM_ADMIN)
    assert run("list").stdout.strip() == "Todo salió."
    unknown = run("resend", "01a218c5-c6a9-7350-9d52-eabf4982bcb0")
    assert (unknown.returncode, "ventanilla outbox list" in unknown.stderr) == (1, True)
    assert "--all" in run("resend").stderr
