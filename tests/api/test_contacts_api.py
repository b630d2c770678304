"""Contacts by API: the same verbs as the pages, the same walls."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.core import clock
from ventanilla.intake.models import Consultation, Contact
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db

CALL = {"channel": "phone", "subject": "Pregunta por su SUF"}


@pytest.fixture
def rosa(desk: Operator) -> Person:
    with make.inside():
        return make.person()


def note(call: Call, who: Operator, **body: Any) -> dict[str, Any]:
    answer = call(who, "POST", "/contacts", CALL | body)
    assert answer.status_code == 201, answer.content
    noted: dict[str, Any] = answer.json()
    return noted


def test_a_contact_is_noted_read_and_listed(call: Call, desk: Operator, rosa: Person) -> None:
    due = (clock.today() - timedelta(days=1)).isoformat()
    noted = note(call, desk, run=rosa.formatted_run, due_on=due, answer_to="9 0000 0000")
    assert (noted["state"], noted["consultation_id"]) == ("received", None)
    read = call(desk, "GET", f"/contacts/{noted['id']}").json()
    assert read["person"] == {"id": str(rosa.pk), "name": rosa.full_name}
    assert (read["subject"], read["due_on"], read["is_overdue"]) == (CALL["subject"], due, True)
    listed = call(desk, "GET", "/contacts").json()
    assert [row["id"] for row in listed["items"]] == [noted["id"]]
    assert listed["next_cursor"] is None
    assert call(desk, "GET", "/contacts?channel=email").json()["items"] == []


def test_the_same_submission_notes_once(call: Call, desk: Operator) -> None:
    body = {"submission_id": str(uuid4())}
    first = note(call, desk, **body)
    again = call(desk, "POST", "/contacts", CALL | body)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


def test_it_is_taken_by_one(call: Call, desk: Operator, colleague: Operator) -> None:
    address = f"/contacts/{note(call, desk)['id']}"
    assert call(desk, "POST", f"{address}/take").json()["state"] == "taken"
    assert "lo tiene" in refused(call(colleague, "POST", f"{address}/take"), 409)["detail"]
    assert call(desk, "GET", "/contacts?show=mine").json()["items"][0]["taken_by"] == "Camila Ficticia"
    assert call(colleague, "GET", "/contacts?show=untaken").json()["items"] == []


def test_it_becomes_a_consultation(call: Call, desk: Operator, rosa: Person) -> None:
    noted = note(call, desk, requester="third_party", sender="Su hija")
    made = call(desk, "POST", f"/contacts/{noted['id']}/convert", {"person_id": str(rosa.pk)})
    assert made.status_code == 200, made.content
    assert made.json()["state"] == "consulted"
    read = call(desk, "GET", f"/consultations/{made.json()['consultation_id']}").json()
    assert (read["channel"], read["requester"], read["requester_detail"]) == ("phone", "third_party", "Su hija")
    again = call(desk, "POST", f"/contacts/{noted['id']}/convert", {})
    assert again.json()["consultation_id"] == made.json()["consultation_id"]


def test_it_is_answered_without_consultation(call: Call, desk: Operator) -> None:
    noted = note(call, desk)
    stale = call(desk, "POST", f"/contacts/{noted['id']}/answer", {"answer": "Horario", "version": 7})
    refused(stale, 409)
    done = call(desk, "POST", f"/contacts/{noted['id']}/answer", {"answer": "Horario", "version": 1})
    assert done.json()["state"] == "answered"
    assert call(desk, "GET", "/contacts?show=closed").json()["items"][0]["id"] == noted["id"]
    with make.inside():
        assert not Consultation.objects.exists()


def test_what_is_wrong_leaves_nothing(call: Call, desk: Operator) -> None:
    problem = refused(call(desk, "POST", "/contacts", CALL | {"run": "1-1"}), 422)
    assert problem["errors"][0]["field"] == "run"
    refused(call(desk, "POST", "/contacts", CALL | {"requester": "institution"}), 422)
    refused(call(desk, "POST", "/contacts", CALL | {"unit_id": str(uuid4())}), 404)
    refused(call(desk, "GET", "/contacts?cursor=x"), 422)
    with make.inside():
        assert not Contact.objects.exists()


def test_the_next_page_begins_where_the_last_ended(call: Call, desk: Operator) -> None:
    ids = [note(call, desk)["id"] for _ in range(52)]
    first = call(desk, "GET", "/contacts").json()
    second = call(desk, "GET", f"/contacts?cursor={first['next_cursor']}").json()
    assert [row["id"] for row in first["items"] + second["items"]] == ids
    assert second["next_cursor"] is None


def test_another_unit_or_municipality_finds_nothing(
    call: Call, desk: Operator, worker: Operator, foreigner: Operator
) -> None:
    address = f"/contacts/{note(call, desk)['id']}"
    for stranger in (worker, foreigner):
        refused(call(stranger, "GET", address), 404)
        refused(call(stranger, "POST", f"{address}/take"), 404)
        refused(call(stranger, "POST", f"{address}/convert", {}), 404)
        refused(call(stranger, "POST", f"{address}/answer", {"answer": "Listo"}), 404)
        assert call(stranger, "GET", "/contacts").json()["items"] == []


def test_a_consultation_says_who_came_for_her_and_what_she_showed(call: Call, desk: Operator, rosa: Person) -> None:
    started = call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)}).json()
    address = f"/consultations/{started['id']}"
    told = {"requester": "third_party", "third_party": {"quality": "mandate", "evidence": "power"}}
    assert call(desk, "PUT", address, told | {"lines": [], "version": 1}).status_code == 200
    assert call(desk, "GET", address).json()["third_party"] == {"quality": "mandate", "evidence": "power"}
    assert call(desk, "PUT", address, {"lines": [], "notes": "Vuelve mañana", "version": 2}).status_code == 200
    assert call(desk, "GET", address).json()["third_party"]["evidence"] == "power", "what is left out stays"
    assert call(desk, "PUT", address, {"lines": [], "requester": "self", "version": 3}).status_code == 200
    assert call(desk, "GET", address).json()["third_party"] == {"quality": None, "evidence": None}
