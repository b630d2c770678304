"""The municipality's own facts: added once for everybody, and not retired while a rule still asks them."""

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.own_facts import add_own_fact, retire_own_fact
from ventanilla.catalogue.models import OwnFact
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.secrecy import Secrecy

pytestmark = pytest.mark.django_db
STORM = "Damnificada por el temporal"


@pytest.fixture
def by() -> Actor:
    with make.inside():
        pass
    return make.actor(Role.COUNTERPART)


def storm(by: Actor) -> OwnFact:
    return add_own_fact(f"  {STORM} ", Subject.PERSON, by=by)


def test_it_gets_the_code_by_which_files_bring_it(by: Actor) -> None:
    with acting(by):
        fact = storm(by)
        assert (fact.name, fact.code) == (STORM, "damnificada-por-el-temporal")
        sent = new_id()
        first = add_own_fact("Feriante", Subject.PERSON, by=by, fact_id=sent)
        assert add_own_fact("Feriante", Subject.PERSON, by=by, fact_id=sent) == first


def test_two_do_not_share_a_name(by: Actor) -> None:
    with acting(by):
        storm(by)
        with pytest.raises(RuleBroken, match="Ya hay un dato propio") as refused:
            add_own_fact(STORM.upper(), Subject.HOME, by=by)
        assert refused.value.field == "name"


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD, Role.SYSTEM_ADMIN])
def test_only_who_publishes_for_the_whole_municipality_adds_and_retires(by: Actor, role: Role) -> None:
    other = make.actor(role)
    with acting(by):
        fact = storm(by)
    with acting(other):
        with pytest.raises(NotAllowed):
            storm(other)
        with pytest.raises(NotAllowed):
            retire_own_fact(fact, by=other)


def test_while_a_rule_asks_it_it_is_not_retired_and_is_told_which(by: Actor) -> None:
    with acting(by):
        fact = storm(by)
        asks = Rule(Subject.PERSON, (Condition(Kind.OWN, values=(fact.code,)),))
        entry = make.written_entry("Bono de reconstrucción", rule=asks)
        with pytest.raises(RuleBroken, match="«Bono de reconstrucción»"):
            retire_own_fact(fact, by=by)
        actions.close_entry(entry, by=by, reason="Terminó la emergencia")
        assert retire_own_fact(fact, by=by).retired_on == make.TODAY
        assert fact.code not in actions.own_facts()


def test_an_entry_too_secret_for_her_is_not_told_of(by: Actor) -> None:
    head = make.actor(Role.UAS_HEAD)
    with acting(by):
        fact = storm(by)
    with acting(head):
        asks = Rule(Subject.PERSON, (Condition(Kind.OWN, values=(fact.code,)),))
        make.written_entry("Casa de acogida", rule=asks, secrecy=Secrecy.RESTRICTED)
    with acting(by):
        assert retire_own_fact(fact, by=by).retired_on == make.TODAY


def test_its_page_adds_and_retires_and_a_head_only_reads(by: Actor) -> None:
    posting = make.posting(Role.COUNTERPART)
    client = Client()
    client.force_login(posting.account)
    sent = {"name": STORM, "about": "person", "fact_id": str(new_id())}
    for _ in range(2):
        assert client.post("/catalogo/datos-propios/", sent).status_code == 302
    with acting(actor_in(posting)):
        fact = OwnFact.objects.get()
    reader = Client()
    reader.force_login(make.posting(Role.UAS_HEAD).account)
    shown = reader.get("/catalogo/datos-propios/").content.decode()
    assert STORM in shown
    assert 'name="retire"' not in shown
    assert reader.post("/catalogo/datos-propios/", {"retire": str(fact.pk)}).status_code == 403
    assert client.post("/catalogo/datos-propios/", {"retire": str(fact.pk)}).status_code == 302
    assert "Retirado" in client.get("/catalogo/datos-propios/").content.decode()
