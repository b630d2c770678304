"""The pages of flagged readings, and what an operator is told when she opens her own record or her family's."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.registry.models import Flag, Person, ReadEntry, ReadPurpose, Relation, WatchMark
from ventanilla.registry.reading import log_reading, open_purpose
from ventanilla.registry.vocabulary import RelationKind, Source
from ventanilla.registry.watch import views
from ventanilla.registry.watch.actions import raise_flags
from ventanilla.registry.watch.states import FlagKind
from ventanilla.registry.watch.telling import how_near

pytestmark = pytest.mark.django_db

COMMAND = Actor(Agent.COMMAND, make.MONTE_PATRIA)


@pytest.fixture
def operator() -> Posting:
    """Somebody who attends the public and is a neighbour too."""
    made = make.posting(Role.FRONT_DESK)
    Account.objects.filter(pk=made.account_id).update(run="90214530-3")
    return Posting.objects.with_context().get(pk=made.pk)


@pytest.fixture
def actor(operator: Posting) -> Iterator[Actor]:
    actor = actor_in(operator)
    with acting(actor):
        yield actor


@pytest.fixture
def herself(actor: Actor) -> Person:
    return make.person("Camila", "Ficticia", run="90214530-3")


@pytest.fixture
def head(operator: Posting) -> Posting:
    return make.posting(Role.UAS_HEAD)


def look(*people: Person) -> None:
    for person in people:
        log_reading(ReadEntry.Kind.FULL, of=person)


def go_over() -> None:
    WatchMark.objects.update(ran_at=clock.now() - timedelta(hours=1), watched_until=clock.now() - timedelta(hours=1))
    raise_flags(by=COMMAND)


def test_she_is_told_when_it_is_herself_or_somebody_of_her_home(actor: Actor, herself: Person) -> None:
    son, stranger, mother = make.person("Martín"), make.person("Otra"), make.person("Elsa")
    make.home(herself, son)
    Relation.objects.create(person=mother, other=herself, kind=RelationKind.values[0], source=Source.DECLARED)
    assert [how_near(person, by=actor) for person in (herself, son, mother, stranger)] == [
        FlagKind.SELF,
        FlagKind.RELATIVE,
        FlagKind.RELATIVE,
        None,
    ]


def test_she_is_told_nothing_of_a_relative_shielded_from_her_home_who_is_flagged_all_the_same(
    actor: Actor, herself: Person
) -> None:
    shielded = make.person("Elsa")
    home = make.home(herself, shielded)
    home.memberships.filter(person=shielded).update(is_shielded=True)
    assert how_near(shielded, by=actor) is None
    look(shielded)
    go_over()
    flag = Flag.objects.get()
    assert (flag.kind, flag.person_id) == (FlagKind.RELATIVE, shielded.pk)


def test_telling_takes_one_query(actor: Actor, herself: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        how_near(herself, by=actor)


@pytest.mark.parametrize("way", ["consultation", "omnibox", "reason"])
def test_the_notice_is_on_the_page_that_comes_next(operator: Posting, way: str) -> None:
    with make.inside():
        herself = make.person("Camila", "Ficticia", run="90214530-3")
        other = make.person("Otra")
    client = Client()
    client.force_login(operator.account)

    def opened(person: Person) -> str:
        if way == "consultation":
            answer = client.post(f"/consultas/iniciar/{person.pk}/", follow=True)
        elif way == "omnibox":
            answer = client.post("/buscar/", {"q": person.run}, follow=True)
        else:
            answer = client.post(f"/personas/{person.pk}/", {"reason": "Preparar la visita de mañana"}, follow=True)
        return str(answer.content.decode())

    notice = "Esta lectura queda marcada para revisión: es su propia ficha."
    assert notice in opened(herself)
    assert notice not in opened(other)


# Pages


def client_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


def test_the_page_goes_over_the_log_and_shows_what_it_found(operator: Posting, head: Posting) -> None:
    with make.inside():
        herself = make.person("Camila", "Ficticia", run="90214530-3")
    actor = actor_in(operator)
    with acting(actor):
        open_purpose(herself, by=actor, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Ver mi propio registro")
        look(herself)
    client = client_of(head)
    page = client.get("/auditoria/por-revisar/").content.decode()
    assert "Su propia ficha" in page
    assert herself.full_name in page
    with make.inside():
        flag = Flag.objects.get()
        seen = ReadEntry.objects.filter(account_id=head.account_id, note="lecturas por revisar").get()
        assert seen.people == [herself.pk], "it names her, so it is a reading"
    address = f"/auditoria/por-revisar/{flag.pk}/"
    assert client.post(address, {"state": ""}).status_code == 422
    answer = client.post(address, {"state": "explained", "reason": "Fue una prueba autorizada"}, follow=True)
    assert "Fue una prueba autorizada" in answer.content.decode()
    assert "Nada por revisar" in client.get("/auditoria/por-revisar/").content.decode()
    assert "Su propia ficha" in client.get("/auditoria/por-revisar/?estado=explained").content.decode()


def test_the_page_of_what_is_not_hers_to_answer_is_not_found(operator: Posting) -> None:
    with make.inside():
        herself = make.person("Camila", "Ficticia", run="90214530-3")
    with acting(actor_in(operator)):
        look(herself)
        go_over()
        flag = Flag.objects.get()
    elsewhere = make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    own = make.posting(Role.UAS_HEAD, account=operator.account)
    for reader in (elsewhere, make.posting(Role.DATA_OFFICER, make.COMBARBALA), own):
        client = client_of(reader)
        assert client.get(f"/auditoria/por-revisar/{flag.pk}/").status_code == 404
        assert herself.full_name not in client.get("/auditoria/por-revisar/").content.decode()


def test_a_long_list_takes_the_same_queries_and_goes_on_where_it_stopped(
    operator: Posting, head: Posting, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(views, "ROWS", 3)
    with acting(actor_in(operator)):
        for n in range(5):
            person = make.person(f"Colega{n}", "Ficticia")
            Account.objects.filter(pk=make.posting(Role.FRONT_DESK).account_id).update(run=person.run)
            look(person)
        go_over()
    client = client_of(head)
    with django_assert_max_num_queries(20):
        first = client.get("/auditoria/por-revisar/").content.decode()
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get("/auditoria/por-revisar/" + following).content.decode()
    shown = [[n for n in range(5) if f"Colega{n}" in page] for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), sorted(shown[0] + shown[1])) == (3, 2, list(range(5)))


@pytest.mark.parametrize("address", ["?estado=nada", "?antes=x", "?antes=01a20744-0000-7000-8000-000000000000"])
def test_an_address_somebody_changed_by_hand_still_opens_the_list(head: Posting, address: str) -> None:
    assert client_of(head).get(f"/auditoria/por-revisar/{address}").status_code == 200
