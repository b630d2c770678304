"""Referring what an attention left for others: to whom, under which protocol, with what, until when."""

from datetime import timedelta
from typing import Any

import pytest
from tests import make
from tests.intake.desk_page import browser_of
from tests.referrals.loop import ASKED, again, attended, desk, enumerator, protocol, rsh, sent

from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Posting, Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.intake.actions import answer_line, void_consultation
from ventanilla.intake.models import ReasonLine
from ventanilla.intake.states import Outcome
from ventanilla.referrals.actions import ReferralDetails, send_referral, withdraw_referral
from ventanilla.referrals.models import Referral, ReferralStep
from ventanilla.referrals.rules import Terms, deadlines_when_accepted, deadlines_when_sent
from ventanilla.referrals.states import ReferralKind, ReferralState
from ventanilla.registry.models import ContactPoint
from ventanilla.registry.vocabulary import FactKind, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Actor:
    return desk()


def line_of(referral: Referral) -> ReasonLine:
    with make.inside():
        return ReasonLine.objects.get(consultation=referral.consultation_id)


def test_a_referral_without_protocol_says_so_and_runs_by_the_terms_of_the_municipality(clerk: Actor) -> None:
    referral = sent(clerk)
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    assert referral.folio == f"D-{make.TODAY.year}-000001"
    assert (referral.state, referral.protocol, referral.kind) == (ReferralState.SENT, None, ReferralKind.INTERNAL_BASE)
    assert referral.accept_by == days.end_of_term(make.TODAY, 1)
    assert referral.answer_by == days.end_of_term(make.TODAY, 6)
    assert referral.expires_on == days.end_of_term(make.TODAY, 16)
    assert referral.due_on == referral.accept_by
    with acting(clerk):
        assert [step.event for step in ReferralStep.objects.all()] == ["sent"]


def test_the_protocol_that_governs_gives_its_terms_and_what_travels(clerk: Actor) -> None:
    with make.inside() as head:
        version = protocol(
            rsh(), "rsh_change", senders=[make.unit_of(head)], fields=["birth", "bracket"], accept_days=2, answer_days=3
        )
        rosa = make.person()
        make.home(rosa, bracket=40)
    referral = sent(clerk, attended(clerk, person=rosa))
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    assert referral.protocol == version
    assert referral.accept_by == days.end_of_term(make.TODAY, 2)
    assert referral.answer_by == days.end_of_term(referral.accept_by, 3)
    assert [told["label"] for told in referral.packet] == ["Fecha de nacimiento", "Tramo del RSH y su fecha"]
    assert "40" in referral.packet[1]["value"]
    assert "RSH" in referral.packet[1]["source"] or "Registro" in referral.packet[1]["source"]


def test_a_protocol_that_ended_or_is_of_another_reason_governs_nothing(clerk: Actor) -> None:
    with make.inside() as head:
        protocol(rsh(), "rsh_entry", senders=[make.unit_of(head)])
        over = protocol(rsh(), "rsh_change", senders=[make.unit_of(head)])
        over.governs.update(ends_on=make.YESTERDAY)
    assert sent(clerk).protocol is None


def test_reasons_that_go_by_different_protocols_are_sent_apart(clerk: Actor) -> None:
    with make.inside() as head:
        protocol(rsh(), "rsh_entry", senders=[make.unit_of(head)])
    both = attended(clerk, "rsh_entry", "rsh_change")
    with pytest.raises(RuleBroken, match="protocolos distintos"):
        sent(clerk, both)
    with acting(clerk):
        first, second = both.lines.order_by("position")
    assert sent(clerk, both, line_ids=[first.pk]).protocol is not None
    assert sent(clerk, both, line_ids=[second.pk]).protocol is None


def test_the_least_documents_are_marked_unless_it_is_urgent(clerk: Actor) -> None:
    with make.inside() as head:
        protocol(rsh(), "rsh_change", senders=[make.unit_of(head)], documents="Certificado de defunción\nCédula")
    waiting = attended(clerk)
    with pytest.raises(RuleBroken, match="Certificado de defunción"):
        sent(clerk, waiting, papers=["Cédula"])
    assert sent(clerk, waiting, papers=["Certificado de defunción", "Cédula"]).papers.splitlines()[1] == "Cédula"
    urgent = sent(clerk, is_urgent=True, urgency="Queda sin agua mañana")
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    assert urgent.accept_by == days.first_from(make.TODAY)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"asked": "  "}, "qué se pide"),
        ({"is_urgent": True}, "por qué es urgente"),
        ({"line_ids": []}, "Marque qué motivos"),
        ({"line_ids": [new_id()]}, "Marque qué motivos"),
        ({"to": new_id()}, "no se reciben derivaciones"),
        ({"to_account": new_id()}, "no tiene un desempeño"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(clerk: Actor, said: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        sent(clerk, **said)
    with acting(clerk):
        assert not Referral.objects.exists()


def test_within_the_unit_one_refers_to_somebody_and_never_to_oneself(clerk: Actor) -> None:
    with make.inside():
        worker = make.actor(Role.CASE_WORKER)
    waiting = attended(clerk)
    with pytest.raises(RuleBroken, match="elija a quién"):
        sent(clerk, waiting, to=clerk.unit_id)
    with pytest.raises(RuleBroken, match="usted misma"):
        sent(clerk, waiting, to=clerk.unit_id, to_account=clerk.account_id)
    assert sent(clerk, waiting, to=clerk.unit_id, to_account=worker.account_id).assigned_to_id == worker.account_id


def test_what_is_restricted_goes_to_somebody_by_name_and_nobody_else_sees_it(clerk: Actor) -> None:
    waiting = attended(clerk, "violence")
    with pytest.raises(RuleBroken, match="Es restringida"):
        sent(clerk, waiting)
    receiver, colleague = enumerator(), enumerator()
    referral = sent(clerk, waiting, to_account=receiver.account_id)
    for by, sees in ((clerk, True), (receiver, True), (colleague, False), (desk(), False)):
        with acting(by):
            assert Referral.objects.visible_to(by).filter(pk=referral.pk).exists() is sees


def test_a_unit_that_is_no_longer_connected_receives_nothing(clerk: Actor) -> None:
    waiting = attended(clerk)
    Unit.objects.filter(pk=rsh().pk).update(connected_until=make.YESTERDAY)
    with pytest.raises(RuleBroken, match="no se reciben derivaciones"):
        sent(clerk, waiting)


def test_only_the_unit_that_attended_refers_and_only_what_waits_for_others(clerk: Actor) -> None:
    waiting = attended(clerk)
    with pytest.raises(NotAllowed):
        sent(enumerator(), waiting)
    with pytest.raises(InvalidTransition, match="cuando la atención terminó"):
        sent(clerk, attended(clerk, outcome=Outcome.INFORMED))
    sent(clerk, waiting)
    with acting(clerk):
        again_there = ReferralDetails(list(waiting.lines.values_list("pk", flat=True)), rsh().pk, ASKED)
        with pytest.raises(RuleBroken, match="ya está derivado a esa unidad"):
            send_referral(waiting, again_there, by=clerk)


def test_the_same_form_sent_twice_is_one_referral(clerk: Actor) -> None:
    waiting, submission = attended(clerk), new_id()
    first = sent(clerk, waiting, submission_id=submission)
    assert sent(clerk, waiting, submission_id=submission) == first


def test_what_is_referred_is_pending_there_and_not_here(clerk: Actor) -> None:
    referral = sent(clerk)
    line = line_of(referral)
    assert line.pending_in_id is None
    assert line.answered_at is None
    with acting(clerk):
        with pytest.raises(RuleBroken, match="está derivado"):
            answer_line(line, by=clerk, outcome=Outcome.RESOLVED)
        with pytest.raises(RuleBroken, match="derivación abierta"):
            void_consultation(referral.consultation, by=clerk, reason="Era otra persona")


def test_what_is_withdrawn_is_pending_here_again(clerk: Actor) -> None:
    referral = sent(clerk)
    with acting(clerk):
        withdraw_referral(referral, by=clerk, reason="La atendimos aquí mismo")
    line = line_of(referral)
    assert again(referral).state == ReferralState.WITHDRAWN
    assert line.pending_in_id == clerk.unit_id
    assert line.due_on is not None
    assert line.due_on > make.TODAY
    with acting(clerk):
        answer_line(line, by=clerk, outcome=Outcome.RESOLVED)


def test_the_packet_tells_only_ordinary_contacts_and_that_one_is_not_to_call(clerk: Actor) -> None:
    with make.inside():
        rosa = make.person()
        for value, secrecy, silent in (("+56 9 5555 0143", "ordinary", True), ("+56 9 5555 0999", "reserved", False)):
            ContactPoint.objects.create(
                person=rosa, kind="phone", value=value, secrecy=secrecy, do_not_call=silent, as_of=make.TODAY
            )
    told = {line["value"] for line in sent(clerk, attended(clerk, person=rosa)).packet}
    assert "+56 9 5555 0143 · No llamar" in told
    assert not any("0999" in value for value in told)


def test_the_packet_is_as_it_was_known_then(clerk: Actor) -> None:
    with make.inside() as head:
        protocol(rsh(), "rsh_change", senders=[make.unit_of(head)], fields=["benefits", "care"])
        rosa = make.person()
        make.fact(FactKind.SUBSIDY, person=rosa, value="suf")
        make.fact(FactKind.SUBSIDY, person=rosa, value="sap", valid_until=make.YESTERDAY)
    referral = sent(clerk, attended(clerk, person=rosa))
    with make.inside():
        make.fact(FactKind.DISABILITY, person=rosa, value="física", source=Source.SENADIS, as_of=make.TODAY)
    told = [(line["label"], line["value"]) for line in again(referral).packet]
    assert len(told) == 2
    assert told[1] == ("Discapacidad, dependencia y cuidados", "Nada registrado")


def test_due_days_are_working_days_whatever_the_day(clerk: Actor) -> None:
    days = service_days(make.MONTE_PATRIA, around=make.TODAY)
    for offset in range(40):
        for urgent in (True, False):
            on = make.TODAY + timedelta(days=offset)
            terms = Terms(
                accept_days=offset % 3, answer_days=offset % 7, expire_days=1 + offset % 5, urgent_days=offset % 2
            )
            found = deadlines_when_sent(terms, on=on, days=days, is_urgent=urgent)
            later = deadlines_when_accepted(terms, found.accept_by, on=on, days=days, is_urgent=urgent)
            for one in (found, later):
                assert on <= one.accept_by <= one.answer_by <= one.expires_on
                assert all(days.includes(day) for day in (one.accept_by, one.answer_by, one.expires_on))


# To whoever has a function


def test_what_is_sent_to_a_function_goes_to_the_only_unit_that_has_it(clerk: Actor) -> None:
    rsh()
    one = sent(clerk, to=None, to_function="rsh")
    assert (one.to_unit, one.to_function_id) == (rsh(), "rsh")


def test_of_several_with_the_function_the_one_whose_protocol_governs_has_it(clerk: Actor) -> None:
    other = make.unit(code="rsh-norte", functions=("rsh",))
    rsh()
    with pytest.raises(RuleBroken, match="Varias unidades tienen esa función") as refused:
        sent(clerk, to=None, to_function="rsh")
    assert refused.value.field == "to"
    with make.inside() as head:
        protocol(other, "rsh_change", senders=[make.unit_of(head)])
    assert sent(clerk, to=None, to_function="rsh").to_unit == other


def test_a_function_that_no_other_unit_has_receives_nothing(clerk: Actor) -> None:
    for code in ("housing", "social_assistance", "no existe"):
        with pytest.raises(RuleBroken, match="Ninguna otra unidad"):
            sent(clerk, to=None, to_function=code)


def test_the_page_offers_functions_and_shows_what_would_travel(clerk: Actor) -> None:
    rsh()
    waiting = attended(clerk)
    client = browser_of(Posting.objects.get(account=clerk.account))
    with acting(clerk):
        line = waiting.lines.get().pk
    said = {"lines": str(line), "to": "funcion_rsh", "asked": ASKED}
    address = f"/derivaciones/desde/{waiting.pk}/"
    looked = client.post(address, said | {"look": "1"}).content.decode()
    assert '<option value="funcion_rsh" selected>' in looked
    assert "Sin protocolo" in looked
    assert client.post(address, said).status_code == 302
    with acting(clerk):
        assert Referral.objects.get().to_function_id == "rsh"
