"""The explanation for one home and the SQL for everybody never disagree, on generated towns and generated rules."""

from datetime import date
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests import make
from tests.eligibility import worlds

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.catalogue.rule.conditions import Rule, read_rule, write_rule
from ventanilla.catalogue.rule.kinds import Kind, Subject
from ventanilla.core import clock
from ventanilla.eligibility.asking import ASKED
from ventanilla.eligibility.compiling import counts, verdicts
from ventanilla.eligibility.finding import Who
from ventanilla.eligibility.household import Household, read_household
from ventanilla.eligibility.kleene import Known
from ventanilla.eligibility.verdicts import judge_rule, subjects_of
from ventanilla.registry.homes import home_of
from ventanilla.registry.models import Person
from ventanilla.registry.profiles import Profile

pytestmark = pytest.mark.django_db
SLOW = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a town is read as it came: shrinking it takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def worker() -> Actor:
    return make.actor(Role.UAS_HEAD)


def a_version() -> EntryVersion:
    entry = Entry.objects.create(code="caja", state="published", number=1)
    return EntryVersion.objects.create(
        entry=entry,
        number=1,
        starts_on=date(2020, 1, 1),
        name="Caja",
        plain="Una caja.",
        modality="in_kind",
        at=clock.now(),
    )


Seen = list[tuple[Household, UUID | None]]
"""Each home as it is read when one of its people is at the desk, and which home it is."""


def seen(people: list[Person], *, by: Actor) -> Seen:
    found: Seen = []
    for person in people:
        if not (person.processing_blocked or person.died_on):
            home = home_of(person, by=by)
            household = read_household(person, by=by, on=make.TODAY, profile=Profile.FULL)
            found.append((household, home.pk if home else None))
    return found


def explained(households: Seen, rule: Rule, *, entry_id: UUID) -> dict[UUID, Known]:
    """What is explained of each subject, whoever of her home is at the desk: it must be the same."""
    found: dict[UUID, Known] = {}
    for household, home_id in households:
        for member in subjects_of(rule, household):
            subject = member.person.pk if member else home_id
            if subject is None:
                continue
            holds, _ = judge_rule(rule, Who(household, member, entry_id))
            assert found.setdefault(subject, holds) == holds, f"two answers for {subject}"
    return found


@pytest.mark.parametrize("subject", list(Subject))
@given(data=st.data())
@SLOW
def test_what_is_explained_of_each_is_what_sql_says_of_all(
    subject: Subject, worker: Actor, data: st.DataObject
) -> None:
    town = data.draw(worlds.towns)
    rules = [*data.draw(worlds.one_of_each(subject)), *data.draw(st.lists(worlds.rules(subject), max_size=4))]
    with acting(worker), transaction.atomic():
        version = a_version()
        people, _ = worlds.build(town, by=worker, version=version)
        households = seen(people, by=worker)
        for rule in rules:
            in_words = explained(households, rule, entry_id=version.entry_id)
            in_sql = dict(verdicts(rule, by=worker, on=make.TODAY, entry_id=version.entry_id))
            assert in_sql == in_words, rule
        totals = counts(rules[-1], by=worker, on=make.TODAY, entry_id=version.entry_id)
        assert totals == {value: list(in_words.values()).count(value) for value in (True, False, None)}
        transaction.set_rollback(True)


def test_every_kind_of_condition_is_asked_in_both_ways() -> None:
    assert set(ASKED) == set(Kind)


@pytest.mark.parametrize("subject", list(Subject))
@given(data=st.data())
def test_a_rule_is_kept_and_read_back_as_it_was(subject: Subject, data: st.DataObject) -> None:
    rule = data.draw(worlds.rules(subject))
    assert read_rule(write_rule(rule)) == rule
