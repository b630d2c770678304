"""Several referrals at once: what would happen is shown first, and what changed meanwhile does not stop the others."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import again, attended, desk, rsh, sent

from ventanilla.access.models import Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.referrals.actions import accept_referral, answer_referral
from ventanilla.referrals.actions.receiving import AnswerDetails
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import AnswerOutcome, ReferralState

pytestmark = pytest.mark.django_db

INBOX, SEVERAL = "/derivaciones/", "/derivaciones/varias/"


@pytest.fixture
def head(db: None) -> Posting:
    """Of the unit that receives."""
    with make.inside():
        return make.posting(Role.UNIT_HEAD, in_unit=rsh())


@pytest.fixture
def clerk(head: Posting) -> Posting:
    return make.posting(Role.FRONT_DESK, in_unit=rsh())


def marks(page: str) -> list[str]:
    return re.findall(r'name="line" value="([0-9a-f-]+_\d+)"', page)


def inbox(client: Client) -> str:
    return client.get(INBOX).content.decode()


def test_marked_in_the_inbox_they_are_accepted_after_a_look(clerk: Posting) -> None:
    one, two = sent(desk()), sent(desk(), attended(desk(), "suf"))
    client = browser_of(clerk)
    page = inbox(client)
    assert "Aceptar…" in page
    assert "Asignar…" not in page
    seen = marks(page)
    assert len(seen) == 2
    looked = client.post(SEVERAL, {"line": seen, "order": "aceptar"}).content.decode()
    assert "Todavía no cambia nada" in looked
    assert again(one).state == ReferralState.SENT
    assert marks(looked) == seen
    done = client.post(SEVERAL, {"line": seen, "order": "aceptar", "confirm": "1"}, follow=True).content.decode()
    assert "2 derivaciones quedaron aceptadas" in done
    for referral in (one, two):
        kept = again(referral)
        assert (kept.state, kept.assigned_to_id) == (ReferralState.ACCEPTED, clerk.account_id)


def test_what_somebody_moved_meanwhile_is_told_and_the_others_go_on(clerk: Posting, head: Posting) -> None:
    one, two = sent(desk()), sent(desk(), attended(desk(), "suf"))
    client = browser_of(clerk)
    seen = marks(inbox(client))
    first = actor_in(head)
    with acting(first):
        accept_referral(again(one), by=first)
    done = client.post(SEVERAL, {"line": seen, "order": "aceptar", "confirm": "1"}).content.decode()
    assert "1 no cambió" in done
    assert f"a cargo de {head.account.full_name}" in done
    assert again(one).assigned_to_id == head.account_id
    assert again(two).assigned_to_id == clerk.account_id
    repeated = client.post(SEVERAL, {"line": seen, "order": "aceptar", "confirm": "1"}).content.decode()
    assert "2 no cambiaron" in repeated


def test_a_head_passes_them_to_a_colleague_and_a_clerk_takes_only_what_nobody_has(
    clerk: Posting, head: Posting
) -> None:
    sent(desk())
    sent(desk(), attended(desk(), "suf"))
    client = browser_of(head)
    seen = marks(inbox(client))
    asked = client.post(SEVERAL, {"line": seen, "order": "asignar"}).content.decode()
    assert "elija a quién" in asked
    missing = client.post(SEVERAL, {"line": seen, "order": "asignar", "to": "", "confirm": "1"})
    assert (missing.status_code, "Elija a quién se asignan" in missing.content.decode()) == (422, True)
    form = {"line": seen, "order": "asignar", "to": str(clerk.account_id), "reason": "Reparto del lunes"}
    assert f"Asignar 2 a {clerk.account.full_name}" in client.post(SEVERAL, form).content.decode()
    client.post(SEVERAL, form | {"confirm": "1"})
    with make.inside():
        assert set(Referral.objects.values_list("assigned_to", flat=True)) == {clerk.account_id}
    other = browser_of(make.posting(Role.FRONT_DESK, in_unit=rsh()))
    taken = other.post(SEVERAL, {"line": marks(inbox(other)), "order": "tomar", "confirm": "1"}).content.decode()
    assert "pasarla es de la jefatura" in taken


def test_nothing_marked_and_what_was_made_up_change_nothing(clerk: Posting) -> None:
    one = sent(desk())
    client = browser_of(clerk)
    assert "Marque al menos una" in client.post(SEVERAL, {"order": "aceptar"}, follow=True).content.decode()
    assert client.post(SEVERAL, {"line": f"{one.pk}_1", "order": "quemar"}).status_code == 404
    assert (
        client.post(SEVERAL, {"line": f"{one.pk}_1", "order": "asignar", "to": str(clerk.account_id)}).status_code
        == 403
    )
    stranger = browser_of(make.posting(Role.FRONT_DESK))
    assert stranger.post(SEVERAL, {"line": f"{one.pk}_1", "order": "aceptar", "confirm": "1"}).status_code == 404
    assert again(one).state == ReferralState.SENT


def test_what_ended_is_neither_accepted_nor_passed(clerk: Posting) -> None:
    one, by = sent(desk()), actor_in(clerk)
    with acting(by):
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=by)
    mark = f"{one.pk}_{again(one).version}"
    client = browser_of(clerk)
    for order, why in (("aceptar", "ya no se acepta"), ("tomar", "ya terminó")):
        assert why in client.post(SEVERAL, {"line": mark, "order": order}).content.decode()


def test_the_look_costs_the_same_for_many(clerk: Posting) -> None:
    client = browser_of(clerk)

    def cost() -> int:
        seen = marks(inbox(client))
        with CaptureQueriesContext(connection) as asked:
            client.post(SEVERAL, {"line": seen, "order": "aceptar"})
        return len(asked)

    for _ in range(2):
        sent(desk())
    few = cost()
    for _ in range(12):
        sent(desk())
    assert cost() == few
