"""Homes with their dwellings, and who belongs to them, from files."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import INDEXED, RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.loading.references import (
    BLOCKED,
    UNKNOWN_HOME,
    UNKNOWN_PERSON,
    home_of,
    merged,
    merged_or_null,
    person_of,
    prevails,
)

_PLACE = ("address", "sector", "neighbourhood_unit", "rurality")
_DWELLING = (*_PLACE, "kind", "commune_id")
_HOME = ("source", "as_of")


def _columns(prefix: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


# Another address is another place: the dwelling left stays as it was, for whoever else is tied to it.
_MATCH = f"""
create temporary table {RESULT} on commit drop as
with known as (
    select b.*, h.id as old_id, h.dwelling_id as old_dwelling_id,
        {", ".join(f"h.{name} as old_{name}" for name in _HOME)},
        {", ".join(f"d.{name} as old_{name}" for name in _DWELLING)},
        (h.id is null or {prevails("b", "h")}) as wins,
        b.commune_id is not null and not exists (select from access_commune c where c.code = b.commune_id) as is_lost
    from {STAGED} b
    left join lateral (
        select * from registry_home h
        where h.institution_id = %(institution)s and h.reference = b.reference and h.reference <> '' limit 1
    ) h on true
    left join lateral (
        select * from registry_dwelling d where d.institution_id = %(institution)s and d.id = h.dwelling_id limit 1
    ) d on true
),
together as (
    select k.row, k.id, k.dwelling_id, k.reference, old_id, old_dwelling_id, {_columns("old_", (*_HOME, *_DWELLING))},
        {", ".join(f"{merged(f'k.{name}', f'k.old_{name}', wins='wins')} as new_{name}" for name in _PLACE)},
        coalesce({merged_or_null("k.kind", "k.old_kind", wins="wins")}, 'house') as new_kind,
        {merged_or_null("k.commune_id", "k.old_commune_id", wins="wins")} as new_commune_id,
        case when wins then k.source else old_source end as new_source,
        case when wins then k.as_of else old_as_of end as new_as_of,
        case when is_lost then 'La comuna no existe. Use su código CUT de cinco dígitos.' end as reason
    from known k
)
select t.*,
    old_dwelling_id is null or (old_address <> '' and new_address <> old_address) as is_another_place,
    ({_columns("new_", _DWELLING)}) is distinct from ({_columns("old_", _DWELLING)}) as is_other_dwelling,
    case when old_id is null then 'new'
        when ({_columns("new_", (*_HOME, *_DWELLING))}) is distinct from ({_columns("old_", (*_HOME, *_DWELLING))})
            then 'changed'
        else 'same' end as outcome
from together t
"""

_INSERT_DWELLINGS = f"""
insert into registry_dwelling (institution_id, id, {_columns("", _DWELLING)})
select %(institution)s, dwelling_id, {_columns("new_", _DWELLING)} from {RESULT}
where reason is null and is_another_place order by row
"""
_UPDATE_DWELLINGS = f"""
update registry_dwelling d set {", ".join(f"{name} = r.new_{name}" for name in _DWELLING)}
from {RESULT} r
where d.institution_id = %(institution)s and d.id = r.old_dwelling_id and r.reason is null
    and not r.is_another_place and r.is_other_dwelling
"""
_INSERT_HOMES = f"""
insert into registry_home (institution_id, id, reference, dwelling_id, source, as_of, recorded_at)
select %(institution)s, id, reference, dwelling_id, new_source, new_as_of, %(recorded_at)s from {RESULT}
where reason is null and old_id is null order by row
"""
_UPDATE_HOMES = f"""
update registry_home h set source = r.new_source, as_of = r.new_as_of,
    dwelling_id = case when r.is_another_place then r.dwelling_id else r.old_dwelling_id end
from {RESULT} r
where h.institution_id = %(institution)s and h.id = r.old_id and r.reason is null and r.outcome = 'changed'
    and (r.is_another_place or (r.new_source, r.new_as_of) is distinct from (r.old_source, r.old_as_of))
"""


def load_homes(batch: Batch, *, by: Actor) -> Applied:
    """Homes by their reference, each with its dwelling; the newest extract prevails and never empties a column."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _MATCH, INDEXED, _INSERT_DWELLINGS, _UPDATE_DWELLINGS, _INSERT_HOMES, _UPDATE_HOMES)
    return tally()


# A person may come twice in a file, in the home she left and in the one she went to: those rows go one after the other.
_STAGE_MEMBERS = f"""
create temporary table {RESULT} on commit drop as
select b.row, b.id, b.kinship, b.is_head, b.source, b.starts_on, b.ends_on,
    home.id as home_id, person.id as person_id, null::uuid as old_id, null::uuid as left_id, null::text as outcome,
    case when home.id is null then '{UNKNOWN_HOME}'
        when person.id is null then '{UNKNOWN_PERSON}'
        when person.processing_blocked then '{BLOCKED}' end as reason,
    row_number() over (partition by person.id, b.source order by b.row) as turn
from {STAGED} b {home_of("home")} {person_of("person")}
"""
_INDEXED_MEMBERS = (
    f"create index on {RESULT} (home_id); create index on {RESULT} (old_id); create index on {RESULT} (left_id);"
    f" analyze {RESULT} (home_id, old_id, left_id)"
)
_TURNS = f"select coalesce(max(turn), 0) from {RESULT} where reason is null"

# The same membership: begun on the same day, or both in force. ``left_id`` is the one in force in another home.
_FIND_MEMBERSHIPS = f"""
update {RESULT} r set old_id = f.old_id, left_id = f.left_id, reason = f.reason
from (
    select b.row, old.id as old_id, gone.id as left_id,
        case when coalesce(old.ends_on, b.ends_on) < coalesce(old.starts_on, b.starts_on)
                then 'El término no puede ser anterior al inicio.'
            when gone.starts_on >= b.starts_on
                then 'La persona ya pertenece a otro hogar desde ese día o después, según la misma fuente.'
        end as reason
    from {RESULT} b
    left join lateral (
        select * from registry_membership m where m.institution_id = %(institution)s and m.person_id = b.person_id
            and m.home_id = b.home_id and m.source = b.source
            and (m.starts_on = b.starts_on or (m.ends_on is null and b.ends_on is null))
        order by m.starts_on = b.starts_on desc, m.ends_on is null desc, m.id limit 1
    ) old on true
    left join lateral (
        select * from registry_membership m where m.institution_id = %(institution)s and m.person_id = b.person_id
            and m.source = b.source and m.ends_on is null and old.id is null and b.ends_on is null limit 1
    ) gone on true
    where b.turn = %(turn)s and b.reason is null
) f
where f.row = r.row
"""
# What ends or stops being headed goes first, so that another may take its place. A head who is refused below changes
# nothing else, hence only rows that keep no head in force are touched here.
_END = f"""
update registry_membership m set ends_on = r.starts_on - 1
from {RESULT} r
where m.institution_id = %(institution)s and m.id = r.left_id and r.turn = %(turn)s and r.reason is null
"""
_CLOSE = f"""
update registry_membership m set kinship = r.kinship, is_head = r.is_head, ends_on = coalesce(m.ends_on, r.ends_on)
from {RESULT} r
where m.institution_id = %(institution)s and m.id = r.old_id and r.turn = %(turn)s and r.reason is null
    and r.outcome = 'changed' and {{headed}}
"""
_COMPARE = f"""
update {RESULT} r set outcome = case
    when r.old_id is null then 'new'
    when exists (
        select from registry_membership m where m.institution_id = %(institution)s and m.id = r.old_id
            and (m.kinship, m.is_head, coalesce(m.ends_on, 'infinity'))
                = (r.kinship, r.is_head, coalesce(m.ends_on, r.ends_on, 'infinity'))
    ) then 'same' else 'changed' end
where r.turn = %(turn)s and r.reason is null
"""
_REFUSE_HEADS = f"""
update {RESULT} r set reason = 'El hogar ya tiene jefatura vigente según la misma fuente.'
where r.turn = %(turn)s and r.reason is null and r.is_head and r.ends_on is null and r.outcome <> 'same' and (
    exists (
        select from registry_membership m where m.institution_id = %(institution)s and m.home_id = r.home_id
            and m.source = r.source and m.is_head and m.ends_on is null and m.id is distinct from r.old_id
            and not exists (
                select from {RESULT} o where o.left_id = m.id and o.turn = %(turn)s and o.reason is null)
            and not exists (
                select from {RESULT} o where o.old_id = m.id and o.turn = %(turn)s and o.reason is null
                    and o.outcome = 'changed' and (not o.is_head or o.ends_on is not null))
    )
    or exists (
        select from {RESULT} o where o.home_id = r.home_id and o.source = r.source and o.turn = %(turn)s
            and o.reason is null and o.row < r.row and o.is_head and o.ends_on is null and o.outcome <> 'same'
    )
)
"""
_INSERT_MEMBERS = f"""
insert into registry_membership
    (institution_id, id, home_id, person_id, kinship, is_head, source, starts_on, ends_on, is_shielded)
select %(institution)s, id, home_id, person_id, kinship, is_head, source, starts_on, ends_on, false from {RESULT}
where turn = %(turn)s and reason is null and outcome = 'new' order by row
"""
_HEADED = "(r.is_head and coalesce(m.ends_on, r.ends_on) is null)"
_MEMBER_STEPS = (
    _FIND_MEMBERSHIPS,
    _COMPARE,
    _REFUSE_HEADS,
    _END,
    _CLOSE.format(headed=f"not {_HEADED}"),
    _CLOSE.format(headed=_HEADED),
    _INSERT_MEMBERS,
)


def load_members(batch: Batch, *, by: Actor) -> Applied:
    """Who belongs to which home. A new home ends the membership in the one before; what ended stays ended."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _STAGE_MEMBERS, _INDEXED_MEMBERS)
    with connection.cursor() as cursor:
        cursor.execute(_TURNS)
        (turns,) = cursor.fetchone()
        for turn in range(1, turns + 1):
            for step in _MEMBER_STEPS:
                cursor.execute(step, batch.parameters | {"turn": turn})
    return tally()
