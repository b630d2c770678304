"""Other systems are told what happens: once it is safe, signed, without a name, until they take it."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from tests import make
from tests.intake.desk_page import browser_of
from tests.outbox.systems import URL, told_system
from tests.referrals.loop import attended, desk, enumerator, sent

from ventanilla.access.actors import Actor
from ventanilla.access.operators import of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.jobs import MOST_TRIES, NotTaken
from ventanilla.outbox.actions import send_again, subscribe, take_up, unsubscribe
from ventanilla.outbox.events import deliver_event
from ventanilla.outbox.models import Event, EventDelivery, Subscription
from ventanilla.outbox.signing import secret_of
from ventanilla.referrals.actions import accept_referral

pytestmark = pytest.mark.django_db


class System:
    """Another system of the municipality: what it was told, and how it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.url = ""
        self.ears: type[BaseHTTPRequestHandler] = BaseHTTPRequestHandler


@pytest.fixture
def system(settings: LazySettings) -> Iterator[System]:
    settings.EVENTS_TO_LOOPBACK = True
    found = System()

    class Ears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", found.url)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    found.ears = Ears
    server = HTTPServer(("127.0.0.1", 0), Ears)
    found.url = f"http://127.0.0.1:{server.server_port}/avisos?de=ventanilla"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()


@pytest.fixture
def worker() -> Actor:
    with make.inside():
        return of_the_command(make.MONTE_PATRIA)


def subscribed(worker: Actor, url: str, *types: str) -> Subscription:
    with acting(worker):
        return subscribe(url, types=types, by=worker)


def deliveries(worker: Actor) -> list[EventDelivery]:
    with acting(worker):
        return list(EventDelivery.objects.select_related("event", "subscription").order_by("event__at", "id"))


# What is told


def test_each_step_of_a_referral_is_told_with_ids_and_states_and_nobodys_name(worker: Actor, system: System) -> None:
    subscription = subscribed(worker, system.url)
    one, there = sent(desk()), enumerator()
    with acting(there):
        accept_referral(one, by=there)
    for delivery in deliveries(worker):
        deliver_event(delivery.pk, by=worker)
    told = [json.loads(body) for _, body in system.told]
    assert [event["type"] for event in told] == ["cl.ventanilla.referral.sent.v1", "cl.ventanilla.referral.accepted.v1"]
    first = told[0]
    assert first["specversion"] == "1.0"
    assert first["source"] == f"urn:ventanilla:{make.MONTE_PATRIA}"
    assert first["subject"] == f"/api/v1/referrals/{one.pk}"
    assert first["data"]["folio"] == one.folio
    with acting(worker):
        person = type(one).objects.select_related("person").get(pk=one.pk).person
        assert subscription.deliveries.filter(delivered_at__isnull=True).count() == 0
    whole = b"".join(body for _, body in system.told).decode()
    for secret in (person.given_names, person.first_surname, person.run or "?", one.asked):
        assert secret not in whole


def test_whoever_receives_it_can_tell_that_it_is_ours(worker: Actor, system: System) -> None:
    subscription = subscribed(worker, system.url)
    sent(desk())
    (delivery,) = deliveries(worker)
    deliver_event(delivery.pk, by=worker)
    ((headers, body),) = system.told
    key = base64.b64decode(secret_of(subscription).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-id"] == json.loads(body)["id"] == str(delivery.event_id)
    assert headers["content-type"].startswith("application/cloudevents+json")


def test_what_is_restricted_and_what_nobody_asked_for_is_not_told(worker: Actor) -> None:
    subscribed(worker, URL, "referral.answered")
    sent(desk())
    assert deliveries(worker) == []
    subscribed(worker, f"{URL}/todo")
    receiver = enumerator()
    sent(desk(), attended(desk(), "violence"), to_account=receiver.account_id)
    with acting(worker):
        assert not Event.objects.exists()


def test_nothing_is_told_of_what_was_not_kept(worker: Actor) -> None:
    subscribed(worker, URL)
    with transaction.atomic():
        sent(desk())
        transaction.set_rollback(True)
    assert deliveries(worker) == []


# Until it is taken


def test_while_it_is_down_nothing_is_lost_and_each_try_has_the_same_id(worker: Actor, system: System) -> None:
    subscribed(worker, system.url)
    sent(desk())
    (delivery,) = deliveries(worker)
    for status in (500, 302, 410):
        system.status = status
        with pytest.raises(NotTaken, match=str(status)):
            deliver_event(delivery.pk, by=worker)
    system.status = 200
    deliver_event(delivery.pk, by=worker)
    deliver_event(delivery.pk, by=worker)
    assert len(system.told) == 4, "no redirection is followed, and what was taken is not sent again"
    assert len({headers["webhook-id"] for headers, _ in system.told}) == 1
    (kept,) = deliveries(worker)
    assert (kept.tries, kept.status, kept.last_error) == (4, 200, "")


def test_after_a_day_it_is_paused_and_all_of_it_goes_when_it_is_taken_up(worker: Actor, system: System) -> None:
    subscription = subscribed(worker, system.url)
    first, second = sent(desk()), sent(desk())
    system.status = 503
    with acting(worker):
        EventDelivery.objects.filter(event__subject__contains=str(first.pk)).update(tries=MOST_TRIES - 1)
    for delivery in deliveries(worker):
        deliver_event(delivery.pk, by=worker)
    with acting(worker):
        subscription.refresh_from_db()
        assert "No respondió durante un día: Respondió 503" in subscription.paused_because
    assert len(system.told) == 1, "the second waits"
    system.status = 204
    with acting(worker):
        assert take_up(subscription, by=worker) == 2
    for delivery in deliveries(worker):
        deliver_event(delivery.pk, by=worker)
    subjects = {json.loads(body)["subject"].rpartition("/")[2] for _, body in system.told[1:]}
    assert subjects == {str(first.pk), str(second.pk)}


def test_removed_it_is_told_nothing_more_not_even_what_waits(worker: Actor, system: System) -> None:
    subscription = subscribed(worker, system.url)
    sent(desk())
    with acting(worker):
        unsubscribe(subscription, by=worker)
    (delivery,) = deliveries(worker)
    deliver_event(delivery.pk, by=worker)
    assert system.told == []
    with acting(worker), pytest.raises(InvalidTransition):
        take_up(subscription, by=worker)


def test_what_was_taken_can_be_sent_again(worker: Actor, system: System) -> None:
    subscribed(worker, system.url)
    sent(desk())
    (delivery,) = deliveries(worker)
    deliver_event(delivery.pk, by=worker)
    with acting(worker):
        send_again(delivery, by=worker)
    deliver_event(delivery.pk, by=worker)
    assert len(system.told) == 2


# Who makes it


def test_the_same_address_is_one_subscription_and_only_its_administrator_makes_it(worker: Actor) -> None:
    assert subscribed(worker, URL).pk == subscribed(worker, f" {URL} ").pk
    with pytest.raises(RuleBroken, match="No hay eventos"):
        subscribed(worker, f"{URL}/otro", "people")
    clerk = desk()
    with acting(clerk), pytest.raises(NotAllowed):
        subscribe(URL, by=clerk)


# Pages


def test_the_administrator_adds_one_sees_what_became_of_it_and_takes_it_up(worker: Actor) -> None:
    client = browser_of(make.posting(Role.SYSTEM_ADMIN))
    assert "A nadie se le avisa" in client.get("/sistemas/").content.decode()
    refused = client.post("/sistemas/", {"url": "http://sistema.example"})
    assert (refused.status_code, "no viaja abierto" in refused.content.decode()) == (422, True)
    made = client.post("/sistemas/", {"url": URL, "types": "referral.sent, referral.answered"})
    address = made.headers["Location"]
    page = client.get(address).content.decode()
    assert "whsec_" in page
    assert "Todavía no pasa nada" in page
    told_system()
    with acting(worker):
        Subscription.objects.update(paused_at=Subscription.objects.get().made_at, paused_because="No respondió")
    assert "En pausa" in client.get("/sistemas/").content.decode()
    page = client.get(address).content.decode()
    assert "cl.ventanilla.referral.sent.v1" in page
    assert "Nada se perdió" in page
    assert "Van ahora los 1" in client.post(f"{address}retomar/", follow=True).content.decode()
    (delivery,) = deliveries(worker)
    assert client.post(f"{address}avisos/{delivery.pk}/").status_code == 302
    assert client.post(f"{address}quitar/").headers["Location"] == "/sistemas/"
    assert "A nadie se le avisa" in client.get("/sistemas/").content.decode()
