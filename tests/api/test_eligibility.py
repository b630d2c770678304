"""What a home could receive, by API: with its reasons, within the profile, for who has a ground; and what was told."""

from tests import make
from tests.api.conftest import Call, Operator, refused

from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.registry.models import Person
from ventanilla.registry.vocabulary import FactKind, Source

DISABLED = Rule(Subject.PERSON, (Condition(Kind.DISABILITY, values=("severa",), article="Ley 20.422 art. 5"),))
POOR = Rule(Subject.HOME, (Condition(Kind.BRACKET, high=40),))


def rosa_with_two_entries() -> tuple[Person, EntryVersion]:
    with make.inside():
        rosa = make.person()
        make.home(rosa)
        make.fact(FactKind.DISABILITY, person=rosa, value="severa", source=Source.SENADIS)
        make.entry("Ayuda técnica", DISABLED)
        return rosa, make.entry("Caja de alimentos", POOR)


def test_each_entry_comes_with_its_reasons(call: Call, worker: Operator) -> None:
    rosa, _ = rosa_with_two_entries()
    call(worker, "POST", f"/people/{rosa.pk}/purposes", {"reason": "Preparo la visita del jueves"})
    items = call(worker, "GET", f"/people/{rosa.pk}/eligibility?profile=full").json()["items"]
    assert [(item["name"], item["verdict"]) for item in items] == [
        ("Ayuda técnica", "could"),
        ("Caja de alimentos", "could"),
    ]
    ((finding,),) = items[0]["answers"][0]["clauses"]
    assert finding["asks"] == "Tener discapacidad acreditada severa"
    assert (finding["holds"], finding["source"], finding["article"]) == (True, "senadis", "Ley 20.422 art. 5")


def test_the_front_desk_is_told_nothing_that_its_profile_does_not_see(call: Call, desk: Operator) -> None:
    rosa, _ = rosa_with_two_entries()
    call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)})
    answer = call(desk, "GET", f"/people/{rosa.pk}/eligibility")
    assert [(item["name"], item["verdict"]) for item in answer.json()["items"]] == [
        ("Caja de alimentos", "could"),
        ("Ayuda técnica", "missing"),
    ]
    assert "Discapacidad severa" not in answer.content.decode()
    refused(call(desk, "GET", f"/people/{rosa.pk}/eligibility?profile=full"), 403)


def test_without_a_ground_and_from_elsewhere_nothing_is_told(call: Call, desk: Operator, foreigner: Operator) -> None:
    rosa, _ = rosa_with_two_entries()
    refused(call(desk, "GET", f"/people/{rosa.pk}/eligibility"), 403)
    refused(call(foreigner, "GET", f"/people/{rosa.pk}/eligibility"), 404)


def test_what_she_was_told_of_is_kept_and_read(call: Call, desk: Operator) -> None:
    rosa, version = rosa_with_two_entries()
    with acting(desk.actor):
        reason = make.reason("information")
    begun = call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)}).json()
    written = {
        "lines": [{"reason_id": str(reason.pk), "outcome": "informed"}],
        "version": begun["version"],
        "told": [str(version.pk)],
    }
    call(desk, "POST", f"/consultations/{begun['id']}/attend", written)
    assert call(desk, "GET", f"/consultations/{begun['id']}").json()["told"] == [str(version.pk)]


def test_an_entry_that_is_not_of_the_catalogue_is_refused(call: Call, desk: Operator) -> None:
    rosa, _ = rosa_with_two_entries()
    with make.inside(make.COMBARBALA):
        foreign = make.entry("De otra parte")
    begun = call(desk, "POST", "/consultations", {"person_id": str(rosa.pk)}).json()
    written = {"lines": [], "version": begun["version"], "told": [str(foreign.pk)]}
    problem = refused(call(desk, "PUT", f"/consultations/{begun['id']}", written), 422)
    assert problem["errors"][0]["field"] == "told"
