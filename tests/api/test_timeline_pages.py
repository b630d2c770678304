"""The timeline by API: the same events, rules and pages as on the screen."""

import pytest
from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.access.tenancy import acting
from ventanilla.benefits.models import Delivery
from ventanilla.core import clock
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening import history


@pytest.fixture
def rosa(db: None) -> Person:
    with make.inside():
        rosa, son = make.person(), make.person("Martín")
        make.home(rosa, son)
        make.fact(FactKind.DISABILITY, person=son, value="visual", source=Source.SENADIS)
        for label in ("Caja de alimentos", "Set escolar"):
            Delivery.objects.create(
                person=son, label=label, delivered_on=make.YESTERDAY, origin="loaded", recorded_at=clock.now()
            )
    return rosa


def test_without_a_purpose_the_timeline_stays_closed(call: Call, desk: Operator, rosa: Person) -> None:
    refused(call(desk, "GET", f"/people/{rosa.pk}/timeline"), 403)


def test_a_consultation_opens_the_summarys_timeline_and_leaves_its_row(
    call: Call, desk: Operator, rosa: Person
) -> None:
    call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)})
    found = call(desk, "GET", f"/people/{rosa.pk}/timeline").json()
    newest = found["events"][0]
    assert newest["title"] == "Consulta"
    assert newest["at"]
    assert {event["kind"] for event in found["events"]} == {"consultation", "registry"}
    assert found["next_cursor"] is None
    assert "visual" not in str(found)
    refused(call(desk, "GET", f"/people/{rosa.pk}/timeline?profile=full"), 403)
    with acting(desk.actor):
        assert ReadEntry.objects.filter(note="historia", person_id=rosa.pk).count() == 1


def test_the_full_profile_reads_it_page_by_page(
    call: Call, worker: Operator, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "EVENTS", 1)
    call(worker, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    address = f"/people/{rosa.pk}/timeline?profile=full&kind=delivery"
    first = call(worker, "GET", address).json()
    second = call(worker, "GET", f"{address}&cursor={first['next_cursor']}").json()
    assert {page["events"][0]["title"] for page in (first, second)} == {"Caja de alimentos", "Set escolar"}
    assert second["next_cursor"] is None
    assert call(worker, "GET", f"{address}&whom=person").json()["events"] == []
    assert call(worker, "GET", f"{address}&year={make.YESTERDAY.year - 1}").json()["events"] == []


@pytest.mark.parametrize("query", ["cursor=otra", "year=1815", "year=30000", "kind=nada", "whom=nadie"])
def test_what_cannot_be_asked_is_refused_in_a_sentence(call: Call, worker: Operator, rosa: Person, query: str) -> None:
    call(worker, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    refused(call(worker, "GET", f"/people/{rosa.pk}/timeline?{query}"), 422)
