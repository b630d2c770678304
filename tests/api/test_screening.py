"""The screening by API: for a purpose, by profile, on record."""

from datetime import date

from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.access.tenancy import acting
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.profiles import Profile
from ventanilla.registry.vocabulary import FactKind, Source
from ventanilla.screening.profiles import BLOCKS

ONLY_FULL = {"incomes", "dwelling_facts", "care", "familias", "deliveries", "consultations"}


def _rosa_and_her_son() -> tuple[Person, Person]:
    with make.inside():
        rosa, son = make.person(), make.person("Martín", birth_on=date(2017, 1, 1))
        make.home(rosa, son)
        make.fact(FactKind.DISABILITY, person=son, value="física, moderada", source=Source.SENADIS)
    return rosa, son


def test_without_a_purpose_the_record_stays_closed(call: Call, desk: Operator) -> None:
    rosa, _ = _rosa_and_her_son()
    refused(call(desk, "GET", f"/people/{rosa.pk}/screening"), 403)
    with acting(desk.actor):
        assert not ReadEntry.objects.filter(kind="summary").exists()


def test_a_consultation_opens_the_summary_and_every_member_shown_is_on_record(call: Call, desk: Operator) -> None:
    rosa, son = _rosa_and_her_son()
    assert call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)}).status_code == 201
    answer = call(desk, "GET", f"/people/{rosa.pk}/screening")
    assert answer.status_code == 200, answer.content
    screening = answer.json()
    assert set(screening["blocks"]) == set(BLOCKS[Profile.SUMMARY])
    assert screening["bracket"]["value"] == 40
    assert screening["bracket"]["source"] == {"source": "rsh", "as_of": "2026-09-18"}
    assert [member["id"] for member in screening["members"]] == [str(rosa.pk), str(son.pk)]
    assert all(screening[block] is None for block in ONLY_FULL)
    assert "moderada" not in answer.content.decode()
    with acting(desk.actor):
        read = ReadEntry.objects.filter(kind="summary").values_list("person_id", "opened_for_id")
        assert set(read) == {(rosa.pk, rosa.pk), (son.pk, rosa.pk)}


def test_the_full_profile_is_not_for_the_front_desk(call: Call, desk: Operator) -> None:
    rosa, _ = _rosa_and_her_son()
    call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)})
    refused(call(desk, "GET", f"/people/{rosa.pk}/screening?profile=full"), 403)
    refused(call(desk, "GET", f"/people/{rosa.pk}/screening?profile=whole"), 422)


def test_a_case_worker_opens_the_full_profile_with_a_written_reason(call: Call, worker: Operator) -> None:
    rosa, _ = _rosa_and_her_son()
    call(worker, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    screening = call(worker, "GET", f"/people/{rosa.pk}/screening?profile=full").json()
    assert set(screening["blocks"]) == set(BLOCKS[Profile.FULL])
    assert screening["care"][0]["value"] == "física, moderada"
    assert screening["deliveries"] == []
