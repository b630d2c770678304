"""One consultation from its start to its last answer, by the actions that pages and API share."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake import rules
from ventanilla.intake.actions import (
    LineDetails,
    Writing,
    answer_line,
    end_attention,
    start_consultation,
    void_consultation,
    write_consultation,
)
from ventanilla.intake.models import Consultation, ReasonLine, Transition
from ventanilla.intake.states import Channel, ConsultationState, Outcome, Requester
from ventanilla.registry.models import Person, ReadPurpose
from ventanilla.registry.reading import PurposeNeeded, open_purpose
from ventanilla.registry.vocabulary import FactKind, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Iterator[Actor]:
    with make.inside():
        pass
    actor = make.actor(Role.FRONT_DESK)
    with acting(actor):
        yield actor


@pytest.fixture
def rosa(desk: Actor) -> Person:
    return make.person()


def line(code: str, outcome: Outcome | str = Outcome.INFORMED, **more: Any) -> LineDetails:
    if outcome == Outcome.WAITING_DOCUMENTS:
        more.setdefault("awaited_documents", "Cartola de la cuenta")
    return LineDetails(make.reason(code).pk, outcome, **more)


def written(*lines: LineDetails, **more: Any) -> Writing:
    return Writing(lines=lines, **more)


def steps(consultation: Consultation) -> list[tuple[str, str]]:
    return [(step.before, step.after) for step in consultation.transitions.all()]


def test_an_information_consultation_ends_and_is_resolved_in_one_act(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    assert consultation.folio == f"C-{make.TODAY.year}-000001"
    end_attention(consultation, written(line("information")), by=desk)
    kept = Consultation.objects.get()
    assert kept.state == ConsultationState.RESOLVED
    assert kept.attended_at == kept.resolved_at is not None
    assert steps(kept) == [("", "in_attention"), ("in_attention", "attended"), ("attended", "resolved")]
    assert {step.account_id for step in Transition.objects.all()} == {desk.account_id}


def test_what_waits_for_documents_is_resolved_when_answered(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    until = make.TODAY + timedelta(days=5)
    lines = [
        line("suf", Outcome.WAITING_DOCUMENTS, awaited_until=until),
        line("sap", Outcome.NEEDS_UNIT),
        line("information"),
    ]
    end_attention(consultation, written(*lines), by=desk)
    assert consultation.state == ConsultationState.ATTENDED
    assert consultation.resolved_at is None
    first, second = consultation.lines.filter(answered_at__isnull=True)
    answer_line(first, by=desk, outcome=Outcome.RESOLVED, answer="Trajo la cartola")
    assert Consultation.objects.get().state == ConsultationState.ATTENDED
    answer_line(second, by=desk, outcome=Outcome.WITHDREW)
    resolved = Consultation.objects.get()
    assert resolved.state == ConsultationState.RESOLVED
    assert resolved.resolved_at is not None
    with pytest.raises(RuleBroken, match="ya fue respondido"):
        answer_line(ReasonLine.objects.get(pk=first.pk), by=desk, outcome=Outcome.INFORMED)


def test_a_line_read_before_a_colleague_answered_it_is_not_answered_twice(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    lines = [line("suf", Outcome.WAITING_DOCUMENTS), line("sap", Outcome.NEEDS_UNIT)]
    end_attention(consultation, written(*lines), by=desk)
    mine, colleagues = (ReasonLine.objects.get(reason=make.reason("suf")) for _ in range(2))
    answer_line(colleagues, by=desk, outcome=Outcome.RESOLVED, answer="Trajo la cartola")
    with pytest.raises(RuleBroken, match="ya fue respondido"):
        answer_line(mine, by=desk, outcome=Outcome.WITHDREW, answer="No volvió")
    assert ReasonLine.objects.get(pk=mine.pk).answer == "Trajo la cartola"


def test_a_line_is_answered_only_in_a_way_that_ends_it(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    end_attention(consultation, written(line("suf", Outcome.WAITING_DOCUMENTS)), by=desk)
    with pytest.raises(RuleBroken, match="Elija cómo terminó"):
        answer_line(consultation.lines.get(), by=desk, outcome=Outcome.NEEDS_CASE)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Marque al menos un motivo"),
        ([("suf", "")], "Falta el resultado de SUF"),
        ([("suf", Outcome.INFORMED), ("sap", ""), ("sdm", "")], "Falta el resultado de SAP. Falta el resultado de SDM"),
    ],
)
def test_attention_does_not_end_while_an_outcome_is_missing(
    desk: Actor, rosa: Person, lines: list[tuple[str, str]], sentence: str
) -> None:
    consultation = start_consultation(rosa, by=desk)
    with pytest.raises(RuleBroken, match=sentence):
        end_attention(consultation, written(*[line(code, outcome) for code, outcome in lines]), by=desk)
    kept = Consultation.objects.get()
    assert (kept.state, kept.version, kept.lines.count()) == (ConsultationState.IN_ATTENTION, 1, 0)


def test_awaited_documents_are_named_and_reasons_come_once(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    nameless = LineDetails(make.reason("suf").pk, Outcome.WAITING_DOCUMENTS, awaited_documents="  ")
    with pytest.raises(RuleBroken, match="qué documentos faltan para SUF"):
        write_consultation(consultation, written(nameless), by=desk)
    with pytest.raises(RuleBroken, match="motivo repetido"):
        write_consultation(consultation, written(line("suf"), line("suf")), by=desk)
    Reason.objects.filter(pk=make.reason("sap").pk).update(retired_on=make.TODAY)
    with pytest.raises(RuleBroken, match="ya no se usa"):
        write_consultation(consultation, written(line("sap")), by=desk)


def test_writing_again_replaces_reasons_outcomes_and_whom_they_are_about(desk: Actor, rosa: Person) -> None:
    child = make.person("Martín")
    consultation = start_consultation(rosa, by=desk)
    about_both = line("suf", subject_ids=(child.pk, rosa.pk, child.pk))
    write_consultation(consultation, written(about_both, line("sap", "")), by=desk)
    assert {s.person_id for s in ReasonLine.objects.get(reason=make.reason("suf")).subjects.all()} == {
        child.pk,
        rosa.pk,
    }
    changed = written(
        line("sdm"),
        line("suf", Outcome.RESOLVED, subject_ids=(child.pk,)),
        notes="  Vuelve el lunes  ",
        channel=Channel.PHONE,
        requester=Requester.THIRD_PARTY,
        requester_detail="Su hermana",
    )
    write_consultation(consultation, changed, by=desk)
    kept = Consultation.objects.get()
    assert [(ln.reason.name, ln.outcome) for ln in kept.lines.all()] == [("SDM", "informed"), ("SUF", "resolved")]
    assert [s.person_id for s in ReasonLine.objects.get(reason=make.reason("suf")).subjects.all()] == [child.pk]
    assert (kept.notes, kept.channel, kept.requester_detail) == ("Vuelve el lunes", "phone", "Su hermana")


def test_a_reason_is_not_about_somebody_unknown_here(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    with pytest.raises(RuleBroken, match="no está registrada aquí"):
        write_consultation(consultation, written(line("suf", subject_ids=(uuid4(),))), by=desk)


def test_two_people_writing_at_once_are_told_and_nothing_is_lost(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    read_by_both = consultation.version
    write_consultation(consultation, written(line("suf", ""), notes="Primera", version=read_by_both), by=desk)
    with pytest.raises(StaleVersion, match="Alguien más guardó") as caught:
        write_consultation(consultation, written(notes="Segunda", version=read_by_both), by=desk)
    assert caught.value.status == 409
    assert Consultation.objects.get().notes == "Primera"


def test_what_has_ended_is_not_written_again(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    end_attention(consultation, written(line("information")), by=desk)
    for act in (write_consultation, end_attention):
        with pytest.raises(InvalidTransition, match="ya no está en atención"):
            act(consultation, written(line("suf")), by=desk)


def test_the_same_form_sent_twice_makes_one_consultation(desk: Actor, rosa: Person) -> None:
    form = uuid4()
    assert start_consultation(None, by=desk, submission_id=form) == start_consultation(
        None, by=desk, submission_id=form
    )
    assert start_consultation(rosa, by=desk) == start_consultation(rosa, by=desk)
    assert Consultation.objects.count() == 2
    assert start_consultation(None, by=desk) != start_consultation(None, by=desk), "two unknown neighbours are two"


def test_nobody_known_can_be_attended(desk: Actor) -> None:
    consultation = start_consultation(None, by=desk)
    end_attention(consultation, written(line("information")), by=desk)
    kept = Consultation.objects.visible_to(desk).get()
    assert kept.state == ConsultationState.RESOLVED
    assert (kept.person, kept.age_group, kept.bracket) == (None, "", None)


def test_what_is_written_later_says_when_it_happened(desk: Actor, rosa: Person) -> None:
    before = clock.now() - timedelta(days=1)
    consultation = start_consultation(rosa, by=desk, occurred_at=before)
    assert consultation.is_deferred
    assert consultation.occurred_at == before < consultation.recorded_at
    with pytest.raises(RuleBroken, match="futuro"):
        start_consultation(make.person("Otra"), by=desk, occurred_at=clock.now() + timedelta(minutes=5))


def test_the_blocked_are_not_attended_on_their_record(desk: Actor) -> None:
    with pytest.raises(RuleBroken, match="bloqueado"):
        start_consultation(make.person(processing_blocked=True), by=desk)


def test_only_her_unit_works_on_a_consultation(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    other = make.actor(Role.FRONT_DESK, in_unit=make.unit(code="rsh", functions=("rsh",)))
    for refused in (other, make.actor(Role.DIDECO)):
        with pytest.raises(NotAllowed):
            write_consultation(consultation, written(line("suf")), by=refused)
        with pytest.raises(NotAllowed):
            void_consultation(consultation, by=refused, reason="No es mía")
    with pytest.raises(NotAllowed):
        start_consultation(rosa, by=make.actor(Role.COUNTERPART))


def test_a_ground_to_read_is_no_right_to_write(desk: Actor, rosa: Person) -> None:
    beyond = "Su desempeño actual no permite"
    waiting = written(line("suf", Outcome.WAITING_DOCUMENTS))
    consultation = start_consultation(rosa, by=desk)
    head_of_another = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    colleague = make.actor(Role.FRONT_DESK)
    for reader in (head_of_another, colleague):
        open_purpose(rosa, by=reader, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación actual")
        with pytest.raises(NotAllowed, match=beyond):
            void_consultation(consultation, by=reader, reason="No es mía")
    for act in (write_consultation, end_attention):
        with pytest.raises(NotAllowed, match=beyond):
            act(consultation, waiting, by=head_of_another)
    end_attention(consultation, waiting, by=colleague)
    with pytest.raises(NotAllowed, match=beyond):
        answer_line(consultation.lines.get(), by=head_of_another, outcome=Outcome.RESOLVED)
    assert Consultation.objects.get().state == ConsultationState.ATTENDED


# How secret it is


def level() -> str:
    return Consultation.objects.get().secrecy


def test_a_consultation_is_reserved_while_nobody_has_said_what_it_is_about(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    other_unit = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    assert level() == Secrecy.RESERVED
    assert not Consultation.objects.visible_to(other_unit).exists()
    write_consultation(consultation, written(notes="Llegó llorando"), by=desk)
    assert level() == Secrecy.RESERVED
    write_consultation(consultation, written(line("information")), by=desk)
    assert level() == Secrecy.ORDINARY
    assert Consultation.objects.visible_to(other_unit).exists()


@pytest.mark.parametrize("act", [write_consultation, end_attention])
def test_notes_written_under_a_secret_reason_stay_as_secret_when_it_is_taken_away(
    desk: Actor, rosa: Person, act: Any
) -> None:
    consultation = start_consultation(rosa, by=desk)
    write_consultation(consultation, written(line("violence"), notes="Lo que contó"), by=desk)
    assert level() == Secrecy.RESTRICTED
    act(consultation, written(line("information"), notes="Lo que contó, y su horario"), by=desk)
    assert (level(), Consultation.objects.get().notes) == (Secrecy.RESTRICTED, "Lo que contó, y su horario")


@pytest.mark.parametrize("told", [{"notes": "Lo que contó"}, {"requester_detail": "Su vecina"}])
def test_however_often_they_are_saved_notes_stay_as_secret_as_they_were(
    desk: Actor, rosa: Person, told: dict[str, str]
) -> None:
    consultation = start_consultation(rosa, by=desk)
    write_consultation(consultation, written(line("violence"), **told), by=desk)
    for again in (written(**told), written(line("suf"), **told), written(line("information"), **told)):
        write_consultation(consultation, again, by=desk)
        assert level() == Secrecy.RESTRICTED
    end_attention(consultation, written(line("information"), line("suf"), **told), by=desk)
    assert level() == Secrecy.RESTRICTED


def test_the_same_writing_sent_twice_is_written_once(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    first = written(line("suf", subject_ids=[rosa.pk]), notes=" Lo primero ", version=1)
    for _ in range(2):
        assert write_consultation(consultation, first, by=desk).version == 2
    last = written(line("information"), notes="Lo último", version=2)
    for _ in range(2):
        assert end_attention(consultation, last, by=desk).version == 3
    assert len(steps(consultation)) == 3
    with pytest.raises(StaleVersion):
        end_attention(consultation, written(line("information"), notes="Otra cosa", version=2), by=desk)


def test_with_the_secret_reason_and_its_notes_gone_nothing_stays_secret(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    write_consultation(consultation, written(line("violence"), notes="Lo que contó"), by=desk)
    write_consultation(consultation, written(line("medicines"), notes="  "), by=desk)
    assert level() == Secrecy.RESERVED
    write_consultation(consultation, written(line("information")), by=desk)
    assert level() == Secrecy.ORDINARY


# Voiding, and what is kept for ever


def test_a_voided_consultation_keeps_its_folio_and_what_was_written(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    end_attention(consultation, written(line("suf", Outcome.WAITING_DOCUMENTS), notes="Era otra"), by=desk)
    with pytest.raises(RuleBroken, match="por qué se anula"):
        void_consultation(consultation, by=desk, reason="  ")
    void_consultation(consultation, by=desk, reason="Se registró a la persona equivocada")
    kept = Consultation.objects.get()
    assert (kept.state, kept.notes, kept.lines.count()) == (ConsultationState.VOIDED, "Era otra", 1)
    assert [step.reason for step in kept.transitions.all()][-1] == "Se registró a la persona equivocada"
    with pytest.raises(InvalidTransition):
        void_consultation(kept, by=desk, reason="Otra vez")
    assert start_consultation(rosa, by=desk).folio == f"C-{make.TODAY.year}-000002"


def test_who_may_void_is_its_author_or_the_head_of_the_unit(desk: Actor, rosa: Person) -> None:
    consultation = start_consultation(rosa, by=desk)
    with pytest.raises(NotAllowed):
        void_consultation(consultation, by=make.actor(Role.FRONT_DESK), reason="No es mía")
    head = make.actor(Role.UNIT_HEAD)
    with pytest.raises(PurposeNeeded):
        void_consultation(consultation, by=head, reason="Duplicada")
    reason = "Revisar una consulta repetida"
    open_purpose(rosa, by=head, ground=ReadPurpose.Ground.WRITTEN_REASON, reason=reason)
    void_consultation(consultation, by=head, reason="Duplicada")
    assert Consultation.objects.get().state == ConsultationState.VOIDED


def test_the_dimensions_are_frozen_when_attended(desk: Actor) -> None:
    rosa = make.person(birth_on=date(1950, 1, 1))
    home = make.home(rosa, bracket=40, as_of=date(2026, 3, 1))
    make.fact(FactKind.RSH_BRACKET, home=home, value="90", source=Source.DECLARED, as_of=date(2026, 10, 1))
    consultation = start_consultation(rosa, by=desk)
    end_attention(consultation, written(line("suf"), line("food"), line("information")), by=desk)
    make.fact(FactKind.RSH_BRACKET, home=home, value="70", as_of=make.TODAY)
    Person.objects.filter(pk=rosa.pk).update(birth_on=date(2000, 1, 1), sex="male")
    kept = Consultation.objects.get()
    assert (kept.age_group, kept.sex, kept.rurality) == ("75+", "female", "rural")
    assert (kept.bracket, kept.bracket_as_of) == (40, date(2026, 3, 1))
    assert (kept.unit_functions, kept.index_groups) == ("social_assistance", "suf,assistance,information")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "attended"},
        {"state": "resolved"},
        {"state": "voided"},
        {"resolved_at": clock.now()},
        {"attended_at": clock.now()},
        {"void_reason": "x"},
    ],
)
def test_a_state_without_its_date_is_refused_by_the_database(desk: Actor, rosa: Person, wrong: dict[str, Any]) -> None:
    start_consultation(rosa, by=desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.update(**wrong)


# The rules alone


@given(st.lists(st.sampled_from(["", *Secrecy]), max_size=6))
def test_of_several_levels_the_most_secret_one_holds(levels: list[str]) -> None:
    order = ["", Secrecy.ORDINARY, Secrecy.RESERVED, Secrecy.RESTRICTED]
    assert order.index(rules.highest(levels)) == max((order.index(level) for level in levels), default=0)


@pytest.mark.parametrize(
    ("age", "group"),
    [(None, ""), (0, "0-5"), (5, "0-5"), (6, "6-14"), (17, "15-17"), (59, "45-59"), (75, "75+"), (101, "75+")],
)
def test_ages_fall_in_their_group(age: int | None, group: str) -> None:
    assert rules.age_group(age) == group
