"""A referral to another institution of the platform: sent there, attended there, and answered where it began."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.http import Http404
from django.test import Client
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import GROUND, attended, desk, health_centre, partner, sent, sent_outside

from ventanilla.access.actions import ProviderDetails, add_provider, change_provider, partners_of
from ventanilla.access.actors import Actor
from ventanilla.access.models import Institution, Posting, ProviderNature
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.desk.tray import days_of
from ventanilla.desk.tray.referrals import letters_unanswered, referrals_received
from ventanilla.intake.contacts.actions import turn_into_consultation
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel
from ventanilla.referrals.actions import (
    AnswerDetails,
    answer_referral,
    give_hour,
    reject_referral,
    return_referral,
    withdraw_referral,
)
from ventanilla.referrals.exchange.actions import attend_received, opened, take_step
from ventanilla.referrals.exchange.reading import contact_of, find_received, received, steps_here
from ventanilla.referrals.models import Exchange, ExchangeStep, Referral
from ventanilla.referrals.outside.actions import attach, give_link
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.referrals.states import AnswerOutcome, ReferralEvent, ReferralState
from ventanilla.registry.models import ReadEntry

pytestmark = pytest.mark.django_db

DONE = AnswerDetails(AnswerOutcome.GRANTED, "Quedó inscrita en esta comuna.")


@pytest.fixture
def clerk() -> Actor:
    return desk()


@pytest.fixture
def there() -> Actor:
    """At the desk of attention of the other municipality."""
    with make.inside(make.COMBARBALA):
        unit = make.unit(make.COMBARBALA, "atencion", ("attention",))
        return make.actor(Role.FRONT_DESK, make.COMBARBALA, in_unit=unit)


def sent_there(clerk: Actor, *codes: str) -> Referral:
    waiting = attended(clerk, *codes or ("technical_aids",))
    return sent(clerk, waiting, to=partner().pk, sharing=Sharing(legal_ground=GROUND))


def arrived(there: Actor) -> Exchange:
    with acting(there):
        return received(by=there).get()


def as_it_is(clerk: Actor, referral: Referral) -> Referral:
    with acting(clerk):
        return Referral.objects.get(pk=referral.pk)


def test_it_arrives_without_anybodys_name_and_is_received_when_opened(clerk: Actor, there: Actor) -> None:
    one = sent_there(clerk)
    exchange = arrived(there)
    assert (exchange.folio, exchange.sender_id, exchange.due_on) == (one.folio, make.MONTE_PATRIA, one.due_on)
    kept = " ".join(str(getattr(exchange, field.attname)) for field in Exchange._meta.fields)
    assert one.person.given_names not in kept
    assert str(one.person.run) not in kept
    with acting(there), opened(exchange, by=there) as (seen, _):
        assert (seen.person, seen.packet) == (one.person, one.packet)
    assert as_it_is(clerk, one).state == ReferralState.RECEIVED
    assert arrived(there).state == ReferralState.RECEIVED
    with acting(there):
        assert [step.event for step in steps_here(exchange)] == [ReferralEvent.RECEIVED]
    with acting(clerk):
        assert ReadEntry.objects.filter(person_id=one.person_id, kind=ReadEntry.Kind.REFERRAL).exists()


def test_it_leaves_the_transfer_of_anything_that_goes_outside(clerk: Actor) -> None:
    with acting(clerk):
        assert sent_there(clerk).transfers.get().destination == partner().name
    with pytest.raises(RuleBroken, match="no sale por enlace"):
        sent_there(clerk, "violence")
    with acting(clerk):
        assert Exchange.objects.count() == 1


def test_attended_there_it_is_accepted_and_its_answer_resolves_the_consultation_here(
    clerk: Actor, there: Actor
) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(there):
        contact = attend_received(exchange, by=there)
        assert (contact.channel, contact.document_number) == (Channel.INSTITUTION, one.folio)
        assert contact.about_run == one.person.run
        assert attend_received(exchange, by=there) == contact
        assert contact_of(exchange) == contact
        turn_into_consultation(contact, by=there)
        take_step(exchange, lambda referral, who: answer_referral(referral, DONE, by=who), by=there)
        assert {step.event for step in steps_here(exchange)} == {ReferralEvent.ATTENDED, ReferralEvent.ANSWERED}
        assert not received(by=there).exists()
        assert received(by=there, is_ended=True).get().state == ReferralState.ANSWERED
    with acting(clerk):
        found = Referral.objects.get(pk=one.pk)
        assert found.state == ReferralState.ANSWERED
        assert found.lines.get().line.is_answered
        answer = found.answers.get()
        assert answer.account_id is None
        assert answer.said_by.endswith(Institution.objects.get(pk=make.COMBARBALA).short_name)


def test_two_who_attend_it_get_the_same_contact(clerk: Actor, there: Actor) -> None:
    sent_there(clerk)
    with make.inside(make.COMBARBALA):
        other = make.actor(Role.FRONT_DESK, make.COMBARBALA, in_unit=make.unit_of(there))
    exchange = arrived(there)
    with acting(there):
        contact = attend_received(exchange, by=there)
    with acting(other):
        assert attend_received(exchange, by=other) == contact
        assert Contact.objects.count() == 1


def test_who_sent_it_sees_every_step_and_may_take_it_back(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(there):
        take_step(exchange, lambda referral, who: return_referral(referral, by=who, wanting="Cédula"), by=there)
    assert as_it_is(clerk, one).wanting == "Cédula"
    with acting(clerk):
        withdraw_referral(Referral.objects.get(pk=one.pk), by=clerk, reason="Se quedó")
    with acting(there):
        assert find_received(exchange.pk, by=there).state == ReferralState.WITHDRAWN
        with pytest.raises(InvalidTransition):
            attend_received(exchange, by=there)


def test_a_step_that_fails_leaves_no_trace_on_either_side(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(there), pytest.raises(RuleBroken):
        take_step(exchange, lambda referral, who: reject_referral(referral, by=who, ground=" "), by=there)
    with acting(there):
        assert not ExchangeStep.objects.exists()
        assert Contact.objects.count() == 0  # and she is in her own institution again
    assert as_it_is(clerk, one).state == ReferralState.SENT


def test_only_the_units_that_receive_see_it_and_nobody_of_a_third_municipality(clerk: Actor, there: Actor) -> None:
    sent_there(clerk, "social_report")
    exchange = arrived(there)
    with make.inside(make.COMBARBALA):
        subsidies = make.actor(
            Role.FRONT_DESK, make.COMBARBALA, in_unit=make.unit(make.COMBARBALA, "sub", ("subsidies",))
        )
    with acting(subsidies):
        assert not received(by=subsidies).exists()
        with pytest.raises(Http404):
            find_received(exchange.pk, by=subsidies)
        with pytest.raises(Http404):
            attend_received(exchange, by=subsidies)
    with make.inside(4304):
        third = make.actor(Role.FRONT_DESK, 4304, in_unit=make.unit(4304, "atencion", ("attention",)))
    with acting(third):
        assert not Exchange.objects.exists()
        with pytest.raises(Http404), opened(exchange, by=third):
            pytest.fail("it opened")


def test_the_receiver_writes_nothing_in_the_row_that_both_see(clerk: Actor, there: Actor) -> None:
    sent_there(clerk)
    with acting(there):
        assert Exchange.objects.update(state=ReferralState.ANSWERED) == 0
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into referrals_exchange (id, sender_id, receiver_id, referral_id, folio, title, from_unit,"
                " is_urgent, secrecy, state, due_on, sent_at) select gen_random_uuid(), sender_id, receiver_id,"
                " gen_random_uuid(), folio, title, from_unit, is_urgent, secrecy, state, due_on, sent_at"
                " from referrals_exchange"
            )


def test_whoever_is_blocked_meanwhile_is_read_no_more(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(clerk):
        one.person.processing_blocked = True
        one.person.save()
    with acting(there), pytest.raises(Http404), opened(exchange, by=there):
        pytest.fail("it opened")


def test_files_go_both_ways(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(there):
        take_step(exchange, lambda referral, who: attach(referral, "acta.pdf", b"%PDF-1.7 acta", by=who), by=there)
    with acting(clerk):
        assert one.attachments.get().said_by
        with pytest.raises(RuleBroken, match="sin enlace"):
            give_link(one, by=clerk)


def test_it_is_in_the_tray_until_answered_and_not_as_a_letter(clerk: Actor, there: Actor) -> None:
    sent_there(clerk)
    exchange = arrived(there)
    with acting(there):
        days = days_of(there, on=make.TODAY)
        assert [item.title.split(" ")[0] for item in referrals_received(there, make.TODAY, days)] == ["Recibir"]
        attend_received(exchange, by=there)
        assert [item.title.split(" ")[0] for item in referrals_received(there, make.TODAY, days)] == ["Responder"]
        assert not list(letters_unanswered(there, make.TODAY, days))


def test_an_hour_given_there_is_told_here(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    at = clock.now() + timedelta(days=2)
    with acting(there):
        take_step(exchange, lambda referral, who: give_hour(referral, at, by=who), by=there)
    found = as_it_is(clerk, one)
    assert (found.appointed_at, found.state) == (at, ReferralState.ACCEPTED)
    assert found.tell_by is not None


# The pages


def test_the_desk_of_the_other_municipality_attends_it_from_its_page(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    posting = Posting.objects.get(account=there.account)
    client, address = browser_of(posting), exchange.get_absolute_url()
    listed = client.get("/derivaciones/recibidas/").content.decode()
    assert exchange.folio in listed
    assert one.person.given_names not in listed
    assert "De otras instituciones" in client.get("/derivaciones/").content.decode()
    opened_page = client.get(address).content.decode()
    assert one.person.given_names in opened_page
    assert "Atender aquí" in opened_page
    went = client.post(f"{address}atender-aqui/")
    with acting(there):
        contact = contact_of(exchange)
    assert contact
    assert went.headers["Location"] == contact.get_absolute_url()
    wrong = client.post(f"{address}responder/", {"outcome": "granted", "done": "", "next_step": "none"})
    assert wrong.status_code == 422
    kept = client.post(f"{address}archivos/", {"file": SimpleUploadedFile("acta.pdf", b"%PDF-1.7 acta")})
    assert kept.headers["Location"] == address
    with acting(clerk):
        file = one.attachments.get()
    assert client.get(f"{address}archivos/{file.pk}/").content == b"%PDF-1.7 acta"
    done = client.post(f"{address}responder/", {"outcome": "granted", "done": "Inscrita", "next_step": "none"})
    assert done.headers["Location"] == address
    assert "Inscrita" in client.get(address).content.decode()
    assert exchange.folio in client.get("/derivaciones/recibidas/?ver=terminadas").content.decode()
    assert client.get(f"{address}aceptar/").status_code == 409


def test_who_sent_it_reads_how_it_is_answered_and_by_whom(clerk: Actor, there: Actor) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    with acting(there):
        take_step(exchange, lambda referral, who: answer_referral(referral, DONE, by=who), by=there)
    shown = browser_of(Posting.objects.get(account=clerk.account)).get(one.get_absolute_url()).content.decode()
    assert "la ve en la plataforma" in shown
    assert "en la plataforma" in shown
    assert DONE.done in shown


# By API


def test_another_system_attends_and_answers_what_came(clerk: Actor, there: Actor, client: Client) -> None:
    one, exchange = sent_there(clerk), arrived(there)
    bearer = {"authorization": f"Bearer {make.token(Posting.objects.get(account=there.account))}"}

    def call(method: str, path: str, body: object = None) -> Any:
        address = f"/api/v1/exchanges{path}"
        text = "" if body is None else json.dumps(body)
        return client.generic(method, address, text, content_type="application/json", headers=bearer)

    listed = call("GET", "").json()["items"]
    assert [(item["folio"], item["from_unit"]) for item in listed] == [(one.folio, exchange.from_unit)]
    read = call("GET", f"/{exchange.pk}").json()
    assert (read["run"], read["state"], read["contact_id"]) == (one.person.run, "received", None)
    wrong = call("POST", f"/{exchange.pk}/reject", {"ground": " "})
    assert wrong.status_code == 422
    made = call("POST", f"/{exchange.pk}/attend", {}).json()["contact_id"]
    assert call("GET", f"/{exchange.pk}").json()["contact_id"] == made
    done = call("POST", f"/{exchange.pk}/answer", {"outcome": "granted", "done": "Inscrita"})
    assert (done.status_code, done.json()["state"]) == (200, "answered")
    assert as_it_is(clerk, one).state == ReferralState.ANSWERED
    assert [item["folio"] for item in call("GET", "?ended=true").json()["items"]] == [one.folio]


def test_another_system_gives_a_link_reads_the_files_and_adds_one(clerk: Actor, client: Client) -> None:
    one = sent_outside(clerk, provider=health_centre())
    with acting(clerk):
        kept = attach(one, "informe.pdf", b"%PDF-1.7 informe", by=clerk)
    headers = {"authorization": f"Bearer {make.token(Posting.objects.get(account=clerk.account))}"}
    address = f"/api/v1/referrals/{one.pk}"
    given = client.post(f"{address}/link", "{}", content_type="application/json", headers=headers).json()
    assert client.get(given["address"]).status_code == 200
    assert len(given["code"]) == 8
    (file,) = client.get(f"{address}/files", headers=headers).json()["items"]
    assert (file["id"], file["size"]) == (str(kept.pk), 16)
    assert client.get(f"{address}/files/{kept.pk}", headers=headers).content == b"%PDF-1.7 informe"
    sent: dict[str, Any] = {"data": b"%PDF-1.7 otro", "content_type": "application/octet-stream", "headers": headers}
    added = client.post(f"{address}/files?name=../otro.pdf", **sent)
    assert (added.status_code, added.json()["name"], added.json()["size"]) == (201, "otro.pdf", 13)
    assert client.post(f"{address}/files?name=otro.pdf", **sent).json()["id"] == added.json()["id"]
    lies = client.post(f"{address}/files?name=foto.jpg", **sent | {"data": b"MZ no es una foto"})
    assert lies.status_code == 422
    assert len(client.get(f"{address}/files", headers=headers).json()["items"]) == 2
    closed = client.post(f"{address}/revoke-link", "{}", content_type="application/json", headers=headers)
    assert closed.json() == {"is_open": False}
    assert client.get(given["address"]).status_code == 410


# Who is a partner


def test_a_provider_may_be_an_institution_that_attends_here(clerk: Actor, there: Actor) -> None:
    with make.inside():
        counterpart = make.actor(Role.COUNTERPART)
    public = ProviderDetails("Combarbalá", ProviderNature.PUBLIC_SERVICE, partner_id=make.COMBARBALA)
    with acting(counterpart):
        assert make.COMBARBALA in [one.pk for one in partners_of(make.MONTE_PATRIA)]
        with pytest.raises(RuleBroken, match="servicio público"):
            add_provider(ProviderDetails("X", ProviderNature.PRIVATE, partner_id=make.COMBARBALA), by=counterpart)
        with pytest.raises(RuleBroken, match="todavía no atiende"):
            add_provider(ProviderDetails("X", ProviderNature.PUBLIC_SERVICE, partner_id=4305), by=counterpart)
        made = add_provider(public, by=counterpart)
        with pytest.raises(RuleBroken, match="ya está entre los prestadores"):
            add_provider(
                ProviderDetails("Otra", ProviderNature.PUBLIC_SERVICE, partner_id=make.COMBARBALA), by=counterpart
            )
    sent(clerk, attended(clerk, "technical_aids"), to=made.pk, sharing=Sharing(legal_ground=GROUND))
    with acting(counterpart), pytest.raises(RuleBroken, match="por responder"):
        change_provider(made, ProviderDetails("Combarbalá", ProviderNature.PUBLIC_SERVICE), by=counterpart)


def test_a_provider_by_link_is_as_before(clerk: Actor) -> None:
    one = sent_outside(clerk, provider=health_centre())
    with acting(clerk):
        assert not Exchange.objects.exists()
        assert give_link(one, by=clerk)
