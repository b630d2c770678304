"""The first page names people, so it leaves the trace of a reading; what is sent from it twice starts one thing."""

import re

import pytest
from django.test import Client
from tests import make

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.registry.models import Person, ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Posting:
    with make.inside():
        return make.posting()


def open_home(posting: Posting) -> str:
    client = Client()
    client.force_login(posting.account)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def readings() -> list[ReadEntry]:
    with make.inside():
        return list(ReadEntry.objects.filter(note="bandeja"))


def attending(posting: Posting, *people: Person | None) -> None:
    actor = actor_in(posting)
    with acting(actor):
        for person in people:
            start_consultation(person, by=actor)


def test_whom_the_first_page_names_is_one_reading_of_them_all(desk: Posting) -> None:
    with make.inside():
        rosa, luis = make.person("Rosa"), make.person("Luis")
    attending(desk, rosa, luis, None)
    assert "Rosa" in open_home(desk)
    (entry,) = readings()
    assert (entry.kind, entry.account_id, entry.posting_id) == (ReadEntry.Kind.LIST, desk.account_id, desk.pk)
    assert set(entry.people or ()) == {rosa.pk, luis.pk}


def test_a_first_page_that_names_nobody_is_no_reading(desk: Posting) -> None:
    open_home(desk)
    attending(desk, None)
    open_home(desk)
    open_home(make.posting(Role.DIDECO))
    assert readings() == []


def test_the_form_of_somebody_unidentified_sent_twice_starts_one_consultation(desk: Posting) -> None:
    client = Client()
    client.force_login(desk.account)

    def send(page: str) -> str:
        sent_as = re.search(r'name="submission_id" value="([^"]+)"', page)
        assert sent_as
        address: str = client.post("/consultas/iniciar/", {"submission_id": sent_as[1]}).headers["Location"]
        return address

    first_page = open_home(desk)
    started = send(first_page)
    assert send(first_page) == started
    assert send(open_home(desk)) != started, "another page is another neighbour"
    with acting(actor_in(desk)):
        assert Consultation.objects.count() == 2


def test_what_she_attends_in_another_unit_is_not_on_the_first_page_of_this_one(desk: Posting) -> None:
    with make.inside():
        rosa = make.person("Rosa")
        elsewhere = make.posting(in_unit=make.unit(code="rsh", functions=("rsh",)), account=desk.account)
    attending(elsewhere, rosa)
    client = Client()
    client.force_login(desk.account)
    for posting, shows in ((desk, False), (elsewhere, True)):
        session = client.session
        session["posting"] = str(posting.pk)
        session.save()
        assert ("Rosa" in client.get("/").content.decode()) == shows
