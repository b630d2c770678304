"""A merge undone: two records again, each with what it had."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make
from tests.registry.merged import everything, joined, refused, two

from ventanilla.access.actors import Actor
from ventanilla.core.errors import InvalidTransition
from ventanilla.intake.actions import start_consultation
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.actions import (
    undo_merge,
)
from ventanilla.registry.models import (
    ContactPoint,
    Identifier,
    Membership,
    Person,
    Relation,
    Residence,
)
from ventanilla.registry.vocabulary import FactKind, RelationKind, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Iterator[Actor]:
    with make.inside() as by:
        yield by


def test_what_is_undone_is_as_it_was(head: Actor) -> None:
    rosa, again_rosa = two(social_name="Rosita")
    make.home(rosa)
    make.home(again_rosa)
    for person in (rosa, again_rosa):
        ContactPoint.objects.create(person=person, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
        make.fact(FactKind.INCOME, person=person, value="work", amount=1)
    start_consultation(again_rosa, by=head)
    before = everything()
    merge = joined(rosa, again_rosa, head, run=True, first_surname=True, social_name=True, **{rules.HOME: True})
    assert everything() != before
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    assert everything() == before


def test_an_undone_merge_says_why_and_is_not_undone_again(head: Actor) -> None:
    merge = joined(*two(), head)
    with refused("por qué se deshace"):
        undo_merge(merge, by=head, reason="error")
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    with refused("ya se había deshecho", InvalidTransition):
        undo_merge(merge, by=head, reason="Eran dos personas distintas")


def test_a_merge_under_another_waits_for_it(head: Actor) -> None:
    first, second = two()
    third = make.person("Rosa", "Arraya", run=None)
    inner = joined(second, third, head)
    outer = joined(first, second, head)
    with refused("Deshaga primero"):
        undo_merge(inner, by=head, reason="Eran dos personas distintas")
    undo_merge(outer, by=head, reason="Eran dos personas distintas")
    undo_merge(inner, by=head, reason="Eran dos personas distintas")
    assert Person.objects.filter(merged_into__isnull=False).count() == 0


def test_what_changed_since_in_the_same_field_keeps_it_joined(head: Actor) -> None:
    rosa, again_rosa = two()
    merge = joined(rosa, again_rosa, head, first_surname=True)
    Person.objects.filter(pk=rosa.pk).update(first_surname="Araya")
    with refused("cambió su ficha: primer apellido"):
        undo_merge(merge, by=head, reason="Eran dos personas distintas")


def test_what_came_since_stays_with_the_one_kept_and_what_was_deleted_is_not_missed(head: Actor) -> None:
    rosa, again_rosa = two()
    gone = ContactPoint.objects.create(person=again_rosa, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
    merge = joined(rosa, again_rosa, head)
    later = start_consultation(rosa, by=head)
    ContactPoint.objects.filter(pk=gone.pk).delete()
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    later.refresh_from_db()
    assert later.person_id == rosa.pk


ROWS = st.sets(st.sampled_from(("home", "phone", "fact", "relation", "residence", "document", "consultation")))
CHOSEN = st.dictionaries(st.sampled_from((*rules.NAMES, rules.HOME)), st.booleans())


def _give(person: Person, names: set[str], child: Person, by: Actor) -> None:
    if "home" in names:
        make.home(person)
    if "phone" in names:
        ContactPoint.objects.create(person=person, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
    if "fact" in names:
        make.fact(FactKind.SUBSIDY, person=person, value="suf")
    if "relation" in names:
        Relation.objects.create(person=person, other=child, kind=RelationKind.PARENT, source=Source.RSH)
        Relation.objects.create(person=child, other=person, kind=RelationKind.CARER, source=Source.RSH)
    if "residence" in names:
        dwelling = make.home(bracket=None).dwelling
        assert dwelling
        Residence.objects.create(person=person, dwelling=dwelling, source=Source.DECLARED, starts_on=date(2026, 1, 1))
    if "document" in names:
        Identifier.objects.create(person=person, kind="passport", country="PE", value=person.pk.hex)
    if "consultation" in names:
        start_consultation(person, by=by)


@given(hers=ROWS, others=ROWS, chosen=CHOSEN, has_run=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_joining_and_undoing_leaves_every_row_as_it_was(
    head: Actor, hers: set[str], others: set[str], chosen: dict[str, bool], has_run: bool
) -> None:
    sid = transaction.savepoint()
    child = make.person("Luis", "Araya")
    one = make.person()
    other = make.person("Rosa", "Araia", second_surname="", nationality="PE", **({} if has_run else {"run": None}))
    _give(one, hers, child, head)
    _give(other, others - ({"consultation"} & hers), child, head)
    before = everything()
    merge = joined(one, other, head, **chosen)
    assert not Membership.objects.filter(person=other).exists()
    undo_merge(merge, by=head, reason="Eran dos personas distintas")
    assert everything() == before
    transaction.savepoint_rollback(sid)
