"""A referral that was sent to the wrong unit goes on to another, and the first sender is the one answered."""

from datetime import timedelta

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import again, attended, desk, enumerator, protocol, rsh, sent, sent_outside

from ventanilla.access.actors import Actor
from ventanilla.access.models import Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import ConsultationState
from ventanilla.referrals.actions import (
    AnswerDetails,
    accept_referral,
    answer_referral,
    follow_referrals,
    forward_referral,
)
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import AnswerOutcome, ReferralEvent, ReferralState

pytestmark = pytest.mark.django_db


def subsidies() -> Unit:
    return make.unit(code="subsidies", functions=("subsidies",))


@pytest.fixture
def clerk() -> Actor:
    return desk()


@pytest.fixture
def there(clerk: Actor) -> Actor:
    return enumerator()


@pytest.fixture
def beyond(clerk: Actor) -> Actor:
    with make.inside():
        return make.actor(Role.FRONT_DESK, in_unit=subsidies())


def test_the_new_unit_answers_the_first_sender(clerk: Actor, there: Actor, beyond: Actor) -> None:
    one = sent(clerk)
    with acting(there):
        accept_referral(one, by=there)
        forward_referral(one, subsidies().pk, by=there, reason="Es de subsidios")
    kept = again(one)
    assert (kept.state, kept.to_unit_id, kept.assigned_to_id) == (ReferralState.SENT, beyond.unit_id, None)
    assert kept.from_unit_id == clerk.unit_id
    with acting(there), pytest.raises(NotAllowed):
        accept_referral(kept, by=there)
    with acting(beyond):
        accept_referral(kept, by=beyond)
        answer_referral(kept, AnswerDetails(AnswerOutcome.GRANTED, "Otorgado"), by=beyond)
        step = kept.steps.get(event=ReferralEvent.FORWARDED)
        assert step.note.startswith(f"De {rsh()} a {subsidies()}")
        assert Consultation.objects.get(pk=kept.consultation_id).state == ConsultationState.RESOLVED


def test_its_terms_and_protocol_are_those_with_the_new_unit_from_today(
    clerk: Actor, there: Actor, beyond: Actor
) -> None:
    with make.inside() as head:
        mine = [make.unit_of(head)]
        protocol(rsh(), "rsh_change", senders=mine, fields=["birth", "contact"], answer_days=5)
        other = protocol(subsidies(), "rsh_change", senders=mine, fields=["birth", "home"], answer_days=20)
    one = sent(clerk)
    before = {line["field"] for line in one.packet}
    with acting(there):
        forward_referral(one, subsidies().pk, by=there, reason="Es de subsidios")
    kept = again(one)
    assert kept.protocol_id == other.pk
    assert kept.answer_by > one.accept_by
    assert before == {"birth", "contact"}
    assert {line["field"] for line in kept.packet} == {"birth"}, "never more than travelled, and no more than is agreed"


def test_it_does_not_go_back_nor_to_where_it_is_nor_where_nobody_receives(clerk: Actor, there: Actor) -> None:
    one = sent(clerk)
    closed = make.unit(code="closed", functions=("housing",))
    Unit.objects.filter(pk=closed.pk).update(connected_until=make.YESTERDAY)
    assert clerk.unit_id
    for to, why in ((clerk.unit_id, "devuélvala"), (rsh().pk, "asígnela"), (closed.pk, "no recibe")):
        with acting(there), pytest.raises(RuleBroken, match=why):
            forward_referral(one, to, by=there, reason="No es de aquí")
    with acting(there), pytest.raises(RuleBroken, match="por qué"):
        forward_referral(one, subsidies().pk, by=there, reason=" ")
    assert again(one).to_unit_id == rsh().pk


def test_only_who_has_it_forwards_it_and_what_went_outside_is_not(clerk: Actor, beyond: Actor) -> None:
    one, outside = sent(clerk), sent_outside(clerk, attended(clerk, "technical_aids"))
    with acting(beyond), pytest.raises(NotAllowed):
        forward_referral(one, subsidies().pk, by=beyond, reason="La quiero")
    with acting(clerk), pytest.raises(RuleBroken):
        forward_referral(outside, subsidies().pk, by=clerk, reason="Mejor aquí")


def test_one_that_expired_is_not_forwarded(clerk: Actor, there: Actor) -> None:
    one = sent(clerk)
    by = Actor(Agent.COMMAND, make.MONTE_PATRIA)
    with acting(by):
        follow_referrals(by=by, on=make.TODAY + timedelta(days=400))
    assert again(one).state == ReferralState.EXPIRED
    with acting(there), pytest.raises(InvalidTransition, match="Ya terminó"):
        forward_referral(again(one), subsidies().pk, by=there, reason="Es de subsidios")


def test_what_is_restricted_goes_on_to_somebody_by_name(clerk: Actor, there: Actor, beyond: Actor) -> None:
    one = sent(clerk, attended(clerk, "violence"), to_account=there.account_id)
    with acting(there):
        with pytest.raises(RuleBroken, match="restringida"):
            forward_referral(one, subsidies().pk, by=there, reason="Es de allá")
        forward_referral(one, subsidies().pk, by=there, reason="Es de allá", to_account=beyond.account_id)
    with acting(there):
        assert not Referral.objects.visible_to(there).filter(pk=one.pk).exists()
    with acting(beyond):
        assert Referral.objects.visible_to(beyond).filter(pk=one.pk).exists()


def test_from_its_page_one_chooses_where_it_goes(clerk: Actor) -> None:
    head = make.posting(Role.UNIT_HEAD, in_unit=rsh())
    target = make.posting(Role.FRONT_DESK, in_unit=subsidies())
    one, client = sent(clerk), browser_of(head)
    address = f"{one.get_absolute_url()}reenviar/"
    page = client.get(address).content.decode()
    assert "Unidad subsidies" in page
    assert f'value="{clerk.unit_id}"' not in page
    refused = client.post(address, {"to": "", "reason": ""})
    assert (refused.status_code, "Elija a quién se reenvía" in refused.content.decode()) == (422, True)
    form = {"to": f"{subsidies().pk}_{target.account_id}", "reason": "Es de subsidios"}
    assert client.post(address, form).headers["Location"] == "/derivaciones/"
    kept = again(one)
    assert (kept.to_unit_id, kept.assigned_to_id) == (subsidies().pk, target.account_id)
    by = actor_in(target)
    with acting(by):
        accept_referral(kept, by=by)
