"""The unit's room of pending work: what it lists, by whom it is filtered, and the bulk assignment without scripts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of
from tests.intake.pending_work import again, leave

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import answer_line
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person, ReadEntry

pytestmark = pytest.mark.django_db

LIST, ASSIGN = "/consultas/pendientes/", "/consultas/pendientes/asignar/"


@pytest.fixture
def head() -> Posting:
    with make.inside():
        pass
    return make.posting(Role.UAS_HEAD)


@pytest.fixture
def desk(head: Posting) -> Actor:
    return make.actor(Role.FRONT_DESK)


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def names(text: str) -> list[str]:
    """Whom the rows name, in their order."""
    return re.findall(r'<a class="title" href="/consultas/[0-9a-f-]+/">([^<]+)</a>', text)


def marks(text: str) -> list[str]:
    return re.findall(r'name="line" value="([^"]+)"', text)


def test_the_most_late_comes_first_with_what_is_left_of_each(head: Posting, desk: Actor) -> None:
    for name, days in (("Zoila", 9), ("Berta", -9), ("Ana", 0)):
        leave(desk, until=make.TODAY + timedelta(days=days), given_names=name, first_surname="Ficticia")
    text = page(browser_of(head))
    assert [name.split()[0] for name in names(text)] == ["Berta", "Ana", "Zoila"]
    assert re.search(r"\d+ días hábiles de atraso", text)
    assert ">Hoy</span>" in text
    assert "Certificado de residencia" in text


def test_what_was_answered_and_what_is_of_another_unit_is_not_listed(head: Posting, desk: Actor) -> None:
    answered = leave(desk)
    with acting(desk):
        answer_line(answered, by=desk, outcome=Outcome.RESOLVED)
    leave(make.actor(in_unit=make.unit(code="rsh", functions=("rsh",))))
    text = page(browser_of(head))
    assert names(text) == []
    assert "Su unidad no tiene pendientes" in text


def test_what_is_restricted_is_neither_listed_nor_counted_but_for_its_author(head: Posting, desk: Actor) -> None:
    leave(desk, reason="violence", given_names="Secreta")
    text = page(browser_of(head))
    assert "Secreta" not in text
    assert "1 pendiente" not in text
    author = Posting.objects.with_context().get(account=desk.account)
    assert "Secreta" in page(browser_of(author))


def test_who_is_blocked_is_not_listed(head: Posting, desk: Actor) -> None:
    line = leave(desk)
    with acting(desk):
        Person.objects.filter(consultations=line.consultation).update(processing_blocked=True)
    assert names(page(browser_of(head))) == []


def test_filters_are_in_the_address(head: Posting, desk: Actor) -> None:
    ana = make.posting(Role.CASE_WORKER)
    leave(desk, until=make.TODAY - timedelta(days=5), given_names="Del mesón")
    leave(actor_in(ana), given_names="De Ana")
    leave(actor_in(head), given_names="De la jefa")
    leave(desk, Outcome.NEEDS_CASE, given_names="De nadie")
    client = browser_of(head)

    def found(query: str) -> set[str]:
        return {name.removesuffix(" Araya Contreras") for name in names(page(client, f"{LIST}?{query}"))}

    everybody = {"Del mesón", "De Ana", "De la jefa", "De nadie"}
    assert found("") == found("de=cualquiera&que=otro&desde=ayer") == everybody
    assert found("de=mios") == {"De la jefa"}
    assert found("de=nadie") == {"De nadie"}
    assert found(f"de={ana.account_id}") == {"De Ana"}
    assert found("que=caso") == {"De nadie"}
    assert found("que=documentos&atrasados=1") == {"Del mesón"}
    assert found("que=unidad") == set()


def test_a_look_at_the_list_is_one_reading_of_all_it_names(head: Posting, desk: Actor) -> None:
    shown = {leave(desk).consultation.person_id, leave(desk).consultation.person_id}
    page(browser_of(head))
    with make.inside():
        entry = ReadEntry.objects.get(note="pendientes de la unidad")
    assert (entry.kind, set(entry.people or ()), entry.posting_id) == (ReadEntry.Kind.LIST, shown, head.pk)


@pytest.fixture
def many(desk: Actor) -> list[ReasonLine]:
    """Sixty lines, several of each day."""
    lines = [leave(desk, until=make.TODAY + timedelta(days=number // 7)) for number in range(60)]
    return sorted(lines, key=lambda line: (line.due_on, line.pk))


def test_pages_of_fifty_follow_one_another_without_losing_or_repeating(head: Posting, many: list[ReasonLine]) -> None:
    client = browser_of(head)
    first = page(client)
    following = re.search(r'href="(\?desde=[^"]+)" rel="next"', first)
    assert following
    second = page(client, LIST + following[1])
    assert [mark.partition("_")[0] for mark in marks(first) + marks(second)] == [str(line.pk) for line in many]
    assert 'rel="next"' not in second


def test_the_list_asks_as_much_for_one_line_as_for_sixty(
    head: Posting, desk: Actor, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    leave(desk)
    client = browser_of(head)
    page(client)  # the session is written down
    with CaptureQueriesContext(connection) as for_one:
        page(client)
    for _ in range(59):
        leave(desk)
    with django_assert_max_num_queries(len(for_one)):
        page(client)


# Bulk assignment


def send(client: Client, *lines: ReasonLine, **typed: str) -> tuple[int, str]:
    answer = client.post(ASSIGN, {"line": [f"{line.pk}_{line.assigned_to_id or ''}" for line in lines]} | typed)
    return answer.status_code, answer.content.decode()


def test_the_effect_is_seen_before_anything_changes(head: Posting, desk: Actor) -> None:
    ana = make.posting(Role.CASE_WORKER)
    leave(actor_in(ana), until=make.YESTERDAY)
    hers = leave(desk, given_names="Rosa")
    client = browser_of(head)
    status, choose = send(client, hers, to="")
    assert status == 200
    assert "Elija a quién" in choose
    status, preview = send(client, hers, to=str(ana.account_id))
    assert status == 200
    assert f"Pasan a {ana.account}" in preview
    assert "Rosa" in preview
    assert "1 pendiente, 1 atrasado" in preview
    assert "quedará con 2" in preview
    assert f'name="confirm" value="{ana.account_id}"' in preview
    assert again(hers).assigned_to_id == desk.account_id
    with make.inside():
        assert ReadEntry.objects.filter(note="pendientes por asignar").count() == 1


def test_confirming_passes_them_and_goes_back_to_the_list_as_it_was(head: Posting, desk: Actor) -> None:
    ana = make.posting(Role.CASE_WORKER)
    lines = [leave(desk, Outcome.NEEDS_CASE) for _ in range(2)]
    client = browser_of(head)
    data = {"line": [f"{line.pk}_" for line in lines], "confirm": str(ana.account_id), "reason": "Por turno"}
    answer = client.post(f"{ASSIGN}?de=nadie", data)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?de=nadie")
    assert f"2 motivos quedaron a cargo de {ana.account}." in page(client)
    assert {again(line).assigned_to for line in lines} == {ana.account}


def test_the_confirming_button_decides_not_the_choice_beside_it(head: Posting, desk: Actor) -> None:
    ana, other = make.posting(Role.CASE_WORKER), make.posting(Role.FRONT_DESK)
    line = leave(desk, Outcome.NEEDS_CASE)
    send(browser_of(head), line, to=str(other.account_id), confirm=str(ana.account_id))
    assert again(line).assigned_to == ana.account


def test_what_did_not_pass_is_told_one_by_one(head: Posting, desk: Actor) -> None:
    ana = make.posting(Role.CASE_WORKER)
    answered, fine = leave(desk, given_names="Rosa"), leave(desk, given_names="Luis")
    with acting(desk):
        answer_line(answered, by=desk, outcome=Outcome.RESOLVED)
    status, told = send(browser_of(head), answered, fine, confirm=str(ana.account_id))
    assert status == 200
    assert "1 no pasó" in told
    assert "Rosa" in told
    assert "Ya fue respondido." in told
    assert again(fine).assigned_to == ana.account


def test_who_is_on_leave_is_shown_as_such_and_refused(head: Posting, desk: Actor) -> None:
    until = make.TODAY + timedelta(days=3)
    ana = make.posting(Role.CASE_WORKER, away_from=make.YESTERDAY, away_until=until)
    line = leave(desk, Outcome.NEEDS_CASE)
    client = browser_of(head)
    _, choose = send(client, line, to="")
    assert f'value="{ana.account_id}"' not in choose
    status, refused = send(client, line, confirm=str(ana.account_id))
    assert status == 422
    assert f"está con licencia o suspensión hasta el {until:%d-%m-%Y}" in refused
    assert again(line).assigned_to is None


def test_nothing_marked_goes_back_to_the_list(head: Posting) -> None:
    for line in ([], ["esto no es una marca"]):
        answer = browser_of(head).post(ASSIGN, {"line": line})
        assert (answer.status_code, answer.headers["Location"]) == (302, LIST)


def test_an_operator_may_only_take_for_herself(head: Posting, desk: Actor) -> None:
    ana, other = make.posting(Role.CASE_WORKER), make.posting(Role.FRONT_DESK)
    line = leave(desk, Outcome.NEEDS_CASE)
    client = browser_of(ana)
    text = page(client)
    assert "Quedar a mi cargo…" in text
    assert "Asignar…" not in text
    assert "Reparto" not in text
    assert send(client, line, confirm=str(other.account_id))[0] == 422
    assert send(client, line, confirm="nadie")[0] == 403
    assert again(line).assigned_to is None
    status, _ = send(client, line, confirm=str(ana.account_id))
    assert status == 302
    assert again(line).assigned_to == ana.account


def test_from_another_municipality_it_is_not_found(head: Posting, desk: Actor) -> None:
    line = leave(desk, Outcome.NEEDS_CASE, given_names="Rosa")
    with make.inside(make.COMBARBALA):
        pass
    foreign = make.posting(Role.UAS_HEAD, make.COMBARBALA)
    client = browser_of(foreign)
    assert "Rosa" not in page(client)
    for typed in ({"to": str(foreign.account_id)}, {"confirm": str(foreign.account_id)}):
        status, text = send(client, line, **typed)
        assert status == 404
        assert "Rosa" not in text
    assert again(line).assigned_to is None


def test_the_consultation_says_who_has_what_is_pending_and_since_when(head: Posting, desk: Actor) -> None:
    ana = make.posting(Role.CASE_WORKER)
    line = leave(actor_in(head))
    send(browser_of(head), line, confirm=str(ana.account_id), reason="Por turno")
    text = page(browser_of(head), f"/consultas/{line.consultation_id}/")
    assert f"A cargo de {ana.account}" in text
    assert "Por turno" in text
