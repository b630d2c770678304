"""The committed document and the API say the same, and go on saying what the last release promised."""

import json

import pytest
from tests.api.conftest import Call
from tests.api.promised import demands, promises
from tests.api.write_openapi import COMMITTED, PROMISED

from ventanilla.config.api import api, document_text, operations

BOUNDED = {
    "GET /api/v1/protocols": "agreements between units: tens of them",
    "GET /api/v1/reasons": "those of the institution, some dozens",
    "GET /api/v1/catalogue/entries": "what a municipality offers, some dozens",
    "GET /api/v1/catalogue/entries/{entry_id}/versions": "one or two a year",
    "GET /api/v1/people/{person_id}/eligibility": "what the catalogue offers, some dozens",
    "GET /api/v1/queues": "those in use, a handful",
    "GET /api/v1/queues/{queue_id}/tickets": "who waits now",
    "GET /api/v1/agendas": "those in use, a handful",
    "GET /api/v1/agendas/{agenda_id}/slots": "the next ones, as many as it says",
    "GET /api/v1/appointments": "those of one day",
    "GET /api/v1/referrals/{referral_id}/files": "ten at most",
    "GET /api/v1/tray": "a tray shows fifty, and says when there are more",
}
"""Lists that come whole, and why they do not grow."""


def test_the_committed_document_is_the_one_served() -> None:
    is_same = COMMITTED.read_text() == document_text()
    assert is_same, (
        "docs/api/openapi.json is not what the API says now: run «make openapi», look at its diff, commit it"
    )


def test_what_the_last_release_promised_is_still_so() -> None:
    """Whoever wrote a client keeps it working until the version of the API changes. New things may always come."""
    version, *released = PROMISED.read_text().splitlines()
    now = api.get_openapi_schema()
    assert version == f"version {now['info']['version']}", "another version promises anew: run «make promise»"
    asked = {line for line in released if " asks " in line}
    gone = set(released) - asked - promises(now)
    assert gone == set(), "taken away from clients: keep it, or make it another version"
    known = {line for line in released if line.count(" ") == 1}
    added = {line for line in demands(now) - asked if line.partition(" asks ")[0] in known}
    assert added == set(), "asked of clients that do not know it: make it optional, or make it another version"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda paths: paths.pop("/api/v1/reasons"), "gone"),
        (lambda paths: paths["/api/v1/consultations"].pop("get"), "gone"),
        (lambda paths: paths["/api/v1/consultations"]["get"]["parameters"].pop(), "gone"),
        (lambda paths: paths["/api/v1/people"]["post"]["responses"].pop("200", paths["/api/v1/people"]), "gone"),
        (lambda paths: paths["/api/v1/consultations"]["get"]["parameters"][0].update(required=True), "asked"),
    ],
)
def test_a_change_that_breaks_clients_is_seen(change: object, kind: str) -> None:
    before, after = api.get_openapi_schema(), json.loads(document_text())
    change(after["paths"])  # type: ignore[operator]  # one of the functions above
    assert bool(promises(before) - promises(after)) == (kind == "gone")
    assert bool(demands(after) - demands(before)) == (kind == "asked")


def test_fields_that_go_or_become_obligatory_are_seen_however_deep() -> None:
    before, after = api.get_openapi_schema(), json.loads(document_text())
    schemas = after["components"]["schemas"]
    del schemas["LineShown"]["properties"]["answer"]
    schemas["LineGiven"]["required"].append("outcome")
    read, written = "GET /api/v1/consultations/{consultation_id}", "PUT /api/v1/consultations/{consultation_id}"
    assert promises(before) - promises(after) == {f"{read} answers 200 lines.answer"}
    assert f"{written} asks lines.outcome" in demands(after) - demands(before)


def test_a_list_that_grows_comes_by_pages() -> None:
    document = api.get_openapi_schema()
    answered = promises(document)
    for name, operation in (
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ):
        fields = {line.partition(" answers 200 ")[2] for line in answered if line.startswith(f"{name} ")}
        if "items" in fields and name not in BOUNDED:
            assert "next_cursor" in fields, f"{name}: give it a cursor, or say in BOUNDED why it does not grow"
            assert "cursor" in {parameter["name"] for parameter in operation["parameters"]}, name


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
