"""The life of an entry: written, published in versions that never change, suspended, closed; the national layer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.details import Amount, EntryDetails, refuse_start
from ventanilla.catalogue.entries.reading import found_by, versions_told
from ventanilla.catalogue.entries.states import EntryState, SuspensionGround
from ventanilla.catalogue.models import Entry, EntryDraft, EntryVersion, OwnFact
from ventanilla.catalogue.rule.conditions import Condition, Rule
from ventanilla.catalogue.rule.kinds import Kind, Subject, Whose
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion

pytestmark = pytest.mark.django_db

TOMORROW = make.TODAY + timedelta(days=1)


@pytest.fixture
def head() -> Actor:
    return make.actor(Role.UAS_HEAD)


def details(by: Actor, **said: Any) -> EntryDetails:
    defaults: dict[str, Any] = {
        "name": "Vale de gas",
        "plain": "Un vale para cambiar por un balón de gas de 15 kilos.",
        "modality": "in_kind",
        "words": "balón licuado cocina",
        "unit": make.unit_of(by),
    }
    return EntryDetails(**(defaults | said))


def published(by: Actor, **said: Any) -> Entry:
    entry = actions.write_entry(details(by, **said), by=by)
    actions.publish_draft(entry, by=by, starts_on=make.TODAY, version=1)
    return entry


def test_a_draft_is_told_to_nobody_and_a_published_entry_to_the_desk(head: Actor) -> None:
    with acting(head):
        entry = actions.write_entry(details(head), by=head)
        assert versions_told(head, on=make.TODAY) == []
        actions.publish_draft(entry, by=head, starts_on=make.TODAY, version=1)
        assert [version.name for version in versions_told(head, on=make.TODAY)] == ["Vale de gas"]
        assert entry.code == "vale-de-gas"
        assert not EntryDraft.objects.filter(entry=entry).exists()


def test_a_new_version_leaves_the_one_before_as_it_was(head: Actor) -> None:
    with acting(head):
        entry = published(head)
        actions.change_draft(entry, details(head, plain="Ahora de 11 kilos."), by=head, version=0)
        actions.publish_draft(entry, by=head, starts_on=TOMORROW, version=1, note="Cambia el balón")
        first, second = EntryVersion.objects.filter(entry=entry).order_by("number")
        assert (first.plain, second.plain) == (details(head).plain, "Ahora de 11 kilos.")
        assert [version.number for version in versions_told(head, on=make.TODAY)] == [1]
        assert [version.number for version in versions_told(head, on=TOMORROW)] == [2]


def test_its_history_is_written_on_the_day_it_comes_into_the_catalogue_and_in_order(head: Actor) -> None:
    past = make.TODAY - timedelta(days=700)
    with acting(head):
        entry = actions.write_entry(details(head), by=head)
        with pytest.raises(RuleBroken, match="desde hoy"):
            actions.publish_draft(entry, by=head, starts_on=past, version=1)
        actions.publish_draft(entry, by=head, starts_on=past, version=1, is_history=True)
        actions.change_draft(entry, details(head, plain="De 11."), by=head, version=0)
        with pytest.raises(RuleBroken, match="no puede ser anterior"):
            actions.publish_draft(entry, by=head, starts_on=past - timedelta(days=1), version=1, is_history=True)
        actions.publish_draft(entry, by=head, starts_on=past + timedelta(days=1), version=1, is_history=True)
        newest = EntryVersion.objects.get(entry=entry, number=2)
    newest.at -= timedelta(days=2)
    with pytest.raises(RuleBroken, match="ya pasó"):
        refuse_start(make.YESTERDAY, newest, today=make.TODAY, is_history=True)
    refuse_start(TOMORROW, newest, today=make.TODAY, is_history=False)


def test_postgresql_refuses_to_change_a_version(head: Actor) -> None:
    with acting(head):
        entry = published(head)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            EntryVersion.objects.filter(entry=entry).update(plain="Otra cosa")


def test_two_heads_writing_one_entry_are_told(head: Actor) -> None:
    with acting(head):
        entry = published(head)
        actions.change_draft(entry, details(head, plain="Una."), by=head, version=0)
        with pytest.raises(StaleVersion):
            actions.change_draft(entry, details(head, plain="Otra."), by=head, version=0)
        actions.change_draft(entry, details(head, plain="Una."), by=head, version=0)  # the same is no conflict


def test_an_amount_without_validity_is_refused(head: Actor) -> None:
    with acting(head), pytest.raises(RuleBroken, match="desde qué día vale") as refused:
        actions.write_entry(details(head, amounts=[Amount("Por vale", pesos=25_000)]), by=head)
    assert refused.value.field == "amounts"


def test_a_rule_that_nobody_could_meet_is_refused(head: Actor) -> None:
    rule = Rule(Subject.PERSON, (Condition(Kind.AGE, low=60), Condition(Kind.AGE, high=17)))
    with acting(head):
        entry = actions.write_entry(details(head), by=head)
        with pytest.raises(RuleBroken, match="se excluyen"):
            actions.change_rule(entry, rule, by=head, version=1)


def test_a_rule_about_a_fact_nobody_has_is_refused(head: Actor) -> None:
    rule = Rule(Subject.PERSON, (Condition(Kind.OWN, values=("damnificada",)),))
    with acting(head):
        entry = actions.write_entry(details(head), by=head)
        with pytest.raises(RuleBroken, match="no existe en la municipalidad"):
            actions.change_rule(entry, rule, by=head, version=1)
        receives = Rule(Subject.PERSON, (Condition(Kind.RECEIVES, values=("bono",), whose=Whose.PERSON),))
        with pytest.raises(RuleBroken, match="Ningún registro informa"):
            actions.change_rule(entry, receives, by=head, version=1)


def test_a_fact_of_people_is_not_asked_of_homes(head: Actor) -> None:
    rule = Rule(Subject.HOME, (Condition(Kind.OWN, values=("damnificada",)),))
    with acting(head):
        OwnFact.objects.create(code="damnificada", name="Damnificada", about=Subject.PERSON)
        entry = actions.write_entry(details(head), by=head)
        with pytest.raises(RuleBroken, match="Ese dato es de personas"):
            actions.change_rule(entry, rule, by=head, version=1)


def test_what_is_reserved_is_not_opened_from_a_day_that_comes(head: Actor) -> None:
    with acting(head):
        entry = published(head, secrecy="reserved")
        actions.change_draft(entry, details(head, secrecy="ordinary"), by=head, version=0)
        with pytest.raises(RuleBroken, match="publíquelo ese día"):
            actions.publish_draft(entry, by=head, starts_on=TOMORROW, version=1)
        actions.publish_draft(entry, by=head, starts_on=make.TODAY, version=1)
        assert entry.secrecy == "ordinary"


def test_it_is_suspended_and_given_again(head: Actor) -> None:
    with acting(head):
        entry = published(head)
        actions.suspend_entry(entry, by=head, ground=SuspensionGround.NO_FUNDS, reason="Hasta la próxima modificación")
        assert entry.state == EntryState.SUSPENDED
        assert versions_told(head, on=make.TODAY, offered_only=True) == []
        assert len(versions_told(head, on=make.TODAY)) == 1
        actions.resume_entry(entry, by=head)
        assert entry.state == EntryState.PUBLISHED
        assert [step.after for step in entry.transitions.all()] == ["draft", "published", "suspended", "published"]


def test_a_closed_entry_stays_closed(head: Actor) -> None:
    with acting(head):
        entry = published(head)
        actions.close_entry(entry, by=head, reason="La reemplaza el vale digital")
        with pytest.raises(InvalidTransition):
            actions.change_draft(entry, details(head), by=head, version=0)
        with pytest.raises(InvalidTransition):
            actions.suspend_entry(entry, by=head, ground=SuspensionGround.OTHER)


def test_a_head_does_not_write_what_is_of_another_unit(head: Actor) -> None:
    other = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    with acting(head):
        entry = published(head)
    with acting(other):
        with pytest.raises(NotAllowed):
            actions.change_draft(entry, details(other), by=other, version=0)
        with pytest.raises(NotAllowed):
            actions.write_entry(details(head, name="Otro"), by=other)


def test_it_is_found_by_the_words_of_who_asks(head: Actor) -> None:
    with acting(head):
        published(head)
        published(head, name="Pañales de adulto", plain="Un paquete de pañales.", words="mudas incontinencia")
        versions = versions_told(head, on=clock.today())
        for asked in ("balon", "gás", "vale gas", "licuadó"):
            assert [version.name for version in found_by(asked, versions)] == ["Vale de gas"], asked
        assert [version.name for version in found_by("panal", versions)] == ["Pañales de adulto"]
        assert found_by("silla", versions) == []
