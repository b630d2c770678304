"""People, how to reach them, and how they are bound to each other, from files."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from dataclasses import replace

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import INDEXED, RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.registry.loading.doubtful import doubts_of_newcomers, set_apart_claims, write_doubts
from ventanilla.registry.loading.references import (
    BLOCKED,
    KEPT,
    UNKNOWN_PERSON,
    merged,
    merged_or_null,
    person_of,
    prevails,
)
from ventanilla.registry.name_key import search_key, sort_key

_NAMES = ("given_names", "first_surname", "second_surname", "social_name")
_OTHER_TEXTS = ("sex", "nationality", "indigenous_people")
_TEXTS = (*_NAMES, *_OTHER_TEXTS)
_NULLABLE = ("birth_on", "commune_id")
_DEATH = ("died_on", "death_source")
_MERGED = (*_TEXTS, *_NULLABLE, *_DEATH, "source", "as_of", "run")


def _columns(prefix: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


_TURN = "row_number() over (partition by old_id, reason is null order by row)"
"""Of the rows that bring one person, which this is."""

# A person is found by RUN, else by the reference that a file gave her, else by a document. The RUN of a record that was
# joined to another finds the person whose record is kept, and leaves her RUN and her name as they are. Without any of
# them she is the one who has the same name and was born the same day, if there was one alone before the load; whoever
# claimed a RUN that is of another (``claimed_id``) is the one who was kept apart for it, and once that was joined to
# another its name is not hers.
_MATCHED = f"""
with found as (
    select b.*, by_run.id as by_run, coalesce(by_run.is_joined, false) as is_joined,
        by_reference.person_id as by_reference, by_document.person_id as by_document,
        coalesce(by_name.is_joined, false) as is_decided,
        case when by_run.id is not null then by_run.id
            when by_reference.person_id is not null then by_reference.person_id
            when by_document.person_id is not null then by_document.person_id
            else by_name.id end as old_id
    from {STAGED} b
    left join lateral (
        select {KEPT} as id, p.merged_into_id is not null as is_joined from registry_person p
        where p.institution_id = %(institution)s and p.run = b.run limit 1
    ) by_run on true
    left join lateral (
        select i.person_id from registry_identifier i where i.institution_id = %(institution)s
            and i.kind = 'reference' and i.country = '' and i.value = b.reference limit 1
    ) by_reference on true
    left join lateral (
        select i.person_id from registry_identifier i where i.institution_id = %(institution)s
            and i.kind = b.document_kind and i.kind <> 'no_document'
            and i.country = case when b.document_country is null then '' else b.document_country end
            and i.value = b.document_number limit 1
    ) by_document on true
    left join lateral (
        select (array_agg({KEPT}))[1] as id, bool_or(p.merged_into_id is not null) as is_joined from registry_person p
        where p.institution_id = %(institution)s and p.sort_key = b.sort_key and by_run.id is null
            and by_reference.person_id is null and by_document.person_id is null and b.run is null
            and case when b.claimed_id is null
                then p.birth_on = b.birth_on and b.second_surname is not null and p.merged_into_id is null
                    and p.recorded_at < %(since)s
                else exists (select from registry_possibleduplicate d where d.institution_id = %(institution)s
                    and d.first_id = least(p.id, b.claimed_id) and d.second_id = greatest(p.id, b.claimed_id)) end
        having count(*) = 1
    ) by_name on true
    where %(only)s::int[] is null or b.row = any(%(only)s)
),
known as (
    select f.*, {", ".join(f"p.{name} as old_{name}" for name in _MERGED)},
        p.search_key as old_search_key, p.sort_key as old_sort_key, p.processing_blocked,
        (p.id is null or {prevails("f", "p")}) as wins,
        (p.id is null or {prevails("f", "p")}) and not (f.is_decided or f.is_joined) as names_win,
        exists (select from access_commune c where c.code = f.commune_id) as has_commune
    from found f
    left join lateral (
        select * from registry_person p where p.institution_id = %(institution)s and p.id = f.old_id limit 1
    ) p on true
),
together as (
    select row, id, reference_id, document_id, reference, document_kind, document_country, document_number,
        search_key, sort_key, run, claimed_id, {_columns("k.", _NAMES)}, old_id, by_run, by_reference, by_document,
        old_search_key, old_sort_key, {_columns("old_", _MERGED)},
        {", ".join(f"{merged(f'k.{name}', f'k.old_{name}', wins='names_win')} as new_{name}" for name in _NAMES)},
        {", ".join(f"{merged(f'k.{name}', f'k.old_{name}', wins='wins')} as new_{name}" for name in _OTHER_TEXTS)},
        {", ".join(f"{merged_or_null(f'k.{name}', f'k.old_{name}', wins='wins')} as new_{name}" for name in _NULLABLE)},
        case when wins or old_died_on is null then coalesce(died_on, old_died_on) else old_died_on end as new_died_on,
        case when died_on is not null and (wins or old_died_on is null) then death_source
            else coalesce(old_death_source, '') end as new_death_source,
        case when wins then source else old_source end as new_source,
        case when wins then as_of else old_as_of end as new_as_of,
        case when is_joined then old_run else coalesce(run, old_run) end as new_run,
        case
            when processing_blocked then '{BLOCKED}'
            when run <> old_run and not is_joined
                then 'La referencia o el documento ya son de una persona con otro RUN.'
            when by_reference <> old_id then 'La referencia ya es de otra persona.'
            when by_document <> old_id then 'El documento ya es de otra persona.'
            when commune_id is not null and not has_commune
                then 'La comuna de residencia no existe. Use su código CUT de cinco dígitos.'
        end as reason
    from known k
)
select t.*, null::text as outcome, {_TURN} as turn,
    old_id is not null and ({_columns("new_", _MERGED)}) is distinct from ({_columns("old_", _MERGED)}) as differs
from together t
"""
_ROOM_FOR_CLAIMS = f"alter table {STAGED} add column claimed_id uuid"
_MATCH = f"create temporary table {RESULT} on commit drop as {_MATCHED}"
_MATCH_AGAIN = f"insert into {RESULT} {_MATCHED}"
_TURNS_AGAIN = f"""
update {RESULT} r set turn = n.turn from (select row, {_TURN} as turn from {RESULT}) n
where n.row = r.row and n.turn <> r.turn
"""

_REFUSE = f"""
update {RESULT} set reason = case
    when old_id is not null and turn > 1 then 'Otra fila del archivo ya trae a esta misma persona.'
    else 'La defunción no puede ser anterior al nacimiento.' end
where reason is null and ((old_id is not null and turn > 1) or new_died_on < new_birth_on)
"""

# Names that come partly from the file and partly from before have no key yet.
_MIXED = f"""
select row, {_columns("new_", _NAMES)} from {RESULT}
where reason is null and differs
    and ({_columns("new_", _NAMES)})
        is distinct from ({", ".join(f"coalesce({name}, '')" for name in _NAMES)})
"""
_WITH_KEYS = f"""
update {RESULT} r set search_key = k.search_key, sort_key = k.sort_key
from (select unnest(%s::int[]) as row, unnest(%s::text[]) as search_key, unnest(%s::text[]) as sort_key) k
where k.row = r.row
"""

_INSERT = f"""
insert into registry_person (institution_id, id, {_columns("", _MERGED)}, processing_blocked, search_key, sort_key,
    recorded_at)
select %(institution)s, id, {_columns("new_", _MERGED)}, false, search_key, sort_key, %(recorded_at)s
from {RESULT} where reason is null and old_id is null order by row
"""
_UPDATE = f"""
update registry_person p set {", ".join(f"{name} = r.new_{name}" for name in _MERGED)},
    search_key = r.search_key, sort_key = r.sort_key
from {RESULT} r
where p.institution_id = %(institution)s and p.id = r.old_id and r.reason is null and r.differs
"""
_REFERENCES = f"""
insert into registry_identifier (institution_id, id, person_id, kind, country, value)
select %(institution)s, reference_id, coalesce(old_id, id), 'reference', '', reference from {RESULT}
where reason is null and reference is not null and by_reference is null order by row
"""
_DOCUMENTS = f"""
insert into registry_identifier (institution_id, id, person_id, kind, country, value)
select %(institution)s, document_id, coalesce(old_id, id), document_kind, coalesce(document_country, ''),
    coalesce(document_number, '')
from {RESULT} r
where reason is null and document_kind is not null and by_document is null
    and not (document_kind = 'no_document' and old_id is not null and exists (
        select from registry_identifier i
        where i.institution_id = %(institution)s and i.person_id = r.old_id and i.kind = 'no_document'))
order by row
"""
_OUTCOME = f"""
update {RESULT} r set outcome = case
    when old_id is null then 'new'
    when differs or exists (
        select from registry_identifier i
        where i.institution_id = %(institution)s and i.person_id = r.old_id and i.id in (r.reference_id, r.document_id)
    ) then 'changed'
    else 'same' end
where reason is null
"""


def load_people(batch: Batch, *, by: Actor) -> Applied:
    """Register new people and bring known ones up to date; the newest extract prevails and never empties a column.

    A row that gives somebody's RUN to another name changes nothing of hers: it is kept as a person without RUN, and
    both are put before whoever decides (docs/decisions/0041). So is one without RUN who is much like somebody.
    """
    require(by, Permission.LOAD_RUN)
    execute(_of_all(batch), _ROOM_FOR_CLAIMS, _MATCH, INDEXED)
    if claims := set_apart_claims(batch):
        execute(replace(batch, more={**batch.more, "only": claims}), _MATCH_AGAIN, _TURNS_AGAIN)
    execute(batch, _REFUSE)
    _make_mixed_keys()
    doubts, doubtful = doubts_of_newcomers(batch, by=by)
    execute(batch, _INSERT, _UPDATE, _REFERENCES, _DOCUMENTS, _OUTCOME)
    write_doubts(doubts, by=by)
    return tally(doubtful)


def _of_all(batch: Batch) -> Batch:
    return replace(batch, more={**batch.more, "only": None})


def _make_mixed_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MIXED)
        mixed = cursor.fetchall()
        if mixed:
            rows = [row for row, *_ in mixed]
            searches = [search_key(given, first, second, social) for _, given, first, second, social in mixed]
            sorts = [sort_key(given, first, second) for _, given, first, second, _ in mixed]
            cursor.execute(_WITH_KEYS, [rows, searches, sorts])


_CONTACTS = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.*, person.id as person_id, old.id as old_id, old.note as old_note, old.do_not_call as old_do_not_call,
        old.secrecy as old_secrecy, old.as_of as old_as_of,
        (old.id is null or b.as_of >= old.as_of) as wins,
        case when person.id is null then '{UNKNOWN_PERSON}'
            when person.processing_blocked then '{BLOCKED}' end as reason
    from {STAGED} b {person_of("person")}
    left join lateral (
        select * from registry_contactpoint c where c.institution_id = %(institution)s and c.person_id = person.id
            and c.kind = b.kind and c.value = b.value and c.source = b.source limit 1
    ) old on true
),
together as (
    select f.*, {merged("note", "old_note", wins="wins")} as new_note,
        case when wins then coalesce(do_not_call, old_do_not_call, false)
            else coalesce(old_do_not_call, do_not_call, false) end as new_do_not_call,
        -- a file never makes public what the desk keeps secret
        (array['ordinary', 'reserved', 'restricted'])[greatest(
            array_position(array['ordinary', 'reserved', 'restricted'], coalesce(secrecy, 'ordinary')),
            array_position(array['ordinary', 'reserved', 'restricted'], old_secrecy::text))] as new_secrecy,
        case when wins then as_of else old_as_of end as new_as_of,
        row_number() over (partition by person_id, kind, value, source order by row) as turn
    from found f
)
select row, id, person_id, kind, value, source, old_id, new_note, new_do_not_call, new_secrecy, new_as_of,
    case when reason is null and turn > 1 then 'Otra fila del archivo ya trae este contacto.' else reason end as reason,
    case when old_id is null then 'new'
        when (new_note, new_do_not_call, new_secrecy, new_as_of)
            is distinct from (old_note, old_do_not_call, old_secrecy, old_as_of) then 'changed'
        else 'same' end as outcome
from together
"""
_INSERT_CONTACTS = f"""
insert into registry_contactpoint
    (institution_id, id, person_id, kind, value, note, do_not_call, secrecy, source, as_of)
select %(institution)s, id, person_id, kind, value, new_note, new_do_not_call, new_secrecy, source, new_as_of
from {RESULT} where reason is null and outcome = 'new' order by row
"""
_UPDATE_CONTACTS = f"""
update registry_contactpoint c
set note = r.new_note, do_not_call = r.new_do_not_call, secrecy = r.new_secrecy, as_of = r.new_as_of
from {RESULT} r
where c.institution_id = %(institution)s and c.id = r.old_id and r.reason is null and r.outcome = 'changed'
"""


def load_contacts(batch: Batch, *, by: Actor) -> Applied:
    """Telephones and mail addresses. The newest prevails, except that secrecy is never lowered."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _CONTACTS, INDEXED, _INSERT_CONTACTS, _UPDATE_CONTACTS)
    return tally()


# The same relation: begun on the same day, or both in force.
_RELATIONS = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.*, person.id as person_id, other.id as other_id, old.id as old_id, old.starts_on as old_starts_on,
        old.ends_on as old_ends_on,
        case
            when person.id is null or other.id is null then '{UNKNOWN_PERSON}'
            when person.processing_blocked or other.processing_blocked then '{BLOCKED}'
            when person.id = other.id then 'La relación es con otra persona.'
        end as reason
    from {STAGED} b {person_of("person")} {person_of("other", "other")}
    left join lateral (
        select * from registry_relation r where r.institution_id = %(institution)s and r.person_id = person.id
            and r.other_id = other.id and r.kind = b.kind and r.source = b.source
            and (r.starts_on is not distinct from b.starts_on
                or (r.ends_on is null and (b.ends_on is null or b.starts_on is null or r.starts_on is null)))
        order by r.starts_on is not distinct from b.starts_on desc, r.ends_on is null desc, r.id limit 1
    ) old on true
),
together as (
    select f.*, coalesce(old_starts_on, starts_on) as new_starts_on, coalesce(old_ends_on, ends_on) as new_ends_on,
        row_number() over (partition by person_id, other_id, kind, source, old_id,
            coalesce(ends_on, old_ends_on) is null, reason is null order by row) as turn
    from found f
)
select row, id, person_id, other_id, kind, source, old_id, new_starts_on, new_ends_on,
    case
        when reason is not null then reason
        when turn > 1 and (old_id is not null or new_ends_on is null)
            then 'Otra fila del archivo ya trae esta relación.'
        when new_ends_on < new_starts_on then 'El término no puede ser anterior al inicio.'
    end as reason,
    case when old_id is null then 'new'
        when (new_starts_on, new_ends_on) is distinct from (old_starts_on, old_ends_on) then 'changed'
        else 'same' end as outcome
from together
"""
_INSERT_RELATIONS = f"""
insert into registry_relation (institution_id, id, person_id, other_id, kind, source, starts_on, ends_on)
select %(institution)s, id, person_id, other_id, kind, source, new_starts_on, new_ends_on
from {RESULT} where reason is null and outcome = 'new' order by row
"""
_UPDATE_RELATIONS = f"""
update registry_relation o set starts_on = r.new_starts_on, ends_on = r.new_ends_on
from {RESULT} r
where o.institution_id = %(institution)s and o.id = r.old_id and r.reason is null and r.outcome = 'changed'
"""


def load_relations(batch: Batch, *, by: Actor) -> Applied:
    """Who is parent, guardian, carer or representative of whom. What ended stays ended."""
    require(by, Permission.LOAD_RUN)
    execute(batch, _RELATIONS, INDEXED, _INSERT_RELATIONS, _UPDATE_RELATIONS)
    return tally()
