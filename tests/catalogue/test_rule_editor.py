"""A rule written without code: each condition a form, each change one of the draft, what is wrong said at its field."""

import re
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.own_facts import add_own_fact
from ventanilla.catalogue.entries.ruling.editing import draft_of, key_of
from ventanilla.catalogue.entries.ruling.forms import ConditionForm, said_in_form
from ventanilla.catalogue.entries.sheet import asked_in
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import RECEIVED, SHAPES, Kind, Subject, Whose, allows

pytestmark = pytest.mark.django_db


@pytest.fixture
def gas(by: Actor) -> Entry:
    with acting(by):
        return make.written_entry(is_published=False)


@pytest.fixture
def client(head: Posting) -> Client:
    found = Client()
    found.force_login(head.account)
    return found


def rule_now(gas: Entry, by: Actor) -> Rule:
    with acting(by):
        return draft_of(Entry.objects.get(pk=gas.pk)).asks


def said(gas: Entry, by: Actor) -> list[str]:
    return [one.words for one in asked_in(rule_now(gas, by), {})]


def read_on(client: Client, gas: Entry) -> dict[str, str]:
    """The version that the page carries."""
    shown = client.get(f"/catalogo/{gas.pk}/regla/").content.decode()
    return {name: re.findall(rf'name="{name}" value="(\d+)"', shown)[0] for name in ("version", "number")}


def send(client: Client, gas: Entry, verb: str, **sent: Any) -> Any:
    return client.post(f"/catalogo/{gas.pk}/regla/", read_on(client, gas) | {"verb": verb} | sent)


def add(client: Client, gas: Entry, kind: Kind, **sent: Any) -> Any:
    return send(client, gas, "add", kind=kind.value, subject="person", **sent)


def test_a_rule_is_written_condition_by_condition(client: Client, gas: Entry, by: Actor) -> None:
    assert add(client, gas, Kind.AGE, low="60", article="Ordenanza 4, art. 2").status_code == 302
    assert add(client, gas, Kind.BRACKET, high="60").status_code == 302
    assert said(gas, by) == [
        "Tener 60 años o más",
        "Estar en el Registro Social de Hogares, en el tramo del 60 % o menos",
    ]
    shown = client.get(f"/catalogo/{gas.pk}/regla/").content.decode()
    assert "Ordenanza 4, art. 2" in shown
    assert f'href="/catalogo/{gas.pk}/probar/"' in shown


def test_each_kind_asks_only_the_fields_it_needs(client: Client, gas: Entry, by: Actor) -> None:
    with acting(by):
        for kind in Kind:
            for subject in Subject:
                if allows(kind, subject):
                    form = ConditionForm(kind=kind, subject=subject)
                    apart = {"article", "only_from", "only_to"}
                    assert set(form.fields) - apart == SHAPES[kind].needs | SHAPES[kind].takes, kind
                    assert all(field.label for field in form.fields.values()), kind
    shown = client.get(f"/catalogo/{gas.pk}/regla/?tipo=sex").content.decode()
    assert 'name="values"' in shown
    assert 'name="low"' not in shown


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        (Kind.AGE, {}, "Escriba desde cuánto, hasta cuánto, o ambos."),
        (Kind.AGE, {"low": "60", "high": "20"}, "Nadie la cumple"),
        (Kind.AGE, {"low": "200"}, "Debe estar entre 0 y 130"),
        (Kind.INCOME, {"high": "mucho"}, "Introduzca un número"),
        (Kind.TO_PROVE, {}, "Falta completar «Qué se comprueba»"),
        (Kind.RECEIVES, {"whose": "person"}, "Falta completar «Qué recibe»"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: Client, gas: Entry, by: Actor, kind: Kind, sent: dict[str, str], words: str
) -> None:
    answer = add(client, gas, kind, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert rule_now(gas, by).is_empty


def test_a_contradiction_is_told_at_once_and_what_was_typed_stays(client: Client, gas: Entry, by: Actor) -> None:
    add(client, gas, Kind.AGE, low="60")
    answer = add(client, gas, Kind.AGE, high="17", article="Ordenanza 9")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "«Tener 60 años o más» y «Tener hasta 17 años» se excluyen" in shown
    assert 'value="17"' in shown
    assert 'value="Ordenanza 9"' in shown
    assert said(gas, by) == ["Tener 60 años o más"]


def test_the_same_condition_sent_twice_is_added_once(client: Client, gas: Entry, by: Actor) -> None:
    sent = read_on(client, gas) | {"verb": "add", "kind": "residence", "subject": "person"}
    for _ in range(2):
        assert client.post(f"/catalogo/{gas.pk}/regla/", sent).status_code == 302
    assert said(gas, by) == ["Vivir en la comuna"]


def test_a_condition_is_changed_in_its_place_and_removed(client: Client, gas: Entry, by: Actor) -> None:
    add(client, gas, Kind.AGE, low="60")
    add(client, gas, Kind.RESIDENCE)
    key = key_of(rule_now(gas, by).conditions[0])
    assert 'value="60"' in client.get(f"/catalogo/{gas.pk}/regla/?cambiar={key}").content.decode()
    send(client, gas, "change", kind="age", subject="person", key=key, low="65")
    assert said(gas, by) == ["Tener 65 años o más", "Vivir en la comuna"]
    sent = read_on(client, gas) | {"verb": "remove", "key": key_of(rule_now(gas, by).conditions[0])}
    for _ in range(2):
        assert client.post(f"/catalogo/{gas.pk}/regla/", sent).status_code == 302
    assert said(gas, by) == ["Vivir en la comuna"]


def test_alternatives_are_grouped_and_asked_all_again(client: Client, gas: Entry, by: Actor) -> None:
    add(client, gas, Kind.AGE, low="60")
    add(client, gas, Kind.DISABILITY)
    add(client, gas, Kind.RESIDENCE)
    age, disability, _ = (key_of(one) for one in rule_now(gas, by).conditions)
    assert "Marque al menos dos" in send(client, gas, "group", keys=[age]).content.decode()
    send(client, gas, "group", keys=[age, disability])
    assert said(gas, by) == ["Tener 60 años o más o bien tener discapacidad acreditada", "Vivir en la comuna"]
    assert "Basta una de estas" in client.get(f"/catalogo/{gas.pk}/regla/").content.decode()
    send(client, gas, "separate", group="1")
    assert len(said(gas, by)) == 3


def test_an_alternative_left_alone_is_a_condition_like_any_other(client: Client, gas: Entry, by: Actor) -> None:
    add(client, gas, Kind.AGE, low="60")
    add(client, gas, Kind.DISABILITY)
    keys = [key_of(one) for one in rule_now(gas, by).conditions]
    send(client, gas, "group", keys=keys)
    send(client, gas, "remove", key=key_of(rule_now(gas, by).conditions[1]))
    assert [one.group for one in rule_now(gas, by).conditions] == [""]


def test_of_a_home_only_what_a_home_has_is_asked(client: Client, gas: Entry, by: Actor) -> None:
    shown = client.get(f"/catalogo/{gas.pk}/regla/?de=home").content.decode()
    assert "Cuántas personas tiene el hogar" in shown
    assert ">Sexo registral<" not in shown
    send(client, gas, "add", kind="home_size", subject="home", low="5")
    assert rule_now(gas, by).subject is Subject.HOME
    send(client, gas, "subject", subject="person")
    add(client, gas, Kind.SEX, values="female")
    refused = send(client, gas, "subject", subject="home")
    assert refused.status_code == 422
    assert "esta regla es de un hogar" in refused.content.decode()


def test_ages_to_which_a_condition_applies_and_whose_it_is_are_kept(client: Client, gas: Entry, by: Actor) -> None:
    add(client, gas, Kind.HEALTH_CHECK, only_to="6")
    add(client, gas, Kind.NOT_RECEIVES, values=["suf", "sdm"], whose="home")
    assert said(gas, by) == [
        "Tener al día los controles de salud (solo si tiene hasta 6 años)",
        "Que nadie del hogar reciba Subsidio Familiar (SUF) ni Subsidio de discapacidad (SDM)",
    ]


def test_an_own_fact_is_chosen_by_its_name(client: Client, gas: Entry, by: Actor) -> None:
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart):
        fact = add_own_fact("Damnificada por el temporal", Subject.PERSON, by=counterpart)
    assert "Damnificada por el temporal" in client.get(f"/catalogo/{gas.pk}/regla/?tipo=own").content.decode()
    add(client, gas, Kind.OWN, values=fact.code)
    with acting(by):
        assert draft_of(Entry.objects.get(pk=gas.pk)).asks.conditions[0].values == (fact.code,)


def test_somebody_else_changed_the_rule_meanwhile(client: Client, gas: Entry, by: Actor) -> None:
    old = read_on(client, gas)
    add(client, gas, Kind.RESIDENCE)
    answer = client.post(
        f"/catalogo/{gas.pk}/regla/", old | {"verb": "add", "kind": "age", "subject": "person", "low": "60"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Otra persona cambió esta prestación" in shown
    assert "Vivir en la comuna" in shown
    assert 'value="60"' in shown
    again = read_on(client, gas) | {"verb": "add", "kind": "age", "subject": "person", "low": "60"}
    assert client.post(f"/catalogo/{gas.pk}/regla/", again).status_code == 302
    assert said(gas, by) == ["Vivir en la comuna", "Tener 60 años o más"]


def test_what_is_published_stays_as_it_is_while_its_rule_is_written(client: Client, by: Actor) -> None:
    with acting(by):
        entry = make.written_entry("Leña", rule=Rule(Subject.PERSON, (Condition(Kind.RESIDENCE),)))
    add(client, entry, Kind.AGE, low="60")
    with acting(by):
        assert len(EntryVersion.objects.get(entry=entry).asks.conditions) == 1
        assert len(EntryDraft.objects.get(entry=entry).asks.conditions) == 2


def test_a_condition_shown_in_its_form_and_sent_again_says_the_same(by: Actor) -> None:
    conditions = [
        Condition(Kind.AGE, low=6, high=17, article="art. 1"),
        Condition(Kind.SEX, values=("female",), only_from=18),
        Condition(Kind.BRACKET, high=40, months=12),
        Condition(Kind.DISABILITY, values=("severa", "profunda")),
        Condition(Kind.ENROLMENT),
        Condition(Kind.RECEIVES, values=tuple(RECEIVED)[:2], whose=Whose.HOME),
        Condition(Kind.FREQUENCY, times=1, months=12, whose=Whose.PERSON),
        Condition(Kind.TO_PROVE, text="Presentar la boleta"),
    ]
    with acting(by):
        for condition in conditions:
            sent = {name: value for name, value in said_in_form(condition).items() if value is not None}
            form = ConditionForm(sent, kind=condition.kind, subject=Subject.PERSON)
            assert form.is_valid(), (condition, form.errors)
            assert form.condition() == condition
