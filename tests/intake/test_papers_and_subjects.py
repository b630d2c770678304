"""Whom a reason is about and which papers it waits for, as the desk marks them."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests import make
from tests.intake.desk_page import browser_of, form, kept, place_of, start

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.reasons.actions import ReasonDetails, change_reason, retire_reason
from ventanilla.core.errors import RuleBroken
from ventanilla.core.run import Run
from ventanilla.intake.actions import LineDetails, Writing, start_consultation, write_consultation
from ventanilla.intake.models import LineSubject
from ventanilla.intake.rules import bring_by
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person, ReadEntry

pytestmark = pytest.mark.django_db

PAPERS = "Certificado de alumno regular\nControl de niño sano"


@pytest.fixture
def rosa() -> Person:
    with make.inside():
        person = make.person()
        make.home(person, make.person("Martín", birth_on=make.TODAY))
        by = make.actor(Role.COUNTERPART)
        said = ReasonDetails(function_id="subsidies", documents=PAPERS, documents_days=10)
        change_reason(make.reason("suf"), said, by=by, version=1)
    return person


@pytest.fixture
def neighbour(rosa: Person) -> Person:
    with make.inside():
        return make.person("Hilda", "Tapia")


@pytest.fixture
def posting(rosa: Person) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def subjects() -> set[str]:
    with make.inside():
        return {str(subject) for subject in LineSubject.objects.select_related("person")}


def of(page: str, reason: str, **typed: Any) -> dict[str, Any]:
    """The form with that reason marked and these fields of it."""
    place = place_of(page, reason)
    outcome = typed.pop("outcome", "informed")
    return form(page, **{reason: outcome}) | {f"{place}-{name}": value for name, value in typed.items()}


# Papers


def test_the_usual_papers_are_offered_with_a_day_and_kept_with_those_typed(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    place = place_of(page, "SUF")
    assert re.findall(rf'name="{place}-papers" value="([^"]+)"', page) == PAPERS.split("\n")
    day = bring_by(make.TODAY, 10)
    assert re.search(rf'name="{place}-awaited_until" value="{day:%d-%m-%Y}"', page)
    typed = of(
        page, "SUF", outcome="waiting_documents", papers=["Control de niño sano"], awaited_documents="Cédula; Cartola",
        awaited_until=f"{day:%d-%m-%Y}",
    )  # fmt: skip
    assert client.post(address, typed | {"keep": "1"}).status_code == 302
    with make.inside():
        line = kept().lines.get()
    assert (line.papers, line.awaited_until) == (["Control de niño sano", "Cédula", "Cartola"], day)
    again = client.get(address).content.decode()
    assert re.search(rf'name="{place}-papers" value="Control de niño sano" checked', again)
    assert not re.search(rf'name="{place}-papers" value="Certificado de alumno regular" checked', again)
    assert re.search(rf'name="{place}-awaited_documents" value="Cédula; Cartola"', again)


def test_papers_that_the_page_does_not_show_are_not_kept(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    typed = of(page, "SUF", papers=["Control de niño sano"], awaited_until="30-12-2026")
    client.post(address, typed | {"end": "1"})
    with make.inside():
        line = kept().lines.get()
    assert (line.awaited_documents, line.awaited_until) == ("", None)


def test_without_any_paper_it_is_told_and_too_many_are_too(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    none = client.post(address, of(page, "SUF", outcome="waiting_documents") | {"end": "1"})
    assert "Marque o escriba qué documentos faltan para SUF." in none.content.decode()
    many = of(page, "SUF", outcome="waiting_documents", papers=PAPERS.split("\n"), awaited_documents="x" * 480)
    told = client.post(address, many | {"end": "1"}).content.decode()
    assert "La lista pasa de 500 letras" in told
    assert "x" * 480 in told


def test_a_paper_ticked_in_a_draft_stays_though_it_is_usual_no_longer(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    typed = of(page, "SUF", outcome="waiting_documents", papers=["Control de niño sano"])
    client.post(f"{address}borrador/", typed)
    with make.inside():
        by = make.actor(Role.COUNTERPART)
        suf = make.reason("suf")
        change_reason(suf, ReasonDetails(documents="Otro"), by=by, version=suf.version)
        retire_reason(suf, by=by, on=make.TODAY)
    again = client.get(address).content.decode()
    assert re.search(rf'name="{place_of(again, "SUF")}-papers" value="Control de niño sano" checked', again)
    refused = client.post(address, typed | {"end": "1"})
    assert "ya no se usa" in refused.content.decode()
    assert "Control de niño sano" in refused.content.decode()


@given(st.dates(min_value=make.TODAY, max_value=make.TODAY.replace(year=make.TODAY.year + 3)), st.integers(1, 365))
def test_papers_are_never_awaited_on_a_weekend_nor_before_their_days(day: Any, days: int) -> None:
    found = bring_by(day, days)
    assert found.weekday() < 5
    assert days <= (found - day).days <= days + 2


# Subjects


def test_a_reason_may_be_about_a_child_the_home_and_the_dwelling(client: Client, rosa: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    ids = re.findall(rf'name="{place_of(page, "SUF")}-subjects" value="([^"]+)"', page)
    assert ids[0] == str(rosa.pk)
    assert ids[2:] == ["home", "dwelling"]
    client.post(address, of(page, "SUF", subjects=ids[1:]) | {"keep": "1"})
    assert subjects() == {"Martín Araya Contreras", "el hogar", "la vivienda"}
    again = client.get(address).content.decode()
    assert len(re.findall(rf'name="{place_of(page, "SUF")}-subjects" value="[^"]+" checked', again)) == 3
    client.post(address, of(again, "SUF", subjects=["home"]) | {"end": "1"})
    assert subjects() == {"el hogar"}
    assert "Sobre el hogar" in client.get(address).content.decode()


def test_somebody_of_another_home_is_added_by_her_run(client: Client, rosa: Person, neighbour: Person) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    typed = of(page, "SUF", other_run=neighbour.formatted_run.replace(".", ""))
    assert client.post(address, typed | {"keep": "1"}).status_code == 302
    assert subjects() == {neighbour.full_name}
    assert neighbour.full_name in client.get(address).content.decode()
    with make.inside():
        found = [e for e in ReadEntry.objects.filter(kind=ReadEntry.Kind.SEARCH) if neighbour.pk in (e.people or [])]
    assert found


@pytest.mark.parametrize(
    ("run", "words"),
    [(str(Run(99_999_998)), "Nadie está registrado aquí con el RUN"), ("90.000.001-0", "El RUN no corresponde")],
)
def test_a_run_that_leads_to_nobody_is_told_and_nothing_is_lost(
    client: Client, rosa: Person, run: str, words: str
) -> None:
    address = start(client, rosa)
    page = client.get(address).content.decode()
    answer = client.post(address, of(page, "SUF", other_run=run) | {"end": "1"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert run in answer.content.decode()
    assert kept().state == "in_attention"


def test_her_name_comes_in_place_for_who_attends_and_for_nobody_else(
    client: Client, rosa: Person, neighbour: Person
) -> None:
    address = start(client, rosa)
    name = f"{place_of(client.get(address).content.decode(), 'SUF')}-subjects"
    asked = {"run": str(neighbour.run), "name": name}
    answer = client.post(f"{address}sobre/", asked)
    assert answer.status_code == 200
    assert f'name="{name}" value="{neighbour.pk}" checked> {neighbour.full_name}' in answer.content.decode()
    assert client.post(f"{address}sobre/", asked | {"run": "1-9"}).status_code == 422
    assert client.post(f"{address}sobre/", asked | {"name": "x"}).status_code == 422
    assert client.post(f"{address}sobre/", {"name": name}).content.decode() == "Falta el RUN."
    elsewhere = make.posting(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    assert browser_of(elsewhere).post(f"{address}sobre/", asked).status_code in (403, 404)
    abroad = browser_of(make.posting(Role.FRONT_DESK, make.COMBARBALA)).post(f"{address}sobre/", asked)
    assert abroad.status_code == 404


def test_a_blocked_person_is_as_if_she_were_not_here(client: Client, rosa: Person, neighbour: Person) -> None:
    with make.inside():
        Person.objects.filter(pk=neighbour.pk).update(processing_blocked=True)
    address = start(client, rosa)
    page = client.get(address).content.decode()
    for typed in (of(page, "SUF", other_run=str(neighbour.run)), of(page, "SUF", subjects=[str(neighbour.pk)])):
        shown = client.post(address, typed | {"keep": "1"})
        assert shown.status_code == 422
        assert neighbour.given_names not in shown.content.decode()


def test_what_she_does_not_have_cannot_be_what_it_is_about() -> None:
    with make.inside():
        nobody, somebody = make.person(), make.person()
        make.home(somebody)
    desk: Actor = actor_in(make.posting(Role.FRONT_DESK))
    with acting(desk):
        suf = make.reason("suf").pk
        found = start_consultation(nobody, by=desk)
        with pytest.raises(RuleBroken, match="de qué hogar"):
            write_consultation(found, Writing([LineDetails(suf, about_home=True)]), by=desk)
        found = start_consultation(somebody, by=desk)
        write_consultation(found, Writing([LineDetails(suf, Outcome.INFORMED, about_dwelling=True)]), by=desk)
        line = found.lines.get()
        assert [str(subject) for subject in line.subjects.all()] == ["la vivienda"]


def test_a_home_of_twelve_asks_the_same_queries(client: Client, rosa: Person, django_assert_num_queries: Any) -> None:
    with make.inside():
        crowded = make.person("Clara")
        make.home(crowded, *(make.person(f"Hija {n}") for n in range(11)))
    for person in (rosa, crowded):
        address = start(client, person)
        client.get(address)
        with django_assert_num_queries(19):
            client.get(address)
