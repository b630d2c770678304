"""What a failure leaves in the log: at which door and where in our code, and nothing that anybody typed."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ventanilla.config import health
from ventanilla.config.logging import configure

pytestmark = pytest.mark.django_db

TYPED = "Clotilde Pizarro 90000001-4"
LOGGERS = ("", "django", "django.request", "django.server")


def failing_page(request: HttpRequest, typed: str) -> HttpResponse:
    return health.health(request)


def answering_503(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=503)


urlpatterns = [path("personas/<str:typed>/", failing_page), path("mantenimiento/", answering_503)]
handler500 = "ventanilla.config.errors.server_error"


class Failing:
    """Stands for the connection; its errors quote the row, as PostgreSQL's do."""

    def cursor(self) -> None:
        raise ValueError(f"Key (run)=({TYPED}) already exists.")


@pytest.fixture
def log(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is logged as in production, over a page that fails; the configuration of the tests comes back afterwards."""
    settings.LOG_JSON = True
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(health, "connection", Failing())
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one, one.level, one.handlers[:], one.filters[:], one.propagate) for one in loggers]
    structured = structlog.get_config()
    configure({})
    written = StringIO()
    (console,) = logging.getLogger().handlers
    assert isinstance(console, logging.StreamHandler)
    console.setStream(written)
    yield written
    structlog.configure(**structured)
    for one, level, handlers, filters, propagate in before:
        one.setLevel(level)
        one.handlers, one.filters, one.propagate = handlers, filters, propagate


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_django_logs_as_we_say_and_not_as_it_pleases() -> None:
    program = "import django, structlog; django.setup(); print(structlog.is_configured())"
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "ventanilla.config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert asked.stdout == "True\n", asked.stderr


def test_a_page_that_fails_leaves_its_door_and_our_own_lines_of_code(client: Client, log: StringIO) -> None:
    answer = client.post(f"/personas/{TYPED}/?q={TYPED}", {"nombres": TYPED})
    assert answer.status_code == 500
    (line,) = lines(log)
    assert (line["event"], line["level"], line["error"]) == ("page.failed", "error", "ValueError")
    assert (line["method"], line["route"], line["status"]) == ("POST", "personas/<str:typed>/", 500)
    assert [where.partition(":")[0] for where in line["where"]][-1] == "config/health.py"
    assert line["request"] in answer.content.decode(), "the reference that the page shows finds the line"


def test_what_was_typed_is_nowhere_in_the_log(client: Client, log: StringIO) -> None:
    client.post(f"/personas/{TYPED}/?q={TYPED}", {"nombres": TYPED})
    client.get(f"/ninguna/{TYPED}/")
    logged = log.getvalue()
    assert "page.failed" in logged
    assert [piece for piece in (*TYPED.split(), "Traceback") if piece in logged] == []


def test_pages_that_are_missing_or_answer_on_purpose_leave_no_line(client: Client, log: StringIO) -> None:
    assert client.get("/ninguna/").status_code == 404
    assert client.get("/mantenimiento/").status_code == 503
    assert lines(log) == []


def test_an_exception_that_our_own_code_logs_is_told_by_its_kind_too(log: StringIO) -> None:
    try:
        health.health(HttpRequest())
    except ValueError:
        structlog.get_logger().exception("integration.failed", institution=4303)
    (line,) = lines(log)
    assert (line["event"], line["institution"], line["error"]) == ("integration.failed", 4303, "ValueError")
    assert TYPED not in json.dumps(line)


def test_the_framework_mails_nobody(log: StringIO) -> None:
    assert logging.getLogger("django").handlers == []
