"""The committed document and the API say the same."""

from tests.api.conftest import Call
from tests.api.write_openapi import COMMITTED

from ventanilla.config.api import document_text, operations


def test_the_committed_document_is_the_one_served() -> None:
    assert COMMITTED.read_text() == document_text(), "changed: run python -m tests.api.write_openapi"


def test_the_document_is_open_to_all_and_describes_every_operation(call: Call) -> None:
    answer = call(None, "GET", "/openapi.json")
    assert answer.status_code == 200
    found = answer.json()
    assert found["openapi"].startswith("3.1")
    for method, path, permission in operations():
        described = found["paths"][f"/api/v1{path}"][method.lower()]
        assert described["x-permission"] == permission
        assert described["security"] == [{"Bearer": []}]
        assert "application/problem+json" in described["responses"]["403"]["content"]


def test_every_reference_of_the_document_is_there(call: Call) -> None:
    found = call(None, "GET", "/openapi.json").json()
    named = {piece.split('"')[0] for piece in document_text().split("#/components/schemas/")[1:]}
    assert named
    assert named <= set(found["components"]["schemas"])
