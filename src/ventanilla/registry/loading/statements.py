"""How statements of a batch are held against what is known, added, and followed by what later extracts do not bring."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from django.db import connection

from ventanilla.core.datasets import Batch, execute
from ventanilla.registry.loading.gone import mark_followers

STATED_OTHERWISE = "A esa fecha ya consta con otros datos, y lo cargado no se reemplaza. Revise la fecha del archivo."
STATED_ABOVE = "Otra fila del archivo ya trae este antecedente."

_SUBJECTS = ("person_id", "home_id")
_CONTENT = ("amount", "valid_from", "valid_until", "detail")


def against_known(found: str) -> str:
    """A query of the statements of ``found`` with their ``outcome``, ``old_id`` and ``reason``.

    ``found`` has row, id, person_id, home_id, kind, value, amount, valid_from, valid_until, holder_id, detail,
    source, as_of and reason. A home is in one stage on a date, whatever it is called. By one subject or the other: «the
    other is null» would be taken for a narrow condition, and scan all homes' facts.
    """
    return f"""
    select f.*, old.id as old_id,
        case when f.reason is not null then f.reason
            when old.id is not null and not old.is_gone
                and (f.value, {_columns("f")}) is distinct from (old.value, {_columns("old")})
                then '{STATED_OTHERWISE}' end as refusal,
        case when old.id is null then 'new' when old.is_gone then 'changed' else 'same' end as outcome
    from ({found}) f
    {" ".join(_known(subject) for subject in _SUBJECTS)}
    left join lateral (
        select by_person_id.* where by_person_id.id is not null
        union all select by_home_id.* where by_home_id.id is not null
    ) old on true"""


def _columns(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _CONTENT)


def _known(subject: str) -> str:
    any_stage = " or f.kind = 'familias_stage'" if subject == "home_id" else ""
    return f"""
    left join lateral (
        select o.id, o.is_gone, o.value, {_columns("o")} from registry_fact o
        where o.institution_id = %(institution)s and o.{subject} = f.{subject}
            and o.kind = f.kind and o.source = f.source and o.as_of = f.as_of and (o.value = f.value{any_stage})
        order by o.is_gone, o.value = f.value desc limit 1
    ) by_{subject} on true"""


def add_statements(batch: Batch, table: str) -> None:
    """Write what ``table`` holds that is new. What an extract of that date had missed is no longer gone."""
    execute(batch, _insert(table))
    with connection.cursor() as cursor:
        cursor.execute(f"select exists (select from {table} where reason is null and outcome = 'changed')")
        (has_changed,) = cursor.fetchone()
    if has_changed:
        execute(batch, f"create index on {table} (old_id); analyze {table} (old_id)", _bring_back(table))
    mark_followers(batch, table)


def _insert(table: str) -> str:
    return f"""
    insert into registry_fact (institution_id, id, person_id, home_id, kind, value, amount, valid_from, valid_until,
        holder_id, detail, is_gone, source, as_of, expires_on, recorded_at)
    select %(institution)s, id, person_id, home_id, kind, value, amount, valid_from, valid_until,
        holder_id, detail, false, source, as_of, expires_on, %(recorded_at)s
    from {table} where reason is null and outcome = 'new' order by row"""


def _bring_back(table: str) -> str:
    return f"""
    update registry_fact o set is_gone = false, value = r.value, amount = r.amount, valid_from = r.valid_from,
        valid_until = r.valid_until, holder_id = r.holder_id, detail = r.detail
    from {table} r
    where o.institution_id = %(institution)s and o.id = r.old_id and r.reason is null and r.outcome = 'changed'"""
