"""The waiting room by API: the same verbs as its pages, and nobody's name in any answer."""

from typing import Any
from uuid import uuid4

import pytest
from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.access.models import Desk
from ventanilla.intake.models import Queue, Ticket
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(desk: Operator) -> Queue:
    with make.inside():
        return make.queue()


@pytest.fixture
def module(queue: Queue) -> Desk:
    return Desk.objects.order_by("name")[0]


@pytest.fixture
def rosa(desk: Operator) -> Person:
    with make.inside():
        return make.person()


def take(call: Call, who: Operator, queue: Queue, **body: Any) -> dict[str, Any]:
    answer = call(who, "POST", "/tickets", {"queue_id": str(queue.pk)} | body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def done(call: Call, who: Operator, path: str, body: Any = None) -> dict[str, Any]:
    answer = call(who, "POST", path, body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_number_goes_from_the_entrance_to_its_consultation(
    call: Call, desk: Operator, queue: Queue, module: Desk, rosa: Person
) -> None:
    taken = take(call, desk, queue, person_id=str(rosa.pk))
    assert (taken["label"], taken["state"], taken["is_preferential"]) == ("A-001", "waiting", False)
    (listed,) = call(desk, "GET", "/queues").json()["items"]
    assert (listed["letter"], listed["waiting"], str(module.pk) in listed["desk_ids"]) == ("A", 1, True)
    called = done(call, desk, "/tickets/call", {"desk_id": str(module.pk)})
    assert (called["id"], called["why"]) == (taken["id"], "Es quien espera hace más tiempo.")
    assert done(call, desk, "/tickets/call", {"desk_id": str(module.pk)})["id"] == taken["id"]
    address = f"/tickets/{taken['id']}"
    assert done(call, desk, f"{address}/recall")["calls"] == 2
    attended = done(call, desk, f"{address}/attend")
    assert attended["state"] == "attending"
    assert done(call, desk, f"{address}/attend") == attended
    shown = call(desk, "GET", f"/consultations/{attended['consultation_id']}").json()
    assert shown["person"]["id"] == str(rosa.pk)
    assert [one["id"] for one in call(desk, "GET", f"/queues/{queue.pk}/tickets").json()["items"]] == [taken["id"]]
    assert done(call, desk, f"{address}/finish")["state"] == "done"
    assert call(desk, "GET", f"/queues/{queue.pk}/tickets").json()["items"] == []


def test_no_answer_of_the_room_says_whose_a_number_is(call: Call, desk: Operator, queue: Queue, rosa: Person) -> None:
    taken = take(call, desk, queue, person_id=str(rosa.pk))
    for path in (f"/tickets/{taken['id']}", f"/queues/{queue.pk}/tickets", "/queues"):
        answer = call(desk, "GET", path).content.decode()
        assert rosa.given_names not in answer
        assert str(rosa.pk) not in answer


def test_sent_again_a_number_is_the_same(call: Call, desk: Operator, queue: Queue) -> None:
    body = {"queue_id": str(queue.pk), "submission_id": str(uuid4())}
    first, second = call(desk, "POST", "/tickets", body), call(desk, "POST", "/tickets", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.headers["Location"].endswith(f"/tickets/{first.json()['id']}")


def test_a_preference_needs_what_shows_it(call: Call, desk: Operator, queue: Queue, module: Desk) -> None:
    take(call, desk, queue)
    body = {"queue_id": str(queue.pk), "preference": {"ground": "carer"}}
    refused(call(desk, "POST", "/tickets", body), 422)
    body["preference"] = {"ground": "carer", "evidence": "Credencial de cuidadora"}
    first = call(desk, "POST", "/tickets", body).json()
    assert done(call, desk, "/tickets/call", {"desk_id": str(module.pk)})["id"] == first["id"]


def test_who_does_not_come_may_come_back_and_be_handed_over(
    call: Call, desk: Operator, queue: Queue, module: Desk
) -> None:
    with make.inside():
        other = make.queue(letter="B")
        other.site = queue.site
        other.save()
    taken = take(call, desk, queue)
    address = f"/tickets/{taken['id']}"
    done(call, desk, "/tickets/call", {"desk_id": str(module.pk)})
    assert "una vez más" in refused(call(desk, "POST", f"{address}/no-show"), 422)["detail"]
    done(call, desk, f"{address}/recall")
    assert done(call, desk, f"{address}/no-show")["state"] == "no_show"
    assert done(call, desk, f"{address}/return")["state"] == "waiting"
    passed = done(call, desk, f"{address}/hand-over", {"queue_id": str(other.pk), "reason": "Era de subsidios"})
    assert (passed["label"], passed["kind"], passed["queue_id"]) == ("A-001", "walked_over", str(other.pk))
    assert passed["id"] != taken["id"]
    refused(call(desk, "POST", f"{address}/recall"), 409)


def test_what_is_refused_leaves_no_row(call: Call, desk: Operator, queue: Queue) -> None:
    body = {"queue_id": str(queue.pk), "preference": {"ground": "disability"}}
    refused(call(desk, "POST", "/tickets", body), 422)
    refused(call(desk, "POST", "/tickets/call", {"desk_id": str(uuid4())}), 404)
    with make.inside():
        assert not Ticket.objects.exists()
