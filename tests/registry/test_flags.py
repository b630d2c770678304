"""Readings that draw attention are found in the log, once, and somebody else than their operator answers for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Agent, Role
from ventanilla.access.tenancy import acting
from ventanilla.config.postgres.roles import connect, owner_database
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.registry.models import Flag, FlagStep, Membership, Person, ReadEntry, Relation, WatchMark
from ventanilla.registry.reading import log_reading
from ventanilla.registry.vocabulary import RelationKind, Source
from ventanilla.registry.watch import actions
from ventanilla.registry.watch.actions import answer_flag, raise_flags
from ventanilla.registry.watch.states import FLAG_LIFECYCLE, FlagKind, FlagState

pytestmark = pytest.mark.django_db

EXPLAINED: dict[str, Any] = {"state": FlagState.EXPLAINED, "reason": "La atendió porque no había nadie más"}


@pytest.fixture
def operator() -> Posting:
    """Somebody who attends the public and is a neighbour too."""
    made = make.posting(Role.FRONT_DESK)
    Account.objects.filter(pk=made.account_id).update(run="90214530-3")
    return Posting.objects.with_context().get(pk=made.pk)


@pytest.fixture
def actor(operator: Posting) -> Iterator[Actor]:
    actor = actor_in(operator)
    with acting(actor):
        yield actor


@pytest.fixture
def herself(actor: Actor) -> Person:
    return make.person("Camila", "Ficticia", run="90214530-3")


@pytest.fixture
def head(operator: Posting) -> Posting:
    return make.posting(Role.UAS_HEAD)


COMMAND = Actor(Agent.COMMAND, make.MONTE_PATRIA)


def look(*people: Person) -> None:
    for person in people:
        log_reading(ReadEntry.Kind.FULL, of=person)


def go_over() -> None:
    """As the nightly command does, whatever was gone over a moment ago."""
    WatchMark.objects.update(ran_at=clock.now() - timedelta(hours=1), watched_until=clock.now() - timedelta(hours=1))
    raise_flags(by=COMMAND)


def flags() -> list[tuple[str, UUID | None, int]]:
    go_over()
    found = Flag.objects.order_by("kind", "person_id")
    return [(flag.kind, flag.person_id, flag.entries) for flag in found]


def test_looking_oneself_up_is_flagged_once_a_day_with_how_often(actor: Actor, herself: Person) -> None:
    look(herself, herself, make.person("Otra"))
    log_reading(ReadEntry.Kind.SEARCH, shown=[herself.pk], note="1 resultado")
    assert flags() == [(FlagKind.SELF, herself.pk, 3)]
    assert flags() == [(FlagKind.SELF, herself.pk, 3)], "done twice changes nothing"
    assert FlagStep.objects.count() == 1


def test_coming_up_in_a_list_or_among_others_is_not_being_looked_for(actor: Actor, herself: Person) -> None:
    other = make.person("Otra")
    log_reading(ReadEntry.Kind.SEARCH, shown=[herself.pk, other.pk], note="2 resultados")
    log_reading(ReadEntry.Kind.LIST, shown=[herself.pk], note="inicio")
    log_reading(ReadEntry.Kind.FULL, of=other, shown=[herself.pk])
    assert flags() == []


def test_somebody_of_her_home_now_or_once_is_flagged(actor: Actor, herself: Person) -> None:
    son, ex = make.person("Martín"), make.person("Ramiro")
    home = make.home(herself, son)
    Membership.objects.create(
        home=home, person=ex, kinship="spouse", source="rsh", starts_on=make.YESTERDAY, ends_on=make.YESTERDAY
    )
    look(son, ex)
    assert {(kind, person) for kind, person, _ in flags()} == {
        (FlagKind.RELATIVE, son.pk),
        (FlagKind.RELATIVE, ex.pk),
    }


@pytest.mark.parametrize("is_hers", [True, False])
def test_somebody_bound_to_her_by_a_relation_is_flagged_whichever_way(
    actor: Actor, herself: Person, is_hers: bool
) -> None:
    mother = make.person("Elsa")
    one, other = (herself, mother) if is_hers else (mother, herself)
    Relation.objects.create(person=one, other=other, kind=RelationKind.values[0], source=Source.DECLARED)
    look(mother)
    assert flags() == [(FlagKind.RELATIVE, mother.pk, 1)]


def test_a_colleague_is_flagged_and_a_former_one_is_not(actor: Actor) -> None:
    people = [make.person(name) for name in ("Colega", "Antigua", "De otra comuna")]
    former = {"ends_on": make.YESTERDAY - timedelta(days=60)}
    postings: list[dict[str, Any]] = [{}, former, {"institution": make.COMBARBALA}]
    for person, options in zip(people, postings, strict=True):
        posting = make.posting(Role.FRONT_DESK, **options)
        Account.objects.filter(pk=posting.account_id).update(run=person.run)
    look(*people)
    assert flags() == [(FlagKind.COLLEAGUE, people[0].pk, 1)]


def test_an_operator_whose_run_is_not_registered_is_near_nobody(actor: Actor, herself: Person) -> None:
    Account.objects.update(run=None)
    look(herself)
    assert flags() == []


def test_many_people_in_an_hour_are_one_flag_with_the_busiest_hour(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.WATCH_PEOPLE_AN_HOUR", 3)
    people = [make.person(f"Vecina {n}") for n in range(4)]
    look(*people[:3], *people[:3])
    assert flags() == []
    look(people[3])
    assert flags() == [(FlagKind.MANY, None, 4)]


def test_pairs_that_are_compared_one_after_another_were_not_looked_for(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.WATCH_PEOPLE_AN_HOUR", 3)
    people = [make.person(f"Vecina {n}") for n in range(5)]
    for person in people:
        log_reading(ReadEntry.Kind.COMPARISON, of=person)
    assert flags() == []
    look(*people)
    assert flags() == [(FlagKind.MANY, None, 5)]


def spread(*, from_minute: int = 0) -> None:
    """The owner puts fifty seconds between what was committed, some hours ago, as the log itself lets nobody do."""
    with connect(owner_database(settings.VAR) | {"NAME": connection.settings_dict["NAME"]}) as owner:
        owner.execute(
            "update registry_readentry e set at = date_trunc('hour', now()) - interval '3 hours'"
            " + %s * interval '1 minute' + o.place * interval '50 seconds'"
            " from (select id, row_number() over (order by id) as place from registry_readentry) o where o.id = e.id",
            [from_minute],
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("finds", "flagged"), [(False, [5]), (True, [])])
def test_many_searches_in_vain_are_flagged_and_those_that_find_at_last_are_not(
    finds: bool, flagged: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A RUN fails while it is typed, and is found when it is whole."""
    monkeypatch.setattr("django.conf.settings.WATCH_FAILED_SEARCHES_AN_HOUR", 4)
    with acting(make.actor(Role.FRONT_DESK)):
        person = make.person()
        for _ in range(5):
            log_reading(ReadEntry.Kind.SEARCH, note="0 resultados")
            if finds:
                log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note="1 resultado")
    spread()
    with acting(COMMAND):
        while raise_flags(by=COMMAND):
            pass
        assert [flag.entries for flag in Flag.objects.filter(kind=FlagKind.FAILED_SEARCHES)] == flagged


@pytest.mark.django_db(transaction=True)
def test_a_burst_astride_two_hours_is_one_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.WATCH_PEOPLE_AN_HOUR", 40)
    with acting(make.actor(Role.FRONT_DESK)):
        look(*(make.person(f"Vecina {n}") for n in range(60)))
    spread(from_minute=35)  # thirty before the hour and thirty after
    with acting(COMMAND):
        while raise_flags(by=COMMAND):
            pass
        assert Flag.objects.get().entries == 60


def test_the_log_of_another_institution_flags_nothing_here(actor: Actor, herself: Person) -> None:
    abroad = make.posting(Role.FRONT_DESK, make.COMBARBALA)
    there = actor_in(abroad)
    with acting(there):
        look(make.person("Foránea"))
    look(herself)
    with acting(there):
        raise_flags(by=Actor(Agent.COMMAND, make.COMBARBALA))
        assert not Flag.objects.exists()


def test_what_was_answered_is_open_again_when_she_looks_again_that_day(
    actor: Actor, herself: Person, head: Posting
) -> None:
    look(herself)
    go_over()
    flag = answer_flag(Flag.objects.get(), by=actor_in(head), **EXPLAINED)
    go_over()
    assert Flag.objects.get().state == FlagState.EXPLAINED
    look(herself)
    go_over()
    flag.refresh_from_db()
    assert (flag.state, flag.entries) == (FlagState.OPEN, 2)
    assert list(flag.steps.values_list("before", "after")) == [
        ("", FlagState.OPEN),
        (FlagState.OPEN, FlagState.EXPLAINED),
        (FlagState.EXPLAINED, FlagState.OPEN),
    ]


def test_the_lifecycle_has_no_dead_end_that_hides_a_new_look() -> None:
    assert not any(FLAG_LIFECYCLE.is_final(state) for state in FlagState)


def test_a_backlog_is_gone_over_in_bounded_pieces(
    actor: Actor, herself: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ENTRIES_AT_ONCE", 1)
    look(herself, *(make.person(f"Vecina {n}") for n in range(3)))
    times = 0
    while raise_flags(by=COMMAND):
        times += 1
        assert times < 40
    assert times >= 1, "more than one piece"
    assert [flag.kind for flag in Flag.objects.all()] == [FlagKind.SELF]
    assert WatchMark.objects.get().is_complete


def test_opening_the_page_again_within_a_minute_does_not_go_over_the_log(actor: Actor, herself: Person) -> None:
    raise_flags(by=COMMAND)
    look(herself)
    raise_flags(by=COMMAND)
    assert not Flag.objects.exists()


# Answering


@pytest.fixture
def flag(actor: Actor, herself: Person) -> Flag:
    look(herself)
    go_over()
    return Flag.objects.get()


def test_the_head_and_data_protection_answer(flag: Flag, head: Posting) -> None:
    for by, state in ((actor_in(head), FlagState.EXPLAINED), (make.actor(Role.DATA_OFFICER), FlagState.CONFIRMED)):
        Flag.objects.update(state=FlagState.OPEN)
        answer_flag(flag, by=by, state=state, reason="Se habló con ella y con su jefatura")
        step = flag.steps.latest("at")
        assert (flag.state, step.account_id, step.reason) == (
            state,
            by.account_id,
            "Se habló con ella y con su jefatura",
        )


def test_nobody_answers_her_own_nor_sees_it(flag: Flag, operator: Posting) -> None:
    own_head = actor_in(make.posting(Role.UAS_HEAD, account=operator.account))
    own_officer = actor_in(make.posting(Role.DATA_OFFICER, account=operator.account))
    for by in (own_head, own_officer):
        assert not Flag.objects.visible_to(by).exists()
        with pytest.raises(NotAllowed):
            answer_flag(flag, by=by, **EXPLAINED)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.CASE_WORKER, Role.COUNTERPART, Role.SYSTEM_ADMIN, Role.DIDECO])
def test_who_answers_for_no_unit_neither_sees_nor_answers(flag: Flag, role: Role) -> None:
    by = make.actor(role)
    assert not Flag.objects.visible_to(by).exists()
    with pytest.raises(NotAllowed):
        answer_flag(flag, by=by, **EXPLAINED)


def test_the_head_of_another_unit_neither_sees_nor_answers(flag: Flag) -> None:
    by = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="rsh", functions=("rsh",)))
    assert not Flag.objects.visible_to(by).exists()
    with pytest.raises(NotAllowed):
        answer_flag(flag, by=by, **EXPLAINED)


def test_an_answer_is_given_once_and_with_its_reason(flag: Flag, head: Posting) -> None:
    by = actor_in(head)
    with pytest.raises(RuleBroken, match="Escriba por qué"):
        answer_flag(flag, by=by, state=FlagState.EXPLAINED, reason="ok")
    with pytest.raises(RuleBroken, match="Elija"):
        answer_flag(flag, by=by, state=FlagState.OPEN, reason="Se habló con ella")
    answer_flag(flag, by=by, **EXPLAINED)
    with pytest.raises(InvalidTransition, match="Ya estaba respondida"):
        answer_flag(flag, by=make.actor(Role.DATA_OFFICER), **EXPLAINED)
