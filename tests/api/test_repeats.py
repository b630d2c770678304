"""A request sent again with its ``Idempotency-Key`` is answered again and not done again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.api.conftest import Call, Operator, make_operator, refused

from ventanilla.access.api_repeats import KEPT_FOR
from ventanilla.access.models import ApiToken, KeptAnswer, Posting
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.tenancy import acting
from ventanilla.config.api import api
from ventanilla.core import clock
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Person, ReadEntry

ANA = {"given_names": "Ana", "first_surname": "Soto", "run": "90.500.001-2"}
KEY = {"idempotency-key": "una-por-pedido"}


def _count(operator: Operator, model: Any = Person) -> int:
    with acting(operator.actor):
        return int(model.objects.count())


def test_a_request_sent_again_is_answered_the_same_and_done_once(call: Call, desk: Operator) -> None:
    first = call(desk, "POST", "/people", ANA, **KEY)
    assert first.status_code == 201, first.content
    assert "Idempotency-Replayed" not in first.headers
    again = call(desk, "POST", "/people", ANA, **KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert {name: again.headers[name] for name in ("Content-Type", "Location")} == {
        name: first.headers[name] for name in ("Content-Type", "Location")
    }
    assert _count(desk) == 1


def test_without_a_key_or_with_another_it_is_another_request(call: Call, desk: Operator) -> None:
    for headers in ({}, {}, KEY, {"idempotency-key": "otra"}):
        assert call(desk, "POST", "/consultations", {}, **headers).status_code == 201
    assert _count(desk, Consultation) == 4


def test_every_kind_of_write_may_be_sent_again(call: Call, desk: Operator) -> None:
    """A version that was read is no longer the one kept once its own request has changed it."""
    started = call(desk, "POST", "/consultations", {}).json()
    address, body = f"/consultations/{started['id']}", {"lines": [], "notes": "Preguntó por el plazo", "version": 1}
    for method, path, given in (("PUT", "", body), ("POST", "/void", {"reason": "Duplicada"})):
        key = {"idempotency-key": f"{method}{path}"}
        first = call(desk, method, address + path, given, **key)
        assert first.status_code == 200, first.content
        again = call(desk, method, address + path, given, **key)
        assert again.content == first.content
        assert again.headers["Idempotency-Replayed"] == "true"
    refused(call(desk, "POST", f"{address}/void", {"reason": "Duplicada"}), 409)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/people", ANA | {"given_names": "Eva"}), ("/consultations", {})],
    ids=["another body", "another operation"],
)
def test_a_key_is_of_one_request(call: Call, desk: Operator, path: str, body: Any) -> None:
    assert call(desk, "POST", "/people", ANA, **KEY).status_code == 201
    problem = refused(call(desk, "POST", path, body, **KEY), 422)
    assert problem["errors"][0]["field"] == "Idempotency-Key"
    assert "otro pedido" in problem["errors"][0]["message"]
    assert (_count(desk), _count(desk, Consultation)) == (1, 0)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_without_sense_is_refused(call: Call, desk: Operator, key: str) -> None:
    refused(call(desk, "POST", "/people", ANA, **{"idempotency-key": key}), 422)
    assert _count(desk) == 0


def test_the_same_key_of_somebody_else_is_another(call: Call, desk: Operator, colleague: Operator) -> None:
    first = call(desk, "POST", "/consultations", {}, **KEY).json()
    other = call(colleague, "POST", "/consultations", {}, **KEY)
    assert other.status_code == 201
    assert other.json()["id"] != first["id"]
    assert "Idempotency-Replayed" not in other.headers


def test_what_failed_is_not_kept_and_may_be_mended_with_the_same_key(call: Call, desk: Operator) -> None:
    refused(call(desk, "POST", "/people", ANA | {"commune": "99999"}, **KEY), 422)
    assert call(desk, "POST", "/people", ANA, **KEY).status_code == 201
    assert _count(desk) == 1


def test_people_who_may_be_the_same_are_asked_about_each_time_and_their_names_are_not_kept(
    call: Call, desk: Operator
) -> None:
    call(desk, "POST", "/people", ANA)
    refused(call(desk, "POST", "/people", ANA | {"run": None, "document_kind": "no_document"}, **KEY), 409)
    assert _count(desk, KeptAnswer) == 0
    with acting(desk.actor):
        assert ReadEntry.objects.filter(kind="search").count() == 1


def test_a_search_is_made_and_logged_each_time(call: Call, desk: Operator) -> None:
    for _ in range(2):
        answer = call(desk, "POST", "/people/search", {"text": "Ana Soto"}, **KEY)
        assert "Idempotency-Replayed" not in answer.headers
    with acting(desk.actor):
        assert ReadEntry.objects.filter(kind="search").count() == 2
    assert _count(desk, KeptAnswer) == 0


def test_who_may_no_longer_do_it_is_not_told_again_what_was_answered(call: Call, desk: Operator) -> None:
    call(desk, "POST", "/people", ANA, **KEY)
    ApiToken.objects.filter(posting=desk.posting).update(scopes=[Permission.PERSON_SEARCH])
    assert "alcance" in refused(call(desk, "POST", "/people", ANA, **KEY), 403)["detail"]
    Posting.objects.filter(pk=desk.posting.pk).update(starts_on=clock.today() + timedelta(days=1))
    refused(call(desk, "POST", "/people", ANA, **KEY), 401)


def test_after_a_day_a_key_is_new_and_what_was_kept_is_swept(call: Call, desk: Operator, colleague: Operator) -> None:
    call(desk, "POST", "/consultations", {}, **KEY)
    call(colleague, "POST", "/consultations", {}, **KEY)
    with acting(desk.actor):
        KeptAnswer.objects.update(at=clock.now() - KEPT_FOR)
    again = call(desk, "POST", "/consultations", {}, **KEY)
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (201, False)
    with acting(desk.actor):
        assert [kept.posting_id for kept in KeptAnswer.objects.all()] == [desk.posting.pk]
    assert _count(desk, Consultation) == 3


def test_of_key_and_request_nothing_can_be_read_in_what_is_kept(call: Call, desk: Operator) -> None:
    call(desk, "POST", "/people", ANA, **{"idempotency-key": "90500001-2"})
    with acting(desk.actor):
        kept = KeptAnswer.objects.get()
    assert all(len(value) == 64 and "90500001" not in value for value in (kept.key, kept.request))


def test_another_institution_sees_nothing_of_what_is_kept(call: Call, desk: Operator, foreigner: Operator) -> None:
    call(desk, "POST", "/people", ANA, **KEY)
    assert _count(foreigner, KeptAnswer) == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_the_same_key_are_one(call: Call) -> None:
    desk, together = make_operator(Role.FRONT_DESK), Barrier(4)

    def start() -> Any:
        try:
            together.wait(30)
            return call(desk, "POST", "/consultations", {}, **KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [asked.result(60) for asked in [pool.submit(start) for _ in range(4)]]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotency-Replayed", "") for answer in answers) == ["", "true", "true", "true"]
    assert _count(desk, Consultation) == 1


def test_every_operation_that_writes_may_be_repeated_and_none_that_reads() -> None:
    takes = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            names = {parameter["name"] for parameter in described["parameters"]}
            takes[f"{method} {path}"] = ("Idempotency-Key" in names, "If-None-Match" in names)
    writes = {name for name, (is_repeatable, _) in takes.items() if is_repeatable}
    reads = {name for name in takes if name.startswith("get ")}
    assert takes.keys() - writes - reads == {"post /api/v1/people/search"}
    assert {name for name, (_, is_conditional) in takes.items() if is_conditional} == reads
