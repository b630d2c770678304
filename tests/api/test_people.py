"""Finding, registering and asking for a neighbour's record by API."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.access.tenancy import acting
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models import Dwelling, Identifier, Person, ReadEntry, Residence

SEARCH_LEVEL = {"id", "name", "run", "age", "sector", "reason"}


def _readings(operator: Operator) -> list[ReadEntry]:
    with acting(operator.actor):
        return list(ReadEntry.objects.filter(account_id=operator.actor.account_id).order_by("id"))


def test_a_person_is_found_by_run_and_by_a_badly_spelt_name(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person("Rosa Elvira", "Araya")
        make.home(rosa)
    for text in (rosa.run, rosa.formatted_run, "roza haraya"):
        (match,) = call(desk, "POST", "/people/search", {"text": text}).json()["matches"]
        assert set(match) == SEARCH_LEVEL
        assert match["id"] == str(rosa.pk)
        assert match["run"] == rosa.run
        assert match["sector"] == "El Palqui"


def test_every_search_is_on_record_with_whom_it_showed(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person()
    call(desk, "POST", "/people/search", {"text": rosa.run})
    call(desk, "POST", "/people/search", {"text": "nadie con este nombre"})
    found, nobody = _readings(desk)
    assert (found.kind, found.people, found.note) == ("search", [rosa.pk], "1 resultado")
    assert (nobody.kind, nobody.people) == ("search", [])


def test_a_run_with_a_wrong_digit_gets_a_hint(call: Call, desk: Operator) -> None:
    answer = call(desk, "POST", "/people/search", {"text": "90.500.001-6"}).json()
    assert answer["matches"] == []
    assert "El RUN no corresponde" in answer["hint"]


def test_a_neighbour_is_registered_and_can_be_asked_for(call: Call, desk: Operator) -> None:
    new = {
        "given_names": "María  José",
        "first_surname": "O'Ryan",
        "run": "90.500.001-2",
        "birth_on": "1990-02-03",
        "sex": "female",
        "commune": "04303",
        "sector": "Huatulame",
        "rurality": "rural",
        "phone": "+56 9 5555 0001",
    }
    answer = call(desk, "POST", "/people", new)
    assert answer.status_code == 201, answer.content
    registered = answer.json()
    assert registered["name"] == "María José O'Ryan"
    assert registered["run"] == "90500001-2"
    assert registered["sector"] == "Huatulame"
    assert registered["warnings"] == []
    again = call(desk, "GET", answer.headers["Location"].removeprefix("/api/v1")).json()
    assert again == {name: registered[name] for name in SEARCH_LEVEL}
    assert _readings(desk)[-1].people == [UUID(registered["id"])]


def test_somebody_without_run_is_registered_by_her_document(call: Call, desk: Operator) -> None:
    new = {"given_names": "Jean", "first_surname": "Baptiste", "document_kind": "passport", "document_number": "ab 12"}
    registered = call(desk, "POST", "/people", new | {"document_country": "ht"})
    assert registered.status_code == 201, registered.content
    assert registered.json()["run"] is None
    with acting(desk.actor):
        identifier = Identifier.objects.get(person_id=registered.json()["id"])
        assert (identifier.country, identifier.value) == ("HT", "AB12")


def test_likely_matches_are_shown_before_registering_and_leave_their_trace(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person("Rosa Elvira", "Araya", second_surname="Contreras")
    new: dict[str, Any] = {"given_names": "Roza Elvira", "first_surname": "Arraya", "second_surname": "Contreras"}
    new |= {"document_kind": "no_document"}
    problem = refused(call(desk, "POST", "/people", new), 409)
    (match,) = problem["matches"]
    assert match["id"] == str(rosa.pk)
    assert match["reason"].startswith("Nombre")
    assert _readings(desk)[-1].people == [rosa.pk]
    assert call(desk, "POST", "/people", new | {"confirmed": True}).status_code == 201


def test_the_same_run_is_not_registered_twice_even_when_confirmed(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person()
    new = {"given_names": "Ana", "first_surname": "Soto", "run": rosa.run}
    assert refused(call(desk, "POST", "/people", new), 409)["matches"][0]["reason"] == "Mismo RUN"
    problem = refused(call(desk, "POST", "/people", new | {"confirmed": True}), 422)
    assert problem["errors"][0]["field"] == "run"
    with acting(desk.actor):
        assert Person.objects.count() == 1


def test_what_was_sent_twice_registers_once(call: Call, desk: Operator) -> None:
    new = {"given_names": "Ana", "first_surname": "Soto", "document_kind": "no_document", "submission_id": str(uuid4())}
    first, second = call(desk, "POST", "/people", new), call(desk, "POST", "/people", new)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    with acting(desk.actor):
        assert Person.objects.count() == 1


def test_the_identifier_of_somebody_else_does_not_give_her_away(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person("Rosamunda", "Araya")
    new = {"given_names": "Ana", "first_surname": "Soto", "run": "90.500.001-2", "submission_id": str(rosa.pk)}
    answer = call(desk, "POST", "/people", new)
    assert "ya registró a otra persona" in refused(answer, 422)["detail"]
    assert "Rosamunda" not in answer.content.decode()


def test_the_run_of_somebody_blocked_is_refused_without_a_sign_of_her(call: Call, desk: Operator) -> None:
    with make.inside():
        blocked = make.person("Zenobia", "Quiroz", processing_blocked=True)
    new = {"given_names": "Ana", "first_surname": "Soto", "run": blocked.run}
    for confirmed in (False, True):
        problem = refused(call(desk, "POST", "/people", new | {"confirmed": confirmed}), 422)
        assert problem["detail"] == "Ese RUN no se puede registrar aquí. Pida a protección de datos que lo revise."
        assert [error["field"] for error in problem["errors"]] == ["run"]
        assert not [sign for sign in ("Zenobia", "Quiroz", str(blocked.pk)) if sign in str(problem)]
    with acting(desk.actor):
        assert Person.objects.count() == 1


def test_the_same_registration_sent_twice_is_asked_about_and_not_doubled(call: Call, desk: Operator) -> None:
    new = {"given_names": "Jean", "first_surname": "Baptiste", "document_kind": "no_document"}
    first = call(desk, "POST", "/people", new)
    assert first.status_code == 201, first.content
    (match,) = refused(call(desk, "POST", "/people", new), 409)["matches"]
    assert match["id"] == first.json()["id"]
    with acting(desk.actor):
        assert Person.objects.count() == 1


def _where_she_lives(call: Call, operator: Operator, person: Person) -> list[str]:
    """The sector in each answer that has one, then the address of her record."""
    new = {"given_names": "Roza Elvira", "first_surname": "Arraya", "second_surname": "Contreras"}
    screening = call(operator, "GET", f"/people/{person.pk}/screening").json()
    return [
        call(operator, "POST", "/people/search", {"text": person.run}).json()["matches"][0]["sector"],
        call(operator, "GET", f"/people/{person.pk}").json()["sector"],
        refused(call(operator, "POST", "/people", new | {"document_kind": "no_document"}), 409)["matches"][0]["sector"],
        screening["person"]["sector"],
        (screening["dwelling"] or {"address": ""})["address"],
    ]


@pytest.mark.parametrize("level", [Secrecy.RESERVED, Secrecy.RESTRICTED])
def test_no_answer_says_where_somebody_whose_address_is_guarded_lives(
    call: Call, desk: Operator, worker: Operator, level: Secrecy
) -> None:
    with make.inside():
        rosa = make.person("Rosa Elvira", "Araya")
        make.home(rosa)
    reason = {"reason": "Llamó su hija para saber de su subsidio"}
    assert call(desk, "POST", f"/people/{rosa.pk}/purposes", reason).status_code == 201
    assert _where_she_lives(call, desk, rosa) == ["El Palqui"] * 4 + ["Pasaje Los Parrones 118"]
    with make.inside():
        Residence.objects.create(
            person=rosa,
            dwelling=Dwelling.objects.create(address="Casa de acogida 1", sector="Huatulame"),
            secrecy=level,
            unit=worker.posting.unit,
            recorded_by_id=worker.actor.account_id,
            source="declared",
            starts_on=make.TODAY,
        )
    assert _where_she_lives(call, desk, rosa) == [""] * 5


def test_a_run_of_repeated_digits_is_accepted_with_a_warning(call: Call, desk: Operator) -> None:
    registered = call(desk, "POST", "/people", {"given_names": "Ana", "first_surname": "Soto", "run": "99.999.999-9"})
    assert registered.status_code == 201
    assert "repite" in registered.json()["warnings"][0]


def test_a_blocked_person_is_not_there(call: Call, desk: Operator) -> None:
    with make.inside():
        blocked = make.person(processing_blocked=True)
    refused(call(desk, "GET", f"/people/{blocked.pk}"), 404)
    refused(call(desk, "POST", "/consultations", {"person_id": str(blocked.pk)}), 404)
    assert call(desk, "POST", "/people/search", {"text": blocked.run}).json()["matches"] == []


def test_a_purpose_takes_a_written_sentence(call: Call, desk: Operator) -> None:
    with make.inside():
        rosa = make.person()
    short = refused(call(desk, "POST", f"/people/{rosa.pk}/purposes", {"reason": "ver"}), 422)
    assert short["errors"][0]["field"] == "reason"
    answer = call(desk, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Llamó su hija para saber de su subsidio"})
    assert answer.status_code == 201
    assert answer.json()["ground"] == "written_reason"
    assert answer.json()["ends_at"] > answer.json()["starts_at"]
