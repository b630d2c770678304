"""Versions that are read and then made a condition: ``ETag``, ``If-None-Match``, ``If-Match``."""

import re
from typing import Any

import pytest
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused
from tests.referrals.agreements import WRITTEN, drafted
from tests.referrals.agreements import head as head_of_uas
from tests.referrals.loop import BODIES_OF_STEPS, referred

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.config.api import api
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Person


@pytest.fixture
def rosa(desk: Operator) -> Person:
    with make.inside():
        return make.person()


@pytest.fixture
def address(call: Call, desk: Operator, rosa: Person) -> str:
    """A consultation of the desk with her, in its first version."""
    return f"/consultations/{call(desk, 'POST', '/consultations', {'person_id': str(rosa.pk)}).json()['id']}"


def _lines(outcome: str = "informed") -> dict[str, Any]:
    return {"lines": [{"reason_id": str(make.reason("information").pk), "outcome": outcome}]}


def test_a_record_says_its_version_in_its_tag_and_a_list_what_it_holds(
    call: Call, desk: Operator, address: str
) -> None:
    assert call(desk, "GET", address).headers["ETag"].startswith('"1-')
    call(desk, "PUT", address, {"lines": [], "notes": "Algo", "version": 1})
    assert call(desk, "GET", address).headers["ETag"].startswith('"2-')
    assert "-" not in call(desk, "GET", "/reasons").headers["ETag"]


def test_a_tag_changes_with_what_is_shown_though_the_version_does_not(
    call: Call, desk: Operator, address: str, rosa: Person
) -> None:
    tag = call(desk, "GET", address).headers["ETag"]
    assert call(desk, "GET", address, **{"if-none-match": tag}).status_code == 304
    with acting(desk.actor):
        Person.objects.filter(pk=rosa.pk).update(social_name="Elvira")
    changed = call(desk, "GET", address, **{"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"].startswith('"1-')


def test_what_was_read_is_written_on_without_naming_its_version_in_the_body(
    call: Call, desk: Operator, address: str
) -> None:
    with make.inside():
        body = _lines() | {"notes": "Vino por su cuenta"}
    tag = call(desk, "GET", address).headers["ETag"]
    written = call(desk, "PUT", address, body, **{"if-match": tag})
    assert written.status_code == 200, written.content
    version = written.json()["version"]
    attended = call(desk, "POST", f"{address}/attend", body, **{"if-match": f'"{version}"'})
    assert attended.json()["state"] == "resolved"
    voided = call(desk, "POST", f"{address}/void", {"reason": "Duplicada"}, **{"if-match": f'"{version + 1}"'})
    assert voided.json()["state"] == "voided"


def test_a_compressed_answer_gives_a_tag_that_serves_too(call: Call, desk: Operator, address: str) -> None:
    read = call(desk, "GET", address, **{"accept-encoding": "gzip"})
    tag = read.headers["ETag"]
    assert (read.headers["Content-Encoding"], tag[:4]) == ("gzip", 'W/"1')
    assert call(desk, "GET", address, **{"if-none-match": tag, "accept-encoding": "gzip"}).status_code == 304
    assert call(desk, "PUT", address, {"lines": []}, **{"if-match": tag}).status_code == 200


@pytest.mark.parametrize("tag", ['"20"', '"11-aa"', '"-1"', '"*"', "1", "nonsense", "", 'W/"7-ab", "8"'])
def test_nothing_is_written_over_a_version_that_was_not_read(
    call: Call, desk: Operator, address: str, tag: str
) -> None:
    with make.inside():
        body = _lines("waiting_documents")
    body["lines"][0]["awaited_documents"] = "Cartola"
    for method, path, given in (("PUT", "", body), ("POST", "/attend", body), ("POST", "/void", {"reason": "Otra"})):
        problem = refused(call(desk, method, address + path, given, **{"if-match": tag}), 412)
        assert "Léalo de nuevo" in problem["detail"]
    attended = call(desk, "POST", f"{address}/attend", body, **{"if-match": '"7", "1-abc"'})
    assert attended.status_code == 200, attended.content
    line = call(desk, "GET", address).json()["lines"][0]["id"]
    answer = f"{address}/lines/{line}/answer"
    refused(call(desk, "POST", answer, {"outcome": "resolved"}, **{"if-match": tag}), 412)
    assert call(desk, "POST", answer, {"outcome": "resolved"}, **{"if-match": "*"}).status_code == 200


def test_a_body_without_version_needs_the_condition(call: Call, desk: Operator, address: str) -> None:
    problem = refused(call(desk, "PUT", address, {"lines": []}), 422)
    assert [error["field"] for error in problem["errors"]] == ["version"]
    assert call(desk, "PUT", address, {"lines": []}, **{"if-match": "*"}).status_code == 200


def test_the_version_is_not_told_to_who_has_no_ground_to_read_it(
    call: Call, desk: Operator, colleague: Operator, address: str, rosa: Person
) -> None:
    for tag in ('"1"', '"2"'):
        answer = call(colleague, "PUT", address, {"lines": []}, **{"if-match": tag})
        assert "La ficha se abre" in refused(answer, 403)["detail"]
    call(colleague, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Reemplaza a la colega en su turno"})
    refused(call(colleague, "PUT", address, {"lines": []}, **{"if-match": '"2"'}), 412)


def test_a_condition_that_nobody_would_look_at_is_refused_and_nothing_is_done(call: Call, desk: Operator) -> None:
    problem = refused(call(desk, "POST", "/consultations", {}, **{"if-match": '"1"'}), 412)
    assert "no compara versiones" in problem["detail"]
    with acting(desk.actor):
        assert not Consultation.objects.exists()


def test_every_operation_that_says_it_takes_a_condition_compares_it(call: Call, desk: Operator, address: str) -> None:
    head, dideco = make_operator(Role.UAS_HEAD), make_operator(Role.DIDECO)
    with make.inside():
        body = _lines("waiting_documents")
        entry = make.written_entry(is_published=False)
        person = make.person()
    body["lines"][0]["awaited_documents"] = "Cartola"
    call(desk, "POST", f"{address}/attend", body | {"version": 1})
    said = {"channel": "phone", "subject": "Pregunta por el bono"}
    known = {
        "{consultation_id}": address.rpartition("/")[2],
        "{line_id}": call(desk, "GET", address).json()["lines"][0]["id"],
        "{contact_id}": call(desk, "POST", "/contacts", said).json()["id"],
        "{entry_id}": str(entry.pk),
        "{protocol_id}": str(drafted(head_of_uas()).protocol_id),
        "{referral_id}": str(referred(person, to=desk.posting.unit).pk),
    }
    bodies: dict[str, Any] = {
        "void": {"reason": "Duplicada"},
        "lines/answer": {"outcome": "resolved"},
        "contacts/answer": {"answer": "Se le explicó"},
        "take": None,
        "convert": {},
        "entries/draft": {"name": "Vale de gas"},
        "entries/suspend": {"ground": "other"},
        "entries/close": {"reason": "Cambió"},
        "protocols/draft": WRITTEN,
        **{f"protocols/{step}": {} for step in ("submit", "sign")},
        "protocols/return": {"reason": "Falta"},
        "protocols/approve": {"starts_on": "2099-12-01"},
        **{f"referrals/{step}": said for step, said in BODIES_OF_STEPS.items()},
        **{f"entries/{verb}": {} for verb in ("submit", "publish", "revalidate")},
    }
    tried = 0
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            if "If-Match" in {parameter["name"] for parameter in described["parameters"]}:
                assert "412" in {str(status) for status in described["responses"]}
                where = path.removeprefix("/api/v1")
                for name, value in known.items():
                    where = where.replace(name, value)
                last, of = path.rpartition("/")[2], re.findall(r"/(\w+)/\{", path)[-1]
                given = bodies.get(f"{of}/{last}", bodies.get(last, body))
                who = dideco if last == "approve" else head if re.search("catalogue|protocols", path) else desk
                answer = call(who, method.upper(), where, given, **{"if-match": '"99"'})
                assert "Léalo de nuevo" in refused(answer, 412)["detail"], path
                tried += 1
    assert tried >= 15
