"""A consultation from its start to its end, by API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.api import PAGE_SIZE
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.registry.models import Person, ReadEntry

REASON = {"reason": "Reemplaza a la colega en su turno"}


@pytest.fixture
def rosa(desk: Operator) -> Person:
    with make.inside():
        return make.person()


@pytest.fixture
def reasons(call: Call, desk: Operator) -> dict[str, str]:
    """Ids by national code."""
    with make.inside():
        pass
    return {reason["national_id"]: reason["id"] for reason in call(desk, "GET", "/reasons").json()["items"]}


def _start(call: Call, operator: Operator, person: Person | None = None, **body: Any) -> dict[str, Any]:
    answer = call(operator, "POST", "/consultations", body | ({"person_id": str(person.pk)} if person else {}))
    assert answer.status_code == 201, answer.content
    started: dict[str, Any] = answer.json()
    return started


def test_a_consultation_is_started_written_and_attended(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    started = _start(call, desk, rosa, channel="phone")
    assert started["state"] == "in_attention"
    assert started["folio"].startswith("C-")
    address = f"/consultations/{started['id']}"
    lines: list[dict[str, Any]] = [{"reason_id": reasons["suf"]}]
    written = call(desk, "PUT", address, {"lines": lines, "notes": "Trae carnet", "version": started["version"]})
    assert written.status_code == 200, written.content
    assert written.json()["version"] == started["version"] + 1
    lines = [
        {"reason_id": reasons["suf"], "outcome": "informed", "subject_ids": [str(rosa.pk), str(rosa.pk)]},
        {"reason_id": reasons["information"], "outcome": "resolved", "answer": "Se entregó el horario"},
    ]
    body = {"lines": lines, "version": written.json()["version"]}
    attended = call(desk, "POST", f"{address}/attend", body)
    assert attended.status_code == 200, attended.content
    assert attended.json()["state"] == "resolved"
    read = call(desk, "GET", address).json()
    assert read["person"] == {"id": str(rosa.pk), "name": rosa.full_name}
    assert (read["channel"], read["notes"]) == ("phone", "Trae carnet")
    assert [(line["reason"], line["outcome"]) for line in read["lines"]] == [
        ("SUF", "informed"),
        ("Información", "resolved"),
    ]
    assert read["lines"][0]["subject_ids"] == [str(rosa.pk)]
    assert read["occurred_at"].endswith("Z")


def test_what_a_client_leaves_out_stays_as_it_was(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    address = f"/consultations/{_start(call, desk, rosa, channel='phone')['id']}"
    whole = {"notes": "Llamó su hija", "requester": "third_party", "requester_detail": "Su hija", "version": 1}
    assert call(desk, "PUT", address, whole | {"lines": [{"reason_id": reasons["suf"]}]}).status_code == 200
    assert call(desk, "PUT", address, {"lines": [], "version": 2}).status_code == 200
    read = call(desk, "GET", address).json()
    assert read["lines"] == []
    assert {name: read[name] for name in whole if name != "version"} == {
        name: value for name, value in whole.items() if name != "version"
    }
    assert read["channel"] == "phone"


def test_a_reason_may_be_about_the_home_and_the_dwelling(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    with make.inside():
        make.home(rosa)
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    line = {"reason_id": reasons["suf"], "about_home": True, "about_dwelling": True}
    assert call(desk, "PUT", address, {"lines": [line], "version": 1}).status_code == 200
    (kept,) = call(desk, "GET", address).json()["lines"]
    assert (kept["subject_ids"], kept["about_home"], kept["about_dwelling"]) == ([], True, True)
    assert call(desk, "PUT", address, {"lines": [line | {"about_home": False}], "version": 2}).status_code == 200
    (kept,) = call(desk, "GET", address).json()["lines"]
    assert (kept["about_home"], kept["about_dwelling"]) == (False, True)
    homeless = f"/consultations/{_start(call, desk)['id']}"
    refused(call(desk, "PUT", homeless, {"lines": [line], "version": 1}), 422)


def test_a_reason_tells_the_words_and_the_papers_of_the_institution(call: Call, desk: Operator) -> None:
    with make.inside():
        make.local_reason("food", "Caja de Navidad", words="canasta", documents="Cédula\nCartola", documents_days=5)
    found = {reason["name"]: reason for reason in call(desk, "GET", "/reasons").json()["items"]}
    box = found["Caja de Navidad"]
    assert (box["words"], box["documents"], box["documents_days"]) == ("canasta", ["Cédula", "Cartola"], 5)
    assert box["parent_id"] == found["Alimentos"]["id"]
    assert (found["SUF"]["documents"], found["SUF"]["documents_days"]) == ([], None)


def test_starting_again_resumes_what_is_in_attention(call: Call, desk: Operator, rosa: Person) -> None:
    started = _start(call, desk, rosa)
    again = call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)})
    assert again.status_code == 200
    assert again.json()["id"] == started["id"]
    assert again.headers["Location"] == f"/api/v1/consultations/{started['id']}"


def test_the_same_submission_makes_one_consultation(call: Call, desk: Operator) -> None:
    submission = str(uuid4())
    started = _start(call, desk, submission_id=submission)
    again = call(desk, "POST", "/consultations", {"submission_id": submission})
    assert (again.status_code, again.json()["id"]) == (200, started["id"])
    assert _start(call, desk)["id"] != started["id"]


def test_a_submission_that_began_another_consultation_is_refused_in_a_sentence(
    call: Call, desk: Operator, colleague: Operator, rosa: Person
) -> None:
    submission = {"submission_id": str(uuid4())}
    _start(call, desk, None, **submission)
    for operator, body in ((desk, {"person_id": str(rosa.pk)}), (colleague, {})):
        problem = refused(call(operator, "POST", "/consultations", submission | body), 422)
        assert [error["field"] for error in problem["errors"]] == ["submission_id"]


def test_two_people_writing_are_told_apart_by_the_version(
    call: Call, desk: Operator, colleague: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    started = _start(call, desk, rosa)
    address = f"/consultations/{started['id']}"
    mine = {"lines": [{"reason_id": reasons["suf"]}], "notes": "mía", "version": 1}
    assert call(desk, "PUT", address, mine).status_code == 200
    refused(call(colleague, "PUT", address, mine | {"version": 2}), 403)  # without a ground to read it, no writing
    assert call(colleague, "POST", f"/people/{rosa.pk}/purposes", REASON).status_code == 201
    hers = mine | {"notes": "de ella", "lines": [{"reason_id": reasons["sap"]}]}
    refused(call(colleague, "PUT", address, hers), 409)
    refused(call(colleague, "POST", f"{address}/attend", hers), 409)
    with acting(desk.actor):
        consultation = Consultation.objects.get()
        assert (consultation.notes, consultation.version) == ("mía", 2)
        assert [line.reason_id for line in consultation.lines.all()] == [make.reason("suf").pk]


def test_an_attention_with_a_reason_without_outcome_does_not_end_and_keeps_nothing_by_halves(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    started = _start(call, desk, rosa)
    body = {"lines": [{"reason_id": reasons["suf"]}], "version": 1}
    problem = refused(call(desk, "POST", f"/consultations/{started['id']}/attend", body), 422)
    assert problem["detail"] == "Falta el resultado de SUF."
    assert problem["errors"][0]["field"] == "lines"
    with acting(desk.actor):
        assert not ReasonLine.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        {"reason_id": str(uuid4())},
        {"outcome": "waiting_documents"},
        {"subject_ids": [str(uuid4())]},
    ],
    ids=["an unknown reason", "documents without name", "an unknown person"],
)
def test_a_line_that_cannot_be_kept_is_refused_in_a_sentence(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str], line: dict[str, Any]
) -> None:
    started = _start(call, desk, rosa)
    body = {"lines": [{"reason_id": reasons["suf"]} | line], "version": 1}
    problem = refused(call(desk, "PUT", f"/consultations/{started['id']}", body), 422)
    assert problem["errors"][0]["field"] == "lines"


@pytest.mark.parametrize("version", ["1", True, 1.0, 0, -1])
def test_a_version_is_a_whole_number_and_nothing_that_looks_like_one(
    call: Call, desk: Operator, rosa: Person, version: Any
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    problem = refused(call(desk, "PUT", address, {"lines": [], "version": version}), 422)
    assert [error["field"] for error in problem["errors"]] == ["version"]


def test_a_line_left_open_is_answered_later_and_finishes_the_consultation(
    call: Call, desk: Operator, colleague: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    started = _start(call, desk, rosa)
    address = f"/consultations/{started['id']}"
    line = {"reason_id": reasons["suf"], "outcome": "waiting_documents", "awaited_documents": "Cartola"}
    attended = call(
        desk, "POST", f"{address}/attend", {"lines": [line | {"awaited_until": "2030-01-31"}], "version": 1}
    )
    assert attended.json()["state"] == "attended"
    line_id = call(desk, "GET", address).json()["lines"][0]["id"]
    answer = f"{address}/lines/{line_id}/answer"
    refused(call(desk, "POST", answer, {"outcome": "needs_unit"}), 422)
    assert call(colleague, "POST", f"/people/{rosa.pk}/purposes", REASON).status_code == 201
    finished = call(colleague, "POST", answer, {"outcome": "resolved", "answer": "Trajo la cartola"})
    assert finished.json()["state"] == "resolved"
    refused(call(colleague, "POST", answer, {"outcome": "resolved"}), 422)


def test_a_consultation_is_voided_by_whoever_recorded_it_with_a_reason(
    call: Call, desk: Operator, colleague: Operator, rosa: Person
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    refused(call(colleague, "POST", f"{address}/void", {"reason": "Duplicada"}), 403)
    refused(call(desk, "POST", f"{address}/void", {"reason": "  "}), 422)
    assert call(desk, "POST", f"{address}/void", {"reason": "Duplicada"}).json()["state"] == "voided"
    refused(call(desk, "POST", f"{address}/void", {"reason": "Duplicada"}), 409)


def test_another_unit_may_not_write(call: Call, desk: Operator, worker: Operator, rosa: Person) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    refused(call(worker, "PUT", address, {"lines": [], "version": 1}), 403)


def test_every_write_on_somebody_elses_consultation_takes_a_ground(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    head = make_operator(Role.UNIT_HEAD, in_unit=desk.posting.unit)  # who may write, and void, all that is of her unit
    late = make_operator(Role.UNIT_HEAD, in_unit=desk.posting.unit)
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    waiting = {"reason_id": reasons["suf"], "outcome": "waiting_documents", "awaited_documents": "Cartola"}
    body = {"lines": [waiting], "notes": "De otra mano", "version": 1}
    why = {"reason": "Duplicada"}
    for method, path, given in (("PUT", "", body), ("POST", "/attend", body), ("POST", "/void", why)):
        assert "La ficha se abre" in refused(call(head, method, address + path, given), 403)["detail"]
    kept = call(desk, "GET", address).json()
    assert (kept["state"], kept["version"], kept["notes"], kept["lines"]) == ("in_attention", 1, "", [])
    assert call(head, "POST", f"/people/{rosa.pk}/purposes", REASON).status_code == 201
    assert call(head, "PUT", address, body).status_code == 200
    assert call(head, "POST", f"{address}/attend", body | {"version": 2}).status_code == 200
    answer = f"{address}/lines/{call(head, 'GET', address).json()['lines'][0]['id']}/answer"
    assert "La ficha se abre" in refused(call(late, "POST", answer, {"outcome": "resolved"}), 403)["detail"]
    assert call(desk, "GET", address).json()["state"] == "attended"
    assert call(head, "POST", answer, {"outcome": "resolved"}).json()["state"] == "resolved"
    assert call(head, "POST", f"{address}/void", why).json()["state"] == "voided"


def test_what_another_unit_wrote_takes_the_full_profile(
    call: Call, desk: Operator, colleague: Operator, worker: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    line = {"reason_id": reasons["information"], "outcome": "informed"}
    body = {"lines": [line], "notes": "Trae carnet", "version": 1}
    assert call(desk, "POST", f"{address}/attend", body).status_code == 200
    head_of_another = make_operator(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    for operator in (head_of_another, colleague, worker):
        assert call(operator, "POST", f"/people/{rosa.pk}/purposes", REASON).status_code == 201
    assert "es de otra unidad" in refused(call(head_of_another, "GET", address), 403)["detail"]
    for operator in (colleague, worker):
        assert call(operator, "GET", address).json()["notes"] == "Trae carnet"


def test_what_is_restricted_cannot_be_written_by_those_who_may_not_know_of_it(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    line = {"reason_id": reasons["violence"], "outcome": "waiting_documents", "awaited_documents": "Denuncia"}
    body = {"lines": [line], "notes": "Reservado", "version": 1}
    assert call(desk, "POST", f"{address}/attend", body).status_code == 200
    answer = f"/lines/{call(desk, 'GET', address).json()['lines'][0]['id']}/answer"
    for other in (make_operator(Role.UNIT_HEAD, in_unit=desk.posting.unit), make_operator(Role.UAS_HEAD)):
        assert call(other, "POST", f"/people/{rosa.pk}/purposes", REASON).status_code == 201
        refused(call(other, "POST", f"{address}/attend", body | {"version": 2}), 404)
        refused(call(other, "POST", f"{address}/void", {"reason": "Duplicada"}), 404)
        refused(call(other, "POST", f"{address}{answer}", {"outcome": "resolved"}), 404)
    kept = call(desk, "GET", address).json()
    assert (kept["state"], kept["version"], kept["notes"]) == ("attended", 2, "Reservado")


def test_what_has_ended_is_neither_written_nor_ended_again(
    call: Call, desk: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    lines = [{"reason_id": reasons["information"], "outcome": "informed"}]
    body = {"lines": lines, "notes": "Lo primero", "version": 1}
    assert call(desk, "POST", f"{address}/attend", body).json()["state"] == "resolved"
    was = call(desk, "GET", address).json()
    assert call(desk, "POST", f"{address}/attend", body).json()["version"] == was["version"]
    other = body | {"notes": "Otra cosa", "version": was["version"]}
    for method, path in (("PUT", ""), ("POST", "/attend")):
        problem = refused(call(desk, method, address + path, other), 409)
        assert problem["title"] == "Ya no se puede"
        assert "ya no está en atención" in problem["detail"]
    assert call(desk, "GET", address).json() == was


def test_somebody_elses_consultation_takes_a_purpose_and_leaves_its_trace(
    call: Call, desk: Operator, colleague: Operator, rosa: Person
) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    refused(call(colleague, "GET", address), 403)
    call(colleague, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Volvió a preguntar por lo suyo"})
    assert call(colleague, "GET", address).status_code == 200
    with acting(desk.actor):
        (reading,) = ReadEntry.objects.filter(kind="consultation")
        assert (reading.account_id, reading.person_id) == (colleague.actor.account_id, rosa.pk)
        assert reading.purpose_id is not None


def test_what_is_restricted_is_not_even_hinted_at(
    call: Call, desk: Operator, colleague: Operator, worker: Operator, rosa: Person, reasons: dict[str, str]
) -> None:
    started = _start(call, desk, rosa)
    address = f"/consultations/{started['id']}"
    assert call(desk, "PUT", address, {"lines": [{"reason_id": reasons["violence"]}], "version": 1}).status_code == 200
    for other in (colleague, worker, make_operator(Role.UAS_HEAD)):
        refused(call(other, "GET", address), 404)
        refused(call(other, "PUT", address, {"lines": [], "version": 2}), 404)
        assert call(other, "GET", "/consultations").json()["items"] == []
    assert call(desk, "GET", address).json()["secrecy"] == "restricted"


def test_who_has_the_same_answer_already_is_told_so(call: Call, desk: Operator, rosa: Person) -> None:
    address = f"/consultations/{_start(call, desk, rosa)['id']}"
    for path in (address, "/reasons"):
        tag = call(desk, "GET", path).headers["ETag"]
        same = call(desk, "GET", path, **{"if-none-match": tag})
        assert (same.status_code, same.content) == (304, b"")
    tag = call(desk, "GET", address).headers["ETag"]
    assert call(desk, "PUT", address, {"lines": [], "notes": "Algo nuevo", "version": 1}).status_code == 200
    assert call(desk, "GET", address, **{"if-none-match": tag}).status_code == 200
    refused(call(None, "GET", address, **{"if-none-match": tag}), 401)


def test_the_list_goes_page_by_page_without_a_total(call: Call, desk: Operator, worker: Operator) -> None:
    at = clock.now() - timedelta(days=1)
    with acting(desk.actor):
        made = [start_consultation(None, by=desk.actor, occurred_at=at) for _ in range(PAGE_SIZE)]
        made += [start_consultation(None, by=desk.actor) for _ in range(3)]
    with acting(worker.actor):
        start_consultation(None, by=worker.actor)
    first = call(desk, "GET", "/consultations").json()
    assert set(first) == {"items", "next_cursor"}
    second = call(desk, "GET", f"/consultations?cursor={first['next_cursor']}").json()
    assert second["next_cursor"] is None
    listed = [row["id"] for row in first["items"] + second["items"]]
    assert len(first["items"]) == PAGE_SIZE
    assert sorted(listed) == sorted(str(one.pk) for one in made)
    assert call(desk, "GET", "/consultations?state=resolved").json()["items"] == []
    refused(call(desk, "GET", "/consultations?cursor=bm8="), 422)
    refused(call(desk, "GET", "/consultations?cursor=%C3%B1"), 422)
    refused(call(desk, "GET", "/consultations?state=lost"), 422)
    problem = refused(call(desk, "GET", "/consultations?estado=resolved"), 422)
    assert problem["errors"] == [
        {"field": "estado", "message": "Este parámetro no existe en esta operación. Revise su nombre."}
    ]


def test_a_list_costs_the_same_queries_with_one_row_and_with_many_and_is_on_record(call: Call, desk: Operator) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert call(desk, "GET", "/consultations").status_code == 200
        return len(captured)

    with make.inside():
        people = [make.person() for _ in range(6)]
        reason = str(make.reason("information").pk)
    counts = []
    for some in (people[:1], people[1:]):
        for person in some:
            started = _start(call, desk, person)
            body = {"lines": [{"reason_id": reason}], "version": 1}
            assert call(desk, "PUT", f"/consultations/{started['id']}", body).status_code == 200
        counts.append(queries())
    assert counts[0] == counts[1]
    with acting(desk.actor):
        last = ReadEntry.objects.filter(kind="list").latest("id")
        assert set(last.people or ()) == {person.pk for person in people}
