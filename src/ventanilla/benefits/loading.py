"""What people received, from the municipality's own register: one set-based action."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.benefits.matching import NAMED, name_versions
from ventanilla.core.datasets import INDEXED, RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.loading import BLOCKED, UNKNOWN_HOME, UNKNOWN_PERSON, home_of, person_of

_COLUMNS = (
    *("person_id", "home_id", "label", "quantity", "measure", "amount", "act", "delivered_on", "unit_id"),
    "version_id",
)


def _columns(prefix: str) -> str:
    return ", ".join(prefix + name for name in _COLUMNS)


_MATCH = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.row, b.id, b.reference, coalesce(person.id, old.person_id) as person_id,
        coalesce(home.id, old.home_id) as home_id, b.label,
        coalesce(b.quantity, old.quantity) as quantity, coalesce(b.measure, old.measure, '') as measure,
        coalesce(b.amount, old.amount) as amount, coalesce(b.act, old.act, '') as act, b.delivered_on,
        coalesce(unit.id, old.unit_id) as unit_id,
        case when (old.label, old.delivered_on) = (b.label, b.delivered_on)
            then coalesce(old.version_id, named.version_id) else named.version_id end as version_id,
        old.id as old_id,
        {", ".join(f"old.{name} as old_{name}" for name in _COLUMNS)},
        case when b.person is not null and person.id is null then '{UNKNOWN_PERSON}'
            when person.processing_blocked then '{BLOCKED}'
            when b.home is not null and home.id is null then '{UNKNOWN_HOME}'
            when b.unit is not null and unit.id is null then 'No hay una unidad con ese código.'
            when old.origin = 'made_here'
                then 'La referencia es de una entrega registrada aquí; una carga no la cambia.'
        end as reason
    from {STAGED} b {person_of("person")} {home_of("home")}
    left join {NAMED} named
        on named.label = b.label and b.delivered_on >= named.starts_on and b.delivered_on < named.ends_before
    left join access_unit unit on unit.institution_id = %(institution)s and unit.code = b.unit
    left join lateral (
        select * from benefits_delivery d
        where d.institution_id = %(institution)s and d.reference = b.reference and d.reference <> '' limit 1
    ) old on true
)
select f.*, case when old_id is null then 'new'
    when ({_columns("")}) is distinct from ({_columns("old_")}) then 'changed' else 'same' end as outcome
from found f
"""
_INSERT = f"""
insert into benefits_delivery (institution_id, id, reference, {_columns("")}, origin, recorded_at)
select %(institution)s, id, reference, {_columns("")}, 'loaded', %(recorded_at)s
from {RESULT} where reason is null and outcome = 'new' order by row
"""
_UPDATE = f"""
update benefits_delivery d set {", ".join(f"{name} = r.{name}" for name in _COLUMNS)}
from {RESULT} r
where d.institution_id = %(institution)s and d.id = r.old_id and r.reason is null and r.outcome = 'changed'
"""


def load_deliveries(batch: Batch, *, by: Actor) -> Applied:
    """Deliveries by their reference; loading one again brings it up to date. Those made here are not touched.

    Each points at the version of the catalogue that was in force on its day, if some entry is called so; once it
    does, it goes on pointing at it.
    """
    require(by, Permission.LOAD_RUN)
    name_versions(batch)
    execute(batch, _MATCH, INDEXED, _INSERT, _UPDATE)
    return tally()
