"""What is searched waits on the server under a key: for who searched it, where she searched it, for a day."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed
from ventanilla.core.models import AuditEvent
from ventanilla.core.resend import POSTING_FIELD
from ventanilla.desk.actions import KEPT_FOR, keep_search, kept_search
from ventanilla.desk.models import RecentSearch

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Posting:
    with make.inside():
        make.person("Rosa Elvira", "Araya")
        return make.posting()


@pytest.fixture
def operator(desk: Posting) -> Iterator[Actor]:
    actor = actor_in(desk)
    with acting(actor):
        yield actor


def sign_in(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def search(client: Client, posting: Posting, text: str) -> Any:
    return client.post("/buscar/", {"q": text, POSTING_FIELD: str(posting.pk)})


def test_the_results_come_back_with_their_address_which_says_nothing_of_them(desk: Posting) -> None:
    client = sign_in(desk)
    address = search(client, desk, "rosa araya").headers["Location"]
    assert "rosa" not in address.lower()
    for _ in range(2):
        page = client.get(address).content.decode()
        assert 'value="rosa araya"' in page
        assert "90." in page


def test_the_address_gives_a_colleague_nothing(desk: Posting) -> None:
    address = search(sign_in(desk), desk, "rosa araya").headers["Location"]
    answer = sign_in(make.posting()).get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/buscar/")


def test_a_search_stays_in_the_posting_it_was_made_in(desk: Posting) -> None:
    head = make.posting(Role.UNIT_HEAD, account=desk.account)
    client = sign_in(desk)
    client.post("/desempenos/", {"posting": str(desk.pk)})
    address = search(client, desk, "rosa araya").headers["Location"]
    client.post("/desempenos/", {"posting": str(head.pk)})
    assert client.get(address).headers["Location"] == "/buscar/"
    client.post("/desempenos/", {"posting": str(desk.pk)})
    assert client.get(address).status_code == 200


def test_no_other_institution_sees_what_is_searched_here(operator: Actor) -> None:
    keep_search("rosa araya", by=operator)
    assert RecentSearch.objects.count() == 1
    with make.inside(make.COMBARBALA), connection.cursor() as cursor:
        cursor.execute("select count(*) from desk_recentsearch")
        assert cursor.fetchone() == (0,)


def test_a_search_is_kept_for_a_day_and_the_next_one_sweeps_it_out(
    operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keep_search("rosa araya", by=operator)
    assert kept_search(key, by=operator) == "rosa araya"
    later = clock.now() + KEPT_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert kept_search(key, by=operator) is None
    newer = keep_search("luis pizarro", by=operator)
    assert list(RecentSearch.objects.values_list("key", flat=True)) == [newer]


def test_the_audit_does_not_keep_the_words(operator: Actor) -> None:
    key = keep_search("rosa araya", by=operator)
    RecentSearch.objects.all().delete()
    events = AuditEvent.objects.filter(table_name="desk_recentsearch")
    assert {event.op for event in events} == {"I", "D"}
    assert not [event for event in events if "rosa" in f"{event.old}{event.new}" or key in f"{event.old}{event.new}"]


def test_who_may_not_search_keeps_nothing() -> None:
    actor = make.actor(Role.DATA_OFFICER)
    with acting(actor), pytest.raises(NotAllowed):
        keep_search("rosa araya", by=actor)


def test_control_characters_in_a_search_are_blanks(desk: Posting) -> None:
    client = sign_in(desk)
    page = client.get(search(client, desk, "rosa\0araya\x07").headers["Location"])
    assert 'value="rosa araya"' in page.content.decode()
