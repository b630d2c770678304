"""``ventanilla audit report`` and ``flag``: what the nightly task and whoever files the month rely on."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from tests import make

from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import chain, seals
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

pytestmark = pytest.mark.django_db(transaction=True)
SomeCommand = Callable[..., Any]
THIS_MONTH = chain.month_of(make.TODAY)


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    with connect(owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}) as owner:
        yield owner


def test_the_command_tells_the_month_of_the_whole_server(
    owner: psycopg.Connection[Any], ventanilla: SomeCommand, database_environment: dict[str, str]
) -> None:
    with acting(make.actor(Role.CASE_WORKER)):
        log_reading(ReadEntry.Kind.FULL, of=make.person())
    seals.seal(owner)
    first = owner.execute("select min(id) from registry_readentry").fetchone()
    assert first is not None
    seals.redact(owner, "reads", first[0], reason="Resolución de prueba")
    made = ventanilla("audit", "report", "--month", str(THIS_MONTH), "--json", **database_environment)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    heads = {found.log: found.head for found in seals.verify(owner)}
    assert {log["log"]: log["head"] for log in told["logs"]} == heads
    assert [log["redactions"] for log in told["logs"]] == [0, 1]
    assert told["overdue_since"] is None
    assert told["logs"][0]["waiting_since"], "the trace of the redaction waits"
    earlier = ventanilla("audit", "report", "--month", "2020-01", "--json", **database_environment)
    assert [(log["seals"], log["head"]) for log in json.loads(earlier.stdout)["logs"]] == [(0, ""), (0, "")]
    plain = ventanilla("audit", "report", **database_environment)
    assert re.search(r"Cabeza: audit:\d+:[0-9a-f]{64}", plain.stdout)
    wrong = ventanilla("audit", "report", "--month", "octubre", **database_environment)
    assert wrong.returncode != 0


def test_the_nightly_command_flags_every_institution_and_twice_flags_nothing_more(
    ventanilla: SomeCommand, database_environment: dict[str, str]
) -> None:
    for institution in (make.MONTE_PATRIA, make.COMBARBALA):
        posting = make.posting(Role.CASE_WORKER, institution)
        with acting(actor_in(posting)):
            person = make.person()
            posting.account.run = person.run
            posting.account.save()
            log_reading(ReadEntry.Kind.FULL, of=person)
    for _ in range(2):
        made = ventanilla("audit", "flag", "--json", **database_environment)
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout) == {"open": {str(make.COMBARBALA): 1, str(make.MONTE_PATRIA): 1}}
