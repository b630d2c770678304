"""What a server has read of the catalogue is answered again only while the catalogue is the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.models import Provider, Unit
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.listing import Wanted, list_entries
from ventanilla.catalogue.entries.reading import versions_told
from ventanilla.catalogue.entries.stamp import catalogue_stamp
from ventanilla.catalogue.entries.states import SuspensionGround
from ventanilla.catalogue.models import Entry, EntryReason

pytestmark = pytest.mark.django_db


def told(by: Actor) -> list[str]:
    return [version.name for version in versions_told(by, on=make.TODAY, offered_only=True)]


def suspended(entry: Entry, by: Actor) -> None:
    actions.suspend_entry(entry, by=by, ground=SuspensionGround.NO_FUNDS)


def renamed(_: Entry, by: Actor) -> None:
    Unit.objects.filter(pk=make.unit_of(by).pk).update(name="Oficina de la vivienda")


def suggested(entry: Entry, _: Actor) -> None:
    EntryReason.objects.create(entry=entry, reason=make.reason("information"))


def given_another_provider(_: Entry, by: Actor) -> None:
    Provider.objects.create(institution_id=by.institution, name="Fundación Ejemplo", nature="private")


def joined_by_another(*_: Any) -> None:
    make.written_entry("Pañales")


@pytest.mark.parametrize("change", [suspended, renamed, suggested, given_another_provider, joined_by_another])
def test_any_change_of_the_catalogue_gives_it_another_stamp(change: Callable[[Entry, Actor], Any]) -> None:
    with make.inside() as by:
        gas = make.written_entry()
        before = catalogue_stamp(by)
        assert catalogue_stamp(by) == before
        change(gas, by)
        assert catalogue_stamp(by) != before


def test_what_was_read_is_not_read_again_until_it_changes() -> None:
    with make.inside() as by:
        gas = make.written_entry()
        assert told(by) == ["Vale de gas"]
        with CaptureQueriesContext(connection) as queries:
            assert told(by) == ["Vale de gas"]
        assert len(queries) == 1
        suspended(gas, by)
        assert told(by) == []


def test_what_is_kept_of_one_institution_is_not_told_in_another() -> None:
    with make.inside() as by:
        make.written_entry()
        assert told(by) == ["Vale de gas"]
    with make.inside(make.COMBARBALA) as by:
        assert told(by) == []


def test_what_is_kept_for_a_head_is_not_told_to_the_desk() -> None:
    with make.inside() as head:
        make.written_entry()
        make.written_entry("Pañales", is_published=False)
        for by, names in ((head, ["Pañales", "Vale de gas"]), (make.actor(Role.FRONT_DESK), ["Vale de gas"])) * 2:
            with acting(by):
                rows = list_entries(by, Wanted(), on=make.TODAY).rows
                assert sorted(row.said.name for row in rows) == names


def test_a_change_that_came_to_nothing_is_told_to_nobody() -> None:
    with make.inside() as by:
        gas = make.written_entry()
        before = catalogue_stamp(by)
        with transaction.atomic():
            suspended(gas, by)
            assert told(by) == []
            transaction.set_rollback(True)
        assert catalogue_stamp(by) == before
        assert told(by) == ["Vale de gas"]
        with transaction.atomic():
            make.written_entry("Pañales")
            assert set(told(by)) == {"Pañales", "Vale de gas"}
            transaction.set_rollback(True)
        make.written_entry("Parafina")
        assert set(told(by)) == {"Parafina", "Vale de gas"}


def test_what_begins_another_day_is_told_that_day() -> None:
    with make.inside() as by:
        make.written_entry(starts_on=make.TODAY + timedelta(days=1))
        assert told(by) == []
        tomorrow = versions_told(by, on=make.TODAY + timedelta(days=1))
        assert [version.name for version in tomorrow] == ["Vale de gas"]
