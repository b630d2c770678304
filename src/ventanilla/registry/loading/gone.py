"""What an extract no longer brings: stated with its date, in whichever order extracts are loaded.

Of every statement that is followed by a whole extract without it, the next such extract says that it is gone. So a file
marks what its predecessors brought and it does not (``close_extracts``), and every statement that is added is held
against the extract that follows it, in case that one was loaded before (``mark_followers``).
"""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.datasets import RESULT, Batch, Closed
from ventanilla.core.ids import new_id
from ventanilla.registry.extracts import MOST_GONE, SPOKEN, Spoken, looks_like_another_file
from ventanilla.registry.models import Extract
from ventanilla.registry.vocabulary import HELD_AT_ONCE, ExtractScope

_GONE = "load_gone"
_HELD = ", ".join(f"'{kind}'" for kind in sorted(HELD_AT_ONCE))
_DAY = "%d-%m-%Y"


def _of_several(alias: str) -> str:
    """The value, of what holds several at once; of the rest only the subject and kind tell statements apart."""
    return f"case when {alias}.kind in ({_HELD}) then {alias}.value else '' end"


def open_extracts(batch: Batch, *, of: str) -> frozenset[tuple[str, date]]:
    """The extracts that the accepted rows of ``RESULT`` are of, by the scope in column ``of``; noted the first time."""
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct {of}, as_of from {RESULT} where reason is null")
        found = frozenset(cursor.fetchall())
    Extract.objects.bulk_create(
        [
            Extract(
                scope=scope,
                as_of=as_of,
                purpose=SPOKEN[ExtractScope(scope)].purpose,
                expires_on=clock.months_before(as_of, -settings.EXTRACT_MONTHS),
                recorded_at=batch.recorded_at,
            )
            for scope, as_of in sorted(found)
        ],
        ignore_conflicts=True,
    )
    return found


# What follows a statement

_ROWS = ", ".join(
    f"('{scope}', '{spoken.source}', '{kind}', {value})"
    for scope, spoken in SPOKEN.items()
    for kind in spoken.kinds
    for value in ([f"'{one}'" for one in spoken.values] or ["null"])
)
_SPEAKS_OF = f"(values {_ROWS}) as spoken (scope, source, kind, value)"


def mark_followers(batch: Batch, table: str) -> None:
    """Of what ``table`` just added: gone in the next whole extract, where that one was loaded before and has it not."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select exists (select from registry_extract where institution_id = %(institution)s and is_whole"
            f" and as_of > (select min(as_of) from {table} where reason is null))",
            batch.parameters,
        )
        (may_follow,) = cursor.fetchone()
    if may_follow:
        _mark(batch, _followers(table), {})


def _followers(table: str) -> str:
    return f"""
    select r.person_id, r.home_id, r.kind, r.source, {_of_several("r")} as value, following.as_of, r.expires_on
    from {table} r
    join {_SPEAKS_OF} on spoken.source = r.source and spoken.kind = r.kind
        and (spoken.value is null or spoken.value = r.value)
    cross join lateral (
        select e.as_of from registry_extract e
        where e.institution_id = %(institution)s and e.scope = spoken.scope and e.is_whole and e.as_of > r.as_of
        order by e.as_of limit 1
    ) following
    where r.reason is null and r.outcome <> 'same'
        and (r.valid_until is null or r.valid_until >= following.as_of)
        and not exists ({_known_until("person_id")}) and not exists ({_known_until("home_id")})"""


def _known_until(subject: str) -> str:
    return f"""
        select from registry_fact o where o.institution_id = %(institution)s and o.{subject} = r.{subject}
            and o.kind = r.kind and o.source = r.source and {_of_several("o")} = {_of_several("r")}
            and o.as_of > r.as_of and o.as_of <= following.as_of"""


# What a whole extract does not bring


def close_extracts(
    batch: Batch, extracts: Iterable[tuple[str, date]], *, by: Actor, accept_gone: bool = False
) -> Closed:
    """The file came whole: who figured in its programmes until then, and not in it, is gone since its date.

    Refused, for a programme, when its rows are of several dates, or when so many would be gone that it looks like
    another file, unless that is accepted. What was loaded stays; repeating the load, or loading the rest, ends it.
    """
    require(by, Permission.LOAD_RUN)
    days: dict[str, list[date]] = defaultdict(list)
    for scope, as_of in sorted(extracts):
        days[scope].append(as_of)
    gone = 0
    refusals: list[str] = []
    despite: list[str] = []
    for name, dates in days.items():
        scope = ExtractScope(name)
        if len(dates) > 1:
            refusals.append(
                f"{scope.label}: el archivo trae filas de {len(dates)} fechas de extracto ({_listed(dates)}). Cárguelas"
                " en archivos separados."
            )
            continue
        if objection := _objection(batch, scope, dates[0]):
            (despite if accept_gone else refusals).append(objection)
            if not accept_gone:
                continue
        gone += _mark(batch, _MISSING, _spoken(SPOKEN[scope], dates[0]))
        Extract.objects.filter(scope=scope, as_of=dates[0]).update(is_whole=True)
    return Closed(gone, tuple(refusals), tuple(despite))


def _listed(dates: list[date]) -> str:
    return ", ".join(f"{day:{_DAY}}" for day in dates)


def _spoken(spoken: Spoken, as_of: date) -> Mapping[str, Any]:
    return {
        "source": str(spoken.source),
        "kinds": [str(kind) for kind in spoken.kinds],
        "values": [str(value) for value in spoken.values] or None,
        "counted": str(spoken.counted),
        "as_of": as_of,
    }


# The newest of each statement up to that day; of what ended by itself nothing is to be said.
_LAST = f"""
    select distinct on (f.person_id, f.home_id, f.kind, {_of_several("f")})
        f.person_id, f.home_id, f.kind, f.source, {_of_several("f")} as value, f.as_of, f.is_gone, f.valid_until,
        f.expires_on
    from registry_fact f
    where f.institution_id = %(institution)s and f.source = %(source)s and f.kind = any(%(kinds)s)
        and (%(values)s::text[] is null or f.value = any(%(values)s))
        and f.as_of <= %(as_of)s
    order by f.person_id, f.home_id, f.kind, {_of_several("f")}, f.as_of desc, f.is_gone, f.id desc"""
_FIGURED = "not last.is_gone and (last.valid_until is null or last.valid_until >= %(as_of)s)"
_MISSING = f"""
    select last.person_id, last.home_id, last.kind, last.source, last.value, %(as_of)s::date as as_of, last.expires_on
    from ({_LAST}) last
    left join registry_person p on p.institution_id = %(institution)s and p.id = last.person_id
    where last.as_of < %(as_of)s and {_FIGURED} and p.processing_blocked is not true"""
_COUNTED = f"""
    select count(*) filter (where last.as_of < %(as_of)s), count(*) from ({_LAST}) last
    where {_FIGURED} and last.kind = %(counted)s"""


def _objection(batch: Batch, scope: ExtractScope, as_of: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {**batch.parameters, **_spoken(SPOKEN[scope], as_of)})
        gone, figured = cursor.fetchone()
    if not looks_like_another_file(gone, figured=figured):
        return ""
    return (
        f"{scope.label}: dejarían de figurar {gone} de {figured}, más del {MOST_GONE} %. Puede que el archivo no esté"
        " completo o no sea el de este programa. Si viene en varios archivos, cargue los demás; si está bien, cárguelo"
        " aceptando que dejen de figurar."
    )


def _mark(batch: Batch, missing: str, parameters: Mapping[str, Any]) -> int:
    """State that these are gone; one that already is stays. Keys are made here, as everywhere."""
    values = {**batch.parameters, **parameters}
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{_GONE}")
        cursor.execute(
            f"create temporary table {_GONE} on commit drop as"
            f" select row_number() over () as number, missing.* from ({missing}) missing",
            values,
        )
        cursor.execute(f"select count(*) from {_GONE}")
        count: int = cursor.fetchone()[0]
        if count:
            cursor.execute(_STATE_GONE, {**values, "ids": [new_id() for _ in range(count)]})
    return count


_STATE_GONE = f"""
    insert into registry_fact (institution_id, id, person_id, home_id, kind, value, valid_until, detail, is_gone,
        source, as_of, expires_on, recorded_at)
    select %(institution)s, made.id, g.person_id, g.home_id, g.kind, g.value, g.as_of - 1, '', true, g.source,
        g.as_of, g.expires_on, %(recorded_at)s
    from {_GONE} g join unnest(%(ids)s::uuid[]) with ordinality as made (id, number) on made.number = g.number
    on conflict do nothing"""
