"""What registries and people state, from files: a statement is added once and never overwritten."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.loading.references import BLOCKED, UNKNOWN_HOME, UNKNOWN_PERSON, home_of, person_of

# By one subject or the other: «the other is null» would be taken for a narrow condition, and scan all homes' facts.
_MATCH = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.row, b.id, b.kind, coalesce(b.value, '') as value, b.amount, b.valid_from, b.valid_until, b.source,
        b.as_of, person.id as person_id, home.id as home_id,
        case when b.person is not null and person.id is null then '{UNKNOWN_PERSON}'
            when person.processing_blocked then '{BLOCKED}'
            when b.home is not null and home.id is null then '{UNKNOWN_HOME}' end as reason
    from {STAGED} b {person_of("person")} {home_of("home")}
)
select f.row, f.id, f.kind, f.value, f.amount, f.valid_from, f.valid_until, f.source, f.as_of, f.person_id, f.home_id,
    case when f.reason is null and row_number() over (
            partition by f.person_id, f.home_id, f.kind, f.source, f.as_of, f.value order by f.row) > 1
        then 'Otra fila del archivo ya trae este antecedente.' else f.reason end as reason,
    case when by_person.id is null and by_home.id is null then 'new' else 'same' end as outcome
from found f
left join lateral (
    select o.id from registry_fact o where o.institution_id = %(institution)s and o.person_id = f.person_id
        and o.kind = f.kind and o.source = f.source and o.as_of = f.as_of and o.value = f.value
    limit 1
) by_person on true
left join lateral (
    select o.id from registry_fact o where o.institution_id = %(institution)s and o.home_id = f.home_id
        and o.kind = f.kind and o.source = f.source and o.as_of = f.as_of and o.value = f.value
    limit 1
) by_home on true
"""
_INSERT = f"""
insert into registry_fact (institution_id, id, person_id, home_id, kind, value, amount, valid_from, valid_until,
    source, as_of, recorded_at)
select %(institution)s, id, person_id, home_id, kind, value, amount, valid_from, valid_until, source, as_of,
    %(recorded_at)s
from {RESULT} where reason is null and outcome = 'new' order by row
"""


def load_facts(batch: Batch, *, by: Actor) -> Applied:
    """Add statements about people and homes. One that is already known (subject, kind, source, date, value) stays."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _MATCH, _INSERT)
    return tally()
