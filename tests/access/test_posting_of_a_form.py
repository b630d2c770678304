"""A form acts in the posting it was shown under or in none, however many tabs are open."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import make
from tests.test_permission_matrix import Door, pages

from ventanilla.access.models import Posting
from ventanilla.access.permissions import Role
from ventanilla.core.ids import new_id
from ventanilla.core.resend import POSTING_FIELD
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db

TYPED = {"given_names": "Clotilde <del> Carmen", "first_surname": "Pizarro", "document_kind": "no_document"}


@pytest.fixture
def here() -> Posting:
    """At the front desk of Monte Patria."""
    with make.inside():
        return make.posting()


@pytest.fixture
def there(here: Posting) -> Posting:
    """The same operator, at Combarbalá."""
    with make.inside(make.COMBARBALA):
        return make.posting(institution=make.COMBARBALA, account=here.account)


def sign_in(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def end(posting: Posting) -> None:
    Posting.objects.filter(pk=posting.pk).update(ends_on=make.YESTERDAY)


def act_in(client: Client, posting: Posting) -> None:
    assert client.post("/desempenos/", {"posting": str(posting.pk)}).status_code == 302


def register(client: Client, shown: Posting | None) -> Any:
    token = {POSTING_FIELD: str(shown.pk)} if shown else {}
    return client.post("/personas/nueva/", TYPED | token)


def registered(institution: int) -> int:
    with make.inside(institution):
        return Person.objects.filter(first_surname="Pizarro").count()


def test_a_form_shown_in_one_institution_writes_nothing_in_another(here: Posting, there: Posting) -> None:
    client = sign_in(here)
    act_in(client, here)
    assert f'name="{POSTING_FIELD}" value="{here.pk}"' in client.get("/personas/nueva/").content.decode()
    act_in(client, there)  # in another tab
    answer = register(client, here)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "No se guardó nada" in page
    assert "Monte Patria" in page
    assert "Combarbalá" in page
    assert 'value="Clotilde &lt;del&gt; Carmen"' in page
    assert registered(make.MONTE_PATRIA) == registered(make.COMBARBALA) == 0


def test_what_came_back_is_sent_again_once_one_is_back_in_its_posting(here: Posting, there: Posting) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.account)
    client.get("/desempenos/")
    client.cookies["csrftoken"] = token = "x" * 32

    def send(path: str, **fields: str) -> Any:
        return client.post(path, fields | {"csrfmiddlewaretoken": token})

    send("/desempenos/", posting=str(there.pk))
    page = send("/personas/nueva/", **TYPED, **{POSTING_FIELD: str(here.pk)}).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert re.findall(r'<form method="post" action="([^"]+)"', page) == ["/personas/nueva/"]
    send("/desempenos/", posting=str(here.pk))
    again = client.post("/personas/nueva/", fields | {"given_names": TYPED["given_names"]})
    assert again.status_code == 302
    assert (registered(make.MONTE_PATRIA), registered(make.COMBARBALA)) == (1, 0)


def test_with_two_postings_in_force_a_form_that_does_not_say_its_own_is_refused(here: Posting, there: Posting) -> None:
    client = sign_in(here)
    act_in(client, here)
    assert register(client, None).status_code == 409
    assert register(client, here).status_code == 302


def test_with_one_posting_only_a_wrong_one_is_refused(here: Posting) -> None:
    client = sign_in(here)
    foreign = client.post("/personas/nueva/", TYPED | {POSTING_FIELD: str(new_id())})
    assert foreign.status_code == 409
    assert "Clotilde &lt;del&gt; Carmen</textarea>" in foreign.content.decode(), "to be copied: nowhere to send it"
    assert register(client, None).status_code == 302


def test_a_form_resent_by_somebody_else_who_signed_in_does_nothing(here: Posting) -> None:
    """One leaves, a colleague signs in beside, and presses the button of the page that was kept."""
    colleague = make.posting()
    assert register(sign_in(colleague), here).status_code == 409
    assert registered(make.MONTE_PATRIA) == 0


def test_a_posting_that_ended_is_not_replaced_by_another_without_asking(here: Posting, there: Posting) -> None:
    client = sign_in(here)
    act_in(client, there)
    assert client.get("/consultas/").status_code == 200
    end(there)
    read = client.get("/consultas/")
    assert (read.status_code, read.headers["Location"]) == (302, "/desempenos/")
    sent = register(client, there)
    assert sent.status_code == 409
    assert "Clotilde &lt;del&gt; Carmen</textarea>" in sent.content.decode()
    assert registered(make.MONTE_PATRIA) == registered(make.COMBARBALA) == 0
    chooser = client.get("/desempenos/").content.decode()
    assert "ya no está vigente" in chooser
    assert str(here.pk) in chooser
    assert str(there.pk) not in chooser
    act_in(client, here)
    assert client.get("/consultas/").status_code == 200


def test_nor_is_the_one_that_was_in_use_without_having_been_chosen(here: Posting, there: Posting) -> None:
    client = sign_in(here)
    assert "Combarbalá" in client.get("/").content.decode(), "the newest"
    end(there)
    assert client.get("/").headers["Location"] == "/desempenos/"


def test_a_fragment_asked_when_the_posting_has_ended_says_so_and_leaves_the_page(here: Posting, there: Posting) -> None:
    client = sign_in(here)
    act_in(client, there)
    end(there)
    answer = client.get("/consultas/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (409, b"")
    assert "HX-Redirect" not in answer.headers


def test_what_was_typed_is_kept_when_the_only_posting_ended(here: Posting) -> None:
    client = sign_in(here)
    client.get("/")
    end(here)
    answer = register(client, here)
    assert answer.status_code == 409
    assert "Clotilde &lt;del&gt; Carmen</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    "door", [door for door in pages() if door.name != "access:postings"], ids=lambda door: door.name
)
def test_every_door_refuses_a_form_of_another_posting(door: Door) -> None:
    posting = make.posting(Role.UAS_HEAD)
    other = make.posting(Role.UNIT_HEAD, account=posting.account)
    client = sign_in(posting)
    known = {"key": "unknown", "number": 1}
    address = reverse(door.name, kwargs={name: known.get(name) or new_id() for name in door.parameters})
    for shown in ({}, {POSTING_FIELD: str(posting.pk)}):
        assert client.post(address, shown).status_code == 409, "the newest is in use"
    assert client.post(address, {POSTING_FIELD: str(other.pk)}).status_code != 409
