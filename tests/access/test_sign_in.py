"""Signing in, the lockout and who opens it, the session that sleeps."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from ventanilla.access import actions
from ventanilla.access.models import Account, Posting, SignInAttempt
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.rules import KNOWN_FOR, PER_ACCOUNT_AND_NETWORK, PER_NETWORK, WINDOW, Failure, locked_until
from ventanilla.access.sign_in import lock_of, record_attempt
from ventanilla.config.postgres.roles import connect
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed

pytestmark = pytest.mark.django_db

HERE, THERE = "10.0.0.1", "10.0.0.2"
NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def try_password(username: str, password: str, network: str = HERE) -> Any:
    return Client(REMOTE_ADDR=network).post("/ingresar/", {"login": username, "password": password})


def lock_out(account: Account, network: str = HERE) -> None:
    for _ in range(PER_ACCOUNT_AND_NETWORK):
        record_attempt(account.username, network, succeeded=False)


def test_whoever_knows_her_password_comes_in_and_goes_out() -> None:
    posting = make.posting()
    client = Client()
    answer = client.post("/ingresar/", {"login": posting.account.username.upper(), "password": make.PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    client.post("/salir/")
    assert client.get("/").status_code == 302


def test_a_wrong_password_and_an_unknown_account_are_told_alike() -> None:
    posting = make.posting()
    wrong = try_password(posting.account.username, "otra clave")
    unknown = try_password("nadie.conocida", "otra clave")
    assert wrong.status_code == unknown.status_code == 200
    said = [page.context["form"].errors for page in (wrong, unknown)]
    assert said[0] == said[1] != {}


def test_an_inactive_account_does_not_come_in() -> None:
    posting = make.posting()
    Account.objects.filter(pk=posting.account_id).update(is_active=False)
    client = Client()
    answer = client.post("/ingresar/", {"login": posting.account.username, "password": make.PASSWORD})
    assert "Su cuenta está desactivada" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_nobody_can_register_herself() -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/ingresar/crear/").status_code == 404


def test_five_failures_lock_the_account_for_that_network_even_with_the_right_password() -> None:
    posting = make.posting()
    for _ in range(PER_ACCOUNT_AND_NETWORK):
        assert try_password(posting.account.username, "otra clave").status_code == 200
    locked = try_password(posting.account.username, make.PASSWORD)
    assert locked.status_code == 200
    assert "demasiados intentos" in locked.content.decode()
    assert try_password(posting.account.username, make.PASSWORD, THERE).status_code == 302


def test_the_lock_opens_by_itself_when_the_window_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make.posting().account
    lock_out(account)
    until = lock_of(account.username, HERE)
    assert until is not None
    monkeypatch.setattr(clock, "now", lambda: until + timedelta(seconds=1))
    assert lock_of(account.username, HERE) is None


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.booleans()), max_size=25))
def test_a_lock_never_outlives_the_window_and_never_falls_on_few_failures(tried: list[tuple[int, bool, bool]]) -> None:
    failures = [Failure(NOON - timedelta(minutes=ago), account, network) for ago, account, network in tried]
    until = locked_until(failures, at=NOON)
    recent = [one for one in failures if one.at > NOON - WINDOW]
    assert (until is None) or NOON < until <= NOON + WINDOW
    if sum(one.same_account and one.same_network for one in recent) >= PER_ACCOUNT_AND_NETWORK:
        assert until is not None
    if len(recent) < PER_ACCOUNT_AND_NETWORK:
        assert until is None


def fail_from(network: str, times: int) -> None:
    for number in range(times):
        record_attempt(f"nadie.{number}", network, succeeded=False)


def test_what_others_fail_locks_a_network_but_not_for_those_who_work_there() -> None:
    """A town hall comes from one address: a stranger in it must not close the door to everybody."""
    known, stranger = make.posting(), make.posting()
    assert try_password(known.account.username, make.PASSWORD).status_code == 302
    fail_from(HERE, PER_NETWORK)
    assert "demasiados intentos" in try_password(stranger.account.username, make.PASSWORD).content.decode()
    assert try_password(known.account.username, make.PASSWORD).status_code == 302
    assert try_password(stranger.account.username, make.PASSWORD, THERE).status_code == 302


def test_who_works_there_is_locked_by_her_own_failures_all_the_same() -> None:
    posting = make.posting()
    assert try_password(posting.account.username, make.PASSWORD).status_code == 302
    fail_from(HERE, PER_NETWORK)
    lock_out(posting.account)
    assert "demasiados intentos" in try_password(posting.account.username, make.PASSWORD).content.decode()


def test_a_network_is_forgotten_by_who_has_not_come_from_it_for_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make.posting().account
    record_attempt(account.username, HERE, succeeded=True)
    later = clock.now() + KNOWN_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    fail_from(HERE, PER_NETWORK)
    assert lock_of(account.username, HERE) is not None


def test_behind_a_proxy_each_comes_from_her_own_address(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    posting = make.posting()

    def behind_the_proxy(password: str, client: str) -> Any:
        forged = f"203.0.113.9, {client}"  # the first is whatever the client says
        return Client(headers={"X-Forwarded-For": forged}).post(
            "/ingresar/", {"login": posting.account.username, "password": password}
        )

    for _ in range(PER_ACCOUNT_AND_NETWORK):
        behind_the_proxy("otra clave", HERE)
    assert "demasiados intentos" in behind_the_proxy(make.PASSWORD, HERE).content.decode()
    assert behind_the_proxy(make.PASSWORD, THERE).status_code == 302
    assert set(SignInAttempt.objects.values_list("network", flat=True)) == {HERE, THERE}


@pytest.mark.django_db(transaction=True)
def test_a_guess_sent_while_others_are_looked_at_waits_to_be_counted_after_them() -> None:
    """Many at once would else be looked at before any of them is counted."""
    posting = make.posting()
    username = posting.account.username
    database = connection.settings_dict
    with connect(database) as watcher, connect(database) as other, ThreadPoolExecutor(1) as pool:
        other.execute("begin")
        other.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in {username}"])
        answer = pool.submit(signing_in_a_thread, username)
        deadline = time.monotonic() + 30
        waiting = """select 1 from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())"""
        while not watcher.execute(waiting).fetchone():
            assert time.monotonic() < deadline
            assert not answer.done(), "it did not wait"
        lock_out(posting.account)  # what the others come to
        other.execute("commit")
        assert "demasiados intentos" in answer.result(timeout=30)


def signing_in_a_thread(username: str) -> str:
    try:
        return str(try_password(username, make.PASSWORD).content.decode())
    finally:
        connection.close()


def test_a_head_opens_the_lock_of_somebody_of_her_unit() -> None:
    clerk, head = make.posting(Role.FRONT_DESK), make.posting(Role.UAS_HEAD)
    lock_out(clerk.account)
    client = Client()
    client.force_login(head.account)
    listed = client.get("/cuentas-bloqueadas/").content.decode()
    assert clerk.account.username in listed or clerk.account.full_name in listed
    opened = client.post(f"/cuentas-bloqueadas/{clerk.account_id}/abrir/", follow=True)
    assert "ya puede volver a ingresar" in opened.content.decode()
    assert lock_of(clerk.account.username, HERE) is None
    assert SignInAttempt.objects.filter(username=clerk.account.username).count() == PER_ACCOUNT_AND_NETWORK


@pytest.mark.parametrize("where", ["another unit", "another institution"])
def test_a_head_does_not_open_the_lock_of_others(where: str) -> None:
    head = make.posting(Role.UNIT_HEAD)
    unit = make.unit(code="rsh", functions=("rsh",)) if where == "another unit" else make.unit(make.COMBARBALA)
    clerk = make.posting(Role.FRONT_DESK, unit.institution_id, in_unit=unit)
    lock_out(clerk.account)
    client = Client()
    client.force_login(head.account)
    assert clerk.account.full_name not in client.get("/cuentas-bloqueadas/").content.decode()
    assert client.post(f"/cuentas-bloqueadas/{clerk.account_id}/abrir/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.unlock_account(clerk.account, by=actor_in(head))
    assert lock_of(clerk.account.username, HERE) is not None


def test_the_front_desk_opens_no_lock() -> None:
    clerk, colleague = make.posting(), make.posting()
    lock_out(clerk.account)
    with pytest.raises(NotAllowed):
        actions.unlock_account(clerk.account, by=actor_in(colleague))


# The session


@pytest.fixture
def posting() -> Posting:
    with make.inside():
        return make.posting()


def fall_asleep(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    later = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_a_session_that_slept_asks_to_sign_in_and_comes_back_to_the_same_page(
    client: Client, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(posting.account)
    assert client.get("/consultas/").status_code == 200
    fall_asleep(monkeypatch, minutes=61)
    answer = client.get("/consultas/?estado=attended")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/ingresar/?next=%2Fconsultas%2F%3Festado%3Dattended"
    assert client.get("/").status_code == 302, "the old session is gone, not only this request"


def test_work_keeps_the_session_awake(client: Client, posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(posting.account)
    client.get("/")
    for _ in range(4):
        fall_asleep(monkeypatch, minutes=40)
        assert client.get("/").status_code == 200


def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(
    client: Client, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(posting.account)
    client.get("/")
    fall_asleep(monkeypatch, minutes=61)
    typed = {"given_names": "Clotilde <del> Carmen", "first_surname": "Pizarro", "address": "Camino a Tulahuén s/n"}
    answer = client.post("/personas/nueva/", typed)
    page = answer.content.decode()
    assert answer.status_code == 401
    for text in ("Clotilde &lt;del&gt; Carmen", "Pizarro", "Camino a Tulahuén s/n", "/personas/nueva/", "/ingresar/"):
        assert text in page


def test_a_fragment_asked_after_the_session_ended_says_so_and_leaves_the_page(posting: Posting) -> None:
    answer = Client(headers={"HX-Request": "true"}).get("/consultas/")
    assert (answer.status_code, answer.content) == (401, b"")
    assert "HX-Redirect" not in answer.headers
