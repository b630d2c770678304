"""Requests to every operation that nobody thought of, drawn from its document: so many, and each time the same."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import SchemathesisConfig
from tests import make
from tests.api.conftest import Call, Operator, make_operator

from ventanilla.access.permissions import Role
from ventanilla.config.api import document_text
from ventanilla.core.ids import parse_uuid

EXAMPLES = 15
CONFIG = {"seed": 4303, "generation": {"deterministic": True}, "phases": {"stateful": {"enabled": False}}}


@cache
def handler() -> WSGIHandler:
    """Made when first asked: by then the settings are those of the tests."""
    return WSGIHandler()


document = schemathesis.openapi.from_dict(json.loads(document_text()), config=SchemathesisConfig.from_dict(CONFIG))
document.app = lambda *asked: handler()(*asked)


@pytest.fixture
def operators(worker: Operator) -> list[Operator]:
    """A case worker and somebody of the front desk, in one unit."""
    return [worker, make_operator(Role.FRONT_DESK, in_unit=worker.posting.unit)]


@pytest.fixture
def known(call: Call, operators: list[Operator]) -> dict[str, str]:
    """What there is for the addresses to lead to, which both may read."""
    worker = operators[0]
    with make.inside():
        person = make.person()
        make.home(person)
        reason = make.reason("information")
    for operator in operators:
        call(operator, "POST", f"/people/{person.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    opened = call(worker, "POST", "/consultations", {"person_id": str(person.pk)}).json()
    line = {"reason_id": str(reason.pk), "outcome": "waiting_documents", "awaited_documents": "Cartola"}
    call(worker, "POST", f"/consultations/{opened['id']}/attend", {"lines": [line], "version": 1})
    line_id = call(worker, "GET", f"/consultations/{opened['id']}").json()["lines"][0]["id"]
    return {"person_id": str(person.pk), "consultation_id": opened["id"], "line_id": line_id}


@pytest.fixture(autouse=True)
def in_the_transaction_of_the_test(known: dict[str, str]) -> Iterator[None]:
    """A server looks after its connection around each request; here it stays as it is, with what the test made."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def without_limit(settings: LazySettings) -> None:
    settings.API_REQUESTS_A_MINUTE = settings.API_WRONG_KEYS_A_MINUTE = 10**6


@document.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_asked_is_answered_as_the_document_says(
    case: Any, operators: list[Operator], known: dict[str, str]
) -> None:
    """No failure of ours, no answer or status outside of the document, nothing without a key, no senseless value taken.

    That a request which fits the document is accepted is not asked: rules of the field refuse some, in a sentence.
    """
    for name in known.keys() & case.path_parameters.keys():
        if parse_uuid(str(case.path_parameters[name])):
            case.path_parameters[name] = known[name]
    operator = operators[len(repr(case.body)) % len(operators)]
    headers = {"Authorization": f"Bearer {operator.token}", "Accept-Encoding": "identity"}
    answer = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
