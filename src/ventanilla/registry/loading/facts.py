"""What registries and people state, from files: a statement is added once and never overwritten."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.loading.references import BLOCKED, UNKNOWN_HOME, UNKNOWN_PERSON, home_of, person_of
from ventanilla.registry.loading.statements import STATED_ABOVE, add_statements, against_known

_FOUND = f"""
select b.row, b.id, b.kind, coalesce(b.value, '') as value, b.amount, b.valid_from, b.valid_until,
    null::uuid as holder_id, '' as detail, b.source, b.as_of, null::date as expires_on,
    person.id as person_id, home.id as home_id,
    case when b.person is not null and person.id is null then '{UNKNOWN_PERSON}'
        when person.processing_blocked then '{BLOCKED}'
        when b.home is not null and home.id is null then '{UNKNOWN_HOME}' end as reason
from {STAGED} b {person_of("person")} {home_of("home")}"""
_MATCH = f"""
create temporary table {RESULT} on commit drop as
select k.row, k.id, k.kind, k.value, k.amount, k.valid_from, k.valid_until, k.holder_id, k.detail, k.source, k.as_of,
    k.expires_on, k.person_id, k.home_id, k.old_id, k.outcome,
    case when k.refusal is null and row_number() over (
            partition by k.person_id, k.home_id, k.kind, k.source, k.as_of, k.value order by k.row) > 1
        then '{STATED_ABOVE}' else k.refusal end as reason
from ({against_known(_FOUND)}) k
"""


def load_facts(batch: Batch, *, by: Actor) -> Applied:
    """Add statements about people and homes. One that is already known (subject, kind, source, date, value) stays."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _MATCH)
    add_statements(batch, RESULT)
    return tally()
