"""The records of a home's children open with the attention of who came; nobody else's do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.intake import actions
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Membership, Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import ground_to_read, open_purpose
from ventanilla.registry.vocabulary import Kinship, MembershipSource

pytestmark = pytest.mark.django_db

WRITTEN = ReadPurpose.Ground.WRITTEN_REASON


@pytest.fixture
def posting() -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person)
    return person


@pytest.fixture
def desk(posting: Posting, rosa: Person) -> Iterator[Actor]:
    actor = actor_in(posting)
    with acting(actor):
        yield actor


def at_home(person: Person, *, years: int, kinship: Kinship = Kinship.CHILD) -> Person:
    """Another member of the person's home, of that age today."""
    today = make.TODAY
    born = today.replace(year=today.year - years, day=min(today.day, 28))
    other = make.person("Sofía", birth_on=born)
    Membership.objects.create(
        home=Membership.objects.get(person=person).home,
        person=other,
        kinship=kinship,
        source=MembershipSource.RSH,
        starts_on=make.YESTERDAY,
    )
    return other


@pytest.mark.parametrize(("years", "opens"), [(0, True), (17, True), (18, False), (40, False)])
def test_the_attention_of_somebody_opens_the_records_of_the_children_of_her_home(
    desk: Actor, rosa: Person, years: int, opens: bool
) -> None:
    other = at_home(rosa, years=years)
    assert ground_to_read(other, by=desk) is None
    consultation = actions.start_consultation(rosa, by=desk)
    found = ground_to_read(other, by=desk)
    assert (found.reference_id if found else None) == (consultation.pk if opens else None)


def test_of_unknown_age_she_is_not_taken_for_a_child(desk: Actor, rosa: Person) -> None:
    other = at_home(rosa, years=5)
    actions.start_consultation(rosa, by=desk)
    assert ground_to_read(other, by=desk)
    other.birth_on = None
    assert ground_to_read(other, by=desk) is None


def test_a_childs_record_closes_with_the_attention_that_opened_it(
    desk: Actor, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = at_home(rosa, years=5)
    consultation = actions.start_consultation(rosa, by=desk)
    line = actions.LineDetails(make.reason("information").pk, Outcome.INFORMED)
    actions.end_attention(consultation, actions.Writing(lines=[line]), by=desk)
    assert ground_to_read(child, by=desk)
    moment = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert ground_to_read(child, by=desk) is None


@pytest.mark.parametrize(
    "case", ["a written reason", "a colleague's attention", "another home", "a lodger's attention", "a lodger's child"]
)
def test_no_other_ground_opens_a_childs_record(desk: Actor, rosa: Person, case: str) -> None:
    child = at_home(rosa, years=5, kinship=Kinship.NOT_RELATED if case == "a lodger's child" else Kinship.CHILD)
    colleague = make.actor(Role.FRONT_DESK)
    if case == "a written reason":
        open_purpose(rosa, by=desk, ground=WRITTEN, reason="Revisar su situación actual")
    elif case == "a colleague's attention":
        actions.start_consultation(rosa, by=colleague)
    elif case == "another home":
        neighbour = make.person("Elba")
        make.home(neighbour)
        actions.start_consultation(neighbour, by=desk)
    elif case == "a lodger's attention":
        actions.start_consultation(at_home(rosa, years=30, kinship=Kinship.NOT_RELATED), by=desk)
    else:
        actions.start_consultation(rosa, by=desk)
    assert ground_to_read(child, by=desk) is None


@pytest.mark.parametrize(("shielded", "opens"), [("the child", False), ("who came", True)])
def test_a_child_who_is_shielded_is_not_of_the_home_of_who_came_but_a_mother_who_is_has_her_children(
    desk: Actor, rosa: Person, shielded: str, opens: bool
) -> None:
    child = at_home(rosa, years=5)
    Membership.objects.filter(person=child if shielded == "the child" else rosa).update(is_shielded=True)
    actions.start_consultation(rosa, by=desk)
    assert bool(ground_to_read(child, by=desk)) == opens


def test_what_is_read_of_a_child_is_logged_under_the_consultation(desk: Actor, rosa: Person, posting: Posting) -> None:
    child = at_home(rosa, years=5)
    consultation = actions.start_consultation(rosa, by=desk)
    client = Client()
    client.force_login(posting.account)
    card = client.get(f"/personas/{child.pk}/")
    assert (card.status_code, card.headers["Location"]) == (302, f"/personas/{child.pk}/ficha/")
    assert "Sofía" in client.get(f"/personas/{child.pk}/ficha/").content.decode()
    with make.inside():
        (entry,) = ReadEntry.objects.filter(kind=ReadEntry.Kind.SUMMARY, person_id=child.pk)
        assert entry.purpose_id
        purpose = ReadPurpose.objects.get(pk=entry.purpose_id)
    assert (purpose.person_id, purpose.reference_id) == (rosa.pk, consultation.pk)
