"""A head goes through the pairs that wait with one key each, names a clerk for it, and a union is undone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.journeys.conftest import Office, Visit
from tests.registry.duplicate_pages import QUEUE, address, put
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.intake.actions import start_consultation
from ventanilla.registry.models import PossibleDuplicate, Relation
from ventanilla.registry.vocabulary import RelationKind, Source

pytestmark = pytest.mark.browser


@pytest.fixture
def pairs(office: Office) -> list[PossibleDuplicate]:
    """Rosa, who came once without her card; two cousins; and somebody nobody is sure of. The likeliest first."""
    head = actor_in(office.head)
    with acting(head):
        again = make.person(
            "Rosa", "Araia", second_surname="Contreras", run=None, source=Source.DECLARED, as_of=make.TODAY
        )
        make.home(again)
        start_consultation(again, by=head)
        cousins = make.person("Elba Inés", "Tapia"), make.person("Elba Irma", "Tapia", run=None)
        unsure = make.person("Juan", "Rivera", sex="male"), make.person("Juan Luis", "Rivera", run=None, sex="male")
        return [
            put(office.rosa, again, head, score=21),
            put(*cousins, head, score=8),
            put(*unsure, head, score=1),
        ]


def is_at(page: Page, pair: PossibleDuplicate) -> None:
    page.wait_for_url(re.compile(address(pair)))
    expect(page.get_by_role("heading", name="¿Son la misma persona?")).to_be_visible()
    if page.evaluate("document.documentElement.classList.contains('js')"):
        expect(page.locator("[data-unhurried]")).to_have_count(0)  # its keys answer from now on


def test_a_head_decides_each_pair_with_one_key_and_undoes_a_union(
    visit: Visit, office: Office, pairs: list[PossibleDuplicate]
) -> None:
    page = visit.page
    visit.sign_in(office.head)
    page.get_by_role("link", name="Pares por decidir: 3").click()
    expect(page.get_by_role("heading", name="Posibles duplicados")).to_be_visible()
    visit.shot("63-duplicados")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    is_at(page, pairs[0])
    expect(page.get_by_role("radio", name="Primer apellido: Araya")).to_be_checked()
    expect(page.get_by_text("Misma fecha de nacimiento")).to_be_visible()
    visit.shot("64-par")
    page.keyboard.press("i")
    is_at(page, pairs[1])
    expect(page.get_by_text("Las dos fichas quedaron unidas.")).to_be_visible()
    page.keyboard.press("d")
    is_at(page, pairs[2])
    expect(page.get_by_text("Quedaron como personas distintas.")).to_be_visible()
    page.keyboard.press("l")
    page.wait_for_url(f"{visit.server.url}{QUEUE}")
    expect(page.get_by_text("Para después", exact=True)).to_be_visible()

    page.get_by_role("link", name="Decididos").click()
    page.get_by_role("link", name=re.compile("^Rosa")).click()
    page.get_by_role("link", name=re.compile("Ver la unión")).click()
    expect(page.get_by_text("1 consulta pasó a la ficha que se conserva")).to_be_visible()
    visit.shot("65-union")
    page.get_by_label("Por qué se deshace").fill("Eran dos personas distintas")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("La unión se deshizo: son otra vez dos fichas.")).to_be_visible()
    page.get_by_role("link", name="Ver el par").click()
    is_at(page, pairs[0])


def test_u_goes_back_to_what_was_just_decided(visit: Visit, office: Office, pairs: list[PossibleDuplicate]) -> None:
    page = visit.page
    visit.sign_in(office.head)
    visit.go(address(pairs[1]))
    is_at(page, pairs[1])
    page.keyboard.press("d")
    is_at(page, pairs[2])
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Son personas distintas")).to_be_visible()
    page.get_by_role("button", name="Volver a decidirlo").click()
    is_at(page, pairs[1])


def test_a_key_pressed_twice_does_not_answer_a_pair_that_nobody_has_seen(
    visit: Visit, office: Office, pairs: list[PossibleDuplicate]
) -> None:
    page = visit.page
    visit.sign_in(office.head)
    visit.go(address(pairs[0]))
    is_at(page, pairs[0])
    again = "new KeyboardEvent('keydown', { key: 'd', bubbles: true, cancelable: true })"
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => document.body.dispatchEvent({again}))")
    page.keyboard.press("d")
    is_at(page, pairs[1])
    with acting(actor_in(office.head)):
        assert [PossibleDuplicate.objects.get(pk=pair.pk).state for pair in pairs[:2]] == ["different", "pending"]


def test_a_clerk_she_names_decides_without_scripts(
    visit: Visit, scriptless_visit: Visit, office: Office, pairs: list[PossibleDuplicate]
) -> None:
    visit.sign_in(office.head)
    visit.go(f"/operadores/{office.desk.account_id}/")
    visit.page.get_by_role("link", name="Que una fichas").click()
    visit.page.get_by_label("Motivo").fill("Ordena el padrón este mes")
    visit.page.get_by_role("button", name="Guardar").click()
    expect(visit.page.get_by_role("link", name="Ya no une fichas")).to_be_visible()

    page = scriptless_visit.page
    scriptless_visit.sign_in(office.desk)
    page.get_by_role("link", name="Posibles duplicados").click()
    page.get_by_role("link", name=re.compile("^Rosa")).click()
    is_at(page, pairs[0])
    page.get_by_role("radio", name="Nombres: Rosa", exact=True).check()
    page.get_by_role("button", name="La misma persona").click()
    is_at(page, pairs[1])
    page.get_by_role("link", name="Deshacer…").click()
    expect(page.get_by_text("De la ficha que se unió quedó: nombres")).to_be_visible()


def test_of_two_at_the_same_pair_the_second_is_told(
    visit: Visit, another_visit: Visit, office: Office, pairs: list[PossibleDuplicate]
) -> None:
    visit.sign_in(office.head)
    another_visit.sign_in(make.posting(Role.UAS_HEAD))
    for visitor in (visit, another_visit):
        visitor.go(address(pairs[0]))
        is_at(visitor.page, pairs[0])
    visit.page.keyboard.press("d")
    is_at(visit.page, pairs[1])
    another_visit.page.keyboard.press("i")
    expect(another_visit.page.get_by_text("ya lo decidió: personas distintas")).to_be_visible()
    another_visit.page.keyboard.press("n")
    is_at(another_visit.page, pairs[1])


def test_the_pages_of_duplicates_are_fit_to_use(
    visit: Visit, phone_visit: Visit, office: Office, pairs: list[PossibleDuplicate]
) -> None:
    with acting(actor_in(office.head)):
        Relation.objects.create(
            person=pairs[2].first, other=pairs[2].second, kind=RelationKind.PARENT, source=Source.CIVIL_REGISTRY
        )
    for visitor in (visit, phone_visit):
        visitor.sign_in(office.head)
    waiting = [QUEUE, f"{QUEUE}?parecido=posible", *(address(pair) for pair in pairs), f"{QUEUE}?ver=decididos"]
    for page in waiting:
        for visitor in (visit, phone_visit):
            assert visitor.go(page) == 200
            assert visitor.violations() == [], page
            assert not visitor.overflows(), page
    visit.go(address(pairs[0]))
    is_at(visit.page, pairs[0])
    visit.page.keyboard.press("i")
    is_at(visit.page, pairs[1])
    assert visit.violations() == [], "with the toast"
    phone_visit.go(address(pairs[1]))
    phone_visit.page.get_by_role("button", name="Distintas").click()
    is_at(phone_visit.page, pairs[2])
    expect(phone_visit.page.get_by_role("button", name="Más tarde")).to_be_in_viewport()
    phone_visit.page.get_by_role("button", name="Más tarde").click()  # nothing lies over it
    phone_visit.page.wait_for_url(f"{visit.server.url}{QUEUE}")
    visit.page.keyboard.press("u")
    visit.page.wait_for_url(re.compile("/uniones/"))
    union = visit.page.url.removeprefix(visit.server.url)
    for page in (union, address(pairs[1]), f"{QUEUE}?ver=decididos"):
        for visitor in (visit, phone_visit):
            assert visitor.go(page) == 200
            assert visitor.violations() == [], page
            assert not visitor.overflows(), page
