"""Two records that are one person: joined with all that hangs from them, and found by either."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from tests import make
from tests.registry.merged import again, joined, pair_of, refused, two

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed
from ventanilla.intake.actions import start_consultation
from ventanilla.registry.finding import person_or_404, person_with_run
from ventanilla.registry.matching import Candidate, likely_matches
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.actions import (
    Joining,
    leave_for_later,
    merge_pair,
    merge_people,
    set_apart,
    undo_merge,
)
from ventanilla.registry.merging.moving import hanging
from ventanilla.registry.models import (
    ContactPoint,
    Fact,
    Identifier,
    Membership,
    Merge,
    ReadPurpose,
    Relation,
)
from ventanilla.registry.reading import open_purpose, readings_within
from ventanilla.registry.search import search_people
from ventanilla.registry.vocabulary import FactKind, RelationKind, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Iterator[Actor]:
    with make.inside() as by:
        yield by


# The declaration


def test_every_table_that_points_to_a_person_says_what_becomes_of_its_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, a.attname from pg_constraint k join pg_class c on c.oid = k.conrelid"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)"
            " where k.contype = 'f' and k.confrelid = 'registry_person'::regclass and a.attname <> 'institution_id'"
        )
        keys = set(cursor.fetchall())
    declared = {(m._meta.db_table, m._meta.get_field(h.field).column) for m, h in hanging()}  # type: ignore[union-attr]  # a column
    assert declared == keys


def test_no_table_points_to_a_person_behind_the_catalogue_but_the_logs() -> None:
    loose = {
        f"{model.__name__}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if not isinstance(field, models.ForeignKey) and field.column in {"person_id", "people_ids", "subject_id"}
    }
    assert loose == {"ReadEntry.person_id"}


# Joining


def test_what_hangs_from_one_follows_to_the_one_that_is_kept(head: Actor) -> None:
    rosa, again_rosa = two()
    make.home(rosa)
    child = make.person("Luis", "Araya")
    Relation.objects.create(person=again_rosa, other=child, kind=RelationKind.PARENT, source=Source.DECLARED)
    Identifier.objects.create(person=again_rosa, kind="passport", country="PE", value="X1")
    ContactPoint.objects.create(person=again_rosa, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
    make.fact(FactKind.INCOME, person=again_rosa, value="work", amount=1)
    consultation = start_consultation(again_rosa, by=head)
    joined(rosa, again_rosa, head)
    for model in (Relation, Identifier, ContactPoint, Fact):
        of_people = model._default_manager.filter(person__isnull=False)
        assert set(of_people.values_list("person", flat=True)) == {rosa.pk}, model
    consultation.refresh_from_db()
    assert consultation.person_id == rosa.pk
    assert again(again_rosa).merged_into_id == rosa.pk


def test_who_attends_the_one_absorbed_goes_on_reading_and_an_emergency_does_not_spread(head: Actor) -> None:
    rosa, again_rosa = two()
    start_consultation(again_rosa, by=head)
    reason = open_purpose(
        again_rosa, by=head, ground=ReadPurpose.Ground.WRITTEN_REASON, reason="Revisar su situación de hoy"
    )
    joined(rosa, again_rosa, head)
    grounds = set(ReadPurpose.objects.filter(person=rosa).values_list("ground", flat=True))
    assert grounds == {ReadPurpose.Ground.CONSULTATION}
    reason.refresh_from_db()
    assert reason.person_id == again_rosa.pk


def test_the_fields_that_were_chosen_are_those_of_the_other_record(head: Actor) -> None:
    rosa, again_rosa = two(social_name="Rosita", birth_on=date(1983, 5, 15))
    joined(rosa, again_rosa, head, first_surname=True, social_name=True)
    found = again(rosa)
    assert (found.first_surname, found.social_name, found.birth_on) == ("Araia", "Rosita", date(1983, 5, 14))
    assert "rosita" in found.search_key


def test_both_runs_go_on_leading_to_her_whichever_was_chosen(head: Actor) -> None:
    one, other = make.person(), make.person()
    runs = (str(one.run), str(other.run))
    joined(one, other, head, run=True)
    assert (again(one).run, again(other).run) == (runs[1], runs[0])
    for run in runs:
        found = person_with_run(run, by=head)
        assert found
        assert found.pk == one.pk
        assert [match.person.pk for match in search_people(run, by=head, on=make.TODAY).matches] == [one.pk]


def test_what_both_say_is_kept_once(head: Actor) -> None:
    rosa, again_rosa = two()
    for person in (rosa, again_rosa):
        ContactPoint.objects.create(person=person, kind="phone", value="+56955551234", as_of=date(2026, 1, 1))
        make.fact(FactKind.INCOME, person=person, value="work", amount=1)
    joined(rosa, again_rosa, head)
    assert (ContactPoint.objects.count(), Fact.objects.count()) == (1, 1)


def test_of_two_homes_the_chosen_one_is_hers_and_the_other_ends_today(head: Actor) -> None:
    rosa, again_rosa = two()
    hers, others = make.home(rosa), make.home(again_rosa)
    joined(rosa, again_rosa, head, **{rules.HOME: True})
    ends = dict(Membership.objects.filter(person=rosa).values_list("home", "ends_on"))
    assert ends == {hers.pk: clock.today(), others.pk: None}


def test_of_the_same_home_twice_she_is_once_its_head_and_goes_on_shielded(head: Actor) -> None:
    rosa, again_rosa = two()
    house = make.home(again_rosa, rosa)
    Membership.objects.filter(person=rosa).update(is_shielded=True)
    joined(rosa, again_rosa, head)
    now = Membership.objects.get(home=house, ends_on__isnull=True)
    assert (now.person_id, now.is_head) == (rosa.pk, True)
    assert Membership.objects.filter(home=house, person=rosa, is_shielded=True).exists()


def test_whoever_was_joined_to_one_that_is_joined_leads_straight_to_the_last(head: Actor) -> None:
    first, second = two()
    third = make.person("Rosa", "Arraya", run=None)
    joined(second, third, head)
    joined(first, second, head)
    assert again(third).merged_into_id == first.pk


# Refused


def test_without_the_right_nobody_joins_sets_apart_or_undoes(head: Actor) -> None:
    one, other = two()
    pair = pair_of(one, other, head)
    merge = joined(*two(), head)
    clerk = make.actor(Role.FRONT_DESK)
    with acting(clerk):
        for act in (
            lambda: merge_pair(pair, Joining(), by=clerk),
            lambda: set_apart(pair, by=clerk),
            lambda: leave_for_later(pair, by=clerk),
            lambda: undo_merge(merge, by=clerk, reason="Eran dos personas distintas"),
        ):
            with refused("no permite", NotAllowed):
                act()


def test_a_mother_and_her_daughter_are_not_one(head: Actor) -> None:
    mother, daughter = two()
    Relation.objects.create(person=mother, other=daughter, kind=RelationKind.PARENT, source=Source.RSH)
    with refused("nadie lo es de sí misma"):
        joined(mother, daughter, head)


def test_two_runs_need_to_be_explained(head: Actor) -> None:
    one, other = make.person(), make.person()
    with refused("RUN distintos"):
        merge_people(one, other, Joining(), by=head)


def test_one_whom_an_operator_attends_twice_waits(head: Actor) -> None:
    one, other = two()
    start_consultation(one, by=head)
    start_consultation(other, by=head)
    with refused("Que termine antes"):
        joined(one, other, head)


def test_whose_data_are_blocked_is_not_joined(head: Actor) -> None:
    one, other = two(processing_blocked=True)
    with refused("bloqueado"):
        joined(one, other, head)


def test_nobody_is_joined_twice_nor_to_herself(head: Actor) -> None:
    one, other = two()
    third = make.person()
    joined(one, other, head)
    with refused("ya está unida", InvalidTransition):
        joined(third, other, head)
    with refused("misma ficha"):
        joined(one, one, head)


def test_a_record_made_of_two_keeps_the_rules_of_one(head: Actor) -> None:
    one, other = two(died_on=date(1980, 1, 1), death_source=Source.DECLARED, birth_on=date(1950, 1, 1))
    with refused("defunción"):
        joined(one, other, head, died_on=True)


def test_the_database_joins_nobody_twice(head: Actor) -> None:
    one, other = two()
    merge = joined(one, other, head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(
            kept=one, absorbed=other, merged_at=clock.now(), account_id=merge.account_id, posting_id=merge.posting_id
        )


# Found by either


def test_the_address_and_the_name_of_the_other_record_lead_to_her(head: Actor) -> None:
    rosa, other = make.person(), make.person("Ximena", "Quilodrán", run=None)
    joined(rosa, other, head)
    assert person_or_404(other.pk, by=head).pk == rosa.pk
    assert [match.person.pk for match in search_people("ximena quilodran", by=head, on=make.TODAY).matches] == [rosa.pk]
    likely = likely_matches(Candidate("Ximena Quilodrán Contreras"), by=head, on=make.TODAY)
    assert [match.person.pk for match in likely] == [rosa.pk]
    assert "Nombre" in likely[0].reason


def test_to_register_the_run_of_the_other_record_shows_her(head: Actor) -> None:
    one, other = make.person(), make.person()
    joined(one, other, head)
    likely = likely_matches(Candidate("Otro Nombre", run=str(other.run)), by=head, on=make.TODAY)
    assert [(match.person.pk, match.reason) for match in likely] == [(one.pk, "Mismo RUN")]


def test_who_read_the_other_record_is_among_those_who_read_hers(head: Actor) -> None:
    one, other = two()
    start_consultation(other, by=head)
    search_people("rosa", by=head, on=make.TODAY)
    with connection.cursor() as cursor:
        cursor.execute("select log_read('full', %s, '{}', null, 'antes de unir')", [other.pk])
    joined(one, other, head)
    assert [reading.entry.note for reading in readings_within(head, of=one)] == ["antes de unir"]
