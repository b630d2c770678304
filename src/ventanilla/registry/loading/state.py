"""The extracts of the State: who has which subsidy, which homes are in Programa Familias, requests to the RSH."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from dataclasses import replace

from django.conf import settings

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.extracts import SPOKEN
from ventanilla.registry.loading.gone import open_extracts
from ventanilla.registry.loading.references import BLOCKED, UNKNOWN_HOME, UNKNOWN_PERSON, home_of, person_of
from ventanilla.registry.loading.statements import STATED_ABOVE, STATED_OTHERWISE, add_statements, against_known
from ventanilla.registry.vocabulary import ExtractScope, Source

WITHOUT_HOME = "No se sabe en qué hogar vive la persona. Cárguelo primero con los archivos de hogares e integrantes."
OTHER_STAGE = "Otra fila del archivo trae otra etapa o acompañamiento para el mismo hogar."
HARMLESS = frozenset({UNKNOWN_PERSON, UNKNOWN_HOME, BLOCKED, WITHOUT_HOME, STATED_OTHERWISE, STATED_ABOVE})
"""Reasons of rows that leave nobody out who was known before."""

_EXPIRES = "(b.as_of + make_interval(months => %(kept_months)s))::date as expires_on"
_STATEMENT = (
    "row, id, person_id, home_id, kind, value, amount, valid_from, valid_until, holder_id, detail, source, as_of,"
    " expires_on, old_id, outcome"
)


def _kept(batch: Batch) -> Batch:
    return replace(batch, more={"kept_months": settings.EXTRACT_MONTHS})


# One statement a row

_SOURCE_OF_SCOPE = "case b.scope " + " ".join(f"when '{s}' then '{k.source}'" for s, k in SPOKEN.items()) + " end"
_SUBSIDIES = f"""
select b.row, b.id, person.id as person_id, null::uuid as home_id, 'subsidy' as kind, b.value, b.amount,
    b.valid_from, b.valid_until, coalesce(b.detail, '') as detail, {_SOURCE_OF_SCOPE} as source, b.as_of, {_EXPIRES},
    case when holder.id <> person.id and not holder.processing_blocked then holder.id end as holder_id, b.scope,
    case when person.id is null then '{UNKNOWN_PERSON}' when person.processing_blocked then '{BLOCKED}' end as reason
from {STAGED} b {person_of("person")} {person_of("holder", "holder")}"""
_RSH_REQUESTS = f"""
select b.row, b.id, person.id as person_id, null::uuid as home_id, 'rsh_request' as kind, b.value,
    null::int as amount, b.valid_from, case when b.is_closed then b.state_on end as valid_until, b.detail,
    null::uuid as holder_id, '{Source.RSH}' as source, b.as_of, {_EXPIRES}, '{ExtractScope.RSH_REQUESTS}' as scope,
    case when person.id is null then '{UNKNOWN_PERSON}' when person.processing_blocked then '{BLOCKED}' end as reason
from {STAGED} b {person_of("person")}"""


def _match(found: str) -> str:
    return f"""
    create temporary table {RESULT} on commit drop as
    select {_STATEMENT}, scope,
        case when refusal is null and row_number() over (
                partition by person_id, kind, value, as_of, refusal is null order by row) > 1
            then '{STATED_ABOVE}' else refusal end as reason
    from ({against_known(found)}) k"""


_MATCH_SUBSIDIES, _MATCH_RSH_REQUESTS = _match(_SUBSIDIES), _match(_RSH_REQUESTS)


def load_subsidies(batch: Batch, *, by: Actor) -> Applied:
    """Who had which subsidy or pension when the extract was made: amount, term, resolution, and who collects it."""
    return _load_rows(_MATCH_SUBSIDIES, batch, by=by)


def load_rsh_requests(batch: Batch, *, by: Actor) -> Applied:
    """In what each request to the RSH was when the extract was made."""
    return _load_rows(_MATCH_RSH_REQUESTS, batch, by=by)


def _load_rows(match: str, batch: Batch, *, by: Actor) -> Applied:
    require(by, Permission.LOAD_RUN)
    execute(_kept(batch), match)
    add_statements(batch, RESULT)
    return replace(tally(), extracts=open_extracts(batch, of="scope"))


# Several statements a row: the stage, and each indicator that is not met

_STATED = "load_stated"
_STAGE_OF_HOME = f"""
create temporary table {RESULT} on commit drop as
with placed as (
    select b.*, case when b.home is not null then home.id else lives.home_id end as home_id, {_EXPIRES},
        case when b.person is not null and person.id is null then '{UNKNOWN_PERSON}'
            when person.processing_blocked then '{BLOCKED}'
            when b.home is not null and home.id is null then '{UNKNOWN_HOME}'
            when b.home is null and lives.home_id is null then '{WITHOUT_HOME}' end as lost
    from {STAGED} b {person_of("person")} {home_of("home")}
    left join lateral (
        select m.home_id from registry_membership m
        where m.institution_id = %(institution)s and m.person_id = person.id and m.ends_on is null
        order by m.source desc, m.starts_on desc limit 1
    ) lives on true
)
select row, id, home_id, stage_told, detail, valid_from, valid_until, as_of, expires_on, indicators, indicator_ids,
    '{ExtractScope.FAMILIAS}' as scope, null::text as outcome, null::uuid as old_id,
    row_number() over (partition by home_id, as_of order by row) as turn,
    case when lost is not null then lost
        when (stage_told, coalesce(detail, '')) is distinct from (
            first_value(stage_told) over (partition by home_id, as_of order by row),
            first_value(coalesce(detail, '')) over (partition by home_id, as_of order by row))
        then '{OTHER_STAGE}' end as reason
from placed"""
_STATEMENTS = f"""
select r.row, r.id, null::uuid as person_id, r.home_id, 'familias_stage' as kind, r.stage_told as value,
    null::int as amount, r.valid_from, r.valid_until, null::uuid as holder_id, coalesce(r.detail, '') as detail,
    '{Source.FAMILIAS}' as source, r.as_of, r.expires_on, r.reason
from {RESULT} r where r.reason is null and r.turn = 1
union all
select distinct on (r.home_id, r.as_of, unmet.value) r.row, unmet.id, null, r.home_id, 'familias_indicator',
    unmet.value, null, null, null, null, '', '{Source.FAMILIAS}', r.as_of, r.expires_on, null
from {RESULT} r cross join unnest(r.indicators, r.indicator_ids) as unmet (value, id)
where r.reason is null"""
_MATCH_STATED = (
    f"drop table if exists pg_temp.{_STATED}",
    f"create temporary table {_STATED} on commit drop as select {_STATEMENT}, refusal as reason"
    f" from ({against_known(_STATEMENTS)}) k",
)
_TELL = f"""
update {RESULT} r set
    reason = coalesce(r.reason, told.reason),
    outcome = case when told.has_new then 'new' when told.has_changed then 'changed' else 'same' end
from {RESULT} o left join (
    select row, max(reason) as reason, bool_or(outcome = 'new') as has_new, bool_or(outcome = 'changed') as has_changed
    from {_STATED} group by row
) told on told.row = o.row
where o.row = r.row"""
_LEAVE_OUT = f"delete from {_STATED} s using {RESULT} r where r.row = s.row and r.reason is not null"


def load_familias(batch: Batch, *, by: Actor) -> Applied:
    """In which stage of Programa Familias a home was, and the indicators of wellbeing that it did not meet."""
    require(by, Permission.LOAD_RUN)
    execute(_kept(batch), _STAGE_OF_HOME, *_MATCH_STATED, _TELL, _LEAVE_OUT)
    add_statements(batch, _STATED)
    return replace(tally(), extracts=open_extracts(batch, of="scope"))
