"""Who gets through the door of the API."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access import api_auth
from ventanilla.access.models import ApiToken, OperatingRequirement, Posting
from ventanilla.access.permissions import GRANTS, Role
from ventanilla.access.tenancy import acting
from ventanilla.config.api import operations
from ventanilla.core import clock
from ventanilla.registry.models import ReadEntry


def _address(path: str) -> str:
    return path.format(person_id=uuid4(), consultation_id=uuid4(), line_id=uuid4())


def test_without_a_token_every_operation_asks_for_one(call: Call) -> None:
    for method, path, _ in operations():
        answer = call(None, method, _address(path), {})
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_invented_token_opens_nothing(call: Call, desk: Operator) -> None:
    refused(call(None, "GET", "/reasons", authorization="Bearer not-a-token"), 401)
    refused(call(None, "GET", "/reasons", authorization="Bearer \x00"), 401)
    refused(call(None, "GET", "/reasons", authorization=f"Basic {desk.token}"), 401)


def test_a_token_ends_with_its_term(call: Call, desk: Operator) -> None:
    ApiToken.objects.filter(posting=desk.posting).update(expires_at=clock.now() - timedelta(seconds=1))
    refused(call(desk, "GET", "/reasons"), 401)


def test_a_token_ends_with_its_posting(call: Call, desk: Operator) -> None:
    Posting.objects.filter(pk=desk.posting.pk).update(ends_on=date(2026, 1, 2))
    refused(call(desk, "GET", "/reasons"), 401)


def test_the_token_of_an_inactive_account_opens_nothing(call: Call, desk: Operator) -> None:
    desk.posting.account.is_active = False
    desk.posting.account.save()
    refused(call(desk, "GET", "/reasons"), 401)


def test_the_session_of_a_browser_does_not_open_the_api(desk: Operator) -> None:
    browser = Client()
    browser.force_login(desk.posting.account)
    refused(browser.get("/api/v1/reasons"), 401)
    refused(browser.post("/api/v1/consultations", "{}", content_type="application/json"), 401)


def test_an_unmet_requirement_is_said_before_anything_opens(
    call: Call, desk: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.posting.has_unmet = True  # type: ignore[attr-defined]  # what with_unmet annotates
    agreement = OperatingRequirement(code="agreement", name="Acuerdo de confidencialidad", how="Firmarlo")
    monkeypatch.setattr(api_auth, "posting_of_token", lambda token: desk.posting)
    monkeypatch.setattr(api_auth, "unmet_requirements", lambda posting, on: [agreement])
    assert "Acuerdo de confidencialidad (Firmarlo)" in refused(call(desk, "GET", "/reasons"), 403)["detail"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_where_the_table_says_and_nowhere_else(call: Call, desk: Operator, role: Role) -> None:
    operator = make_operator(role)
    for method, path, permission in operations():
        answer = call(operator, method, _address(path), None if method == "GET" else {})
        if permission in GRANTS[role]:
            assert answer.status_code in {200, 201, 404, 422}, (method, path, answer.content)
        else:
            refused(answer, 403)


def test_another_institution_gets_404_for_every_address(call: Call, desk: Operator, foreigner: Operator) -> None:
    with make.inside():
        person, reason = make.person(), make.reason("information")
    opened = call(desk, "POST", "/consultations", {"person_id": str(person.pk)}).json()
    line = {"reason_id": str(reason.pk), "outcome": "waiting_documents", "awaited_documents": "Cartola"}
    written = {"lines": [line], "version": opened["version"]}
    attended = call(desk, "POST", f"/consultations/{opened['id']}/attend", written)
    assert attended.status_code == 200, attended.content
    line_id = call(desk, "GET", f"/consultations/{opened['id']}").json()["lines"][0]["id"]
    bodies = {
        "purposes": {"reason": "Necesito revisar su situación"},
        "void": {"reason": "Duplicada"},
        "answer": {"outcome": "resolved"},
    }
    with_ids = [(method, path) for method, path, _ in operations() if "{" in path]
    assert len(with_ids) == 9
    for method, path in with_ids:
        address = path.format(person_id=person.pk, consultation_id=opened["id"], line_id=line_id)
        body = None if method == "GET" else bodies.get(path.rpartition("/")[2], written)
        refused(call(foreigner, method, address, body), 404)
    refused(call(foreigner, "POST", "/consultations", {"person_id": str(person.pk)}), 404)
    assert call(foreigner, "POST", "/people/search", {"text": person.run}).json()["matches"] == []
    assert call(foreigner, "GET", "/consultations").json()["items"] == []
    with acting(foreigner.actor):
        seen = ReadEntry.objects.exclude(people=[]).filter(account_id=foreigner.actor.account_id)
        assert not seen.exists()
