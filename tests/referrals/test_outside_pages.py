"""Pages of what goes outside: sending it with its ground, the letter, the log, and what a provider sees by its link."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import GROUND, MAIL, again, attended, health_centre, protocol, rsh, sent, sent_outside

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock, documents
from ventanilla.core.ids import new_id
from ventanilla.outbox.models import Letter
from ventanilla.referrals.models import AccessLink, LinkOpening, Referral
from ventanilla.referrals.outside.actions import attach, give_link
from ventanilla.referrals.outside.links import code_of, spoken, token_of
from ventanilla.referrals.outside.public_views import COOKIE
from ventanilla.referrals.states import ReferralState
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.django_db

GUEST = "Carla Rojas (ficticia), asistente social"
PDF = b"%PDF-1.7 informe"


@pytest.fixture
def here(db: None) -> Posting:
    with make.inside():
        return make.posting(Role.FRONT_DESK)


@pytest.fixture
def one(here: Posting) -> Referral:
    """Sent to the health centre by the desk."""
    return whole(sent_outside(actor_in(here)))


@pytest.fixture
def link(here: Posting, one: Referral) -> AccessLink:
    by = actor_in(here)
    with acting(by):
        return give_link(Referral.objects.get(pk=one.pk), by=by)


@pytest.fixture
def address(link: AccessLink) -> str:
    return reverse("outside:referral", args=[make.MONTE_PATRIA, token_of(link)])


def whole(referral: Referral) -> Referral:
    with make.inside():
        return Referral.objects.select_related("person", "consultation", "sent_by").get(pk=referral.pk)


def entered(address: str, link: AccessLink, name: str = GUEST) -> Client:
    client = Client()
    answer = client.post(address, {"name": name, "code": spoken(code_of(link))})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


# Sending


def form_of(consultation: Any, **said: Any) -> dict[str, Any]:
    with make.inside():
        lines = [str(line) for line in consultation.lines.values_list("pk", flat=True)]
    return {"lines": lines, "asked": "Indicar la silla", "submission_id": new_id()} | said


def test_choosing_a_provider_asks_on_which_ground_and_sends_it_with_a_link(
    here: Posting, settings: LazySettings
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "correo.example", "gsl@monte-patria.example"
    waiting, client, centre = attended(actor_in(here), "technical_aids"), browser_of(here), health_centre()
    where, to = f"/derivaciones/desde/{waiting.pk}/", f"prestador_{centre.pk}"
    assert "Autorización de la persona" not in page(client, where)
    looked = client.post(where, form_of(waiting, to=to, look="1")).content.decode()
    assert "Autorización de la persona" in looked
    assert "registro de traspasos" in looked
    refused = client.post(where, form_of(waiting, to=to))
    assert refused.status_code == 422
    assert "qué función legal" in refused.content.decode()
    done = client.post(where, form_of(waiting, to=to, legal_ground=GROUND), follow=True)
    assert "correo a derivaciones@cesfam.example" in done.content.decode()
    with make.inside():
        referral, link = Referral.objects.select_related("person").get(), AccessLink.objects.get()
        letter = Letter.objects.get(about_id=link.pk)
    assert letter.to_address == MAIL
    assert token_of(link) in letter.text
    assert spoken(code_of(link)) in done.content.decode()
    for secret in (code_of(link), spoken(code_of(link)), referral.person.given_names, referral.person.run or "?"):
        assert secret not in f"{letter.text} {letter.subject}"


def test_whether_the_mail_left_is_said_where_the_desk_looks(
    here: Posting, one: Referral, settings: LazySettings
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "correo.example", "gsl@monte-patria.example"
    client = browser_of(here)
    client.post(f"{one.get_absolute_url()}enlace/")
    assert f"El correo a <b>{MAIL}</b> todavía no sale" in page(client, one.get_absolute_url())
    with make.inside():
        Letter.objects.update(
            tries=28, failed_at=clock.now(), last_error="El servidor de correo no aceptó esa dirección."
        )
    assert "no se pudo entregar" in page(client, one.get_absolute_url())
    with make.inside():
        Letter.objects.update(failed_at=None, sent_at=clock.now())
    assert f"El enlace se envió a <b>{MAIL}</b>" in page(client, one.get_absolute_url())


# The desk


def test_the_letter_says_what_travels_and_how_to_answer(
    here: Posting, one: Referral, link: AccessLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of(here)
    assert client.get(f"{one.get_absolute_url()}oficio/").content.startswith(b"%PDF-")
    monkeypatch.setattr(documents, "pdf_of", lambda html, *styles: html.encode())
    text = client.get(f"{one.get_absolute_url()}oficio/").content.decode()
    told = (
        one.folio,
        one.person.formatted_run,
        GROUND,
        health_centre().name,
        f"{one.answer_by:%d-%m-%Y}",
        token_of(link),
    )
    assert not [what for what in told if str(what) not in text]
    assert code_of(link) not in text
    assert spoken(code_of(link)) not in text


def test_only_what_went_outside_from_her_unit_has_a_letter(here: Posting, one: Referral) -> None:
    by = actor_in(here)
    inside = sent(by, attended(by))
    assert browser_of(here).get(f"{inside.get_absolute_url()}oficio/").status_code == 404
    other = make.posting(Role.FRONT_DESK, in_unit=rsh())
    assert browser_of(other).get(f"{one.get_absolute_url()}oficio/").status_code in {403, 404}


def test_what_they_say_by_telephone_is_written_down_with_who_said_it(here: Posting, one: Referral) -> None:
    client = browser_of(here)
    told = {"outcome": "granted", "done": "Evaluada", "next_step": "none"}
    refused = client.post(f"{one.get_absolute_url()}responder/", told)
    assert refused.status_code == 422
    assert "Escriba quién lo dijo" in refused.content.decode()
    assert client.post(f"{one.get_absolute_url()}responder/", told | {"told_by": GUEST}).status_code == 302
    text = page(client, one.get_absolute_url())
    assert f"{GUEST}; lo anotó" in text
    assert again(one).state == ReferralState.ANSWERED


def test_the_log_of_transfers_names_no_neighbour(here: Posting, one: Referral) -> None:
    officer = make.posting(Role.DATA_OFFICER)
    text = page(browser_of(officer), "/derivaciones/traspasos/")
    for told in (one.folio, GROUND, health_centre().name, "Nombre y RUN"):
        assert told in text
    assert one.person.given_names not in text
    assert page(browser_of(officer), "/derivaciones/traspasos/?desde=x_y")


def test_the_log_goes_on_by_cursor_without_repeating(here: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ventanilla.referrals.outside.views.ROWS", 2)
    folios = {sent_outside(actor_in(here)).folio for _ in range(5)}
    client, address, seen = browser_of(make.posting(Role.DATA_OFFICER)), "/derivaciones/traspasos/", []
    while address:
        text = page(client, address)
        seen += re.findall(r"Derivación (D-[0-9-]+):", text)
        more = re.search(r'href="(\?desde=[^"]+)" rel="next"', text)
        address = f"/derivaciones/traspasos/{more[1]}" if more else ""
    assert len(seen) == 5
    assert set(seen) == folios


# The provider


def test_before_the_code_nothing_of_her_shows(one: Referral, address: str) -> None:
    text = page(Client(), address)
    assert one.folio in text
    for hidden in (one.person.given_names, one.person.formatted_run, one.asked, one.title):
        assert hidden not in text
    assert Client().get(f"{address}responder/").status_code == 302
    assert Client().get(f"{address}archivos/{new_id()}/").status_code == 302


def test_with_the_code_it_shows_the_packet_and_nothing_more(here: Posting) -> None:
    with make.inside() as head:
        centre = health_centre()
        protocol(centre, "technical_aids", senders=[make.unit_of(head)], fields=["birth"], legal_ground=GROUND)
        person = make.person("Rosa", "Araya")
        make.home(person)
    by = actor_in(here)
    one = whole(sent_outside(by, attended(by, "technical_aids", person=person)))
    with acting(by):
        link = give_link(Referral.objects.get(pk=one.pk), by=by)
    where = reverse("outside:referral", args=[make.MONTE_PATRIA, token_of(link)])
    answer = entered(where, link).get(where)
    text = answer.content.decode()
    for told in (one.person.formatted_run, one.asked, "Fecha de nacimiento", GUEST):
        assert told in text
    for hidden in ("Domicilio", "Teléfono", one.consultation.folio, str(one.sent_by)):
        assert hidden not in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert again(one).state == ReferralState.RECEIVED


def test_each_opening_is_logged_and_read_by_data_protection(one: Referral, link: AccessLink, address: str) -> None:
    client = entered(address, link)
    page(client, address)
    with make.inside():
        entry = ReadEntry.objects.get(person_id=one.person_id, account_id=None)
        assert (entry.kind, GUEST in entry.note) == (ReadEntry.Kind.REFERRAL, True)
        assert list(LinkOpening.objects.values_list("what", flat=True)) == ["entered", "read"]
        assert set(LinkOpening.objects.values_list("address", flat=True)) == {"127.0.0.1"}


def test_a_code_opens_its_own_link_alone_and_a_made_up_cookie_none(
    here: Posting, one: Referral, link: AccessLink, address: str
) -> None:
    by = actor_in(here)
    other = whole(sent_outside(by))
    with acting(by):
        second = give_link(Referral.objects.get(pk=other.pk), by=by)
    elsewhere = reverse("outside:referral", args=[make.MONTE_PATRIA, token_of(second)])
    client = entered(address, link)
    client.cookies[COOKIE]["path"] = "/"
    assert other.person.formatted_run not in page(client, elsewhere)
    forged = Client()
    forged.cookies[COOKIE] = "eyJsIjoi:forged"
    assert one.person.formatted_run not in page(forged, address)


@pytest.mark.parametrize("tail", ["", "responder/", "archivos/"])
def test_what_is_guessed_is_not_there(link: AccessLink, tail: str) -> None:
    for token in ("0" * 64, token_of(link)[:-1] + "x"):
        where = reverse("outside:referral", args=[make.MONTE_PATRIA, token])
        assert "Este enlace no existe" in page(Client(), where + tail, 404)
    foreign = reverse("outside:referral", args=[make.COMBARBALA, token_of(link)])
    with make.inside(make.COMBARBALA):
        pass
    assert "Este enlace no existe" in page(Client(), foreign, 404)


def test_it_locks_after_some_wrong_codes_and_says_so(link: AccessLink, address: str) -> None:
    client = Client()
    for _ in range(4):
        answer = client.post(address, {"name": GUEST, "code": "0000 0000"})
        assert answer.status_code == 422
        assert "Ese no es el código" in answer.content.decode()
    assert client.post(address, {"name": GUEST, "code": "0000 0000"}).status_code == 410
    locked = client.post(address, {"name": GUEST, "code": code_of(link)})
    assert (locked.status_code, "bloqueado" in locked.content.decode()) == (410, True)


def test_the_provider_answers_and_the_link_opens_nothing_more(one: Referral, link: AccessLink, address: str) -> None:
    client = entered(address, link)
    assert client.post(f"{address}aceptar/").status_code == 302
    returned = client.post(f"{address}devolver/", {"said": ""})
    assert (returned.status_code, "escríbalo" in returned.content.decode()) == (422, True)
    empty = client.post(f"{address}responder/", {"outcome": "granted", "next_step": "none"})
    assert empty.status_code == 422
    done = client.post(f"{address}responder/", {"outcome": "granted", "done": "Silla indicada", "next_step": "none"})
    assert "Respuesta recibida" in done.content.decode()
    assert again(one).state == ReferralState.ANSWERED
    for again_there in (client, Client()):
        closed = page(again_there, address, 410)
        assert "ya terminó" in closed
        assert one.person.given_names not in closed


@pytest.mark.parametrize("code", ["asignar", "retirar", "completar", "reabrir", "atender", "no-existe"])
def test_it_does_only_what_is_its_own(link: AccessLink, address: str, code: str) -> None:
    client = entered(address, link)
    assert client.post(f"{address}{code}/", {"said": "x"}).status_code == 404


# Files


def test_files_go_both_ways_and_are_only_downloaded(
    here: Posting, one: Referral, link: AccessLink, address: str
) -> None:
    outside, inside = entered(address, link), browser_of(here)
    lying = outside.post(f"{address}archivos/", {"file": SimpleUploadedFile("informe.pdf", b"PK\x03\x04zip")})
    assert (lying.status_code, "comprimidos" in lying.content.decode()) == (422, True)
    assert outside.post(f"{address}archivos/", {"file": SimpleUploadedFile("informe.pdf", PDF)}).status_code == 302
    text = page(inside, one.get_absolute_url())
    kept = re.search(r'href="(/derivaciones/[0-9a-f-]+/archivos/[0-9a-f-]+/)">informe.pdf<', text)
    assert kept
    got = inside.get(kept[1])
    assert got.content == PDF
    assert got.headers["Content-Disposition"] == 'attachment; filename="informe.pdf"'
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    sent_back = inside.post(
        f"{one.get_absolute_url()}archivos/", {"file": SimpleUploadedFile("órden.png", b"\x89PNG\r\n\x1a\n")}
    )
    assert sent_back.status_code == 302
    there = re.search(r'href="([^"]+archivos/[0-9a-f-]+/)">órden.png<', page(outside, address))
    assert there
    assert outside.get(there[1]).headers["Content-Type"] == "image/png"
    assert inside.post(f"{one.get_absolute_url()}archivos/", {}, follow=True).content.decode().count("Elija un archivo")


def test_who_is_no_party_downloads_nothing(here: Posting, one: Referral) -> None:
    by = actor_in(here)
    with acting(by):
        kept = attach(one, "informe.pdf", PDF, by=by)
    other = browser_of(make.posting(Role.FRONT_DESK, in_unit=rsh()))
    assert other.get(f"{one.get_absolute_url()}archivos/{kept.pk}/").status_code in {302, 403, 404, 409}
