"""Appointments by API: free hours, one given, moved, cancelled, and who came at hers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.api.conftest import Call, Operator, make_operator, refused
from tests.intake.booked import MONDAY_NINE, Office

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.appointments import arranging
from ventanilla.intake.models import Appointment
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


@pytest.fixture
def clerk(office: Office) -> Operator:
    return make_operator(Role.FRONT_DESK)


def wanted(office: Office, minutes: int = 30, **body: Any) -> dict[str, Any]:
    starts_at = MONDAY_NINE + timedelta(minutes=minutes)
    return {"agenda_id": str(office.agenda.pk), "starts_at": starts_at.isoformat()} | body


def book(call: Call, who: Operator, office: Office, minutes: int = 30, **body: Any) -> dict[str, Any]:
    answer = call(who, "POST", "/appointments", wanted(office, minutes, person_id=str(office.rosa.pk)) | body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_free_hours_are_listed_and_one_is_given(call: Call, office: Office, clerk: Operator) -> None:
    names = [one["name"] for one in call(clerk, "GET", "/agendas").json()["items"]]
    assert names == ["Informe social", "Visitas"]
    address = f"/agendas/{office.agenda.pk}/slots"
    slots = call(clerk, "GET", address).json()["items"]
    assert slots[0] == {"starts_at": "2026-11-23T09:15:00-03:00", "ends_at": "2026-11-23T09:30:00-03:00", "left": 1}
    made = book(call, clerk, office, about="informe", channel="phone")
    assert (made["state"], made["starts_at"][:16]) == ("booked", "2026-11-23T09:30")
    slots = call(clerk, "GET", f"{address}?since=2026-11-24&person_id={office.rosa.pk}").json()["items"]
    assert slots[0]["starts_at"] == "2026-11-24T00:00:00-03:00"
    shown = call(clerk, "GET", f"/appointments/{made['id']}").json()
    assert (shown["name"], shown["about"]) == (office.rosa.full_name, "informe")
    with acting(office.clerk):
        assert ReadEntry.objects.filter(note="cita", people__contains=[office.rosa.pk]).count() == 1


def test_sent_again_an_hour_is_the_same_and_a_full_one_names_the_next(
    call: Call, office: Office, clerk: Operator
) -> None:
    body = wanted(office, person_id=str(office.rosa.pk), submission_id=str(uuid4()))
    first = call(clerk, "POST", "/appointments", body)
    office.later(seconds=1)
    second = call(clerk, "POST", "/appointments", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    problem = refused(call(clerk, "POST", "/appointments", wanted(office, person_id=str(office.luis.pk))), 422)
    assert "Quedan: lunes 23-11-2026 a las 09:15" in problem["detail"]
    with acting(office.clerk):
        assert Appointment.objects.count() == 1


def test_an_hour_without_zone_without_name_or_of_nobody_here_is_refused(
    call: Call, office: Office, clerk: Operator
) -> None:
    problem = refused(call(clerk, "POST", "/appointments", wanted(office) | {"starts_at": "2026-11-23T09:30"}), 422)
    assert "zona" in problem["errors"][0]["message"]
    refused(call(clerk, "POST", "/appointments", wanted(office)), 422)
    refused(call(clerk, "POST", "/appointments", wanted(office, person_id=str(uuid4()))), 404)
    named = call(clerk, "POST", "/appointments", wanted(office, name="Nelda", phone="912345678"))
    assert named.status_code == 201, named.content
    assert named.json()["person_id"] is None


def test_moved_cancelled_and_come(call: Call, office: Office, clerk: Operator) -> None:
    first = book(call, clerk, office)
    order = {"starts_at": (MONDAY_NINE + timedelta(minutes=45)).isoformat(), "reason": "Trabaja a esa hora"}
    moved = call(clerk, "POST", f"/appointments/{first['id']}/move", order)
    assert moved.status_code == 201, moved.content
    assert moved.json()["moved_from_id"] == first["id"]
    refused(call(clerk, "POST", f"/appointments/{first['id']}/cancel", {}), 409)
    address = f"/appointments/{moved.json()['id']}"
    came = call(clerk, "POST", f"{address}/arrive").json()
    assert (came["state"], came["label"]) == ("arrived", "A-001")
    assert call(clerk, "POST", f"{address}/arrive").json() == came
    other = book(call, clerk, office, 60, person_id=str(office.luis.pk))
    refused(call(clerk, "POST", f"/appointments/{other['id']}/cancel", {"cancelled_by": "office"}), 422)
    cancelled = call(clerk, "POST", f"/appointments/{other['id']}/cancel", {"cancelled_by": "person"}).json()
    assert cancelled["state"] == "cancelled"
    listed = call(clerk, "GET", "/appointments?day=2026-11-23").json()["items"]
    assert [one["id"] for one in listed] == [moved.json()["id"]]


def test_a_reserved_agenda_is_not_there_for_other_units(call: Call, office: Office, clerk: Operator) -> None:
    made = book(call, clerk, office, agenda_id=str(office.alone.pk))
    with acting(office.head):
        arranging.change_agenda(office.alone, by=office.head, name="Visitas", queue=None, is_reserved=True)
    other = make_operator(Role.FRONT_DESK, in_unit=make.unit(code="atencion", functions=("attention",)))
    assert [one["name"] for one in call(other, "GET", "/agendas").json()["items"]] == ["Informe social"]
    assert call(other, "GET", "/appointments?day=2026-11-23").json()["items"] == []
    refused(call(other, "GET", f"/appointments/{made['id']}"), 404)
    refused(call(other, "GET", f"/agendas/{office.alone.pk}/slots"), 404)
    refused(call(other, "POST", f"/appointments/{made['id']}/arrive"), 404)


def test_a_day_is_listed_in_as_many_queries_whatever_its_length(call: Call, office: Office, clerk: Operator) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            call(clerk, "GET", "/appointments?day=2026-11-23")
        return len(captured)

    book(call, clerk, office)
    one = queries()
    for minutes in (45, 60, 75):
        with make.inside():
            who = make.person("Otra", f"Vecina {minutes}")
        book(call, clerk, office, minutes, person_id=str(who.pk))
    assert queries() == one
