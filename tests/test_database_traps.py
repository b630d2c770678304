"""The wall between institutions and the two logs, tried in raw SQL as the application role, and the traps beside it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import LazySettings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.http import StreamingHttpResponse

from tests import make
from ventanilla.access import tenancy
from ventanilla.access.actors import Actor
from ventanilla.access.models import Account
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.config.postgres.roles import connect
from ventanilla.core import clock
from ventanilla.core.errors import TenancyError
from ventanilla.core.ids import new_id
from ventanilla.core.models import AuditEvent
from ventanilla.core.tables import TableClass, tables
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.registry.models import ContactPoint, Dwelling, Home, Membership, Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import find_ids

pytestmark = pytest.mark.django_db

WALLED = sorted(table.name for table in tables().values() if table.table_class in {TableClass.TENANT, TableClass.LOG})
LOGS = ("core_audit_event", "registry_readentry")


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def refused(statement: str, *values: Any, saying: str, error: type[DatabaseError] = ProgrammingError) -> None:
    """PostgreSQL refuses it, and the transaction goes on."""
    with pytest.raises(error, match=saying), transaction.atomic():
        run(statement, *values)


def forget_tenancy() -> None:
    """As a new transaction would: the test's own holds the setting until its end."""
    run("select set_config('app.institution', '', true)")


@pytest.fixture
def two_towns() -> dict[int, Person]:
    """A person, her home and her reading in each of two municipalities; none is entered afterwards."""
    people = {}
    for institution in (make.MONTE_PATRIA, make.COMBARBALA):
        with make.inside(institution):
            people[institution] = make.person()
            make.home(people[institution])
            log_reading(ReadEntry.Kind.SUMMARY, of=people[institution])
    forget_tenancy()
    return people


@pytest.fixture
def monte_patria(two_towns: dict[int, Person]) -> Iterator[Actor]:
    """Inside Monte Patria, with both towns populated."""
    with make.inside() as actor:
        yield actor


def test_with_no_institution_entered_every_walled_table_is_empty(two_towns: dict[int, Person]) -> None:
    assert len(WALLED) >= 15
    assert {table: run(f"select count(*) from {table}") for table in WALLED} == {table: [(0,)] for table in WALLED}


def test_the_empty_tables_are_not_empty_from_inside(monte_patria: Actor) -> None:
    for table in ("registry_person", "registry_home", "catalogue_reason", *LOGS):
        found = run(f"select distinct institution_id from {table}")
        assert found == [(make.MONTE_PATRIA,)], table


@pytest.mark.parametrize("model", [Person, Home, Consultation, Reason, ReadEntry])
def test_with_no_institution_entered_our_code_fails_loudly(two_towns: dict[int, Person], model: Any) -> None:
    for touch in (
        lambda: list(model.objects.all()),
        lambda: model.objects.count(),
        lambda: model.objects.exists(),
        lambda: model.objects.first(),
        lambda: model.objects.filter(pk=None).values_list("pk").get(),
        lambda: list(model.objects.iterator()),
        lambda: model.objects.update(institution_id=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.in_bulk([1]),
    ):
        with pytest.raises(TenancyError):
            touch()


def test_a_new_row_without_an_institution_entered_is_our_mistake() -> None:
    with pytest.raises(TenancyError):
        Dwelling()


def test_somebody_above_the_institutions_has_no_tenant_rows() -> None:
    with acting(make.actor(Role.NATIONAL)):
        forget = run("select current_setting('app.institution', true)")
        assert forget == [("",)]
        assert run("select count(*) from registry_person") == [(0,)]
        with pytest.raises(TenancyError):
            Person.objects.count()


def test_writing_for_another_institution_is_refused_by_the_database(monte_patria: Actor) -> None:
    policy = "row-level security policy"
    insert = "insert into registry_dwelling (institution_id, id, kind, address, sector, neighbourhood_unit, rurality)"
    refused(f"{insert} values (%s, %s, 'house', '', '', '', '')", make.COMBARBALA, new_id(), saying=policy)
    refused("update registry_person set institution_id = %s", make.COMBARBALA, saying=policy)


def test_another_institutions_rows_can_be_neither_changed_nor_deleted(
    monte_patria: Actor, two_towns: dict[int, Person]
) -> None:
    theirs = two_towns[make.COMBARBALA].pk
    assert run("update registry_person set given_names = 'X' where id = %s returning id", theirs) == []
    assert run("delete from registry_membership where person_id = %s returning id", theirs) == []
    assert not Person.objects.filter(pk=theirs).exists()


def test_a_reference_to_another_institutions_row_is_refused(monte_patria: Actor, two_towns: dict[int, Person]) -> None:
    theirs = two_towns[make.COMBARBALA]
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        ContactPoint.objects.create(person=theirs, kind="phone", value="9", as_of=make.TODAY)
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        Home.objects.create(dwelling_id=new_id(), recorded_at=clock.now())


@pytest.mark.parametrize("log", LOGS)
def test_the_logs_cannot_be_written_changed_emptied_or_silenced(monte_patria: Actor, log: str) -> None:
    denied = "permission denied|must be owner"
    refused(f"insert into {log} (institution_id) values (%s)", make.MONTE_PATRIA, saying=denied)
    refused(f"update {log} set institution_id = 1", saying=denied)
    refused(f"delete from {log}", saying=denied)
    refused(f"truncate {log}", saying=denied)
    refused(f"alter table {log} disable row level security", saying=denied)
    refused(f"drop table {log}", saying=denied)


def test_the_audit_cannot_be_switched_off(monte_patria: Actor) -> None:
    denied = "permission denied|must be owner"
    refused("alter table registry_person disable trigger all", saying=denied)
    refused("drop trigger audit_update on registry_person", saying=denied)
    refused("set session_replication_role = replica", saying=denied)
    refused("create or replace function audit_write() returns trigger language sql as 'select 1'", saying=denied)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run("set role postgres")


def test_every_write_leaves_who_where_and_what_changed(monte_patria: Actor) -> None:
    person = make.person()
    Person.objects.filter(pk=person.pk).update(social_name="Rosita")
    events = AuditEvent.objects.filter(table_name="registry_person", row_id=str(person.pk)).order_by("id")
    assert [event.op for event in events] == ["I", "U"]
    assert events[1].new == {"social_name": "Rosita"}
    assert events[1].old == {"social_name": ""}
    assert {event.account_id for event in events} == {monte_patria.account_id}
    assert {event.institution_id for event in events} == {make.MONTE_PATRIA}


def test_the_ground_on_which_somebody_read_cannot_be_deleted(monte_patria: Actor) -> None:
    refused("delete from registry_readpurpose", saying="permission denied")


def test_the_framework_keeps_no_addresses_of_its_own(client: Any) -> None:
    """They would be identity data that nobody audits."""
    posting = make.posting()
    Account.objects.filter(pk=posting.account_id).update(email="camila@ejemplo.cl")
    answer = client.post("/ingresar/", {"login": posting.account.username, "password": make.PASSWORD})
    assert answer.status_code == 302
    assert run("select count(*) from account_emailaddress") == [(0,)]
    refused("insert into account_emailaddress default values", saying="permission denied")


LURE = """
create function pg_temp.evil(pg_catalog.{name}) returns boolean language plpgsql as $$
begin
    perform pg_catalog.set_config('lured.as', current_user, true);
    return true;
end $$;
create domain pg_temp.{name} as pg_catalog.{name} check (pg_temp.evil(value));
"""


@pytest.mark.parametrize(
    "door",
    [
        "select log_read('full', '{id}', null, null, '')",
        "select find_people('{{rosa,araya}}', 'rosa araya', 10)",
        "select refresh_statistics()",
        "insert into registry_dwelling (institution_id, id, kind, address, sector, neighbourhood_unit, rurality)"
        " values (4303, '{id}', 'house', '', '', '', '')",
    ],
)
def test_no_door_runs_what_a_caller_left_among_her_temporary_types(door: str) -> None:
    """In a session of its own: a function already planned would not look its types up again."""
    with connect(connection.settings_dict) as session, session.transaction(force_rollback=True):
        session.execute(
            f"set local app.institution = '{make.MONTE_PATRIA}'; set local app.account = '{new_id()}';"
            f" set local app.posting = '{new_id()}'; set local app.request = '{new_id()}'"
        )
        for name in ("uuid", "text", "jsonb"):
            session.execute(LURE.format(name=name))
        session.execute(door.format(id=new_id()))
        lured = session.execute("select current_setting('lured.as', true)").fetchone()
    assert lured in ((None,), ("",))


def test_the_tables_cannot_be_truncated_nor_their_wall_taken_down(monte_patria: Actor) -> None:
    refused("truncate registry_person", saying="permission denied")
    refused("alter table registry_person disable row level security", saying="must be owner")
    refused("drop policy tenant on registry_person", saying="must be owner")


def test_the_steps_of_a_consultation_can_only_be_added(monte_patria: Actor) -> None:
    refused("update intake_transition set reason = 'x'", saying="permission denied")
    refused("delete from intake_transition", saying="permission denied")


def test_the_index_of_names_is_sealed(monte_patria: Actor) -> None:
    refused("select * from registry_person_name", saying="permission denied")
    refused("delete from registry_person_name", saying="permission denied")
    refused("select * from registry_person_name_00", saying="permission denied")


def test_the_only_door_to_the_names_gives_no_other_institutions_ids(
    monte_patria: Actor, two_towns: dict[int, Person]
) -> None:
    for tokens in (["rosa"], ["rosa", "araya"], ["arayya", "contreras", "elbira"]):
        assert find_ids(tokens, max_rows=100) == [two_towns[make.MONTE_PATRIA].pk]
    forget_tenancy()
    assert find_ids(["rosa"], max_rows=100) == []


def test_the_log_of_readings_says_who_reads_by_itself(monte_patria: Actor, two_towns: dict[int, Person]) -> None:
    log_reading(ReadEntry.Kind.FULL, of=two_towns[make.MONTE_PATRIA], note="mirada")
    entry = ReadEntry.objects.get(note="mirada")
    assert (entry.account_id, entry.posting_id) == (monte_patria.account_id, monte_patria.posting_id)
    arguments = run("select pg_get_function_arguments('log_read(text, uuid, uuid[], uuid, text)'::regprocedure)")
    assert not {"account", "institution"} & set(arguments[0][0].replace(",", "").split())
    refused("alter function log_read(text, uuid, uuid[], uuid, text) security invoker", saying="must be owner")


def test_a_reading_without_an_institution_is_refused(two_towns: dict[int, Person]) -> None:
    rosa = two_towns[make.MONTE_PATRIA]
    with pytest.raises(DatabaseError, match="without institution or reader"), transaction.atomic():
        run("select log_read('full', %s, '{}'::uuid[], null, '')", rosa.pk)
    with pytest.raises(TenancyError):
        log_reading(ReadEntry.Kind.FULL, of=rosa)


# The traps


def test_copy_into_a_walled_table_is_refused_and_the_way_round_works(monte_patria: Actor) -> None:
    columns = "institution_id, id, kind, address, sector, neighbourhood_unit, rurality"
    row = f"{make.MONTE_PATRIA}\t{uuid4()}\thouse\tPasaje Uno 1\tEl Palqui\t\trural\n"
    with connection.cursor() as cursor:
        with (
            pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security"),
            transaction.atomic(),
            cursor.copy(f"copy registry_dwelling ({columns}) from stdin") as copy,
        ):
            copy.write(row)
        alike = f"select {columns} from registry_dwelling limit 0"
        cursor.execute(f"create temporary table staged on commit drop as {alike}")
        with cursor.copy(f"copy staged ({columns}) from stdin") as copy:
            copy.write(row)
        cursor.execute(f"insert into registry_dwelling ({columns}) select {columns} from staged")
    assert Dwelling.objects.filter(address="Pasaje Uno 1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_streamed_after_the_transaction_sees_nothing() -> None:
    with make.inside():
        make.person()
        assert run("select count(*) from registry_person") == [(1,)]
        silent = StreamingHttpResponse(str(row) for row in run_later("select id from registry_person"))
        loud = StreamingHttpResponse(str(person) for person in Person.objects.all().iterator())
    assert silent.getvalue() == b""
    with pytest.raises(TenancyError):
        loud.getvalue()


def run_later(statement: str) -> Iterator[tuple[Any, ...]]:
    yield from run(statement)


@pytest.mark.django_db(transaction=True)
def test_rolling_back_a_savepoint_leaves_the_institution_entered_inside_it() -> None:
    actor = make.actor()
    with make.inside():
        make.person()
    with transaction.atomic():
        savepoint = transaction.savepoint()
        tenancy.enter(actor)
        assert run("select count(*) from registry_person") == [(1,)]
        transaction.savepoint_rollback(savepoint)
        assert run("select count(*) from registry_person") == [(0,)], "it fails closed"
    tenancy.leave()


@pytest.mark.django_db(transaction=True)
def test_an_institution_is_entered_only_inside_a_transaction() -> None:
    actor = make.actor()
    with pytest.raises(TenancyError):
        tenancy.enter(actor)


@pytest.mark.django_db(transaction=True)
def test_acting_inside_another_gives_the_first_back_whether_it_ends_well_or_not() -> None:
    here, there = make.actor(), make.actor(institution=make.COMBARBALA)
    where = "select current_setting('app.institution', true)"
    with acting(here):
        with acting(there):
            assert run(where) == [(str(make.COMBARBALA),)]
        assert run(where) == [(str(make.MONTE_PATRIA),)]
        with pytest.raises(ValueError, match="undone"), acting(there):
            raise ValueError("undone")
        assert run(where) == [(str(make.MONTE_PATRIA),)]
        assert tenancy.current_actor() == here
    with pytest.raises(TenancyError):
        tenancy.current_actor()


@pytest.mark.django_db(transaction=True)
def test_a_connection_used_again_remembers_no_institution() -> None:
    with make.inside():
        make.person()
    assert run("select current_setting('app.institution', true)") == [("",)]
    assert run("select count(*) from registry_person") == [(0,)]
    with pytest.raises(TenancyError):
        Person.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_request_leaves_no_institution_entered(client: Any) -> None:
    posting = make.posting()
    client.force_login(posting.account)
    assert client.get("/").status_code == 200
    assert run("select count(*) from access_posting")[0][0] >= 1
    assert run("select count(*) from catalogue_reason") == [(0,)]
    with pytest.raises(TenancyError):
        tenancy.current_actor()


def test_related_rows_are_walled_too(monte_patria: Actor, two_towns: dict[int, Person]) -> None:
    mine, theirs = two_towns[make.MONTE_PATRIA], two_towns[make.COMBARBALA]
    assert Membership.objects.filter(person=mine).count() == 1
    assert list(theirs.memberships.all()) == []
    assert ReasonLine.objects.count() == 0


@pytest.mark.parametrize("function", ["audit_write", "copy_changed_name"])
def test_what_pairs_the_rows_of_an_update_never_does_it_one_by_one(function: str) -> None:
    """A trigger keeps the plan of its first call, which may have been of no rows; a nested loop would then be kept."""
    with connection.cursor() as cursor:
        cursor.execute("select proconfig from pg_proc where proname = %s", [function])
        (settings_of_it,) = cursor.fetchone()
    assert "enable_nestloop=off" in settings_of_it
