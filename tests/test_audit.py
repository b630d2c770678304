"""What the audit tells, and that nothing written slips out of it; test_database_traps.py has that nobody forges it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError

from tests import make
from tests.test_database_traps import refused, run
from ventanilla.access import actions as access_actions
from ventanilla.access.actors import Actor
from ventanilla.access.models import Institution, UnitFunction
from ventanilla.access.permissions import Role
from ventanilla.access.sign_in import record_attempt
from ventanilla.core.ids import new_id
from ventanilla.core.models import AuditEvent
from ventanilla.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def monte_patria() -> Iterator[Actor]:
    with make.inside() as actor:
        yield actor


@pytest.mark.parametrize(
    ("table", "column"), [("registry_person", "id"), ("access_posting", "id"), ("access_posting", "institution_id")]
)
def test_a_row_cannot_slip_out_of_the_audit_by_changing_its_key(monte_patria: Actor, table: str, column: str) -> None:
    value = make.COMBARBALA if column == "institution_id" else new_id()
    row = make.person().pk if table == "registry_person" else make.posting(Role.DIDECO).pk
    statement = f"update {table} set {column} = %s where id = %s"
    refused(statement, value, row, saying="is never changed", error=IntegrityError)


def test_saving_a_row_whole_is_not_changing_its_key(monte_patria: Actor) -> None:
    person = make.person()
    person.social_name = "Rosita"
    person.save()
    assert Person.objects.get(pk=person.pk).social_name == "Rosita"


def events_of(table: str, row: Any) -> list[tuple[str, int | None]]:
    found = AuditEvent.objects.filter(table_name=table, row_id=str(row)).order_by("id")
    return [(event.op, event.institution_id) for event in found]


def test_a_row_that_names_no_institution_is_audited_where_it_was_written(monte_patria: Actor) -> None:
    posting = make.posting()
    make.token(posting)
    here = [("I", make.MONTE_PATRIA)]
    assert events_of("access_account", posting.account_id) == here
    assert events_of("access_apitoken", posting.tokens.get().pk) == here
    assert posting.unit is not None
    assert posting.institution_id == make.MONTE_PATRIA
    made = UnitFunction.objects.create(unit=posting.unit, function_id="rsh")
    assert events_of("access_unitfunction", made.pk) == here


def test_an_institutions_own_row_is_audited_as_its_own_wherever_it_was_written() -> None:
    with make.inside(make.COMBARBALA):
        Institution.objects.filter(pk=make.MONTE_PATRIA).update(short_name="M. Patria")
        assert events_of("access_institution", make.MONTE_PATRIA) == []
    with make.inside():
        assert events_of("access_institution", make.MONTE_PATRIA)[-1] == ("U", make.MONTE_PATRIA)


def test_who_opened_a_lock_is_on_record(monte_patria: Actor) -> None:
    clerk = make.posting()
    record_attempt(clerk.account.username, "10.0.0.1", succeeded=False)
    attempt = run("select id from access_signinattempt where username = %s", clerk.account.username)[0][0]
    access_actions.unlock_account(clerk.account, by=monte_patria)
    by = run("select forgiven_by_id from access_signinattempt where id = %s", attempt)
    assert by == [(monte_patria.account_id,)]
    event = AuditEvent.objects.get(table_name="access_signinattempt")
    assert (event.op, event.row_id, event.account_id) == ("U", str(attempt), monte_patria.account_id)
    assert event.new is not None
    assert set(event.new) == {"forgiven_at", "forgiven_by_id"}
