"""Providers outside the institution: written by who arranges the office, ended only when nothing is given by them."""

import pytest
from django.test import Client
from tests import make

from ventanilla.access.actions import ProviderDetails, add_provider, change_provider, take_back_provider
from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.providers import end_provider
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.secrecy import Secrecy

pytestmark = pytest.mark.django_db
LOS_NOGALES = ProviderDetails("Fundación Los Nogales", "private", phone="53 2 000 000")


@pytest.fixture
def by() -> Actor:
    with make.inside():
        pass
    return make.actor(Role.COUNTERPART)


def test_the_same_form_sent_twice_adds_one(by: Actor) -> None:
    sent = new_id()
    with acting(by):
        first = add_provider(LOS_NOGALES, by=by, provider_id=sent)
        assert add_provider(LOS_NOGALES, by=by, provider_id=sent) == first
        with pytest.raises(RuleBroken, match="Ya hay un prestador") as refused:
            add_provider(ProviderDetails("fundación los  nogales", "private"), by=by)
        assert refused.value.field == "name"
        with pytest.raises(RuleBroken, match="https"):
            change_provider(first, ProviderDetails("Otra", "private", website="nogales"), by=by)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.UAS_HEAD, Role.DIDECO])
def test_only_who_arranges_the_office_writes_them(by: Actor, role: Role) -> None:
    other = make.actor(role)
    with acting(other):
        with pytest.raises(NotAllowed):
            add_provider(LOS_NOGALES, by=other)
        with pytest.raises(NotAllowed):
            end_provider(make.provider(), by=other)


def test_it_is_not_ended_while_it_gives_something_and_is_told_which(by: Actor) -> None:
    with acting(by):
        provider = make.provider()
        entry = make.written_entry("Orientación legal", provider=provider)
        with pytest.raises(RuleBroken, match="«Orientación legal»"):
            end_provider(provider, by=by)
        actions.close_entry(entry, by=by, reason="Terminó el convenio")
        assert end_provider(provider, by=by).ended_on == make.TODAY
        assert take_back_provider(provider, by=by).ended_on is None


def test_an_entry_too_secret_for_her_goes_to_its_unit_to_be_looked_at(by: Actor) -> None:
    posting = make.posting(Role.UAS_HEAD)
    head = make.actor(Role.UAS_HEAD)
    with acting(head):
        provider = make.provider()
        make.written_entry("Casa de acogida", provider=provider, secrecy=Secrecy.RESTRICTED)
    with acting(by):
        assert end_provider(provider, by=by).ended_on == make.TODAY
    client = Client()
    client.force_login(posting.account)
    shown = client.get("/catalogo/?estado=revisar").content.decode()
    assert "Casa de acogida" in shown
    assert "Su prestador dejó de atender" in shown


def test_its_pages_say_what_it_gives_and_end_it(by: Actor) -> None:
    client = Client()
    client.force_login(make.posting(Role.COUNTERPART).account)
    sent = {"name": "Fundación Los Nogales", "nature": "private", "provider_id": str(new_id())}
    assert client.post("/oficina/prestadores/nuevo/", sent).status_code == 302
    provider = Provider.objects.get()
    assert "Fundación Los Nogales" in client.get("/oficina/").content.decode()
    with acting(by):
        entry = make.written_entry("Orientación legal", provider=provider)
    end = f"/catalogo/prestadores/{provider.pk}/termino/"
    assert "Orientación legal" in client.get(end).content.decode()
    refused = client.post(end, {"sure": "True"})
    assert refused.status_code == 422
    assert "Todavía entrega «Orientación legal»" in refused.content.decode()
    with acting(by):
        actions.close_entry(entry, by=by, reason="Terminó el convenio")
    for _ in range(2):
        assert client.post(end, {"sure": "True"}).status_code == 302
    assert "Dejó de atender" in client.get("/oficina/").content.decode()
    assert client.post(f"/oficina/prestadores/{provider.pk}/", {"back": "1"}).status_code == 302
    provider.refresh_from_db()
    assert provider.ended_on is None
