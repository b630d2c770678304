"""Who refers to whom: what is counted, by whom it is seen, and how it is drawn."""

from datetime import timedelta

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import attended, desk, enumerator, protocol, rsh, sent

from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import NotAllowed
from ventanilla.referrals.actions import AnswerDetails, answer_referral, reject_referral
from ventanilla.referrals.drawing import drawing_of
from ventanilla.referrals.models import Referral
from ventanilla.referrals.network import open_network
from ventanilla.referrals.states import AnswerOutcome

pytestmark = pytest.mark.django_db


def test_it_counts_what_was_sent_answered_late_and_ended_without_answer() -> None:
    clerk, there = desk(), enumerator()
    with make.inside() as head:
        protocol(rsh(), "rsh_change", senders=[make.unit_of(head)])
        worker = make.actor(Role.CASE_WORKER)
    answered, rejected, late = sent(clerk), sent(clerk), sent(clerk, attended(clerk, "suf"))
    inside = sent(clerk, to=clerk.unit_id, to_account=worker.account_id)
    with acting(there):
        answer_referral(answered, AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=there)
        reject_referral(rejected, by=there, ground="No vive en la comuna")
    with make.inside() as head:
        Referral.objects.filter(pk=late.pk).update(accept_by=make.YESTERDAY, due_on=make.YESTERDAY)
        Referral.objects.filter(pk=inside.pk).update(sent_at=inside.sent_at - timedelta(days=40))
        network = open_network(head, days=30)
        whole = open_network(head, days=90)
    (edge,) = network.edges
    assert (edge.sender, edge.receiver) == ("Unidad uas", "Unidad rsh")
    flow = edge.flow
    assert (flow.sent, flow.open, flow.late, flow.answered, flow.unanswered) == (3, 1, 1, 1, 1)
    assert (flow.share_in_time, flow.days_in_words) == ("100 %", "menos de 1 día")
    assert [(one.name, one.flow.sent) for one in network.protocols] == [
        ("P-01 Registro Social", 2),
        ("Sin protocolo", 1),
    ]
    assert {(one.sender, one.receiver) for one in whole.edges} == {
        ("Unidad uas", "Unidad rsh"),
        ("Unidad uas", "Unidad uas"),
    }


def test_what_is_above_whoever_looks_is_not_counted() -> None:
    receiver = enumerator()
    sent(desk(), attended(desk(), "violence"), to_account=receiver.account_id)
    with make.inside():
        director = make.actor(Role.DIDECO)
    with acting(director):
        assert open_network(director, days=30).edges == []
    clerk = desk()
    with acting(clerk), pytest.raises(NotAllowed):
        open_network(clerk, days=30)


def test_the_drawing_fits_and_has_every_flow() -> None:
    clerk = desk()
    with make.inside():
        worker = make.actor(Role.CASE_WORKER)
        others = [make.unit(code=f"u{number}", functions=("housing",)) for number in range(5)]
    for other in others:
        sent(clerk, to=other.pk)
    sent(clerk, to=clerk.unit_id, to_account=worker.account_id)
    with make.inside() as head:
        drawing = drawing_of(open_network(head, days=30).edges)
    assert (len(drawing.nodes), len(drawing.curves)) == (6, 6)
    for node in drawing.nodes:
        assert 0 < float(node.x) < drawing.width
        assert 0 < float(node.y) < drawing.height
        assert all(0 < float(y) < drawing.height for _, y in node.lines)
    assert len({curve.path for curve in drawing.curves}) == 6


def test_the_page_names_no_neighbour_and_begins_empty() -> None:
    with make.inside():
        director = make.posting(Role.DIDECO)
    client = browser_of(director)
    assert "Todavía no se deriva nada" in client.get("/derivaciones/red/").content.decode()
    one = sent(desk())
    for address in ("/derivaciones/red/", "/derivaciones/red/?dias=365", "/derivaciones/red/?dias=x"):
        text = client.get(address).content.decode()
        assert "Unidad rsh" in text
        assert '<svg class="chart network"' in text
        assert one.person.given_names not in text
