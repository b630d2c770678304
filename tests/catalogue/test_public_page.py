"""What any neighbour reads of the catalogue: only what is public, without cookies, light, in plain words."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests import make

from ventanilla.access.models import Institution
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.details import Amount
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry
from ventanilla.catalogue.publishing.telling import email_in, phone_in, takes

pytestmark = pytest.mark.django_db

PAGE = "/publico/4303/catalogo/"
HEAVIEST = 30 * 1024


def words_of(address: str) -> str:
    """What is read, without marks."""
    return re.sub(r"<[^>]+>", "", text_of(address))


def text_of(address: str, status: int = 200, **headers: str) -> str:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def test_it_says_what_is_offered_and_what_is_suspended_and_nothing_else(offered: None) -> None:
    page = text_of(PAGE)
    for name in ("Vale de gas", "Orientación legal", "Pañales de adulto"):
        assert name in page
    assert "Suspendida por ahora" in page
    assert "Se terminaron los recursos" in page
    assert "Casa de acogida" not in page
    assert "Beca que se escribe" not in page


def test_one_entry_is_told_in_plain_words(offered: None) -> None:
    page = text_of(f"{PAGE}vale-de-gas/")
    for said in (
        "Un vale para cambiar por un balón de gas de 15 kilos.",
        "Tener 60 años o más <small>(Ordenanza 4, art. 2)</small>",
        "en el tramo del 60 % o menos o bien participar en Programa Familias",
        "<li>Cartola del Registro Social de Hogares</li>",
        "Diaguitas 31, Monte Patria",
        "lunes a viernes, 8:30 a 13:30",
        "<b>$25.000</b>",
        "No tiene costo",
        "Se evalúa en 10 días hábiles y se entrega en 5 días hábiles más.",
        'href="tel:+56532900200"',
        'href="https://ejemplo.invalid/decreto"',
        "Plazo abierto",
    ):
        assert said in page, said


def test_what_is_reserved_a_draft_or_unknown_is_a_kind_404(offered: None) -> None:
    for code in ("casa-de-acogida", "beca-que-se-escribe", "no-hay"):
        page = text_of(f"{PAGE}{code}/", 404)
        assert "Eso no está en el catálogo" in page
        assert "Casa de acogida" not in page


def test_an_institution_that_publishes_nothing_or_only_trains_is_a_kind_404(offered: None) -> None:
    Institution.objects.create(pk=100_001, kind=Institution.Kind.TRAINING, name="Escuela", short_name="Escuela")
    with make.inside(100_001):
        make.entry("De práctica")
    assert "Todavía no hay nada publicado" in text_of("/publico/4302/catalogo/", 404)
    for number in (100_001, 999_999, 10**30):
        page = text_of(f"/publico/{number}/catalogo/", 404)
        assert "No hay un catálogo en esta dirección" in page
        assert "Escuela" not in page


def test_it_knows_no_session_and_sets_no_cookie(offered: None) -> None:
    operator = Client()
    operator.force_login(make.posting(Role.UAS_HEAD).account)
    for address in (PAGE, f"{PAGE}vale-de-gas/", f"{PAGE}no-hay/", f"{PAGE}?q=gas", "/publico/4303/hsds/services"):
        answer = Client().get(address)
        assert not answer.cookies, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert "csrf" not in answer.content.decode(), address
        assert operator.get(address).content == answer.content, address


def test_any_cache_keeps_it_five_minutes_and_then_asks_whether_it_changed(offered: None) -> None:
    first = Client().get(PAGE)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = Client().get(PAGE, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content
    with make.inside():
        make.entry("Silla de ruedas en préstamo")
    changed = Client().get(PAGE, headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "Silla de ruedas" in changed.content.decode()


def test_it_may_be_indexed(offered: None) -> None:
    answer = Client().get(PAGE)
    assert "X-Robots-Tag" not in answer.headers
    assert "noindex" not in answer.content.decode()


def test_it_is_searched_with_the_words_of_who_asks(offered: None) -> None:
    page = text_of(f"{PAGE}?q=balón licuádo")
    assert "1 resultado para" in page
    assert "Vale de gas" in page
    assert "Pañales" not in page
    assert "No encontramos «submarino»" in text_of(f"{PAGE}?q=submarino")
    assert "&lt;script" in text_of(f"{PAGE}?q=<script>")


def test_it_is_read_by_audience_or_by_who_gives_it(offered: None) -> None:
    older = text_of(f"{PAGE}?para=older")
    assert "Vale de gas" in older
    assert "Orientación legal" not in older
    assert "Fundación Ejemplo del Valle</h2>" in text_of(f"{PAGE}?por=unidad")
    assert "Orientación legal" in text_of(f"{PAGE}?para=whatever")


def test_each_way_of_not_being_open_says_why_and_until_when(offered: None) -> None:
    with make.inside() as head:
        later = make.TODAY + timedelta(days=30)
        make.entry("Beca que viene", opens_on=later)
        make.entry("Beca que fue", closes_on=make.YESTERDAY)
        full = make.entry("Taller lleno")
        actions.suspend_entry(full.entry, by=head, ground=SuspensionGround.NO_PLACES, until=later)
    assert f"Se postula desde el {later:%d-%m-%Y}." in words_of(f"{PAGE}beca-que-viene/")
    assert f"Se postuló hasta el {make.YESTERDAY:%d-%m-%Y}." in words_of(f"{PAGE}beca-que-fue/")
    assert f"Los cupos están completos. Vuelve el {later:%d-%m-%Y}." in words_of(f"{PAGE}taller-lleno/")


def test_an_amount_whose_days_are_over_is_to_be_confirmed(offered: None) -> None:
    old = Amount("Al mes", pesos=10_000, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    with make.inside():
        make.entry("Bono antiguo", amounts=[old, Amount("De la ley", legal="unknown")])
    page = text_of(f"{PAGE}bono-antiguo/")
    assert "10.000" not in page
    assert page.count("<dd>Por confirmar") == 2


def test_a_version_to_come_is_not_told_yet(offered: None) -> None:
    by = make.actor(Role.UAS_HEAD)
    with acting(by):
        gas = Entry.objects.get(code="vale-de-gas")
        draft = actions.draft_from(gas)
        draft.plain, draft.version = "Ahora de 11 kilos.", 1
        draft.save()
        actions.publish_draft(gas, by=by, starts_on=make.TODAY + timedelta(days=1), version=1)
    assert "Ahora de 11 kilos." not in text_of(f"{PAGE}vale-de-gas/")


def test_the_page_asks_the_same_queries_however_long_it_is(offered: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        Client().get(PAGE)
    with make.inside():
        for number in range(60):
            make.entry(f"Prestación {number}", audience=["families", "older"])
    with django_assert_num_queries(7):
        answer = Client().get(PAGE, headers={"accept-encoding": "gzip"})
    assert len(answer.content) < HEAVIEST
    with django_assert_num_queries(7):
        Client().get(f"{PAGE}vale-de-gas/")


@pytest.mark.parametrize(
    ("contact", "phone", "email"),
    [
        ("53 2 900 200", "+56532900200", ""),
        ("+56 9 1234 5678 (WhatsApp)", "+56912345678", ""),
        ("1400600", "1400600", ""),
        ("ayuda@ejemplo.invalid", "", "ayuda@ejemplo.invalid"),
        ("oficina 12", "", ""),
        ("mesa2026@ejemplo.invalid o 532900200, anexo 4", "+56532900200", "mesa2026@ejemplo.invalid"),
    ],
)
def test_a_contact_is_called_or_written_to(contact: str, phone: str, email: str) -> None:
    assert (phone_in(contact), email_in(contact)) == (phone, email)


def test_how_long_it_takes_is_said_only_when_it_is_known() -> None:
    assert takes(None, None) == ""
    assert takes(10, None) == "Se evalúa en 10 días hábiles."
    assert takes(0, 1) == "Se evalúa el mismo día y se entrega en 1 día hábil más."
    assert takes(None, 0) == "Se entrega el mismo día."


def test_when_nothing_has_all_the_words_what_has_some_is_shown(offered: None) -> None:
    page = text_of(f"{PAGE}?q=necesito pañales para mi mamá")
    assert "Esto se parece a" in page
    assert "Pañales de adulto" in page
    assert "No encontramos" not in page
