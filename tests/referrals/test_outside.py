"""A referral to somebody without an account: on a ground, by a link and a code, answered there or in their words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from tests import make
from tests.referrals.loop import GROUND, again, attended, desk, enumerator, health_centre, protocol, sent, sent_outside

from ventanilla.access.actions import end_provider
from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import ProviderNature
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.desk.tray.referrals import late_referrals, referrals_to_complete
from ventanilla.intake.models import Consultation
from ventanilla.intake.states import ConsultationState
from ventanilla.referrals.actions import (
    AnswerDetails,
    accept_referral,
    answer_referral,
    assign_referral,
    follow_referrals,
    reject_referral,
    reopen_referral,
)
from ventanilla.referrals.models import AccessLink, Attachment, LinkOpening, Referral, Transfer
from ventanilla.referrals.network import open_network
from ventanilla.referrals.outside.actions import attach, enter_link, give_link, revoke_link
from ventanilla.referrals.outside.files import MOST
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.referrals.outside.links import MOST_WRONG, code_of, token_of
from ventanilla.referrals.outside.reading import find_link, why_closed
from ventanilla.referrals.outside.states import Consent
from ventanilla.referrals.states import AnswerOutcome, ReferralEvent, ReferralKind, ReferralState

pytestmark = pytest.mark.django_db

GUEST = "Carla Rojas (ficticia), asistente social"
PDF = b"%PDF-1.7 informe"


@pytest.fixture
def clerk() -> Actor:
    return desk()


def guest_of(referral: Referral) -> Actor:
    """Somebody of the provider, who came by its link."""
    return Actor(Agent.PROVIDER, referral.institution_id, provider_id=referral.to_provider_id, speaks_for=GUEST)


def linked(referral: Referral, clerk: Actor) -> AccessLink:
    with acting(clerk):
        return give_link(referral, by=clerk)


# Sending it


def test_it_leaves_the_transfer_that_the_law_asks_for(clerk: Actor) -> None:
    one = sent_outside(clerk, attended(clerk, "technical_aids"))
    with acting(clerk):
        transfer = Transfer.objects.get(referral=one)
        labels = {line["label"] for line in one.packet}
    assert (transfer.destination, transfer.nature) == (health_centre().name, ProviderNature.PUBLIC_SERVICE)
    assert transfer.account_id == clerk.account_id
    assert set(transfer.data) == {"Nombre y RUN", "Motivo y lo que se pide", *labels}
    assert (transfer.legal_ground, transfer.until) == (GROUND, one.expires_on)
    assert one.folio in transfer.procedure
    assert one.person.given_names not in transfer.procedure


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        (ProviderNature.PUBLIC_SERVICE, ReferralKind.EXTERNAL_PUBLIC),
        (ProviderNature.MUNICIPAL_CORPORATION, ReferralKind.EXTERNAL_PUBLIC),
        (ProviderNature.PRIVATE, ReferralKind.EXTERNAL_PRIVATE),
    ],
)
def test_it_is_counted_as_what_the_provider_is(clerk: Actor, nature: ProviderNature, kind: ReferralKind) -> None:
    provider = health_centre(nature=nature)
    assert sent_outside(clerk, provider=provider, sharing=Sharing(consent=Consent.IN_PERSON)).kind == kind


def test_without_a_ground_nothing_leaves(clerk: Actor) -> None:
    private = health_centre(nature=ProviderNature.PRIVATE)
    waiting = attended(clerk, "technical_aids")
    for provider, field in ((health_centre(), "legal_ground"), (private, "consent")):
        with pytest.raises(RuleBroken) as refused:
            sent_outside(clerk, waiting, provider=provider, sharing=Sharing())
        assert refused.value.field == field
    with acting(clerk):
        assert not Referral.objects.exists()
        assert not Transfer.objects.exists()


def test_the_protocols_legal_ground_stands_where_nothing_else_is_said(clerk: Actor) -> None:
    centre = health_centre()
    with make.inside() as head:
        version = protocol(
            centre, "technical_aids", senders=[make.unit_of(head)], fields=["contact"], legal_ground="Convenio de 2026"
        )
    one = sent_outside(clerk, attended(clerk, "technical_aids"), sharing=Sharing())
    assert one.protocol_id == version.pk
    with acting(clerk):
        assert one.transfers.get().legal_ground == "Convenio de 2026"


def test_what_is_restricted_does_not_leave_by_a_link(clerk: Actor) -> None:
    with pytest.raises(RuleBroken, match="no sale por enlace"):
        sent_outside(clerk, attended(clerk, "violence"))


def test_who_no_longer_attends_receives_nothing(clerk: Actor) -> None:
    centre = health_centre()
    centre.ended_on = make.YESTERDAY
    centre.save()
    with pytest.raises(RuleBroken, match="no se reciben derivaciones"):
        sent_outside(clerk, provider=centre)


def test_a_provider_with_something_to_answer_is_not_ended(clerk: Actor) -> None:
    sent_outside(clerk)
    with make.inside():
        counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(RuleBroken, match="derivaciones por responder"):
        end_provider(health_centre(), by=counterpart)


# The link


def test_its_code_opens_it_and_each_try_is_kept(clerk: Actor) -> None:
    one = sent_outside(clerk)
    link, guest = linked(one, clerk), guest_of(one)
    with acting(guest):
        found = find_link(token_of(link), by=guest)
        assert found == link
        assert not enter_link(found, "00000000", GUEST, by=guest, address="127.0.0.1")
        code = code_of(link)
        assert enter_link(found, f" {code[:4]}-{code[4:]}", GUEST, by=guest, address="127.0.0.1")
        assert list(LinkOpening.objects.values_list("what", "said_by")) == [("refused", GUEST), ("entered", GUEST)]
        assert find_link("0" * 64, by=guest) is None


def test_neither_address_nor_code_are_kept_in_the_database(clerk: Actor) -> None:
    link = linked(sent_outside(clerk), clerk)
    with acting(clerk):
        kept = str(AccessLink.objects.values().get())
    assert token_of(link) not in kept
    assert code_of(link) not in kept


def test_after_five_wrong_codes_not_even_the_right_one_opens_it(clerk: Actor) -> None:
    one = sent_outside(clerk)
    link, guest = linked(one, clerk), guest_of(one)
    with acting(guest):
        for _ in range(MOST_WRONG):
            assert not enter_link(link, "1", GUEST, by=guest, address=None)
        assert not enter_link(link, code_of(link), GUEST, by=guest, address=None)
        closed = why_closed(link, on=make.TODAY)
    assert closed
    assert "bloqueado" in closed.title


def test_a_new_one_closes_the_one_before_and_revoking_closes_both(clerk: Actor) -> None:
    one = sent_outside(clerk)
    first, second = linked(one, clerk), linked(one, clerk)
    assert token_of(first) != token_of(second)
    with acting(clerk):
        revoke_link(one, by=clerk)
        revoke_link(one, by=clerk)
        links = list(AccessLink.objects.select_related("referral"))
        assert [bool(why_closed(link, on=make.TODAY)) for link in links] == [True, True]
        assert one.steps.filter(event=ReferralEvent.LINKED).count() == 3


def test_it_closes_when_its_term_is_over_and_when_it_was_answered(clerk: Actor) -> None:
    one = sent_outside(clerk)
    link = linked(one, clerk)
    assert why_closed(link, on=one.expires_on) is None
    late = why_closed(link, on=one.expires_on + timedelta(days=1))
    assert late
    assert "venció" in late.title
    guest = guest_of(one)
    with acting(guest):
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Evaluada"), by=guest)
        link.referral.refresh_from_db()
        ended = why_closed(link, on=make.TODAY)
    assert ended
    assert "terminó" in ended.title
    with acting(clerk), pytest.raises(InvalidTransition, match="ya terminó"):
        give_link(one, by=clerk)


def test_only_what_went_outside_has_a_link_and_only_its_sender_gives_it(clerk: Actor) -> None:
    inside, outside = sent(clerk), sent_outside(clerk)
    other = enumerator()
    with acting(clerk), pytest.raises(RuleBroken, match="no necesita enlace"):
        give_link(inside, by=clerk)
    with acting(other), pytest.raises(NotAllowed):
        give_link(outside, by=other)


# Answering it


def test_answered_by_link_it_resolves_the_consultation_in_the_words_of_who_did_it(clerk: Actor) -> None:
    one = sent_outside(clerk)
    guest = guest_of(one)
    with acting(guest):
        accept_referral(one, by=guest)
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Silla indicada"), by=guest)
    with acting(clerk):
        answer = one.answers.get()
        assert (answer.said_by, answer.account_id) == (GUEST, None)
        assert {step.said_by for step in one.steps.exclude(event=ReferralEvent.SENT)} == {GUEST}
        consultation = Consultation.objects.get(pk=one.consultation_id)
        assert consultation.state == ConsultationState.RESOLVED
        assert health_centre().name in consultation.lines.get().answer
    assert again(one).assigned_to_id is None


def test_a_desk_writes_it_down_in_their_words_and_says_whose_they_are(clerk: Actor) -> None:
    one = sent_outside(clerk)
    with acting(clerk):
        with pytest.raises(RuleBroken, match="quién lo dijo") as refused:
            accept_referral(one, by=clerk)
        assert refused.value.field == "told_by"
        by_phone = replace(clerk, speaks_for=GUEST)
        reject_referral(one, by=by_phone, ground="No está inscrita")
        step = one.steps.get(event=ReferralEvent.REJECTED)
    assert (step.said_by, step.account_id) == (GUEST, clerk.account_id)


def test_nobody_else_answers_it(clerk: Actor) -> None:
    one = sent_outside(clerk)
    stranger = replace(enumerator(), speaks_for=GUEST)
    other = replace(guest_of(one), provider_id=make.provider().pk)
    for who in (stranger, other):
        with acting(who), pytest.raises(NotAllowed):
            accept_referral(one, by=who)
    head = replace(desk(), speaks_for=GUEST)
    with acting(head), pytest.raises(RuleBroken, match="lo decide él"):
        assign_referral(one, head.account_id, by=head)


def test_by_a_link_to_one_referral_nobody_reads_or_answers_what_went_to_a_unit(clerk: Actor) -> None:
    outside, inside = sent_outside(clerk), sent(clerk)
    guest = guest_of(outside)
    with acting(guest), pytest.raises(NotAllowed):
        accept_referral(inside, by=guest)


def test_the_one_not_answered_in_time_is_late_for_its_origin_and_expires(clerk: Actor) -> None:
    one = sent_outside(clerk)
    rule = Actor(Agent.COMMAND, make.MONTE_PATRIA)
    with acting(rule):
        follow_referrals(by=rule, on=one.due_on + timedelta(days=1))
        note = one.steps.get(event=ReferralEvent.LATE).note
        assert str(one.from_unit) in note
        follow_referrals(by=rule, on=one.expires_on + timedelta(days=1))
    assert again(one).state == ReferralState.EXPIRED
    with clock.standing_at(clock.now() + timedelta(days=40)), acting(clerk):
        reopen_referral(one, by=clerk, reason="Contestan el teléfono")
    assert again(one).state == ReferralState.SENT
    with acting(clerk):
        first, second = Transfer.objects.filter(referral=one).order_by("at", "id")
        assert second.legal_ground == first.legal_ground
        assert second.until == again(one).expires_on


def test_what_a_provider_owes_is_in_the_tray_of_who_sent_it_and_of_her_head(clerk: Actor) -> None:
    one = sent_outside(clerk)
    with make.inside() as head:
        Referral.objects.filter(pk=one.pk).update(accept_by=make.YESTERDAY, due_on=make.YESTERDAY)
        days = service_days(make.MONTE_PATRIA, around=make.TODAY)
        (told,) = late_referrals(head, make.TODAY, days)
    assert told.title == "Ver 1 derivación atrasada de prestadores"
    with acting(clerk):
        (hers,) = referrals_to_complete(clerk, make.TODAY, days)
    assert hers.title.startswith("Insistir con el prestador")
    assert hers.url == one.get_absolute_url()


def test_it_is_drawn_in_the_network(clerk: Actor) -> None:
    sent_outside(clerk)
    with make.inside() as head:
        (edge,) = open_network(head, days=30).edges
    assert edge.receiver == health_centre().name


# Files


def test_both_sides_add_files_and_the_same_one_is_kept_once(clerk: Actor) -> None:
    one = sent_outside(clerk)
    guest = guest_of(one)
    with acting(clerk):
        attach(one, "orden.pdf", PDF, by=clerk)
        attach(one, "orden otra vez.pdf", PDF, by=clerk)
    with acting(guest):
        kept = attach(one, "informe.pdf", PDF + b" 2", by=guest)
        assert (kept.said_by, kept.account_id, kept.size) == (GUEST, None, len(PDF) + 2)
        assert Attachment.objects.count() == 2
    stranger = enumerator()
    with acting(stranger), pytest.raises(NotAllowed):
        attach(one, "mío.pdf", PDF + b" 3", by=stranger)


def test_a_referral_takes_so_many_and_none_once_it_ended(clerk: Actor) -> None:
    one = sent_outside(clerk)
    with acting(clerk):
        for number in range(MOST):
            attach(one, f"{number}.pdf", PDF + bytes([number]), by=clerk)
        with pytest.raises(RuleBroken, match="lo más que lleva"):
            attach(one, "otro.pdf", PDF, by=clerk)
        answer_referral(one, AnswerDetails(AnswerOutcome.GRANTED, "Listo"), by=replace(clerk, speaks_for=GUEST))
        with pytest.raises(InvalidTransition, match="no recibe más archivos"):
            attach(one, "tarde.pdf", PDF, by=clerk)


def test_the_audit_keeps_that_a_file_came_and_not_what_is_in_it(clerk: Actor) -> None:
    one = sent_outside(clerk)
    with acting(clerk):
        attach(one, "orden.pdf", PDF, by=clerk)
    with acting(clerk), connection.cursor() as cursor:
        cursor.execute("select new from core_audit_event where table_name = 'referrals_attachment'")
        ((written,),) = cursor.fetchall()
    assert "orden.pdf" in str(written)
    assert "content" not in str(written)
