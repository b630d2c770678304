"""Units and operators of an institution, from files: set-based actions over identity tables."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Mapping

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.core.ids import new_id

UNKNOWN_UNIT = "No hay una unidad con ese código. Cárguela primero con el archivo de unidades."

_UNITS = f"""
create temporary table {RESULT} on commit drop as
select b.row, b.id, b.code, b.name, b.parent, b.functions, old.id as old_id, old.name as old_name,
    old.connected_from as old_connected_from, old.connected_until as old_connected_until,
    coalesce(b.connected_from, old.connected_from) as connected_from,
    coalesce(b.connected_until, old.connected_until) as connected_until,
    null::text as outcome,
    case when coalesce(b.connected_until, old.connected_until) < coalesce(b.connected_from, old.connected_from)
        then 'La desconexión no puede ser anterior a la conexión.' end as reason
from {STAGED} b left join access_unit old on old.institution_id = %(institution)s and old.code = b.code
"""
_PARENTS = """
select u.code, p.code from access_unit u left join access_unit p on p.id = u.parent_id
where u.institution_id = %(institution)s
"""
_ASKED = f"select row, code, parent from {RESULT} where reason is null order by row"
_REFUSE = f"""
update {RESULT} r set reason = k.reason
from (select unnest(%s::int[]) as row, unnest(%s::text[]) as reason) k where k.row = r.row
"""
_INSERT_UNITS = f"""
insert into access_unit (id, institution_id, code, name, connected_from, connected_until)
select id, %(institution)s, code, name, connected_from, connected_until from {RESULT}
where reason is null and old_id is null order by row
"""
_UNIT_OUTCOME = f"""
update {RESULT} r set outcome = case
    when old_id is null then 'new'
    when (r.name, r.connected_from, r.connected_until)
            is distinct from (old_name, old_connected_from, old_connected_until)
        or r.parent <> coalesce((select p.code from access_unit u join access_unit p on p.id = u.parent_id
            where u.id = r.old_id), '')
        or (r.functions is not null and exists (
            (select code from unnest(r.functions) code
                except select f.function_id from access_unitfunction f where f.unit_id = r.old_id)
            union all
            (select f.function_id from access_unitfunction f where f.unit_id = r.old_id
                except select code from unnest(r.functions) code)))
    then 'changed' else 'same' end
where reason is null
"""
_UPDATE_UNITS = f"""
update access_unit u set name = r.name, connected_from = r.connected_from, connected_until = r.connected_until
from {RESULT} r where u.id = r.old_id and r.reason is null
    and (r.name, r.connected_from, r.connected_until)
        is distinct from (r.old_name, r.old_connected_from, r.old_connected_until)
"""
_SET_PARENTS = f"""
update access_unit u set parent_id = p.id
from {RESULT} r join access_unit p on p.institution_id = %(institution)s and p.code = r.parent
where u.institution_id = %(institution)s and u.code = r.code and r.reason is null and u.parent_id is distinct from p.id
"""
_DROP_FUNCTIONS = f"""
delete from access_unitfunction f using {RESULT} r
where f.unit_id = r.old_id and r.reason is null and r.functions is not null and f.function_id <> all (r.functions)
"""
_WANTED_FUNCTIONS = f"""
select u.id, wanted.code from {RESULT} r
join access_unit u on u.institution_id = %(institution)s and u.code = r.code
cross join unnest(r.functions) wanted(code)
where r.reason is null
    and not exists (select from access_unitfunction f where f.unit_id = u.id and f.function_id = wanted.code)
order by r.row
"""


def load_units(batch: Batch, *, by: Actor) -> Applied:
    """Units by their code. The unit above may come later in the same file; functions, when given, replace the old."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _UNITS)
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, batch.parameters)
        known = dict(cursor.fetchall())
        cursor.execute(_ASKED)
        reasons = misplaced(known, {code: (row, parent) for row, code, parent in cursor.fetchall()})
        if reasons:
            cursor.execute(_REFUSE, [list(reasons), list(reasons.values())])
    execute(batch, _UNIT_OUTCOME, _INSERT_UNITS, _UPDATE_UNITS, _SET_PARENTS, _DROP_FUNCTIONS)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED_FUNCTIONS, batch.parameters)
        missing = [(new_id(), unit, function) for unit, function in cursor.fetchall()]
        cursor.executemany("insert into access_unitfunction (id, unit_id, function_id) values (%s, %s, %s)", missing)
    return tally()


def misplaced(known: Mapping[str, str | None], asked: Mapping[str, tuple[int, str | None]]) -> dict[int, str]:
    """By row, why a unit cannot hang where its row says. ``known`` maps codes to the code above; ``asked`` adds to it.

    A unit whose parent is refused is refused with it, unless it exists already.
    """
    reasons: dict[int, str] = {}
    left = dict(asked)
    while True:
        above = dict(known) | {code: parent or known.get(code) for code, (_, parent) in left.items()}
        wrong = {}
        for code, (row, parent) in left.items():
            if parent is not None and parent not in above:
                wrong[code] = row, "No hay una unidad superior con ese código."
            elif parent is not None and _hangs_from_itself(code, above):
                wrong[code] = row, "La unidad superior depende de esta misma unidad."
        if not wrong:
            return reasons
        for code, (row, reason) in wrong.items():
            reasons[row] = reason
            del left[code]


def _hangs_from_itself(code: str, above: Mapping[str, str | None]) -> bool:
    seen = set()
    step: str | None = above.get(code)
    while step is not None and step not in seen:
        if step == code:
            return True
        seen.add(step)
        step = above.get(step)
    return False


# An account is national: a file changes what it says of an account only when it was made here and nobody else employs
# it, so that one institution cannot take over, by its mail address, an operator of another or of none. That it was
# made here is told by the audit, which no role can forge; giving it a posting, as any institution may, is not enough.
_OPERATORS = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.*, a.id as account_id, unit.id as unit_id, other.id as other_id,
        a.run as old_run, a.given_names as old_given_names, a.surnames as old_surnames, a.email as old_email,
        a.profession as old_profession,
        exists (select from core_audit_event e where e.institution_id = %(institution)s and e.row_id = a.id::text
            and e.table_name = 'access_account' and e.op = 'I')
        and not exists (select from access_posting p where p.account_id = a.id
            and p.institution_id is distinct from %(institution)s) as is_ours
    from {STAGED} b
    left join access_account a on a.username = b.username
    left join access_account other on other.run = b.run and other.username <> b.username
    left join access_unit unit on unit.institution_id = %(institution)s and unit.code = b.unit
),
posted as (
    select f.*, p.id as old_id, p.nature as old_nature, p.act as old_act, p.ends_on as old_ends_on,
        coalesce(f.act, p.act, '') as new_act, coalesce(f.ends_on, p.ends_on) as new_ends_on
    from found f
    left join lateral (
        select * from access_posting p where p.account_id = f.account_id and p.institution_id = %(institution)s
            and p.role = f.role and p.unit_id is not distinct from f.unit_id and p.starts_on = f.starts_on
        order by p.id limit 1
    ) p on true
)
select p.row, p.id, p.posting_id, p.username, p.run, p.given_names, p.surnames, p.email, p.profession, p.password,
    p.role, p.unit_id, p.nature, p.starts_on, p.account_id, p.old_id, p.new_act, p.new_ends_on,
    (p.nature, p.new_act, p.new_ends_on) is distinct from (old_nature, old_act, old_ends_on) as is_other_posting,
    is_ours and p.account_id is not null and (
        (coalesce(p.run, old_run), p.given_names, p.surnames, coalesce(p.email, old_email),
            coalesce(p.profession, old_profession))
        is distinct from (old_run, old_given_names, old_surnames, old_email, old_profession)) as is_other_account,
    null::text as outcome,
    case
        when p.other_id is not null then 'El RUN es de otra cuenta.'
        when p.run <> p.old_run then 'Ese usuario es de una persona con otro RUN.'
        when p.unit is not null and p.unit_id is null then '{UNKNOWN_UNIT}'
        when p.nature <> 'titular' and p.new_act = '' then 'Una subrogancia o suplencia lleva el acto que la dispone.'
        when p.new_ends_on < p.starts_on then 'El término no puede ser anterior al inicio.'
    end as reason
from posted p
"""
# Two postings of one account may come in one file, and two accounts with one RUN; the first row makes the account.
_REFUSE_OPERATORS = f"""
update {RESULT} r set reason = 'El RUN es de otra cuenta.'
where reason is null and run is not null and exists (
    select from {RESULT} o where o.run = r.run and o.username <> r.username and o.row < r.row and o.reason is null)
"""
_INSERT_ACCOUNTS = f"""
insert into access_account (id, username, given_names, surnames, run, email, profession, password, is_active,
    prefers_no_shortcuts)
select distinct on (username) id, username, given_names, surnames, run, coalesce(email, ''), coalesce(profession, ''),
    password, true, false
from {RESULT} where reason is null and account_id is null order by username, row
"""
_UPDATE_ACCOUNTS = f"""
update access_account a set run = coalesce(r.run, a.run), given_names = r.given_names, surnames = r.surnames,
    email = coalesce(r.email, a.email), profession = coalesce(r.profession, a.profession)
from (select distinct on (account_id) * from {RESULT} where reason is null and is_other_account
    order by account_id, row desc) r
where a.id = r.account_id
"""
_INSERT_POSTINGS = f"""
insert into access_posting (id, account_id, role, institution_id, unit_id, nature, act, starts_on, ends_on)
select r.posting_id, a.id, r.role, %(institution)s, r.unit_id, r.nature, r.new_act, r.starts_on, r.new_ends_on
from {RESULT} r join access_account a on a.username = r.username
where r.reason is null and r.old_id is null order by r.row
"""
_UPDATE_POSTINGS = f"""
update access_posting p set nature = r.nature, act = r.new_act, ends_on = r.new_ends_on
from {RESULT} r where p.id = r.old_id and r.reason is null and r.is_other_posting
"""
_OPERATOR_OUTCOME = f"""
update {RESULT} set outcome = case when old_id is null then 'new'
    when is_other_posting or is_other_account then 'changed' else 'same' end
where reason is null
"""


def load_operators(batch: Batch, *, by: Actor) -> Applied:
    """Accounts by user name and one posting a row. A new account cannot sign in until it is given a password.

    An account that was made elsewhere gets its posting and stays as it is.
    """
    require(by, Permission.LOAD_RUN)
    execute(
        batch,
        _OPERATORS,
        _REFUSE_OPERATORS,
        _INSERT_ACCOUNTS,
        _UPDATE_ACCOUNTS,
        _INSERT_POSTINGS,
        _UPDATE_POSTINGS,
        _OPERATOR_OUTCOME,
    )
    return tally()
