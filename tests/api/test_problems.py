"""Whatever goes wrong: a problem in Spanish, nothing half written, and a line in the log without personal data."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from ninja.errors import AuthenticationError, HttpError, ValidationError
from structlog.testing import capture_logs
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion, TenancyError
from ventanilla.core.models import AuditEvent
from ventanilla.registry import actions
from ventanilla.registry.models import ContactPoint, Person, ReadPurpose

SECRET = "Rosamunda"
NEW = {"given_names": SECRET, "first_surname": "Araya", "run": "90.500.001-2", "phone": "+56 9 5555 0001"}

ERRORS = [
    (RuleBroken("No se puede con estos datos.", field="run"), 422),
    (NotAllowed("Su desempeño no lo permite."), 403),
    (InvalidTransition("Ya no está en atención."), 409),
    (StaleVersion("Alguien más guardó."), 409),
    (Http404(SECRET), 404),
    (PermissionDenied(SECRET), 403),
    (AuthenticationError(), 401),
    (ValidationError([{"type": "missing", "loc": ("body", "new", "run"), "msg": SECRET}]), 422),
    (HttpError(400, SECRET), 400),
    (SuspiciousOperation(SECRET), 400),
    (DatabaseError(SECRET), 500),
    (TenancyError(SECRET), 500),
    (ZeroDivisionError(SECRET), 500),
]


@pytest.fixture
def rows(desk: Operator) -> Callable[[], int]:
    """Counts what registering a person writes, its audit included."""

    def count() -> int:
        with acting(desk.actor):
            kept = Person.objects.count() + ContactPoint.objects.count() + ReadPurpose.objects.count()
            return kept + AuditEvent.objects.filter(table_name="registry_person").count()

    return count


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=lambda value: type(value).__name__)
def test_an_error_after_writing_leaves_no_row_and_no_name_in_the_log(
    call: Call, desk: Operator, rows: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    register = actions.register_person

    def write_and_fail(*arguments: Any, **options: Any) -> None:
        register(*arguments, **options)
        assert rows() > 0
        raise error

    monkeypatch.setattr(actions, "register_person", write_and_fail)
    with capture_logs() as lines:
        answer = call(desk, "POST", "/people", NEW)
    refused(answer, status)
    assert rows() == 0
    assert SECRET not in answer.content.decode()
    (line,) = lines
    assert (line["status"], line["error"]) == (status, type(error).__name__)
    assert (line["method"], line["route"]) == ("POST", "api/v1/people")
    assert SECRET not in str(lines)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_committed_when_the_answer_is_a_problem(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_operator(Role.FRONT_DESK)
    register = actions.register_person

    def write_and_fail(*arguments: Any, **options: Any) -> None:
        register(*arguments, **options)
        raise RuleBroken("No se puede con estos datos.")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "register_person", write_and_fail)
        refused(call(desk, "POST", "/people", NEW), 422)
    with acting(desk.actor):
        assert Person.objects.count() == 0
    assert call(desk, "POST", "/people", NEW).status_code == 201
    with acting(desk.actor):
        assert Person.objects.count() == 1


def test_a_failure_of_ours_gives_a_reference_and_where_it_was(
    call: Call, desk: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(actions, "register_person", fail)
    with capture_logs() as lines:
        detail = refused(call(desk, "POST", "/people", NEW), 500)["detail"]
    assert re.search(r"con esta referencia: [0-9a-f-]{36}\.$", detail)
    assert any("registry" in str(line["where"]) or "api.py" in str(line["where"]) for line in lines)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"first_surname": "Araya"}, "given_names", "Falta"),
        (NEW | {"given_name": "Ana"}, "given_name", "no existe"),
        (NEW | {"given_names": "a" * 300}, "given_names", "120 caracteres"),
        (NEW | {"given_names": "Ana\x00"}, "given_names", "no se pueden guardar"),
        (NEW | {"given_names": "\ud800"}, "given_names", "no se pueden guardar"),
        (NEW | {"given_names": 7}, "given_names", "texto"),
        (NEW | {"run": "90500001-6"}, "run", "el dígito debería ser"),
        (NEW | {"run": "no es"}, "run", "hasta ocho números"),
        (NEW | {"birth_on": "2999-01-01"}, "birth_on", "futuro"),
        (NEW | {"birth_on": "31-12-1980"}, "birth_on", "fecha como"),
        (NEW | {"birth_on": 0}, "birth_on", "fecha como"),
        (NEW | {"birth_on": 315532800.0}, "birth_on", "fecha como"),
        (NEW | {"confirmed": "no"}, "confirmed", "verdadero o falso"),
        (NEW | {"confirmed": 1}, "confirmed", "verdadero o falso"),
        (NEW | {"sex": "x"}, "sex", "uno de estos"),
        (NEW | {"commune": "99999"}, "commune", "no existe"),
        (NEW | {"run": None}, "run", "que no tiene documento"),
        ({"given_names": "Ana", "first_surname": "Araya", "document_kind": "passport"}, "document_number", "número"),
        ([], "", "objeto JSON"),
    ],
)
def test_wrong_input_is_told_field_by_field(
    call: Call, desk: Operator, rows: Any, body: Any, field: str, words: str
) -> None:
    problem = refused(call(desk, "POST", "/people", body), 422)
    assert [(error["field"], words in error["message"]) for error in problem["errors"]] == [(field, True)]
    assert rows() == 0


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("nonsense", 400), (b"\xff\xfe", 400), ("", 422)])
def test_what_is_not_json_is_refused_in_a_sentence(call: Call, desk: Operator, body: str | bytes, status: int) -> None:
    refused(call(desk, "POST", "/people/search", body), status)


def test_a_body_beyond_the_limit_is_refused(call: Call, desk: Operator) -> None:
    body = '{"text": "' + "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + '"}'
    refused(call(desk, "POST", "/people/search", body), 413)


def test_an_address_that_does_not_exist_is_a_problem_too(call: Call, desk: Operator) -> None:
    refused(call(desk, "GET", "/nothing"), 404)
    refused(call(desk, "GET", "/people/not-an-id"), 404)
