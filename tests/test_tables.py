"""PostgreSQL's own catalogue, held against the class that each table declares (core/tables.py)."""

from collections import defaultdict
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from ventanilla.access.tenancy import TenantForeignKey
from ventanilla.core.tables import DOORS, SEQUENCES, TableClass, privileges, tables

pytestmark = pytest.mark.django_db

HELD_BY_POLICY = {TableClass.TENANT, TableClass.LOG, TableClass.EXCHANGE}
PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger")
TENANT_IS_ENTERED = "(institution_id = (NULLIF(current_setting('app.institution'::text, true), ''::text))::integer)"
SENDER_IS_ENTERED = TENANT_IS_ENTERED.replace("institution_id", "sender_id")
PARTY_IS_ENTERED = (
    "(((NULLIF(current_setting('app.institution'::text, true), ''::text))::integer = sender_id) OR"
    " ((NULLIF(current_setting('app.institution'::text, true), ''::text))::integer = receiver_id))"
)
OWN_TABLE = "c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
NOT_AUDITED = {
    "django_session": "a row a visit",
    "access_opensession": "where somebody is signed in, for as long as she is",
    "access_apiuse": "a count of the minute, of nobody's data",
    "access_keptanswer": "what was answered to a write that is itself audited, for a day",
    "intake_draft": "what is typed and not sent is not yet written",
    "datasets_rejectedrow": "what was not taken was not written; its load counts it",
    "datasets_watchedfolder": "when a folder was last seen, every few minutes",
    "registry_watchmark": "how far the review of readings has come",
}
PARTLY_AUDITED = {
    "access_signinattempt": {"audit_update"},  # it is itself the trace of an act; that it was forgiven is another
}
WRITES = {"audit_insert", "audit_update", "audit_delete"}


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def pairs(query: str, *values: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in rows(query, *values)}


def of_class(*classes: TableClass) -> set[str]:
    return {name for name, table in tables().items() if table.table_class in classes}


def test_every_table_is_in_exactly_one_class() -> None:
    found = [name for (name,) in rows(f"select c.relname from pg_class c where {OWN_TABLE}")]
    assert sorted(found) == sorted(tables())


def test_row_level_security_is_enabled_where_an_institution_has_rows_and_forced_nowhere() -> None:
    """Forced, it would also blind the owner, who migrates and backs up."""
    enabled = rows(f"select c.relname from pg_class c where {OWN_TABLE} and c.relrowsecurity")
    assert {name for (name,) in enabled} == of_class(*HELD_BY_POLICY)
    assert rows("select relname from pg_class where relforcerowsecurity") == []


def test_the_only_policy_is_that_the_institution_is_the_one_entered_or_a_party_of_what_crosses() -> None:
    found = rows("select tablename, cmd, permissive, roles::text, qual, with_check from pg_policies")
    expected: list[tuple[str | None, ...]] = [
        (name, "ALL", "PERMISSIVE", "{public}", TENANT_IS_ENTERED, None) for name in of_class(TableClass.TENANT)
    ]
    expected += [
        (name, "SELECT", "PERMISSIVE", "{public}", TENANT_IS_ENTERED, None) for name in of_class(TableClass.LOG)
    ]
    for name in of_class(TableClass.EXCHANGE):
        expected += [
            (name, "SELECT", "PERMISSIVE", "{public}", PARTY_IS_ENTERED, None),
            (name, "INSERT", "PERMISSIVE", "{public}", None, SENDER_IS_ENTERED),
            (name, "UPDATE", "PERMISSIVE", "{public}", SENDER_IS_ENTERED, None),
        ]
    assert sorted(found, key=str) == sorted(expected, key=str)


UNIQUE_INDEXES = f"""
select c.relname, i.indexrelid::regclass::text, i.indisprimary,
    array(select a.attname::text from unnest(i.indkey) with ordinality k(number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number order by k.place)
from pg_index i join pg_class c on c.oid = i.indrelid
where {OWN_TABLE} and i.indisunique
"""


def test_no_tenant_table_keeps_statistics_of_its_institutions() -> None:
    """An institution that came after the last count would be planned as having no rows, and be read whole."""
    found = rows(
        "select c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid"
        f" where {OWN_TABLE} and a.attname = 'institution_id' and a.attstattarget is distinct from 0"
    )
    assert {name for (name,) in found}.isdisjoint(of_class(TableClass.TENANT))


def test_no_index_of_a_tenant_table_repeats_the_beginning_of_another() -> None:
    """Each one costs every write."""
    found = rows(
        "select c.relname, i.indexrelid::regclass::text, o.indexrelid::regclass::text from pg_index i"
        " join pg_class c on c.oid = i.indrelid"
        " join pg_index o on o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid"
        f" where {OWN_TABLE} and i.indpred is null and o.indpred is null and not i.indisunique"
        " and 0 <> all (i.indkey::int2[])"
        " and (o.indkey::int2[])[0:i.indnatts - 1] = (i.indkey::int2[])[0:i.indnatts - 1]"
        " and (o.indclass::oid[])[0:i.indnatts - 1] = (i.indclass::oid[])[0:i.indnatts - 1]"
    )
    assert [pair for table, *pair in found if table in of_class(TableClass.TENANT)] == []


def test_the_key_of_a_tenant_table_is_institution_and_id() -> None:
    keys = {table: columns for table, _, is_primary, columns in rows(UNIQUE_INDEXES) if is_primary}
    assert {name: keys.get(name) for name in of_class(TableClass.TENANT)} == {
        name: ["institution_id", "id"] for name in of_class(TableClass.TENANT)
    }


def test_what_is_unique_is_unique_within_an_institution() -> None:
    tenant = of_class(TableClass.TENANT, TableClass.SEALED)
    loose = [
        index for table, index, _, columns in rows(UNIQUE_INDEXES) if table in tenant and columns[0] != "institution_id"
    ]
    assert loose == []


FOREIGN_KEYS = f"""
select c.relname, r.relname, k.condeferrable,
    array(select a.attname::text from unnest(k.conkey) with ordinality n(number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = n.number order by n.place),
    array(select a.attname::text from unnest(k.confkey) with ordinality n(number, place)
        join pg_attribute a on a.attrelid = r.oid and a.attnum = n.number order by n.place)
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class r on r.oid = k.confrelid
where {OWN_TABLE} and k.contype = 'f' and k.convalidated
"""


def tenant_references() -> set[tuple[str, str, str]]:
    return {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    }


def test_a_row_points_only_to_rows_of_its_own_institution() -> None:
    composite = {
        (table, columns[1], target)
        for table, target, is_deferrable, columns, keys in rows(FOREIGN_KEYS)
        if columns[:1] == ["institution_id"] and keys == ["institution_id", "id"] and not is_deferrable
    }
    assert composite == tenant_references()


def test_no_plain_key_joins_two_tables_that_an_institution_owns() -> None:
    tenant = of_class(TableClass.TENANT)
    plain = [
        (table, columns)
        for table, target, _, columns, _ in rows(FOREIGN_KEYS)
        if len(columns) == 1 and table in tenant and (target in tenant or columns == ["unit_id"])
    ]
    assert plain == []


def test_audit_and_reading_log_point_to_nothing() -> None:
    """So that what they tell outlives what it is about."""
    assert [row for row in rows(FOREIGN_KEYS) if row[0] in of_class(TableClass.LOG)] == []


def test_every_reference_within_an_institution_has_its_index() -> None:
    indexed = rows(
        f"""select c.relname, array(select a.attname::text from unnest(i.indkey) with ordinality n(number, place)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = n.number order by n.place)
        from pg_index i join pg_class c on c.oid = i.indrelid where {OWN_TABLE}"""
    )
    leading = {(table, columns[1]) for table, columns in indexed if columns[0] == "institution_id" and len(columns) > 1}
    assert {(table, column) for table, column, _ in tenant_references()} - leading == set()


def test_every_write_of_an_institution_is_audited() -> None:
    found = defaultdict(set)
    for table, name in rows(
        "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where t.tgfoid = 'audit_write'::regproc and t.tgenabled = 'O'"
    ):
        found[table].add(name)
    audited = of_class(TableClass.TENANT, TableClass.IDENTITY, TableClass.EXCHANGE) - set(NOT_AUDITED)
    assert dict(found) == {name: PARTLY_AUDITED.get(name, WRITES) for name in audited}


def test_the_key_by_which_the_audit_names_a_row_cannot_be_changed() -> None:
    watched = pairs(
        "select t.tgrelid::regclass::text, array(select a.attname::text from unnest(t.tgattr) k(number)"
        " join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = k.number order by a.attname)"
        " from pg_trigger t where t.tgfoid = 'refuse_other_key'::regproc and t.tgenabled = 'O'"
    )
    columns = pairs(
        "select c.relname, array_agg(a.attname::text order by a.attname) from pg_class c"
        f" join pg_attribute a on a.attrelid = c.oid where {OWN_TABLE} and a.attname in ('id', 'institution_id')"
        " group by c.relname"
    )
    audited = of_class(TableClass.TENANT, TableClass.IDENTITY, TableClass.EXCHANGE) - set(NOT_AUDITED)
    assert watched == {name: columns[name] for name in audited}


def allowed(relation: str) -> list[str]:
    return [name for name in PRIVILEGES if rows("select has_table_privilege(%s, %s)", relation, name) == [(True,)]]


def test_the_application_may_do_with_a_table_what_its_class_says_and_no_more() -> None:
    expected = {name: privileges(table).split(", ") if privileges(table) else [] for name, table in tables().items()}
    assert {name: allowed(name) for name in tables()} == expected


def test_the_parts_of_a_sealed_table_are_sealed_too() -> None:
    parts = [name for (name,) in rows("select relname from pg_class where relispartition and relkind = 'r'")]
    assert parts
    assert [name for name in parts if allowed(name)] == []


def test_nobody_but_the_owner_moves_a_sequence() -> None:
    sequences = [name for (name,) in rows("select oid::regclass::text from pg_class where relkind = 'S'")]
    assert "core_audit_event_id_seq" in sequences
    free = [
        (name, right)
        for name in sequences
        for right in ("usage", "select", "update")
        if rows("select has_sequence_privilege(%s, %s)", name, right) == [(True,)]
    ]
    assert sorted(free) == [(name, "usage") for name in sorted(SEQUENCES)], "the queue's are drawn from, and no other"


def test_no_right_hides_in_a_column() -> None:
    assert (
        rows(
            "select attrelid::regclass::text, attname from pg_attribute where attacl is not null"
            " and attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)"
        )
        == []
    )


OWN_FUNCTIONS = """
select p.proname || '(' || oidvectortypes(p.proargtypes) || ')', {what} from pg_proc p
where p.pronamespace = 'public'::regnamespace and {which}
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""


def test_the_only_doors_through_the_wall_are_the_listed_functions() -> None:
    callable_by_us = pairs(OWN_FUNCTIONS.format(what="has_function_privilege(p.oid, 'execute')", which="p.prosecdef"))
    assert {name for name, is_callable in callable_by_us.items() if is_callable} == set(DOORS)


def test_no_function_of_ours_can_be_lured_to_another_schema() -> None:
    """Unless it is listed, the schema of temporary tables is searched first, and anybody may make a type there.

    Those without the owner's rights count too: they run inside those that have them. The queue's run inside none.
    """
    ours = "p.prosecdef or p.proname not like 'procrastinate%%'"
    settings = pairs(OWN_FUNCTIONS.format(what="coalesce(p.proconfig, '{}')", which=f"({ours})"))
    assert {"audit_context(text)", "audit_write()", *DOORS} <= set(settings)
    path = "search_path=pg_catalog, public, pg_temp"
    assert {name for name, found in settings.items() if path not in found} == set()


def test_the_application_owns_nothing_and_makes_nothing() -> None:
    assert rows("select relname from pg_class where relowner = current_user::regrole") == []
    assert rows("select proname from pg_proc where proowner = current_user::regrole") == []
    assert rows(
        "select has_schema_privilege('public', 'create'), has_database_privilege(current_database(), 'create')"
    ) == [(False, False)]
