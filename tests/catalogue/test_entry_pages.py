"""The pages of the catalogue: found by the words of who asks, and each version as it said."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.catalogue.entry_browsers import GAS, browser_of, page

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.details import Amount, EntryDetails
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.core.secrecy import Secrecy

pytestmark = pytest.mark.django_db

TOMORROW = make.TODAY + timedelta(days=1)


# The list


def test_the_desk_finds_an_entry_by_the_words_of_who_asks(gas: Entry) -> None:
    desk = browser_of(make.posting())
    for asked in ("balon", "gás", "cocina licuado"):
        assert GAS in page(desk, f"/catalogo/?q={asked}").replace("<mark>", "").replace("</mark>", ""), asked
    nothing = page(desk, "/catalogo/?q=silla")
    assert "Nada con eso" in nothing
    assert 'value="silla"' in nothing


def test_the_address_keeps_the_filters_and_each_narrows(by: Actor, gas: Entry) -> None:
    with acting(by):
        make.written_entry("Orientación legal", modality="information", audience=["older"])
        suspended = make.written_entry("Canasta", plain="Una caja de alimentos.")
        actions.suspend_entry(suspended, by=by, ground=SuspensionGround.NO_FUNDS)
        closed = make.written_entry("Leña", plain="Un metro de leña.")
        actions.close_entry(closed, by=by, reason="Ya no se entrega")
        make.written_entry("Pañales", is_published=False)
    client = browser_of(make.posting(Role.UAS_HEAD))

    def names(query: str) -> set[str]:
        return set(
            re.findall(r'class="title cover" href="/catalogo/[^"]+">([^<]+)<', page(client, f"/catalogo/?{query}"))
        )

    assert names("") == {GAS, "Orientación legal", "Canasta", "Pañales"}
    assert names("modalidad=information") == {"Orientación legal"}
    assert names("para=children") == {GAS, "Canasta", "Pañales"}  # for everybody is for children too
    assert names("estado=ofrecidas") == {GAS, "Orientación legal"}
    assert names("estado=suspendidas") == {"Canasta"}
    assert names("estado=escribiendo") == {"Pañales"}
    assert names("estado=cerradas") == {"Leña"}
    assert names(f"unidad={by.unit_id}&estado=cerradas") == {"Leña"}
    assert names("unidad=nada") == set()
    assert names("estado=inventado&modalidad=oro") == names("")


def test_a_clerk_sees_no_drafts_nor_their_filters(by: Actor, gas: Entry) -> None:
    with acting(by):
        draft = make.written_entry("Pañales", is_published=False)
    desk = browser_of(make.posting())
    shown = page(desk, "/catalogo/?estado=escribiendo")
    assert "Pañales" not in shown
    assert "Se están escribiendo" not in shown
    page(desk, f"/catalogo/{draft.pk}/", 404)
    page(desk, f"/catalogo/{draft.pk}/borrador/", 404)


def test_what_is_of_another_unit_and_secret_is_not_there(by: Actor) -> None:
    with acting(by):
        secret = make.written_entry("Casa de acogida", secrecy=Secrecy.RESTRICTED)
    with make.inside():
        other = make.posting(in_unit=make.unit(code="rsh", functions=("rsh",)))
    stranger = browser_of(other)
    assert "acogida" not in page(stranger, "/catalogo/")
    page(stranger, f"/catalogo/{secret.pk}/", 404)
    page(stranger, f"/catalogo/{secret.pk}/version/1/", 404)
    assert "Casa de acogida" in page(browser_of(make.posting()), "/catalogo/")


def test_a_secret_draft_is_as_secret_as_it_will_be(by: Actor) -> None:
    with acting(by):
        secret = make.written_entry("Casa de acogida", is_published=False, secrecy=Secrecy.RESTRICTED)
        open_one = make.written_entry("Refugio", is_published=False)
        said = EntryDetails(name="Refugio", unit=make.unit_of(by), secrecy=Secrecy.RESTRICTED)
        actions.change_draft(open_one, said, by=by, version=1)
    counterpart = browser_of(make.posting(Role.COUNTERPART))
    shown = page(counterpart, "/catalogo/")
    assert "Casa de acogida" not in shown
    assert "Refugio" not in shown
    page(counterpart, f"/catalogo/{secret.pk}/", 404)


def test_a_draft_given_to_another_unit_is_that_units(gas: Entry) -> None:
    other = make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    by = make.actor(Role.COUNTERPART)
    with acting(by):
        draft = make.written_entry("Pañales", is_published=False)
        moved = EntryDetails(name="Pañales", unit=other.unit)
        actions.change_draft(draft, moved, by=by, version=1)
    assert "Pañales" in page(browser_of(other), "/catalogo/")
    assert "Pañales" not in page(browser_of(make.posting(Role.UAS_HEAD)), "/catalogo/")


def test_an_empty_catalogue_says_what_will_be_there(head: Posting) -> None:
    assert "Aún no hay nada en el catálogo" in page(browser_of(head), "/catalogo/")


def test_a_list_of_two_and_of_twenty_take_the_same_queries(
    head: Posting, by: Actor, django_assert_max_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    client = browser_of(head)
    with acting(by):
        make.written_entry("Uno")
        make.written_entry("Dos", is_published=False)
    with CaptureQueriesContext(connection) as for_few:
        page(client, "/catalogo/?q=un+vale")
    with acting(by):
        for number in range(9):
            make.written_entry(f"Vale número {number}", provider=make.provider(f"Prestador {number}"))
            make.written_entry(f"Otro número {number}", is_published=False)
    with django_assert_max_num_queries(len(for_few)):
        page(client, "/catalogo/?q=un+vale")


# The entry


def test_each_version_has_its_own_address_and_goes_on_saying_what_it_said(by: Actor, gas: Entry) -> None:
    with acting(by):
        details = EntryDetails(name=GAS, plain="Ahora de 11 kilos.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(gas, details, by=by, version=0)
        actions.publish_draft(gas, by=by, starts_on=TOMORROW, version=1, note="Cambia el balón")
    desk = browser_of(make.posting())
    today = page(desk, f"/catalogo/{gas.pk}/")
    assert "15 kilos" in today
    assert "11 kilos" not in today
    assert f'href="/catalogo/{gas.pk}/version/2/"' in today
    coming = page(desk, f"/catalogo/{gas.pk}/version/2/")
    assert "11 kilos" in coming
    assert "Todavía no vale" in coming
    assert "15 kilos" in page(desk, f"/catalogo/{gas.pk}/version/1/")
    page(desk, f"/catalogo/{gas.pk}/version/3/", 404)


def test_a_past_version_says_that_it_is_past(by: Actor, gas: Entry) -> None:
    with acting(by):
        details = EntryDetails(name=GAS, plain="Ahora de 11 kilos.", modality="in_kind", unit=make.unit_of(by))
        actions.change_draft(gas, details, by=by, version=0)
        actions.publish_draft(gas, by=by, starts_on=make.TODAY, version=1)
    assert "Es una versión anterior" in page(browser_of(make.posting()), f"/catalogo/{gas.pk}/version/1/")


def test_an_amount_out_of_its_days_is_told_as_to_be_confirmed(by: Actor) -> None:
    last_year = make.TODAY - timedelta(days=365)
    with acting(by):
        told = make.written_entry(amounts=[Amount("Por vale", 25_000, make.YESTERDAY, TOMORROW)])
        gone = make.written_entry("Otro", amounts=[Amount("Por vale", 19_000, last_year, make.YESTERDAY)])
    desk = browser_of(make.posting())
    assert "$25.000" in page(desk, f"/catalogo/{told.pk}/")
    over = page(desk, f"/catalogo/{gone.pk}/")
    assert "Por confirmar" in over
    assert "$19.000, desde el" in over


def test_suspended_and_replaced_are_told_first(by: Actor, gas: Entry) -> None:
    with acting(by):
        actions.suspend_entry(gas, by=by, ground=SuspensionGround.NO_PLACES, until=TOMORROW)
        other = make.written_entry("Vale digital")
        old = make.written_entry("Vale de papel")
        actions.close_entry(old, by=by, reason="Ahora es digital", replaced_by=other)
    desk = browser_of(make.posting())
    assert "Sin cupos. Vuelve el" in page(desk, f"/catalogo/{gas.pk}/")
    closed = page(desk, f"/catalogo/{old.pk}/")
    assert "La reemplaza" in closed
    assert f'href="/catalogo/{other.pk}/"' in closed


def test_what_is_missing_is_told_to_who_writes_and_not_to_the_desk(head: Posting, gas: Entry) -> None:
    shown = page(browser_of(head), f"/catalogo/{gas.pk}/")
    assert "Qué le falta" in shown
    assert "El acto que la creó" in shown
    assert "Qué le falta" not in page(browser_of(make.posting()), f"/catalogo/{gas.pk}/")


def test_a_head_of_another_unit_reads_and_changes_nothing(gas: Entry) -> None:
    other = make.posting(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    client = browser_of(other)
    shown = page(client, f"/catalogo/{gas.pk}/")
    assert "/escribir/" not in shown
    for step in ("escribir", "regla", "publicar", "suspender", "cerrar", "copiar"):
        page(client, f"/catalogo/{gas.pk}/{step}/", 403)
