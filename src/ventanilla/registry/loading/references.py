"""How a row of a file finds the person or the home it speaks of, in SQL; and which of two extracts prevails."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

UNKNOWN_PERSON = "No hay una persona con ese RUN o esa referencia. Cárguela primero con el archivo de personas."
UNKNOWN_HOME = "No hay un hogar con esa referencia. Cárguelo primero con el archivo de hogares."
BLOCKED = "El tratamiento de los datos de esta persona está bloqueado; no se cambió nada."

KEPT = "case when p.merged_into_id is null then p.id else p.merged_into_id end"
"""Whose record ``p`` is: hers, or that of the one it was joined to."""


def person_of(column: str, alias: str = "person") -> str:
    """Joins that give ``alias`` (id, processing_blocked, birth_on, sex): whom ``b.column`` names, by RUN or reference.

    A RUN or a reference of a record that was joined to another names the person whose record is kept. Lateral and
    limited, so that every row is one look-up in an index, whatever the size of the table. The two ids meet
    in a CASE: row-level security keeps COALESCE and subqueries out of index conditions, as it does not know them to be
    leakproof.
    """
    return f"""
    left join lateral (
        select {KEPT} as id from registry_person p
        where p.institution_id = %(institution)s and p.run = b.{column} limit 1
    ) {alias}_by_run on true
    left join lateral (
        select i.person_id as id from registry_identifier i where i.institution_id = %(institution)s
            and i.kind = 'reference' and i.country = '' and i.value = b.{column} limit 1
    ) {alias}_by_reference on true
    left join lateral (
        select p.id, p.processing_blocked, p.birth_on, p.sex from registry_person p
        where p.institution_id = %(institution)s and p.id = case
            when {alias}_by_run.id is not null then {alias}_by_run.id else {alias}_by_reference.id end
        limit 1
    ) {alias} on true"""


def home_of(column: str, alias: str = "home") -> str:
    """A join that gives ``alias.id`` of the home that ``b.column`` names by its reference."""
    return f"""
    left join lateral (
        select h.id from registry_home h
        where h.institution_id = %(institution)s and h.reference = b.{column} and h.reference <> ''
        limit 1
    ) {alias} on true"""


def prevails(new: str, old: str) -> str:
    """Whether the row's statement replaces what is known: registries over what was declared, then the newest date."""
    return f"""(
        ({new}.source <> 'declared' and {old}.source = 'declared')
        or (({new}.source = 'declared') = ({old}.source = 'declared')
            and ({old}.as_of is null or {new}.as_of >= {old}.as_of)))"""


def merged(new: str, old: str, *, wins: str) -> str:
    """The text that stays: never an empty one over a known one."""
    return f"case when {wins} then coalesce({new}, {old}, '') else coalesce(nullif({old}, ''), {new}, '') end"


def merged_or_null(new: str, old: str, *, wins: str) -> str:
    """The same for columns that are null when unknown."""
    return f"case when {wins} then coalesce({new}, {old}) else coalesce({old}, {new}) end"
