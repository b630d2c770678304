"""Undoing a load: by the audit of what it wrote, and only if nothing that came later leans on it."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.core.errors import RuleBroken
from ventanilla.datasets.course.actions import move
from ventanilla.datasets.course.working import accepted_by, in_state, or_else
from ventanilla.datasets.models import RejectedRow
from ventanilla.datasets.states import LoadState
from ventanilla.registry.models import Person
from ventanilla.registry.name_key import search_key, sort_key

_WRITTEN = "load_written"
"""Temporary table of the rows that the load wrote: how it first met each, and its last audit event of it."""


def undo(load_id: UUID, *, by: Actor) -> None:
    """All of it or nothing. What it wrote last of a row is taken back only while nobody wrote it since."""
    load = in_state(load_id, LoadState.UNDOING, by=by)
    if load is None:
        return
    with or_else(load, LoadState.APPLIED, by=by), acting(replace(accepted_by(load), request_id=load.pk)):
        told = {"institution": load.institution_id, "load": load.pk}
        _gather(told | {"since": load.written_from, "until": load.written_until})
        if later := [*_changed_later(told), *_leaning(told)]:
            raise RuleBroken(f"No se puede deshacer: después {_listed(later)}. Revise eso primero.")
        tables = _tables()
        for table in tables:
            _restore(table, told)
        for table in tables:
            _remove(table, told)
        RejectedRow.objects.filter(load=load).delete()
        move(load, LoadState.UNDONE, by=by)


_GATHER = f"""
create temporary table {_WRITTEN} on commit drop as
select table_name, row_id::uuid as id, (array_agg(op order by id))[1] as op, max(id) as last
from core_audit_event
where institution_id = %(institution)s and request_id = %(load)s and table_name <> 'datasets_load'
    and at between %(since)s and coalesce(%(until)s, clock_timestamp())
group by table_name, row_id
"""


def _gather(told: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{_WRITTEN}")
        cursor.execute(_GATHER, told)
        cursor.execute(f"create index on {_WRITTEN} (table_name, id)")
        cursor.execute(f"analyze {_WRITTEN}")


# What a load wrote that was undone itself is as if it had never been.
_CHANGED_LATER = f"""
select w.table_name, count(*) from {_WRITTEN} w
where exists (
    select from core_audit_event e
    where e.institution_id = %(institution)s and e.row_id = w.id::text and e.table_name = w.table_name
        and e.id > w.last and e.request_id is distinct from %(load)s
        and not exists (
            select from datasets_load u
            where u.institution_id = %(institution)s and u.id = e.request_id and u.state = 'undone'))
group by w.table_name order by w.table_name
"""


def _changed_later(told: Mapping[str, Any]) -> Iterator[str]:
    for table, number in _asked(_CHANGED_LATER, told):
        yield f"se {'cambió' if number == 1 else 'cambiaron'} {_counted(_model(table), number)}"


def _leaning(told: Mapping[str, Any]) -> Iterator[str]:
    """What refers to rows that the load brought and was not brought by it."""
    for model, column, target in _references():
        asked = f"""
            select count(*) from {model._meta.db_table} r
            join {_WRITTEN} w on w.table_name = %(target)s and w.op = 'I' and w.id = r.{column}
            where r.institution_id = %(institution)s and not exists (
                select from {_WRITTEN} own where own.table_name = %(table)s and own.id = r.id and own.op = 'I')
        """
        ((number,),) = _asked(asked, {**told, "table": model._meta.db_table, "target": target})
        if number:
            yield f"se {'anotó' if number == 1 else 'anotaron'} {_counted(model, number)}"


def _references() -> Iterator[tuple[type[models.Model], str, str]]:
    """Every table of an institution with a column that refers to a table that the load wrote."""
    written = set(_written_tables())
    for model in apps.get_models():
        if hasattr(model, "institution_id"):
            yield from ((model, column, target) for column, target in _targets(model) if target in written)


def _targets(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Its columns that refer to a table, and which."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            yield field.column, field.related_model._meta.db_table


def _tables() -> list[type[models.Model]]:
    """Those that the load wrote, each before what it refers to."""
    written = {table: _model(table) for table in _written_tables()}
    order: TopologicalSorter[str] = TopologicalSorter({table: set() for table in written})
    for table, model in written.items():
        for _, target in _targets(model):
            if target in written and target != table:
                order.add(target, table)
    return [written[table] for table in order.static_order()]


def _written_tables() -> list[str]:
    return [table for (table,) in _asked(f"select distinct table_name from {_WRITTEN}", {})]


_OLD = f"""
create temporary table load_old on commit drop as
select id, jsonb_object_agg(key, value) as old
from (
    select distinct on (w.id, k.key) w.id, k.key, k.value
    from {_WRITTEN} w
    join core_audit_event e on e.institution_id = %(institution)s and e.row_id = w.id::text
        and e.table_name = w.table_name and e.request_id = %(load)s and e.op = 'U' and e.id <= w.last
    cross join jsonb_each(e.old) k
    where w.table_name = %(table)s and w.op = 'U' and k.value <> '"(oculto)"'
    order by w.id, k.key, e.id
) first
group by id
"""


def _restore(model: type[models.Model], told: Mapping[str, Any]) -> None:
    """What it changed, as it was before it first did."""
    table = model._meta.db_table
    columns = [field.attname for field in model._meta.local_fields if field.attname not in ("id", "institution_id")]
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.load_old")
        cursor.execute(_OLD, {**told, "table": table})
        cursor.execute(
            f"update {table} t set ({', '.join(columns)}) ="
            f" (select {', '.join(f'r.{column}' for column in columns)} from jsonb_populate_record(t, o.old) r)"
            f" from load_old o where t.institution_id = %(institution)s and t.id = o.id",
            told,
        )
        if model is Person:
            cursor.execute(
                "select id from load_old where old ?| array['given_names', 'first_surname',"
                " 'second_surname', 'social_name']"
            )
            _renew_keys([person_id for (person_id,) in cursor.fetchall()])


def _renew_keys(ids: list[UUID]) -> None:
    """By which people are found: the audit does not keep them."""
    people = list(Person.objects.filter(pk__in=ids))
    for person in people:
        names = (person.given_names, person.first_surname, person.second_surname)
        person.search_key, person.sort_key = search_key(*names, person.social_name), sort_key(*names)
    Person.objects.bulk_update(people, ["search_key", "sort_key"], batch_size=1000)


def _remove(model: type[models.Model], told: Mapping[str, Any]) -> None:
    """What it brought."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"delete from {table} t using {_WRITTEN} w where t.institution_id = %(institution)s"
            f" and w.table_name = %(table)s and w.op = 'I' and t.id = w.id",
            {**told, "table": table},
        )


def _asked(statement: str, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor)


def _model(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _counted(model: type[models.Model], number: int) -> str:
    name = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
    return f"{number:,} {name}".replace(",", ".")


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} y {things[-1]}"
