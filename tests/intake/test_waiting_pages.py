"""The pages of the waiting room: a number given, called by key, shown on the wall without a name."""

import re

import pytest
from django.test import Client
from tests import make

from ventanilla.access.models import Desk, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.run import Run
from ventanilla.intake.models import Queue, Ticket, WallDisplay
from ventanilla.intake.waiting import arranging
from ventanilla.registry.models import Person, ReadEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(db: None) -> Queue:
    with make.inside():
        return make.queue()


@pytest.fixture
def rosa(db: None) -> Person:
    with make.inside():
        return make.person()


def browser_of(posting: Posting) -> Client:
    client = Client()
    client.force_login(posting.account)
    return client


@pytest.fixture
def clerk(queue: Queue) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def client(clerk: Posting) -> Client:
    """At the first desk."""
    client = browser_of(clerk)
    client.post("/consultas/sala/", {"desk": str(Desk.objects.get(name="Módulo 1").pk)})
    return client


def arrive(client: Client, queue: Queue, **fields: str) -> str:
    answer = client.post("/consultas/llegadas/", {"queue": str(queue.pk)} | fields, follow=True)
    found = re.search(r'class="number">(\w-\d+)<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def only_ticket() -> Ticket:
    with make.inside():
        return Ticket.objects.get()


def test_a_number_is_given_and_shown_to_be_printed(client: Client, queue: Queue, rosa: Person) -> None:
    assert arrive(client, queue, who=rosa.formatted_run) == "A-001"
    assert only_ticket().person_id == rosa.pk
    assert rosa.given_names not in client.get(f"/consultas/llegadas/?numero={only_ticket().pk}").content.decode()


def test_who_is_not_registered_gets_a_number_without_name(client: Client, queue: Queue) -> None:
    assert arrive(client, queue, who=str(Run(99_000_001))) == "A-001"
    assert only_ticket().person_id is None


def test_a_preference_without_evidence_is_asked_again_and_nothing_typed_is_lost(client: Client, queue: Queue) -> None:
    answer = client.post("/consultas/llegadas/", {"queue": str(queue.pk), "priority": "carer", "who": "1-1"})
    assert answer.status_code == 422
    answer = client.post("/consultas/llegadas/", {"queue": str(queue.pk), "priority": "carer"})
    assert answer.status_code == 422
    assert "con qué se acreditó" in answer.content.decode()


def test_the_desk_calls_attends_and_the_name_is_seen_once_in_the_log(
    client: Client, queue: Queue, rosa: Person
) -> None:
    arrive(client, queue, who=rosa.formatted_run)
    before = client.get("/consultas/sala/").content.decode()
    assert "A-001" in before
    assert rosa.given_names not in before
    client.post("/consultas/sala/", {"verb": "call"})
    for _ in range(2):
        assert rosa.full_name in client.get("/consultas/sala/").content.decode()
    with make.inside():
        assert ReadEntry.objects.filter(person_id=rosa.pk, note="llamado A-001").count() == 1
    attended = client.post("/consultas/sala/", {"verb": "attend", "ticket": str(only_ticket().pk)}, follow=True)
    assert f"Consulta de {rosa.full_name}" in attended.content.decode()


def test_the_fragment_has_numbers_and_no_page_around(client: Client, queue: Queue) -> None:
    arrive(client, queue)
    part = client.get("/consultas/sala/lista/").content.decode()
    assert "A-001" in part
    assert "<html" not in part


def test_with_nobody_waiting_it_is_said_on_the_same_page(client: Client) -> None:
    answer = client.post("/consultas/sala/", {"verb": "call"})
    assert answer.status_code == 422
    assert "Nadie espera en las filas de este módulo." in answer.content.decode()


def test_an_office_without_queues_is_told_to_work_as_always() -> None:
    client = browser_of(make.posting(Role.FRONT_DESK))
    assert "Aquí no hay filas" in client.get("/consultas/sala/").content.decode()
    assert "Aquí no hay filas" in client.get("/consultas/llegadas/").content.decode()


def test_the_wall_shows_numbers_and_desks_to_whoever_has_the_address_and_no_name(
    client: Client, queue: Queue, rosa: Person
) -> None:
    with make.inside() as head:
        token = arranging.hang_display(queue.site, by=head)
        assert token not in WallDisplay.objects.get().digest
    arrive(client, queue, who=rosa.formatted_run)
    client.post("/consultas/sala/", {"verb": "call"})
    address = f"/consultas/pantalla/{make.MONTE_PATRIA}/{token}/"
    shown = Client().get(address).content.decode()
    assert "A-001" in shown
    assert "Módulo 1" in shown
    assert rosa.given_names not in shown
    mark = re.search(r"visto=(\w+)", shown)
    assert mark
    unchanged = Client().get(f"{address}?visto={mark[1]}", headers={"HX-Request": "true"})
    assert unchanged.status_code == 204
    client.post("/consultas/sala/", {"verb": "recall", "ticket": str(only_ticket().pk)})
    changed = Client().get(f"{address}?visto={mark[1]}", headers={"HX-Request": "true"})
    assert changed.status_code == 200
    assert "<html" not in changed.content.decode()


def test_an_old_a_wrong_or_a_foreign_address_of_the_wall_leads_nowhere(queue: Queue) -> None:
    with make.inside() as head:
        old = arranging.hang_display(queue.site, by=head)
        new = arranging.hang_display(queue.site, by=head)
    for institution, token in ((4303, old), (4303, "otra"), (4302, new), (99, new), (10**12, new)):
        assert Client().get(f"/consultas/pantalla/{institution}/{token}/").status_code == 404
    assert Client().get(f"/consultas/pantalla/4303/{new}/").status_code == 200


def test_the_address_of_a_new_screen_is_in_that_answer_only(queue: Queue) -> None:
    head = browser_of(make.posting(Role.UAS_HEAD))
    page = head.post("/consultas/sala/dia/", {"site": str(queue.site_id), "display": "1"}).content.decode()
    found = re.search(r"http://testserver(/consultas/pantalla/4303/[^/]+/)", page)
    assert found
    assert Client().get(found[1]).status_code == 200
    assert found[1] not in head.get("/consultas/sala/dia/").content.decode()
    assert found[1] not in str(dict(head.session.items()))


def test_the_head_sees_the_day_and_closes_it(client: Client, queue: Queue, clerk: Posting) -> None:
    arrive(client, queue)
    arrive(client, queue)
    client.post("/consultas/sala/", {"verb": "call"})
    with acting(actor_in(clerk)):
        called = Ticket.objects.get(state="called")
    client.post("/consultas/sala/", {"verb": "attend", "ticket": str(called.pk)})
    head = browser_of(make.posting(Role.UAS_HEAD))
    page = head.get("/consultas/sala/dia/").content.decode()
    assert clerk.account.full_name in page
    closed = head.post("/consultas/sala/dia/", {"site": str(queue.site_id), "close": "1"}, follow=True)
    assert "Quedaron sin atender: 1." in closed.content.decode()


def test_a_head_makes_and_changes_a_queue(queue: Queue) -> None:
    head = browser_of(make.posting(Role.UAS_HEAD))
    fields = {"name": "Subsidios", "letter": "s", "unit": str(queue.unit_id), "site": str(queue.site_id)}
    assert head.post("/consultas/sala/filas/", fields | {"letter": "A"}).status_code == 422
    assert head.post("/consultas/sala/filas/", fields | {"opens_at": "08:30"}).status_code == 302
    with make.inside():
        made = Queue.objects.get(letter="S")
    address = f"/consultas/sala/filas/{made.pk}/"
    assert "08:30" in head.get(address).content.decode()
    assert head.post(address, {"name": "SUF", "letter": "S"}).status_code == 302
    assert head.post(address, {"close": "1"}).status_code == 302
    assert head.get(address).status_code == 404
