"""Who calls the API in these tests, and how."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.core.ids import new_id

Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a live token; nobody signs in as her, so that no password is hashed."""

    posting: Posting
    actor: Actor
    token: str


def make_operator(role: Role, institution: int = make.MONTE_PATRIA, **options: Any) -> Operator:
    account = Account.objects.create(username=f"api.{new_id()}", given_names="Camila", surnames="Ficticia")
    posting = make.posting(role, institution, account=account, **options)
    return Operator(posting, actor_in(posting), make.token(posting))


@pytest.fixture
def call(db: None) -> Call:
    """``call(operator, "POST", "/people", {...})`` gives the answer; CSRF is checked as for a browser."""
    client = Client(enforce_csrf_checks=True)

    def ask(who: Operator | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if who is not None:
            headers["authorization"] = f"Bearer {who.token}"
        content = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        return client.generic(method, f"/api/v1{path}", content, content_type="application/json", headers=headers)

    return ask


@pytest.fixture
def desk(db: None) -> Operator:
    """Of the front desk of Monte Patria, in a unit that is not the UAS."""
    attention = make.unit(code="atencion", functions=("attention",))
    return make_operator(Role.FRONT_DESK, in_unit=attention)


@pytest.fixture
def colleague(desk: Operator) -> Operator:
    """Of the same unit."""
    return make_operator(Role.FRONT_DESK, in_unit=desk.posting.unit)


@pytest.fixture
def worker(db: None) -> Operator:
    """Of the UAS."""
    return make_operator(Role.CASE_WORKER)


@pytest.fixture
def foreigner(db: None) -> Operator:
    """With every right of a case worker, in another municipality."""
    return make_operator(Role.CASE_WORKER, make.COMBARBALA)


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The problem, after checking that it is one."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem
