"""What is above one's level, and whoever is shielded from her home, is neither shown nor counted nor hinted at."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock, documents
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, ConsultationReader
from ventanilla.registry.homes import current_memberships, people_at_home
from ventanilla.registry.models import ContactPoint, Dwelling, Membership, Person, ReadPurpose, Residence
from ventanilla.registry.profiles import Profile
from ventanilla.registry.reading import open_purpose
from ventanilla.registry.vocabulary import FactKind, Kinship, MembershipSource
from ventanilla.screening.compile import compile_screening

pytestmark = pytest.mark.django_db

LEVELS = (Secrecy.ORDINARY, Secrecy.RESERVED, Secrecy.RESTRICTED)

# Who sees what was written, at each level, by the unit RSH and by its author there.
SEEN = {
    "author": set(LEVELS),
    "own unit": {Secrecy.ORDINARY, Secrecy.RESERVED},
    "uas": {Secrecy.ORDINARY, Secrecy.RESERVED},
    "other unit": {Secrecy.ORDINARY},
    "named": set(LEVELS),
}


@pytest.fixture
def readers() -> dict[str, Posting]:
    rsh = make.unit(code="rsh", functions=("rsh",))
    subsidies = make.unit(code="subsidios", functions=("subsidies",))
    return {
        "author": make.posting(Role.FRONT_DESK, in_unit=rsh),
        "own unit": make.posting(Role.FRONT_DESK, in_unit=rsh),
        "uas": make.posting(Role.CASE_WORKER),
        "other unit": make.posting(Role.UNIT_HEAD, in_unit=subsidies),
        "named": make.posting(Role.FRONT_DESK, in_unit=rsh),
    }


@pytest.fixture
def rosa() -> Iterator[Person]:
    with make.inside():
        yield make.person()


def written_by(author: Posting) -> dict[str, Any]:
    return {"unit": author.unit, "recorded_by_id": author.account_id}


def levels_seen(model: Any, reader: Posting) -> set[str]:
    with acting(actor_in(reader)):
        return set(model.objects.visible_to(actor_in(reader)).values_list("secrecy", flat=True))


@pytest.mark.parametrize("who", [who for who in SEEN if who != "named"])
def test_contacts_are_seen_within_their_level(readers: dict[str, Posting], rosa: Person, who: str) -> None:
    for level in LEVELS:
        ContactPoint.objects.create(
            person=rosa,
            kind="phone",
            value=f"9{level}",
            secrecy=level,
            as_of=make.TODAY,
            **written_by(readers["author"]),
        )
    assert levels_seen(ContactPoint, readers[who]) == SEEN[who]


@pytest.mark.parametrize("who", [who for who in SEEN if who != "named"])
def test_addresses_are_seen_within_their_level(readers: dict[str, Posting], rosa: Person, who: str) -> None:
    for level in LEVELS:
        Residence.objects.create(
            person=rosa,
            dwelling=Dwelling.objects.create(address=f"Calle {level}"),
            secrecy=level,
            source="declared",
            starts_on=make.TODAY,
            **written_by(readers["author"]),
        )
    assert levels_seen(Residence, readers[who]) == SEEN[who]


@pytest.mark.parametrize("who", SEEN)
def test_consultations_are_seen_within_their_level(readers: dict[str, Posting], rosa: Person, who: str) -> None:
    unit_id = readers["author"].unit_id
    assert unit_id
    for number, level in enumerate(LEVELS):
        made = Consultation.objects.create(
            folio=f"C-2026-90000{number}",
            person=rosa,
            secrecy=level,
            state="attended",
            occurred_at=clock.now(),
            recorded_at=clock.now(),
            attended_at=clock.now(),
            unit_id=unit_id,
            recorded_by=readers["author"].account,
        )
        ConsultationReader.objects.create(consultation=made, account=readers["named"].account)
    assert levels_seen(Consultation, readers[who]) == SEEN[who]


def test_a_row_without_unit_or_author_is_not_everybodys(readers: dict[str, Posting], rosa: Person) -> None:
    for level in LEVELS:
        ContactPoint.objects.create(person=rosa, kind="email", value=f"{level}@a.cl", secrecy=level, as_of=make.TODAY)
    assert levels_seen(ContactPoint, readers["own unit"]) == {Secrecy.ORDINARY}
    assert levels_seen(ContactPoint, readers["uas"]) == {Secrecy.ORDINARY, Secrecy.RESERVED}
    nobody = Actor(role=Role.FRONT_DESK, institution_id=make.MONTE_PATRIA)
    assert {c.secrecy for c in ContactPoint.objects.visible_to(nobody)} == {Secrecy.ORDINARY}


def test_what_a_blocked_person_has_is_nobodys_to_see(readers: dict[str, Posting], rosa: Person) -> None:
    ContactPoint.objects.create(person=rosa, kind="phone", value="9", as_of=make.TODAY)
    home = make.home(make.person("Pedro"), rosa)
    Person.objects.filter(pk=rosa.pk).update(processing_blocked=True)
    actor = actor_in(readers["uas"])
    with acting(actor):
        assert not ContactPoint.objects.visible_to(actor).exists()
        assert [m.person.given_names for m in Membership.objects.visible_to(actor).filter(home=home)] == ["Pedro"]


def test_a_guarded_address_leaves_no_address_at_all_for_others(readers: dict[str, Posting], rosa: Person) -> None:
    make.home(rosa)
    hidden = Dwelling.objects.create(address="Casa de acogida 1")
    Residence.objects.create(
        person=rosa,
        dwelling=hidden,
        secrecy=Secrecy.RESTRICTED,
        source="declared",
        starts_on=make.TODAY,
        **written_by(readers["author"]),
    )
    shown = {}
    for who in ("author", "uas", "other unit"):
        actor = actor_in(readers[who])
        with acting(actor):
            shown[who] = str(compile_screening(rosa, by=actor, profile=Profile.SUMMARY, on=make.TODAY).dwelling)
    assert shown["author"] == "Casa de acogida 1"
    assert shown["uas"] == shown["other unit"] == "None"


def pages_about(person: Person, reader: Posting) -> dict[str, str]:
    """Each page that may say where she lives, as this reader is shown it."""
    client = Client()
    client.force_login(reader.account)
    address = f"/personas/{person.pk}/"
    alike = {"given_names": "Roza Elvira", "first_surname": "Arraya", "second_surname": "Contreras"}
    answers = {
        "results": client.post("/buscar/", {"q": "rosa araya"}, follow=True),
        "options": client.post("/buscar/opciones/", {"q": "rosa araya"}),
        "likely matches": client.post("/personas/nueva/", alike | {"document_kind": "no_document"}),
        "card": client.post(address, {"reason": ""}),
        "record": client.post(address, {"reason": "Revisar su situación actual"}, follow=True),
        "aside": client.get(f"{address}ficha/resumen/"),
        "timeline": client.get(f"{address}ficha/historia/"),
        "her copy": client.get(f"{address}ficha/copia/?lecturas=1"),
        "case file": client.get(f"{address}ficha/expediente/"),
    }
    return {name: answer.content.decode() for name, answer in answers.items()}


@pytest.fixture
def papers_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a PDF would say, to be read."""
    monkeypatch.setattr(documents, "pdf_of", lambda html: html.encode())


@pytest.mark.parametrize(
    ("who", "level"),
    [
        ("other unit", Secrecy.RESERVED),
        ("other unit", Secrecy.RESTRICTED),
        ("uas", Secrecy.RESTRICTED),
    ],
)
def test_no_page_says_the_address_or_the_sector_of_somebody_whose_address_is_guarded(
    readers: dict[str, Posting], rosa: Person, papers_as_text: None, who: str, level: Secrecy
) -> None:
    make.home(rosa)
    before = pages_about(rosa, readers[who])
    assert [name for name, page in before.items() if "El Palqui" not in page] == ["aside", "timeline"]
    assert "Pasaje Los Parrones" in before["record"]
    with make.inside():
        Residence.objects.create(
            person=rosa,
            dwelling=Dwelling.objects.create(address="Casa de acogida 1", sector="Huatulame"),
            secrecy=level,
            source="declared",
            starts_on=make.TODAY,
            **written_by(readers["author"]),
        )
    for name, page in pages_about(rosa, readers[who]).items():
        assert "Rosa Elvira" in page, name
        signs = ("El Palqui", "Parrones", "Casa de acogida", "Huatulame")
        assert not [sign for sign in signs if sign in page], name


# Shielding


@pytest.fixture
def shielded(rosa: Person) -> dict[str, Person]:
    """A home of three where Elsa is shielded from the others; she has a subsidy, an income and a consultation."""
    father, child = make.person("Ramiro"), make.person("Elsa")
    home = make.home(father, rosa, child)
    Membership.objects.filter(home=home, person=child).update(is_shielded=True)
    make.fact(FactKind.SUBSIDY, person=child, value="suf", amount=22007)
    make.fact(FactKind.INCOME, person=child, value="work", amount=777_111)
    make.fact(FactKind.DISABILITY, person=child, value="reservadísima")
    return {"father": father, "mother": rosa, "child": child}


def names(memberships: list[Membership]) -> set[str]:
    return {membership.person.given_names for membership in memberships}


def test_the_home_of_the_others_does_not_hold_the_shielded_one(shielded: dict[str, Person]) -> None:
    worker = make.actor(Role.CASE_WORKER)
    assert names(current_memberships(shielded["father"], by=worker)) == {"Ramiro", "Rosa Elvira"}
    assert names(current_memberships(shielded["mother"], by=worker)) == {"Ramiro", "Rosa Elvira"}
    assert names(current_memberships(shielded["child"], by=worker)) == {"Ramiro", "Rosa Elvira", "Elsa"}


@pytest.mark.parametrize("ends_on", [None, make.YESTERDAY], ids=["still", "until yesterday"])
def test_a_home_declared_with_a_shield_hides_her_though_the_rsh_tells_of_none(
    rosa: Person, ends_on: date | None
) -> None:
    worker, child = make.actor(Role.CASE_WORKER), make.person("Elsa")
    home = make.home(rosa, child)
    make.fact(FactKind.SUBSIDY, person=child, value="suf", amount=22007)
    assert names(current_memberships(rosa, by=worker)) == {"Rosa Elvira", "Elsa"}
    Membership.objects.create(
        home=home,
        person=child,
        kinship=Kinship.CHILD,
        source=MembershipSource.DECLARED,
        starts_on=make.YESTERDAY,
        ends_on=ends_on,
        is_shielded=True,
    )
    assert names(current_memberships(rosa, by=worker)) == {"Rosa Elvira"}
    assert people_at_home(rosa, by=worker) == [rosa]
    screening = compile_screening(rosa, by=worker, profile=Profile.FULL, on=make.TODAY)
    assert ([member.person for member in screening.members], screening.benefits) == ([rosa], [])
    assert names(current_memberships(child, by=worker)) == {"Rosa Elvira", "Elsa"}


@pytest.mark.parametrize("profile", list(Profile))
def test_the_shielded_one_is_neither_shown_nor_counted_nor_in_the_facts(
    shielded: dict[str, Person], profile: Profile
) -> None:
    worker = make.actor(Role.CASE_WORKER)
    screening = compile_screening(shielded["father"], by=worker, profile=profile, on=make.TODAY)
    assert [member.person.given_names for member in screening.members] == ["Ramiro", "Rosa Elvira"]
    assert not screening.benefits
    assert not screening.incomes
    assert not screening.care
    shown = [source for block in screening.sources.values() for source in block]
    assert not shown


def test_the_page_of_another_member_gives_no_sign_of_the_shielded_one(
    shielded: dict[str, Person], papers_as_text: None
) -> None:
    posting = make.posting(Role.CASE_WORKER)
    actor = actor_in(posting)
    with acting(actor):
        open_purpose(
            shielded["father"], by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar la ficha del hogar"
        )
    client = Client()
    client.force_login(posting.account)
    for page in ("", "resumen/", "historia/", "historia/?que=benefit", "copia/?lecturas=1", "expediente/"):
        shown = client.get(f"/personas/{shielded['father'].pk}/ficha/{page}").content.decode()
        assert "Ramiro" in shown
        for sign in ("Elsa", "777.111", "reservadísima", "Subsidio Familiar", str(shielded["child"].pk), "3 personas"):
            assert sign not in shown, (page, sign)


def test_a_consultation_offers_no_shielded_one_as_its_subject(shielded: dict[str, Person]) -> None:
    posting = make.posting(Role.FRONT_DESK)
    client = Client()
    client.force_login(posting.account)
    page = client.post(f"/consultas/iniciar/{shielded['father'].pk}/", follow=True).content.decode()
    assert "Rosa Elvira" in page
    assert str(shielded["child"].pk) not in page
    assert "Elsa" not in page


def test_the_shielded_one_still_has_her_own_record(shielded: dict[str, Person]) -> None:
    worker = make.actor(Role.CASE_WORKER)
    screening = compile_screening(shielded["child"], by=worker, profile=Profile.FULL, on=make.TODAY)
    assert [benefit.amount for benefit in screening.benefits] == [22007]
    ids: set[UUID] = {member.person.pk for member in screening.members}
    assert shielded["child"].pk in ids
