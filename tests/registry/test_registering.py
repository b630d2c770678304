"""Registering somebody: who she may already be, what is refused, and that nobody is registered twice."""

import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import DomainError, NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.run import Run
from ventanilla.registry.actions import PersonDetails, add_member, register_person
from ventanilla.registry.matching import Candidate, likely_matches
from ventanilla.registry.models import ContactPoint, Identifier, Membership, Person
from ventanilla.registry.search import search_people
from ventanilla.registry.vocabulary import IdentifierKind, Kinship, MembershipSource, Source

pytestmark = pytest.mark.django_db

RUN = Run(90_600_001)
TOMORROW = make.TODAY + timedelta(days=1)


def details(**changes: Any) -> PersonDetails:
    known: dict[str, Any] = {"given_names": "Clotilde", "first_surname": "Pizarro", "run": RUN}
    return PersonDetails(**(known | changes))


@pytest.fixture
def desk() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


def test_a_neighbour_is_registered_with_what_she_declares(desk: Actor) -> None:
    person = register_person(
        details(
            phone="912345678", address="Los Molles 4", sector="El Palqui", rurality="rural", birth_on=date(1950, 2, 1)
        ),
        by=desk,
    )
    assert (person.run, person.source, person.as_of) == (RUN.canonical, Source.DECLARED, make.TODAY)
    assert [contact.value for contact in person.contacts.all()] == ["912345678"]
    membership = Membership.objects.get(person=person)
    assert membership.is_head
    assert membership.source == MembershipSource.DECLARED
    assert str(membership.home.dwelling) == "Los Molles 4, El Palqui"
    assert [m.person for m in search_people("klotilde pisarro", by=desk, on=make.TODAY).matches] == [person]


def test_somebody_without_a_run_is_registered_by_another_document_or_by_having_none(desk: Actor) -> None:
    migrant = register_person(
        details(run=None, document_kind=IdentifierKind.PASSPORT, document_country="ve", document_number="ab 123"),
        by=desk,
    )
    assert [(i.country, i.value) for i in migrant.identifiers.all()] == [("VE", "AB123")]
    for _ in range(2):
        nobody = register_person(details(run=None, document_kind=IdentifierKind.NO_DOCUMENT), by=desk)
        assert nobody.formatted_run == "Sin RUN"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_names": ""}, "Escriba al menos los nombres"),
        ({"first_surname": ""}, "Escriba al menos los nombres"),
        ({"run": None}, "Indique el RUN"),
        ({"run": None, "document_kind": IdentifierKind.PASSPORT}, "Falta el número del documento"),
        ({"birth_on": TOMORROW}, "está en el futuro"),
        ({"birth_on": date(1890, 1, 1)}, "más de 125 años"),
    ],
)
def test_what_cannot_be_true_is_refused_in_a_sentence(desk: Actor, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence) as caught:
        register_person(details(**changes), by=desk)
    assert caught.value.field
    assert Person.objects.count() == 0


def test_the_same_run_is_not_registered_twice(desk: Actor) -> None:
    register_person(details(), by=desk)
    with pytest.raises(RuleBroken, match="Ya hay una persona registrada con ese RUN"):
        register_person(details(given_names="Otra"), by=desk)
    assert Person.objects.count() == 1


def test_the_same_document_is_not_registered_twice(desk: Actor) -> None:
    passport = {
        "run": None,
        "document_kind": IdentifierKind.PASSPORT,
        "document_country": "PE",
        "document_number": "P1",
    }
    register_person(details(**passport), by=desk)
    with pytest.raises(RuleBroken, match="Ya hay una persona registrada con ese documento"), transaction.atomic():
        register_person(details(**passport), by=desk)
    register_person(details(**(passport | {"document_country": "BO"})), by=desk)
    assert Identifier.objects.count() == 2


def test_the_same_run_may_be_registered_in_another_institution(desk: Actor) -> None:
    register_person(details(), by=desk)
    with make.inside(make.COMBARBALA) as neighbour:
        assert register_person(details(), by=neighbour).run == RUN.canonical


def test_whoever_does_not_attend_public_cannot_register() -> None:
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(NotAllowed):
        register_person(details(), by=counterpart)


def test_the_run_of_somebody_blocked_is_refused_without_saying_that_she_is_here(desk: Actor) -> None:
    make.person("Zenobia", "Quiroz", run=RUN.canonical, processing_blocked=True)
    with pytest.raises(RuleBroken, match="Ese RUN no se puede registrar aquí") as caught:
        register_person(details(), by=desk)
    assert caught.value.field == "run"
    assert "Ya hay" not in str(caught.value)
    assert Person.objects.count() == 1


def test_the_document_of_somebody_blocked_is_refused_in_the_same_way(desk: Actor) -> None:
    typed = {"run": None, "document_kind": IdentifierKind.PASSPORT, "document_country": "PE", "document_number": "P1"}
    form = new_id()
    register_person(details(**typed), by=desk, person_id=form)
    Person.objects.update(processing_blocked=True)
    with pytest.raises(RuleBroken, match="Ese documento no se puede registrar aquí"), transaction.atomic():
        register_person(details(**typed), by=desk)
    with pytest.raises(RuleBroken, match="no se puede registrar aquí"):
        register_person(details(**typed), by=desk, person_id=form)


def test_a_form_sent_twice_registers_one_person_and_keeps_what_was_sent_first(desk: Actor) -> None:
    form = new_id()
    typed = {"run": None, "document_kind": IdentifierKind.NO_DOCUMENT, "phone": "912345678", "address": "Los Molles 4"}
    first = register_person(details(**typed), by=desk, person_id=form)
    again = register_person(details(**typed | {"phone": "987654321"}), by=desk, person_id=form)
    assert first == again == Person.objects.get(pk=form)
    assert Person.objects.count() == Membership.objects.count() == 1
    assert [contact.value for contact in first.contacts.all()] == ["912345678"]


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_registering_the_same_run_at_once_one_is_told() -> None:
    with make.inside() as actor:
        pass
    ready, answers = threading.Barrier(2), []

    def desk() -> None:
        try:
            with acting(actor):
                ready.wait(10)
                register_person(details(), by=actor)
            answers.append("registrada")
        except DomainError as error:
            answers.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=desk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["Ya hay una persona registrada con ese RUN.", "registrada"]
    with acting(actor):
        assert Person.objects.count() == 1


def test_a_home_has_one_head_and_a_person_one_home_by_each_source(desk: Actor) -> None:
    head, second = make.person(), make.person("Pedro")
    home = make.home(head)
    with pytest.raises(RuleBroken, match="El hogar ya tiene jefatura vigente"):
        add_member(
            home, second, kinship=Kinship.SPOUSE, source=MembershipSource.RSH, on=make.TODAY, by=desk, is_head=True
        )
    add_member(home, second, kinship=Kinship.SPOUSE, source=MembershipSource.RSH, on=make.TODAY, by=desk)
    other = make.home(make.person("Juana"))
    with pytest.raises(RuleBroken, match="ya pertenece a un hogar"):
        add_member(other, second, kinship=Kinship.CHILD, source=MembershipSource.RSH, on=make.TODAY, by=desk)
    add_member(other, second, kinship=Kinship.CHILD, source=MembershipSource.DECLARED, on=make.TODAY, by=desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=second, source=MembershipSource.RSH).update(is_head=True)


def test_a_death_has_a_source_and_comes_after_birth(desk: Actor) -> None:
    person = make.person(birth_on=date(1950, 1, 1))
    for wrong in ({"died_on": date(2020, 1, 1)}, {"died_on": date(1940, 1, 1), "death_source": "civil_registry"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(**wrong)
    person.died_on, person.death_source = date(2020, 1, 1), Source.CIVIL_REGISTRY
    person.save()
    assert person.age_on(make.TODAY) == 70


# Who she may already be


def matches(by: Actor, **known: Any) -> dict[str, str]:
    candidate = Candidate(**({"full_name": "Clotilde Pizarro Tapia"} | known))
    return {m.person.given_names: m.reason for m in likely_matches(candidate, by=by, on=make.TODAY)}


def test_a_likely_match_says_why(desk: Actor) -> None:
    same = make.person("Clotilde", "Pisarro", second_surname="Tapia", birth_on=date(1950, 2, 1))
    ContactPoint.objects.create(person=same, kind="phone", value="912345678", as_of=make.TODAY)
    assert matches(desk, birth_on=date(1950, 2, 1), phone="912345678")["Clotilde"].split(" · ") == [
        "Nombre igual o que suena igual",
        "Misma fecha de nacimiento, 01-02-1950",
        "Mismo teléfono, termina en 5678",
    ]


def test_the_same_run_or_document_is_enough(desk: Actor) -> None:
    person = make.person("Otro Nombre", "Distinto")
    Identifier.objects.create(person=person, kind="passport", country="PE", value="P1")
    assert matches(desk, run=person.run) == {"Otro Nombre": "Mismo RUN"}
    assert matches(desk, document="P1") == {"Otro Nombre": "Mismo documento"}


def test_what_is_known_to_differ_is_no_match(desk: Actor) -> None:
    make.person("Clotilde", "Pizarro", second_surname="Tapia", birth_on=date(1950, 2, 1))
    assert matches(desk) != {}
    assert matches(desk, run=RUN.canonical) == {}
    assert matches(desk, birth_on=date(2001, 1, 1)) == {}
    assert matches(desk, full_name="Hernán Soto Vega") == {}


def test_neither_the_blocked_nor_those_of_elsewhere_are_offered(desk: Actor) -> None:
    make.person("Clotilde", "Pizarro", second_surname="Tapia", processing_blocked=True)
    assert matches(desk) == {}


# The page


@pytest.fixture
def client() -> Client:
    with make.inside():
        make.person("Clotilde", "Pizarro", second_surname="Tapia", run=RUN.canonical)
    client = Client()
    client.force_login(make.posting().account)
    return client


FORM = {
    "given_names": "Clotilde",
    "first_surname": "Pisarro",
    "second_surname": "Tapia",
    "document_kind": "no_document",
}


def people() -> int:
    with make.inside():
        return Person.objects.count()


def test_the_page_shows_the_likely_matches_before_it_registers(client: Client) -> None:
    shown = client.post("/personas/nueva/", FORM)
    assert "¿Es una de estas personas?" in shown.content.decode()
    assert "Nombre igual o que suena igual" in shown.content.decode()
    assert people() == 1
    assert client.post("/personas/nueva/", FORM | {"confirmed": "on"}).status_code == 302
    assert people() == 2


def test_the_page_never_registers_a_run_twice_and_keeps_what_was_typed(client: Client) -> None:
    typed = FORM | {"run": str(RUN), "confirmed": "on", "address": "Camino a Tulahuén s/n"}
    answer = client.post("/personas/nueva/", typed)
    assert "Camino a Tulahuén s/n" in answer.content.decode()
    assert people() == 1


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "on"}], ids=["at first", "confirmed"])
def test_the_page_does_not_show_somebody_blocked_to_whoever_types_her_run(
    client: Client, confirmed: dict[str, str]
) -> None:
    with make.inside():
        make.person("Zenobia", "Quiroz", run="90600002-4", processing_blocked=True)
    typed = {"given_names": "Aurora", "first_surname": "Inexistente", "run": "90.600.002-4", "address": "Los Molles 4"}
    answer = client.post("/personas/nueva/", typed | confirmed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ese RUN no se puede registrar aquí. Pida a protección de datos que lo revise." in page
    assert "Los Molles 4" in page
    assert not [sign for sign in ("Zenobia", "Quiroz", "¿Es una de estas personas?", "Ya hay") if sign in page]
    assert people() == 2


def test_the_form_of_the_page_sent_twice_leads_twice_to_the_same_person(client: Client) -> None:
    found = re.search(r'name="person_id" value="([0-9a-f-]{36})"', client.get("/personas/nueva/").content.decode())
    assert found
    typed = FORM | {"given_names": "Aurora", "first_surname": "Inexistente", "person_id": found[1]}
    first, second = (client.post("/personas/nueva/", typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"] == f"/personas/{found[1]}/"
    assert people() == 2
    other = re.search(r'name="person_id" value="([0-9a-f-]{36})"', client.get("/personas/nueva/").content.decode())
    assert other
    assert other[1] != found[1], "somebody else's form is another person's"


def test_the_page_says_which_field_is_wrong(client: Client) -> None:
    future = make.TODAY + timedelta(days=400)
    typed = FORM | {"given_names": "Aurora", "first_surname": "Inexistente", "birth_on": f"{future:%d-%m-%Y}"}
    answer = client.post("/personas/nueva/", typed)
    assert "está en el futuro" in answer.content.decode()
    wrong = client.post("/personas/nueva/", FORM | {"run": "12.345.678-9"})
    assert wrong.status_code == 422
    assert "el dígito debería ser 5" in wrong.content.decode()
    assert people() == 1


@pytest.mark.parametrize("name", ["O'Higgins d'Arc", "María 🙂 José", "<script>alert(1)</script>", "Ñ" * 120])
def test_strange_names_are_kept_as_written(client: Client, name: str) -> None:
    answer = client.post(
        "/personas/nueva/", FORM | {"given_names": name, "first_surname": "Inaudito", "confirmed": "on"}
    )
    assert answer.status_code == 302
    with make.inside():
        assert Person.objects.filter(given_names=name).exists()
    assert "<script>alert" not in client.get(answer.headers["Location"]).content.decode()


def test_a_name_of_three_hundred_letters_is_refused_and_kept(client: Client) -> None:
    answer = client.post("/personas/nueva/", FORM | {"given_names": "Z" * 300})
    assert answer.status_code == 422
    assert "Z" * 300 in answer.content.decode()


def test_a_run_of_one_repeated_digit_is_taken_with_a_warning(client: Client) -> None:
    typed = {"given_names": "Aurora", "first_surname": "Inexistente", "run": "11.111.111-1"}
    answer = client.post("/personas/nueva/", typed, follow=True)
    assert "Confírmelo con la cédula a la vista" in answer.content.decode()
