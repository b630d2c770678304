"""What a session keeps and for how long: no neighbour, no key that could be used, an end from its beginning."""

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from tests import make
from tests.test_permission_matrix import Door, doors

import ventanilla
from ventanilla.access.models import Posting
from ventanilla.access.sessions import SessionStore
from ventanilla.core import clock

pytestmark = pytest.mark.django_db

PACKAGE = Path(ventanilla.__file__).parent


@pytest.fixture
def posting() -> Posting:
    with make.inside():
        return make.posting()


def sign_in(posting: Posting) -> Client:
    client = Client()
    answer = client.post("/ingresar/", {"login": posting.account.username, "password": make.PASSWORD})
    assert answer.status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def pass_time(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    later = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_a_session_ends_however_much_it_is_used(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(posting)
    for _ in range(10):
        assert client.get("/").status_code == 200
        pass_time(monkeypatch, minutes=58)
    assert client.get("/").status_code == 200
    pass_time(monkeypatch, minutes=30)
    assert client.get("/").headers["Location"].startswith("/ingresar/"), "ten hours after signing in"


def test_signing_in_again_begins_a_session_of_its_own(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    first = key_of(sign_in(posting))
    pass_time(monkeypatch, hours=9)
    client = sign_in(posting)
    assert key_of(client) != first
    pass_time(monkeypatch, minutes=59)
    assert client.get("/").status_code == 200
    pass_time(monkeypatch, minutes=59)
    assert client.get("/").status_code == 200, "its own ten hours"


def test_whoever_reads_the_table_of_sessions_cannot_act_as_anybody(posting: Posting) -> None:
    client = sign_in(posting)
    assert client.get("/").status_code == 200
    (kept,) = Session.objects.values_list("session_key", flat=True)
    assert kept != key_of(client)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get("/").status_code == 302


def test_a_session_is_one_row_that_goes_when_one_leaves(posting: Posting) -> None:
    client = sign_in(posting)
    key = key_of(client)
    client.get("/")
    assert SessionStore().exists(key)
    assert Session.objects.count() == 1
    client.post("/salir/")
    assert Session.objects.count() == 0
    assert SessionStore(key).load() == {}


def test_signing_in_sweeps_out_sessions_past_their_end(posting: Posting) -> None:
    old = SessionStore()
    old.set_expiry(-60)
    old.save()
    assert Session.objects.count() == 1
    client = sign_in(posting)
    assert not SessionStore().exists(str(old.session_key))
    assert SessionStore().exists(key_of(client))


def test_neither_session_nor_cookies_name_a_neighbour(posting: Posting) -> None:
    client = sign_in(posting)
    with make.inside():
        rosa = make.person("Eduvigis", "Chañilao")
    client.post("/buscar/", {"q": "eduvigis chañilao"}, follow=True)
    client.post(f"/consultas/iniciar/{rosa.pk}/", follow=True)
    typed = {"given_names": "Clotilde", "first_surname": "Pizarro", "document_kind": "no_document"}
    assert client.post("/personas/nueva/", typed).status_code == 302
    kept = json.dumps([row.get_decoded() for row in Session.objects.all()], ensure_ascii=False).lower()
    kept += str(client.cookies).lower()
    assert str(posting.pk) in kept, "it does keep something"
    for name in ("eduvigis", "chañilao", "clotilde", "pizarro", str(rosa.run)):
        assert name not in kept


def test_no_message_names_anybody() -> None:
    """Messages wait in the session, which is no place for neighbours."""
    names = {"full_name", "given_names", "first_surname", "social_name", "run", "formatted_run", "username", "person"}
    said = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node, "func", None)
            is_message = isinstance(called, ast.Attribute) and ast.unparse(called.value) == "messages"
            if isinstance(node, ast.Call) and is_message:
                used = {
                    part.attr
                    for argument in node.args
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Attribute)
                }
                said.append((path.name, node.lineno, used & names))
    assert len(said) >= 8
    assert [one for one in said if one[2]] == []


# Methods


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_a_page_is_read_or_sent_and_nothing_else(posting: Posting, method: str) -> None:
    client = sign_in(posting)

    def address(door: Door) -> str:
        known = {"key": "unknown", "token": "unknown", "institution_id": posting.institution_id}
        known |= {"number": 1, "code": "vale-de-gas"}
        arguments = {name: known.get(name, posting.pk) for name in door.parameters}
        return reverse(door.name, kwargs=arguments)

    asked = [door for door in doors() if not door.name.startswith("api:")]
    assert len(asked) >= 18
    for door in asked:
        answer = client.generic(method, address(door))
        assert answer.status_code == 405, door.name
        assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert client.head("/").status_code == 200


def test_the_api_refuses_other_methods_itself(posting: Posting) -> None:
    bearer = {"authorization": f"Bearer {make.token(posting)}"}
    assert Client().generic("TRACE", "/api/v1/consultations", headers=bearer).status_code == 405
