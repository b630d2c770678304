"""What did not walk in: noted once, taken by one, passed with its history, and ended in one of few ways."""

from datetime import timedelta
from typing import Any

import pytest
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.ids import new_id
from ventanilla.core.run import Run, parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake import actions as intake
from ventanilla.intake.contacts import actions
from ventanilla.intake.contacts.reading import MINE, PASSED, UNTAKEN, contacts_of, inbox
from ventanilla.intake.contacts.states import DiscardGround
from ventanilla.intake.models import Consultation, Contact, ContactStep
from ventanilla.intake.states import Channel, Requester
from ventanilla.registry.models import Person, ReadPurpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(db: None) -> Person:
    with make.inside():
        return make.person()


@pytest.fixture
def desk(rosa: Person) -> Actor:
    return make.actor(Role.FRONT_DESK)


@pytest.fixture
def colleague(desk: Actor) -> Posting:
    return make.posting(Role.FRONT_DESK)


@pytest.fixture
def other_unit(db: None) -> Unit:
    return make.unit(code="subsidios", functions=("subsidies",))


def call(subject: str = "Pregunta por su SUF", **said: Any) -> actions.ContactDetails:
    return actions.ContactDetails(said.pop("channel", Channel.PHONE), subject, **said)


def note(by: Actor, **said: Any) -> Contact:
    with acting(by):
        return actions.note_contact(call(**said), by=by)


def kept(contact: Contact) -> Contact:
    with make.inside():
        return Contact.objects.select_related("unit", "taken_by", "consultation").get(pk=contact.pk)


def steps(contact: Contact) -> list[tuple[str, str]]:
    with make.inside():
        return [(step.before, step.after) for step in ContactStep.objects.filter(contact=contact)]


# Noting


def test_a_call_is_noted_with_a_folio_of_its_own_series(desk: Actor, rosa: Person) -> None:
    first = note(desk, run=parse(rosa.run or ""), answer_to="9 0000 0000")
    second = note(desk)
    year = clock.today().year
    assert (first.folio, second.folio) == (f"CR-{year}-000001", f"CR-{year}-000002")
    assert (first.person, second.person) == (rosa, None)
    assert steps(first) == [("", "received")]


def test_the_same_form_twice_notes_one(desk: Actor) -> None:
    submission = new_id()
    with acting(desk):
        first = actions.note_contact(call(), by=desk, submission_id=submission)
        assert actions.note_contact(call("Otra cosa"), by=desk, submission_id=submission) == first
        assert Contact.objects.count() == 1


def test_a_run_of_nobody_here_is_kept_for_when_she_is_registered(desk: Actor) -> None:
    contact = note(desk, run=Run(99_000_001), name="Juana Rojas")
    assert (contact.person, contact.about_run, contact.about) == (None, Run(99_000_001).canonical, "Juana Rojas")


def test_of_whose_data_are_blocked_nothing_is_noted_nor_told(desk: Actor, rosa: Person) -> None:
    with make.inside():
        Person.objects.filter(pk=rosa.pk).update(processing_blocked=True)
    with acting(desk), pytest.raises(RuleBroken, match="no se puede registrar aquí") as refused:
        actions.note_contact(call(run=parse(rosa.run or "")), by=desk)
    assert refused.value.field == "run"


def test_a_contact_of_whoever_is_blocked_later_is_seen_no_more(desk: Actor, rosa: Person) -> None:
    note(desk, run=parse(rosa.run or ""))
    note(desk)
    with make.inside():
        Person.objects.filter(pk=rosa.pk).update(processing_blocked=True)
    with acting(desk):
        assert [row.contact.person for row in inbox(by=desk).rows] == [None]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"requester": Requester.INSTITUTION}, "sender"),
        ({"received_at": clock.now() + timedelta(hours=1)}, "received_on"),
        ({"document_on": clock.today() + timedelta(days=2)}, "document_on"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(desk: Actor, said: dict[str, Any], field: str) -> None:
    with acting(desk), pytest.raises(RuleBroken) as refused:
        actions.note_contact(call(**said), by=desk)
    assert refused.value.field == field


def test_who_has_no_unit_notes_nothing(desk: Actor) -> None:
    counterpart = make.actor(Role.COUNTERPART)
    with acting(counterpart), pytest.raises(NotAllowed):
        actions.note_contact(call(), by=counterpart)


# Taking


def test_it_is_taken_once_and_who_comes_second_is_told_who_has_it(desk: Actor, colleague: Posting) -> None:
    contact = note(desk)
    second = actor_in(colleague)
    with acting(desk):
        actions.take_contact(contact, by=desk)
        version = actions.take_contact(contact, by=desk).version
    with acting(second), pytest.raises(InvalidTransition, match="lo tiene Camila De Atención de público"):
        actions.take_contact(contact, by=second)
    assert (kept(contact).taken_by_id, kept(contact).version) == (desk.account_id, version)
    assert steps(contact) == [("", "received"), ("received", "taken")]


def test_the_next_is_what_is_overdue_then_what_is_older(desk: Actor) -> None:
    now, today = clock.now(), clock.today()
    new = note(desk)
    old = note(desk, received_at=now - timedelta(days=5))
    overdue = note(desk, due_on=today - timedelta(days=4), received_at=now - timedelta(days=1))
    due_tomorrow = note(desk, due_on=today + timedelta(days=1))
    with acting(desk):
        order = [actions.take_next(by=desk).pk for _ in range(4)]
        assert order == [overdue.pk, old.pk, due_tomorrow.pk, new.pk]
        with pytest.raises(RuleBroken, match="No queda ningún contacto sin tomar"):
            actions.take_next(by=desk)


def test_it_is_assigned_to_a_colleague_of_the_unit_and_to_nobody_else(
    desk: Actor, colleague: Posting, other_unit: Unit
) -> None:
    contact = note(desk)
    elsewhere = make.posting(Role.FRONT_DESK, in_unit=other_unit)
    with acting(desk):
        with pytest.raises(RuleBroken, match="no atiende hoy en la unidad"):
            actions.assign_contact(contact, elsewhere.account, by=desk)
        actions.assign_contact(contact, colleague.account, by=desk, version=1)
        with pytest.raises(StaleVersion):
            actions.assign_contact(contact, desk_account(desk), by=desk, version=1)
    assert kept(contact).taken_by_id == colleague.account_id


def desk_account(actor: Actor) -> Account:
    return Account.objects.get(pk=actor.account)


def test_what_a_colleague_has_in_hand_is_not_done_over_her_head(desk: Actor, colleague: Posting) -> None:
    contact = note(desk)
    second = actor_in(colleague)
    with acting(second):
        actions.take_contact(contact, by=second)
    with acting(desk):
        for verb in (
            lambda: actions.answer_contact(contact, by=desk, answer="Listo"),
            lambda: actions.discard_contact(contact, by=desk, ground=DiscardGround.DUPLICATE),
            lambda: actions.turn_into_consultation(contact, by=desk),
        ):
            with pytest.raises(InvalidTransition):
                verb()
        assert not Consultation.objects.exists()
        actions.assign_contact(contact, desk_account(desk), by=desk)
        actions.answer_contact(contact, by=desk, answer="Listo")
    assert kept(contact).state == "answered"


# Passing


def test_passed_to_another_unit_it_is_the_same_contact_with_its_history(desk: Actor, other_unit: Unit) -> None:
    contact = note(desk)
    there = make.actor(Role.FRONT_DESK, in_unit=other_unit)
    with acting(desk):
        actions.take_contact(contact, by=desk)
        for _ in range(2):  # the same form, sent twice
            actions.pass_contact(contact, other_unit, by=desk, reason="Es un subsidio")
        assert [row.contact.pk for row in inbox(by=desk).rows] == []
        assert [row.contact.pk for row in inbox(by=desk, view=PASSED).rows] == [contact.pk]
        with pytest.raises(NotAllowed):
            actions.take_contact(contact, by=desk)
    with acting(there):
        assert [row.contact.pk for row in inbox(by=there, view=UNTAKEN).rows] == [contact.pk]
        actions.take_contact(contact, by=there)
        assert [row.contact.pk for row in inbox(by=there, view=MINE).rows] == [contact.pk]
    assert (kept(contact).folio, kept(contact).unit) == (contact.folio, other_unit)
    assert steps(contact) == [("", "received"), ("received", "taken"), ("taken", "received"), ("received", "taken")]


def test_noted_for_another_unit_it_waits_there_at_once(desk: Actor, other_unit: Unit) -> None:
    with acting(desk):
        contact = actions.note_contact(call(), by=desk, unit=other_unit)
    assert (kept(contact).unit, len(steps(contact))) == (other_unit, 2)


def test_it_is_not_passed_where_nobody_would_see_it(desk: Actor, other_unit: Unit) -> None:
    Unit.objects.filter(pk=other_unit.pk).update(connected_until=clock.today() - timedelta(days=1))
    contact = note(desk)
    with acting(desk):
        with pytest.raises(RuleBroken, match="nadie lo vería"):
            actions.pass_contact(contact, other_unit, by=desk)
        with pytest.raises(RuleBroken, match="Elija otra unidad"):
            actions.pass_contact(contact, kept(contact).unit, by=desk)


# Who may know of it


def test_another_unit_knows_nothing_of_it(desk: Actor, other_unit: Unit) -> None:
    note(desk)
    there = make.actor(Role.FRONT_DESK, in_unit=other_unit)
    with acting(there):
        assert not Contact.objects.visible_to(there).exists()


def test_a_reserved_one_is_lost_of_sight_when_it_is_passed_on(rosa: Person, other_unit: Unit) -> None:
    there = make.actor(Role.FRONT_DESK, in_unit=other_unit)
    uas = make.unit()
    ordinary = note(there)
    reserved = note(there, secrecy=Secrecy.RESERVED)
    with acting(there):
        for contact in (ordinary, reserved):
            actions.pass_contact(contact, uas, by=there)
        assert [row.contact.pk for row in inbox(by=there, view=PASSED).rows] == [ordinary.pk]
    here = make.actor(Role.CASE_WORKER)
    with acting(here):
        assert len(inbox(by=here).rows) == 2


# How it ends


def test_an_answer_without_consultation_is_no_consultation(desk: Actor) -> None:
    contact = note(desk)
    with acting(desk):
        with pytest.raises(RuleBroken, match="Escriba qué se respondió"):
            actions.answer_contact(contact, by=desk, answer="  ")
        for _ in range(2):
            actions.answer_contact(contact, by=desk, answer="Se le dio el horario", version=1)
        assert not Consultation.objects.exists()
    assert (kept(contact).state, kept(contact).answer, len(steps(contact))) == ("answered", "Se le dio el horario", 2)


def test_it_is_discarded_with_a_ground(desk: Actor) -> None:
    contact = note(desk)
    with acting(desk):
        with pytest.raises(RuleBroken, match="Escriba por qué"):
            actions.discard_contact(contact, by=desk, ground=DiscardGround.OTHER)
        for _ in range(2):
            actions.discard_contact(contact, by=desk, ground=DiscardGround.ELSEWHERE, note="Vive en Ovalle")
    assert (kept(contact).state, kept(contact).discard_ground) == ("discarded", "elsewhere")
    assert len(steps(contact)) == 2


def test_closed_by_mistake_it_is_opened_again_with_a_reason(desk: Actor) -> None:
    contact = note(desk)
    with acting(desk):
        actions.discard_contact(contact, by=desk, ground=DiscardGround.DUPLICATE)
        with pytest.raises(RuleBroken, match="por qué se vuelve a abrir"):
            actions.reopen_contact(contact, by=desk, reason=" ")
        actions.reopen_contact(contact, by=desk, reason="No era el mismo")
    assert (kept(contact).state, kept(contact).discard_ground, kept(contact).taken_by) == ("received", "", None)


# Turning it into a consultation


def test_a_contact_becomes_a_consultation_that_begins_now(desk: Actor, rosa: Person) -> None:
    before = clock.now()
    contact = note(
        desk,
        channel=Channel.OFFICIAL,
        run=parse(rosa.run or ""),
        requester=Requester.INSTITUTION,
        sender="Juzgado de Familia de Ovalle",
        received_at=before - timedelta(days=9),
        due_on=clock.today() + timedelta(days=3),
    )
    with acting(desk):
        made = actions.turn_into_consultation(contact, by=desk)
        assert actions.turn_into_consultation(contact, by=desk) == made
        assert made.occurred_at >= before
        assert not made.is_deferred
        assert (made.person, made.channel, made.requester) == (rosa, "official", "institution")
        assert made.requester_detail == "Juzgado de Familia de Ovalle"
        assert [row.contact.pk for row in contacts_of(made, by=desk)] == [contact.pk]
        assert ReadPurpose.objects.filter(person=rosa, reference_id=made.pk).exists()
        assert Consultation.objects.count() == 1
    assert (kept(contact).state, kept(contact).consultation) == ("consulted", made)
    assert kept(contact).received_at == before - timedelta(days=9)


def test_two_contacts_of_one_neighbour_join_the_attention_that_is_open(desk: Actor, rosa: Person) -> None:
    first, second = note(desk, run=parse(rosa.run or "")), note(desk, run=parse(rosa.run or ""), channel=Channel.EMAIL)
    with acting(desk):
        made = actions.turn_into_consultation(first, by=desk)
        assert actions.turn_into_consultation(second, by=desk) == made
        assert made.channel == "phone"
        assert len(contacts_of(made, by=desk)) == 2


def test_whoever_it_was_about_is_known_from_then_on(desk: Actor, rosa: Person) -> None:
    contact = note(desk, name="Rosita Araya")
    with acting(desk):
        actions.turn_into_consultation(contact, by=desk, person=rosa)
    assert kept(contact).person_id == rosa.pk


def test_when_its_consultation_is_voided_the_contact_can_wait_again(desk: Actor, rosa: Person) -> None:
    contact = note(desk, run=parse(rosa.run or ""))
    with acting(desk):
        made = actions.turn_into_consultation(contact, by=desk)
        with pytest.raises(RuleBroken, match=f"sigue en la consulta {made.folio}"):
            actions.reopen_contact(contact, by=desk, reason="Era otra persona")
        intake.void_consultation(made, by=desk, reason="Era otra persona")
        actions.reopen_contact(contact, by=desk, reason="Era otra persona")
        again = actions.turn_into_consultation(contact, by=desk)
        assert again != made


def test_who_asked_in_a_reserved_contact_stays_reserved_in_its_consultation(desk: Actor, rosa: Person) -> None:
    contact = note(
        desk,
        run=parse(rosa.run or ""),
        requester=Requester.THIRD_PARTY,
        sender="Su hija",
        secrecy=Secrecy.RESERVED,
    )
    with acting(desk):
        made = actions.turn_into_consultation(contact, by=desk)
        line = intake.LineDetails(make.reason("information").pk, "informed")
        writing = intake.Writing([line], requester=Requester.THIRD_PARTY, requester_detail="Su hija")
        assert intake.end_attention(made, writing, by=desk).secrecy == "reserved"


# The inbox, a page after another


def test_the_pages_of_the_inbox_show_each_contact_once_in_order(desk: Actor) -> None:
    now = clock.now()
    noted = [note(desk, received_at=now - timedelta(days=days)) for days in (1, 3, 2, 2, 0)]
    with acting(desk):
        seen, after = [], None
        while True:
            page = inbox(by=desk, after=after, most=2)
            seen += [row.contact.pk for row in page.rows]
            after = page.after
            if after is None:
                break
    assert seen == [noted[place].pk for place in (1, 2, 3, 0, 4)]
    with acting(desk):
        assert [row.contact.pk for row in inbox(by=desk, channel="email").rows] == []
