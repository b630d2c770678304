"""The queue of pairs who may be one: what is put in it, who sees it, and what is decided."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests import make
from tests.registry.merged import pair_of, refused, two

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition
from ventanilla.registry.merging.actions import (
    Joining,
    merge_pair,
    set_apart,
    undo_merge,
)
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.states import FoundBy, PairState
from ventanilla.registry.models import (
    DuplicateStep,
    Membership,
    Person,
    PossibleDuplicate,
    Residence,
)
from ventanilla.registry.vocabulary import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Iterator[Actor]:
    with make.inside() as by:
        yield by


def test_the_same_pair_waits_once_with_its_newest_evidence(head: Actor) -> None:
    one, other = two()
    assert put_doubts([Doubt(one.pk, other.pk, 5, {})], by=head, found_by=FoundBy.LOAD) == 1
    assert put_doubts([Doubt(other.pk, one.pk, 9, {"given": "same"})], by=head, found_by=FoundBy.SEARCH) == 0
    pair = PossibleDuplicate.objects.get()
    assert (pair.score, pair.evidence, pair.found_by) == (9, {"given": "same"}, FoundBy.LOAD)


def test_who_are_different_are_proposed_again_only_when_their_data_change(head: Actor) -> None:
    one, other = two()
    pair = set_apart(pair_of(one, other, head), by=head, reason="Son primas")
    assert put_doubts([Doubt(one.pk, other.pk, 9, {})], by=head, found_by=FoundBy.SEARCH) == 0
    Person.objects.filter(pk=other.pk).update(birth_on=date(1983, 5, 16))
    assert put_doubts([Doubt(one.pk, other.pk, 9, {})], by=head, found_by=FoundBy.SEARCH) == 1
    pair.refresh_from_db()
    assert pair.state == PairState.PENDING
    steps = DuplicateStep.objects.values_list("before", "after", "reason")
    assert list(steps) == [
        ("pending", "different", "Son primas"),
        ("different", "pending", "Cambiaron los datos de una de las dos."),
    ]


def test_of_two_clerks_the_second_is_told_who_decided(head: Actor) -> None:
    one, other = two()
    pair = pair_of(one, other, head)
    seen_by_the_second = PossibleDuplicate.objects.get(pk=pair.pk)
    set_apart(pair, by=head)
    second = make.actor(Role.UAS_HEAD)
    with acting(second), refused("Camila De .* ya lo decidió: personas distintas", InvalidTransition):
        merge_pair(seen_by_the_second, Joining(), by=second)


def test_what_waits_for_the_one_absorbed_waits_for_the_one_kept(head: Actor) -> None:
    rosa, again_rosa = two()
    third, fourth = make.person("Rosa", "Arraya", run=None), make.person("Rosa", "Ayala")
    pair_of(again_rosa, third, head)
    set_apart(pair_of(again_rosa, fourth, head), by=head)
    merge = merge_pair(pair_of(rosa, again_rosa, head), Joining(), by=head)
    hers = {tuple(sorted((rosa.pk, third.pk))): "pending", tuple(sorted((rosa.pk, fourth.pk))): "different"}
    carried = PossibleDuplicate.objects.filter(found_by=FoundBy.MERGE)
    assert {(pair.first_id, pair.second_id): pair.state for pair in carried} == hers
    assert list(PossibleDuplicate.objects.to_decide().values_list("found_by", flat=True)) == [FoundBy.MERGE]
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    assert not PossibleDuplicate.objects.filter(found_by=FoundBy.MERGE).exists()
    assert PossibleDuplicate.objects.to_decide().count() == 2


def test_an_undone_merge_puts_its_pair_back(head: Actor) -> None:
    pair = pair_of(*two(), head)
    merge = merge_pair(pair, Joining(), by=head)
    pair.refresh_from_db()
    assert pair.state == PairState.SAME
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    pair.refresh_from_db()
    assert pair.state == PairState.PENDING


def test_pairs_of_whom_something_is_guarded_are_for_those_who_see_it(head: Actor) -> None:
    one, other = two()
    pair = pair_of(one, other, head)
    outsider = make.actor(Role.UNIT_HEAD, in_unit=make.unit(code="deportes", functions=()))
    assert PossibleDuplicate.objects.visible_to(outsider).exists()
    house = make.home(other)
    Membership.objects.filter(home=house).update(is_shielded=True)
    assert not PossibleDuplicate.objects.visible_to(outsider).exists()
    assert PossibleDuplicate.objects.visible_to(head).exists(), "the UAS sees who is shielded"
    Membership.objects.filter(home=house).update(is_shielded=False)
    assert house.dwelling
    guarded = Residence.objects.create(
        person=one,
        dwelling=house.dwelling,
        secrecy="restricted",
        recorded_by_id=UUID(int=1),
        source=Source.DECLARED,
        starts_on=make.YESTERDAY,
    )
    assert not PossibleDuplicate.objects.visible_to(head).exists(), "restricted is for whoever wrote it"
    guarded.delete()
    Person.objects.filter(pk=one.pk).update(processing_blocked=True)
    assert not PossibleDuplicate.objects.visible_to(head).exists()
    assert pair.waits_since(clock.now() + timedelta(days=3)) == 3


def test_nobody_sees_pairs_of_another_institution(head: Actor) -> None:
    pair_of(*two(), head)
    with acting(make.actor(Role.UAS_HEAD, make.COMBARBALA)):
        assert not PossibleDuplicate.objects.exists()
