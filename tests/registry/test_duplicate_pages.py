"""The queue of pairs who may be one, and what was joined, as a head sees them."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import make
from tests.intake.desk_page import browser_of
from tests.registry.duplicate_pages import QUEUE, address, put, text_of, waiting
from tests.registry.merged import two

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Permission, Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.secrecy import Secrecy
from ventanilla.desk.tray import arrived
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.registry.merging import queue, views
from ventanilla.registry.merging.states import FoundBy, SearchState
from ventanilla.registry.models import (
    ContactPoint,
    DuplicateSearch,
    Membership,
    Merge,
    Person,
    ReadEntry,
    ReadPurpose,
)
from ventanilla.registry.vocabulary import ContactKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def posting() -> Posting:
    return make.posting(Role.UAS_HEAD)


@pytest.fixture
def head(posting: Posting) -> Actor:
    return actor_in(posting)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def test_the_likeliest_come_first_and_what_was_left_for_later_last(client: Client, head: Actor) -> None:
    first, second, third = waiting(head, 3)
    client.post(address(first), {"decision": "later"})
    shown = re.findall(r'class="title" href="/duplicados/([0-9a-f-]+)/', text_of(client, QUEUE))
    assert [UUID(pk) for pk in shown] == [second.pk, third.pk, first.pk]


def test_each_pair_says_in_words_why_it_is_there(client: Client, head: Actor) -> None:
    waiting(head, 1)
    text = text_of(client, QUEUE)
    assert "Casi segura" in text
    assert "Misma fecha de nacimiento" in text
    assert "Segundo apellido distinto" in text


def test_the_filters_stay_in_the_address_and_in_that_of_the_pair(client: Client, head: Actor) -> None:
    waiting(head, 1)
    with acting(head):
        loaded = put(make.person("Nora"), make.person("Nora", run=None), head, score=3, found_by=FoundBy.LOAD)
    text = text_of(client, f"{QUEUE}?parecido=probable&origen=carga")
    assert f"{address(loaded)}?parecido=probable&amp;origen=carga" in text
    assert "Rosa A" not in text
    assert "Nada con ese filtro" in text_of(client, f"{QUEUE}?parecido=posible")
    assert "Rosa A" in text_of(client, f"{QUEUE}?parecido=otra-cosa&desde=rota_x_1")


def test_pages_follow_one_another_without_losing_or_repeating(
    client: Client, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    pairs = waiting(head, 5)
    client.post(address(pairs[1]), {"decision": "later"})
    seen, path = [], QUEUE
    while path:
        text = text_of(client, path)
        seen += re.findall(r'class="title" href="/duplicados/([0-9a-f-]+)/', text)
        following = re.search(r'href="(\?[^"]+)" rel="next"', text)
        path = f"{QUEUE}{following[1]}".replace("&amp;", "&") if following else ""
    expected = [pairs[0], pairs[2], pairs[3], pairs[4], pairs[1]]
    assert seen == [str(pair.pk) for pair in expected]


def test_the_queue_asks_as_much_for_many_as_for_one(client: Client, head: Actor) -> None:
    waiting(head, 1)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as of_one:
        client.get(QUEUE)
    waiting(head, 9)
    with CaptureQueriesContext(connection) as of_many:
        client.get(QUEUE)
    assert len(of_many) == len(of_one)


def test_the_look_at_the_names_of_the_queue_is_logged(client: Client, head: Actor) -> None:
    (pair,) = waiting(head, 1)
    client.get(QUEUE)
    with acting(head):
        entry = ReadEntry.objects.get(kind=ReadEntry.Kind.LIST, note="posibles duplicados")
        assert set(entry.people or []) == {pair.first_id, pair.second_id}


def test_with_nothing_to_decide_it_says_what_will_be_here(client: Client) -> None:
    assert "Nada por decidir" in text_of(client, QUEUE)
    assert "Todavía no se decide ninguno" in text_of(client, f"{QUEUE}?ver=decididos")


def test_what_was_decided_says_who_did_newest_first(client: Client, head: Actor) -> None:
    first, second = waiting(head, 2)
    client.post(address(first), {"decision": "different"})
    client.post(address(second), {"decision": "same"})
    text = text_of(client, f"{QUEUE}?ver=decididos")
    assert text.index("La misma persona</span>") < text.index("Personas distintas</span>")
    assert "Camila De Jefatura de Asistencia Social" in text
    assert "Nada por decidir" in text_of(client, QUEUE)


def test_a_search_is_asked_once_at_a_time(client: Client, head: Actor) -> None:
    assert "Todavía no se ha hecho" in text_of(client, QUEUE)
    client.post(f"{QUEUE}buscar/")
    text = text_of(client, QUEUE)
    assert "Pedida" in text
    assert "Buscar ahora" not in text
    assert client.post(f"{QUEUE}buscar/").status_code == 422
    with acting(head):
        DuplicateSearch.objects.update(state=SearchState.DONE, ended_at=clock.now(), people=6000, found=12)
    text = text_of(client, QUEUE)
    assert "6.000" in text
    assert "Buscar ahora" in text


def test_the_tray_of_a_head_says_how_many_wait_and_no_more_than_it_counts(
    client: Client, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Pares por decidir" not in text_of(client, "/")
    waiting(head, 3)
    assert "Pares por decidir: 3" in text_of(client, "/")
    clerk = browser_of(make.posting(Role.FRONT_DESK))
    assert "Pares por decidir" not in text_of(clerk, "/")
    monkeypatch.setattr(queue, "COUNTED", 2)
    monkeypatch.setattr(arrived, "COUNTED", 2)
    assert "Pares por decidir: 2 o más" in text_of(client, "/")


def test_only_who_has_the_right_sees_the_door(head: Actor) -> None:
    clerk = make.posting(Role.FRONT_DESK)
    browser = browser_of(clerk)
    assert browser.get(QUEUE).status_code == 403
    assert QUEUE not in browser.get("/").content.decode()
    Posting.objects.filter(pk=clerk.pk).update(named=[Permission.REGISTRY_MERGE])
    assert browser.get(QUEUE).status_code == 200
    assert f'href="{QUEUE}"' in browser.get("/").content.decode()


# What was joined


def joined(client: Client, head: Actor) -> Merge:
    with acting(head):
        one, other = two(indigenous_people="diaguita")
        make.home(other)
        for person in (one, other):
            ContactPoint.objects.create(person=person, kind=ContactKind.PHONE, value="+56951111111", as_of=make.TODAY)
        pair = put(one, other, head)
    client.post(address(pair), {"decision": "same", "reason": "Mostró su cédula"})
    with acting(head):
        return Merge.objects.select_related("kept").get()


def merge_page(merge: Merge) -> str:
    return reverse("duplicates:merge", args=[merge.pk])


def test_a_merge_says_who_when_why_and_what_moved(client: Client, head: Actor) -> None:
    text = text_of(client, merge_page(joined(client, head)))
    for told in (
        "Camila De Jefatura de Asistencia Social",
        "Mostró su cédula",
        "pueblo indígena",
        "1 lugar en un hogar pasó a la ficha que se conserva",
        "1 teléfono o correo se repetía y quedó una sola vez",
    ):
        assert told in text, told
    assert "que ya se le unió" not in text, "the record itself is not one that hung from it"


def test_a_merge_does_not_count_what_is_kept_from_who_looks(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    with acting(head):
        house = merge.kept.memberships.get().home
        Membership.objects.filter(home=house).update(is_shielded=True)
    outsider = browser_of(make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="deportes", functions=())))
    assert outsider.get(merge_page(merge)).status_code == 404
    assert client.get(merge_page(merge)).status_code == 200


def test_what_is_restricted_to_others_is_neither_counted_when_comparing_nor_when_joined(
    client: Client, head: Actor
) -> None:
    with acting(head):
        one, other = two()
        pair = put(one, other, head)
    colleague = make.actor(Role.CASE_WORKER)
    with acting(colleague):
        consultation = start_consultation(other, by=colleague)
        Consultation.objects.filter(pk=consultation.pk).update(secrecy=Secrecy.RESTRICTED)
    assert "1 consulta" not in text_of(client, reverse("duplicates:pair", args=[pair.pk]))
    client.post(reverse("duplicates:pair", args=[pair.pk]), {"decision": "same"})
    with acting(head):
        merge = Merge.objects.get()
        assert merge.moves.filter(row_id=consultation.pk).exists(), "it follows all the same"
    assert "1 consulta" not in text_of(client, merge_page(merge))
    with acting(head):
        Consultation.objects.filter(pk=consultation.pk).update(secrecy=Secrecy.ORDINARY)
    assert "1 consulta pasó" in text_of(client, merge_page(merge))


def test_a_pair_that_was_joined_is_decided_again_only_by_undoing(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    refused = client.post(reverse("duplicates:reopen", args=[merge.pair_id]))
    assert refused.status_code == 409
    assert "deshaga la unión" in refused.content.decode()
    assert "Ver la unión" in text_of(client, reverse("duplicates:pair", args=[merge.pair_id]))


def test_of_whoever_is_blocked_there_is_no_merge_to_see(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    with acting(head):
        Person.objects.filter(pk=merge.absorbed_id).update(processing_blocked=True)
    assert client.get(merge_page(merge)).status_code == 404
    assert client.post(merge_page(merge), {"reason": "Eran dos personas distintas"}).status_code == 404


def test_undoing_asks_why_and_makes_them_two_again(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    assert client.post(merge_page(merge), {"reason": ""}).status_code == 422
    short = client.post(merge_page(merge), {"reason": "Error"})
    assert "Escriba por qué se deshace, en una frase." in short.content.decode()
    client.post(merge_page(merge), {"reason": "Eran dos personas distintas"})
    with acting(head):
        assert Person.objects.get(pk=merge.absorbed_id).merged_into_id is None
    text = text_of(client, merge_page(merge))
    assert "Se deshizo" in text
    assert "Eran dos personas distintas" in text
    assert merge.pair_id
    assert "¿Son la misma persona?" in text_of(client, reverse("duplicates:pair", args=[merge.pair_id]))


def test_an_undoing_that_what_came_later_rests_on_is_refused_in_words(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    with acting(head):
        Person.objects.filter(pk=merge.kept_id).update(indigenous_people="colla")
    refused = client.post(merge_page(merge), {"reason": "Eran dos personas distintas"})
    assert refused.status_code == 422
    assert "Después de la unión cambió su ficha: pueblo indígena" in refused.content.decode()
    with acting(head):
        assert Person.objects.get(pk=merge.absorbed_id).merged_into_id == merge.kept_id


def test_the_old_address_leads_to_the_record_that_is_kept(client: Client, head: Actor) -> None:
    merge = joined(client, head)
    with acting(head):
        ReadPurpose.objects.update(ends_at=clock.now())
    text = text_of(client, f"/personas/{merge.absorbed_id}/")
    assert merge.kept.formatted_run in text
    sent = client.post(f"/personas/{merge.absorbed_id}/", {"reason": "Revisar su situación social"})
    assert sent.headers["Location"] == f"/personas/{merge.kept_id}/ficha/"
    assert client.get(f"/personas/{merge.absorbed_id}/ficha/", follow=True).status_code == 200
