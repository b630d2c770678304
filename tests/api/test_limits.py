"""How much one may ask in a minute: each account by itself, and each network that brings keys that do not serve."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access.api_keys import neighbourhood, present
from ventanilla.access.models import ApiToken, ApiUse
from ventanilla.access.permissions import Role
from ventanilla.core import clock

NOON = datetime(2026, 11, 23, 15, 0, 20, tzinfo=UTC)
HERE, THERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture(autouse=True)
def three_a_minute(settings: LazySettings) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    settings.API_WRONG_KEYS_A_MINUTE = 2


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """A minute that ends in the middle of a test would begin the count again."""
    now = clock.now().replace(second=20, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_an_account_that_asks_too_much_is_told_when_to_go_on(call: Call, desk: Operator, colleague: Operator) -> None:
    left = [call(desk, "GET", "/reasons").headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = call(desk, "GET", "/reasons")
    problem = refused(answer, 429)
    assert "más de 3 pedidos de esta cuenta" in problem["detail"]
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"] == "41"
    assert answer.headers["RateLimit-Limit"] == "3"
    assert call(colleague, "GET", "/reasons").status_code == 200


def test_the_keys_of_one_account_are_counted_together_and_what_is_refused_counts_too(
    call: Call, desk: Operator
) -> None:
    other = Operator(desk.posting, desk.actor, make.token(desk.posting))
    refused(call(desk, "GET", "/people/not-an-id"), 404)  # no such operation: not counted
    refused(call(desk, "POST", "/people", {}), 422)
    refused(call(other, "GET", f"/people/{desk.posting.pk}"), 404)
    assert call(other, "GET", "/reasons").status_code == 200
    refused(call(desk, "GET", "/reasons"), 429)


def test_with_the_next_minute_one_goes_on(db: None) -> None:
    secret = make.token(make.posting())
    assert [present(secret, HERE, at=NOON).is_over for _ in range(4)] == [False, False, False, True]
    later = present(secret, HERE, at=NOON + timedelta(seconds=40))
    assert (later.requests, later.is_over, later.left) == (1, False, 2)
    assert later.seconds_left(at=NOON + timedelta(seconds=40)) == 61


def test_keys_that_do_not_serve_are_counted_by_network_and_hold_back_no_good_one(call: Call, desk: Operator) -> None:
    wrong = Operator(desk.posting, desk.actor, "no-es-una-llave")
    for _ in range(2):
        answer = call(wrong, "GET", "/reasons")
        refused(answer, 401)
        assert "RateLimit-Limit" not in answer.headers
    answer = call(wrong, "GET", "/reasons")
    assert "más de 2 llaves que no sirven desde esta red" in refused(answer, 429)["detail"]
    assert answer.headers["Retry-After"] == "41"
    assert call(desk, "GET", "/reasons").status_code == 200


def test_each_network_has_its_own_count_and_those_of_an_hour_ago_are_forgotten(db: None) -> None:
    secret = make.token(make.posting())
    present(secret, HERE, at=NOON)
    assert [present("wrong", HERE, at=NOON).is_over for _ in range(3)] == [False, False, True]
    assert not present("wrong", THERE, at=NOON).is_over
    assert ApiUse.objects.count() == 3
    present("wrong", THERE, at=NOON + timedelta(hours=1, minutes=1))
    assert list(ApiUse.objects.values_list("whose", "requests")) == [(THERE, 1)]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7", "203.0.113.7"),
        ("", "sin dirección"),
        ("unknown", "sin dirección"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
    ],
)
def test_a_client_with_a_whole_network_of_addresses_is_one(address: str, found: str) -> None:
    assert neighbourhood(address) == found


def test_the_last_use_of_a_key_is_noted_once_an_hour(db: None) -> None:
    secret = make.token(make.posting())

    def use(minutes: int) -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as captured:
            present(secret, HERE, at=NOON + timedelta(minutes=minutes))
        return ApiToken.objects.get().last_used_at, len(captured)

    assert use(0) == (NOON, 2)
    assert use(59) == (NOON, 1)
    assert use(61) == (NOON + timedelta(minutes=61), 2)


def test_without_a_key_nothing_is_asked_of_the_database(call: Call, db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        refused(call(None, "GET", "/reasons"), 401)
        call(None, "GET", "/openapi.json")
    assert [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]] == []


def test_who_comes_by_a_local_socket_has_no_address_and_passes(call: Call, desk: Operator) -> None:
    answer = Client().get("/api/v1/reasons", headers={"authorization": f"Bearer {desk.token}"}, REMOTE_ADDR="")
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_none_goes_uncounted(call: Call) -> None:
    desk, together = make_operator(Role.FRONT_DESK), Barrier(8)

    def ask() -> int:
        try:
            together.wait(30)
            return int(call(desk, "GET", "/reasons").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = [asked.result(60) for asked in [pool.submit(ask) for _ in range(8)]]
    assert sorted(answers) == [200] * 3 + [429] * 5
    assert ApiUse.objects.get().requests == 8


@pytest.mark.django_db(transaction=True)
def test_a_request_that_lasts_holds_back_no_other_of_its_account(call: Call) -> None:
    """The count is written before the transaction of the request: inside it, the second would wait for the first."""
    desk = make_operator(Role.FRONT_DESK)
    together = Barrier(2)

    def wait_for_the_other(execute: Any, sql: str, *arguments: Any) -> Any:
        if "app.institution" in sql:  # in the middle of its own transaction, when the tenancy is entered
            together.wait(30)
        return execute(sql, *arguments)

    def ask() -> int:
        try:
            with connection.execute_wrapper(wait_for_the_other):
                return int(call(desk, "GET", "/reasons").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert [asked.result(60) for asked in [pool.submit(ask), pool.submit(ask)]] == [200, 200]


@pytest.mark.django_db(transaction=True)
def test_the_count_is_of_a_table_that_nobody_waits_to_see_on_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'access_apiuse'")
        assert cursor.fetchone() == ("u",)
