"""What is handed to a neighbour: hers only, true for whoever verifies it, and sent only where she may be written to."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.conf import LazySettings
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of
from tests.intake.paper import address_on

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in, of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.ids import digest, new_id
from ventanilla.core.jobs import NotTaken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    answer_line,
    end_attention,
    start_consultation,
    void_consultation,
)
from ventanilla.intake.models import Consultation, Receipt, ReceiptMail
from ventanilla.intake.receipts import actions
from ventanilla.intake.receipts.content import receipt_lines
from ventanilla.intake.receipts.reading import addresses_for
from ventanilla.intake.states import Outcome
from ventanilla.outbox.letters import deliver_letter
from ventanilla.registry.models import ContactPoint, Person
from ventanilla.registry.vocabulary import ContactKind

pytestmark = pytest.mark.django_db

ADDRESS = "rosa.araya@correo.example"


@pytest.fixture
def posting() -> Posting:
    with make.inside():
        pass
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def desk(posting: Posting) -> Iterator[Actor]:
    actor = actor_in(posting)
    with acting(actor):
        yield actor


@pytest.fixture
def client(posting: Posting) -> Client:
    return browser_of(posting)


def attended(desk: Actor, code: str = "suf", person: Person | None = None, **said: Any) -> Consultation:
    found = start_consultation(person or make.person(), by=desk)
    said.setdefault("outcome", Outcome.WAITING_DOCUMENTS)
    said.setdefault("awaited_documents", "Cédula; Certificado de alumno regular")
    return end_attention(found, Writing([LineDetails(make.reason(code).pk, **said)], notes="Algo íntimo"), by=desk)


def contact(person: Person | None, value: str = ADDRESS, **said: Any) -> ContactPoint:
    assert person
    said.setdefault("source", "declared")
    return ContactPoint.objects.create(person=person, kind=ContactKind.EMAIL, value=value, as_of=make.TODAY, **said)


def address_of(token: str) -> str:
    return f"https://ventanilla.example/{token}/"


# What it says


def test_nobody_elses_name_is_printed_for_her_but_a_childs(desk: Actor) -> None:
    rosa, luis = make.person(), make.person("Luis")
    martin = make.person("Martín", birth_on=make.TODAY)
    stranger = make.person("Hilda", birth_on=make.TODAY)
    make.home(rosa, luis, martin)
    everybody = tuple(person.pk for person in (rosa, luis, martin, stranger))
    found = attended(desk, person=rosa, subject_ids=everybody, about_home=True, about_dwelling=True)
    (line,) = receipt_lines(found, by=desk)
    assert line.about == "usted, Martín, otras 2 personas, su hogar y su vivienda"
    assert line.papers == ["Cédula", "Certificado de alumno regular"]


def test_who_is_shielded_from_her_home_is_not_named(desk: Actor) -> None:
    rosa, martin = make.person(), make.person("Martín", birth_on=make.TODAY)
    home = make.home(rosa, martin)
    home.memberships.filter(person=martin).update(is_shielded=True)
    (line,) = receipt_lines(attended(desk, person=rosa, subject_ids=(martin.pk,)), by=desk)
    assert line.about == "otra persona"


@pytest.mark.parametrize("code", ["medicines", "violence"])
def test_of_what_is_reserved_it_says_nothing(desk: Actor, code: str) -> None:
    rosa = make.person()
    (line,) = receipt_lines(attended(desk, code, person=rosa, subject_ids=(rosa.pk,)), by=desk)
    assert (line.reason, line.papers, line.about) == ("Atención social", (), "")


# On paper


def test_a_paper_is_issued_with_an_address_of_its_own(client: Client, posting: Posting) -> None:
    desk = actor_in(posting)
    with acting(desk):
        found = attended(desk)
    page = client.get(f"/consultas/{found.pk}/comprobante/").content.decode()
    assert "Certificado de alumno regular" in page
    assert "no ha configurado el correo" in page
    for _ in range(2):
        answer = client.post(f"/consultas/{found.pk}/comprobante/pdf/")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == f'inline; filename="comprobante-{found.folio}.pdf"'
        assert answer.content.startswith(b"%PDF-")
        seen = Client().get(address_on(answer.content).removeprefix("http://testserver"))
        assert found.folio in seen.content.decode()
    with make.inside():
        first, second = Receipt.objects.all()
    assert first.digest != second.digest
    assert (first.account_id, first.consultation_id) == (posting.account_id, found.pk)


def test_none_is_issued_before_the_attention_ends_nor_by_who_may_not(desk: Actor) -> None:
    open_still = start_consultation(make.person(), by=desk)
    with pytest.raises(InvalidTransition):
        actions.issue_receipt(open_still, by=desk)
    found = attended(desk)
    elsewhere = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    with pytest.raises(NotAllowed):
        actions.issue_receipt(found, by=elsewhere)
    assert not Receipt.objects.exists()


# Verified


def verify(token: str, institution: int = make.MONTE_PATRIA) -> Any:
    return Client().get(f"/consultas/comprobante/{institution}/{token}/")


def test_whoever_holds_it_sees_that_it_is_true_and_how_it_stands(desk: Actor, client: Client) -> None:
    found = attended(desk)
    receipt, token = actions.issue_receipt(found, by=desk)
    assert receipt.digest == digest(token)
    assert len(token) >= 43
    seen = verify(token)
    page = seen.content.decode()
    for said in (found.folio, "Municipalidad de Monte Patria", f"{make.TODAY:%d-%m-%Y}", "Queda algo pendiente"):
        assert said in page
    assert found.person
    for never in (
        found.person.given_names,
        found.person.first_surname,
        str(found.person.run),
        "SUF",
        "Cédula",
        "íntimo",
    ):
        assert never not in page
    assert seen.headers["X-Robots-Tag"].startswith("noindex")
    assert seen.headers["Cache-Control"] == "no-store"
    with acting(desk):
        answer_line(found.lines.get(), by=desk, outcome=Outcome.RESOLVED)
    assert "Atención finalizada" in verify(token).content.decode()
    with acting(desk):
        void_consultation(found, by=desk, reason="Era otra persona")
    voided = verify(token).content.decode()
    assert "Consulta anulada" in voided
    assert "Era otra persona" not in voided


def test_any_other_address_leads_nowhere(desk: Actor) -> None:
    found = attended(desk)
    receipt, token = actions.issue_receipt(found, by=desk)
    assert found.person
    for wrong in (token[:-1], token.swapcase(), receipt.digest, str(found.pk), found.folio):
        assert verify(wrong).status_code == 404
    for institution in (make.COMBARBALA, 1, 10**15):
        assert verify(token, institution).status_code == 404
    with acting(desk):
        Person.objects.filter(pk=found.person.pk).update(processing_blocked=True)
    assert verify(token).status_code == 404


# By mail


@pytest.fixture
def with_mail(settings: LazySettings) -> None:
    settings.EMAIL_HOST = "correo.example"
    settings.DEFAULT_FROM_EMAIL = "ventanilla@montepatria.example"


@pytest.fixture
def worker(posting: Posting) -> Actor:
    return of_the_command(make.MONTE_PATRIA)


def sent(found: Consultation, to: ContactPoint, desk: Actor, worker: Actor, **more: Any) -> ReceiptMail:
    """Asked, and what waits of it tried once, as the worker does."""
    asked = actions.send_receipt(found, to, by=desk, address_of=address_of, **more)
    with suppress(NotTaken):
        deliver_letter(asked.letter_id, by=worker)
    return ReceiptMail.objects.select_related("letter", "contact").get(pk=asked.pk)


def test_the_message_says_folio_institution_and_address_and_nobodys_data(
    desk: Actor, worker: Actor, with_mail: None
) -> None:
    found = attended(desk)
    asked = sent(found, contact(found.person), desk, worker)
    (message,) = outbox.outbox
    assert (message.to, message.from_email) == ([ADDRESS], "ventanilla@montepatria.example")
    assert message.subject == f"Comprobante {found.folio}, Municipalidad de Monte Patria"
    found_token = re.search(r"https://ventanilla\.example/([\w-]{43})/", str(message.body))
    assert found_token
    assert Receipt.objects.get().digest == digest(found_token[1])
    assert found.person
    for never in (found.person.given_names, found.person.first_surname, str(found.person.run), "SUF", "Cédula"):
        assert never not in message.subject + str(message.body)
    assert asked.letter.sent_at
    assert (asked.letter.text, asked.account_id, asked.contact.value) == ("", desk.account_id, ADDRESS)


def test_it_waits_with_what_is_kept_and_nobody_waits_for_the_mail_server(desk: Actor, with_mail: None) -> None:
    found = attended(desk)
    asked = actions.send_receipt(found, contact(found.person), by=desk, address_of=address_of)
    assert outbox.outbox == []
    assert (asked.letter.sent_at, asked.letter.tries) == (None, 0)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SMTPRecipientsRefused({ADDRESS: (550, b"")}), "no aceptó esa dirección"),
        (SMTPServerDisconnected("x"), "no respondió"),
        (TimeoutError(), "no respondió"),
    ],
)
def test_a_mail_that_fails_says_why_and_can_be_asked_again(
    desk: Actor, worker: Actor, with_mail: None, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise error

    found = attended(desk)
    to = contact(found.person)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fails)
        asked = sent(found, to, desk, worker)
    assert words in asked.letter.last_error
    assert asked.letter.sent_at is None
    assert sent(found, to, desk, worker).letter.sent_at


def test_the_same_form_sent_twice_is_one_mail(desk: Actor, worker: Actor, with_mail: None) -> None:
    found = attended(desk)
    to, submission_id = contact(found.person), new_id()
    for _ in range(2):
        sent(found, to, desk, worker, submission_id=submission_id)
    assert len(outbox.outbox) == 1


def test_one_that_nobody_tries_any_more_is_not_said_to_be_on_its_way(
    client: Client, desk: Actor, with_mail: None
) -> None:
    found = attended(desk)
    actions.send_receipt(found, contact(found.person), by=desk, address_of=address_of)
    address = f"/consultas/{found.pk}/comprobante/"
    assert "Sale en unos segundos" in client.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed'")
    page = client.get(address).content.decode()
    assert "No salió, y nadie lo intenta." in page
    assert "Sale en unos segundos" not in page


def test_only_to_her_own_address_in_use_that_she_lets_be_used(desk: Actor, with_mail: None) -> None:
    found = attended(desk)
    contact(found.person, "a@b.example", do_not_call=True)
    contact(found.person, "a@b.example", source="rsh")  # the same, refused by another source
    contact(found.person, "b@b.example", ended_on=make.TODAY)
    contact(found.person, "no tiene")
    contact(found.person, "d@b.example", secrecy=Secrecy.RESTRICTED, recorded_by_id=new_id())
    hers = contact(found.person)
    contact(found.person, source="rsh")
    assert [address.value for address in addresses_for(found, by=desk)] == [ADDRESS]
    hers_too = contact(make.person(), "otra@b.example")
    with pytest.raises(RuleBroken, match="no se puede enviar"):
        actions.send_receipt(found, hers_too, by=desk, address_of=address_of)
    hers.ended_on = make.TODAY
    hers.save()
    with pytest.raises(RuleBroken, match="no se puede enviar"):
        actions.send_receipt(found, hers, by=desk, address_of=address_of)
    assert not ReceiptMail.objects.exists()


def test_of_a_restricted_consultation_nobody_is_told_by_mail(desk: Actor, with_mail: None) -> None:
    found = attended(desk, "violence")
    with pytest.raises(RuleBroken, match="en la mano"):
        actions.send_receipt(found, contact(found.person), by=desk, address_of=address_of)


def test_without_a_mail_server_it_says_so(desk: Actor, settings: LazySettings) -> None:
    settings.EMAIL_HOST = ""
    found = attended(desk)
    with pytest.raises(RuleBroken, match="no ha configurado el correo"):
        actions.send_receipt(found, contact(found.person), by=desk, address_of=address_of)


class Inbox:
    """A real mail server of one test, with what arrived."""

    def __init__(self) -> None:
        self.arrived: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - the library's
        self.arrived.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox(settings: LazySettings, with_mail: None) -> Iterator[Inbox]:
    found = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield found
    server.stop()


def test_it_arrives_at_a_real_server_and_the_page_says_when(
    client: Client, posting: Posting, worker: Actor, inbox: Inbox
) -> None:
    desk = actor_in(posting)
    with acting(desk):
        found = attended(desk)
        to = contact(found.person)
    address = f"/consultas/{found.pk}/comprobante/"
    page = client.get(address).content.decode()
    submission = re.search(r'name="submission_id" value="([^"]+)"', page)
    assert submission
    assert ADDRESS in page
    form = {"contact": str(to.pk), "submission_id": submission[1]}
    assert client.post(f"{address}correo/", form).status_code == 302
    assert "Sale en unos segundos" in client.get(address).content.decode()
    with acting(desk):
        waiting = ReceiptMail.objects.get().letter_id
    deliver_letter(waiting, by=worker)
    (envelope,) = inbox.arrived
    assert (envelope.rcpt_tos, envelope.mail_from) == ([ADDRESS], "ventanilla@montepatria.example")
    told = re.sub(r"=\r?\n", "", str(envelope.content, "utf-8") if isinstance(envelope.content, bytes) else "")
    token = re.search(r"http://testserver/consultas/comprobante/4303/([\w-]{43})/", told)
    assert token
    assert "Queda algo pendiente" in verify(token[1]).content.decode()
    assert "Enviado el" in client.get(address).content.decode()
    unchosen = client.post(f"{address}correo/", {"contact": str(new_id())})
    assert unchosen.status_code == 422
    assert "A ese correo no se puede enviar." in unchosen.content.decode()
