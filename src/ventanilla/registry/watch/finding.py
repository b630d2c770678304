"""The readings that draw attention between two instants, found in one set-based query over the log.

A look is a file that was opened or a search that found exactly one person: who comes up in a list was not looked for.
"""
# ruff: noqa: S608 - the pieces put together are constants; values travel as parameters

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.registry.watch.rules import Limits
from ventanilla.registry.watch.states import FlagKind


@dataclass(frozen=True, slots=True)
class Sighting:
    """What would be a flag: whose readings, of whom, on which day of the institution, and which entries they are."""

    kind: FlagKind
    account_id: UUID
    person_id: UUID | None
    day: date
    posting_id: UUID
    unit_id: UUID | None
    entries: int
    first_entry_id: int
    last_entry_id: int
    first_at: datetime
    last_at: datetime


LOOKED_FOR = """case when e.person_id = e.opened_for_id then e.person_id
    when e.kind = 'search' and cardinality(e.people) = 1 then e.people[1] end"""
SEARCHED_IN_VAIN = "(e.kind = 'search' and cardinality(e.people) = 0)"

# Whoever has her RUN in a record that was joined to another is looked at in either.
RECORDS = "join lateral (values (p.id), (p.merged_into_id)) record (person_id) on record.person_id is not null"

# Hours begin at every half hour, so that a burst astride two of them is not split. The ids that bound a flag let its
# page show the readings behind it.
_FIND = f"""
with log as materialized (
    select e.id, e.at, e.account_id, e.posting_id, e.kind, (e.at at time zone %(zone)s)::date as day,
        {LOOKED_FOR} as person_id, {SEARCHED_IN_VAIN} as failed,
        e.kind <> 'list' and (e.person_id is not null or cardinality(e.people) > 0) as found
    from registry_readentry e
    where e.institution_id = %(institution)s and e.at >= %(since)s and e.at < %(until)s
        and e.account_id is not null and e.posting_id is not null
),
looks as (select * from log where person_id is not null),
own as (
    select a.id as account_id, record.person_id from (select distinct account_id from looks) l
    join access_account a on a.id = l.account_id
    join registry_person p on p.institution_id = %(institution)s and p.run = a.run {RECORDS}
),
relatives as (
    select own.account_id, theirs.person_id from own
    join registry_membership mine on mine.institution_id = %(institution)s and mine.person_id = own.person_id
    join registry_membership theirs on theirs.institution_id = %(institution)s and theirs.home_id = mine.home_id
    union select own.account_id, r.other_id from own
    join registry_relation r on r.institution_id = %(institution)s and r.person_id = own.person_id
    union select own.account_id, r.person_id from own
    join registry_relation r on r.institution_id = %(institution)s and r.other_id = own.person_id
),
colleagues as (
    select distinct t.account_id, record.person_id from access_posting t join access_account a on a.id = t.account_id
    join registry_person p on p.institution_id = %(institution)s and p.run = a.run {RECORDS}
    where t.institution_id = %(institution)s and t.starts_on <= %(until)s
        and coalesce(t.ends_on, 'infinity') >= %(since)s
),
known as (
    select l.*, case when own.person_id = l.person_id then 'self'
        when exists (select from relatives r where r.account_id = l.account_id and r.person_id = l.person_id)
            then 'relative'
        when exists (select from colleagues c where c.account_id <> l.account_id and c.person_id = l.person_id)
            then 'colleague' end as kind_of_flag
    from looks l left join own on own.account_id = l.account_id
),
of_people as (
    select kind_of_flag as kind, account_id, person_id, day, count(*)::int as entries, min(id) as first_id,
        max(id) as last_id, min(at) as first_at, max(at) as last_at
    from known where kind_of_flag is not null group by 1, 2, 3, 4
),
many as (
    select distinct on (account_id, day) 'many' as kind, account_id, null::uuid as person_id, day, entries, first_id,
        last_id, first_at, last_at
    from (
        select account_id, min(day) as day, hour, count(distinct person_id)::int as entries, min(id) as first_id,
            max(id) as last_id, min(at) as first_at, max(at) as last_at
        from looks cross join lateral (values (date_trunc('hour', at)),
            (date_trunc('hour', at - interval '30 minutes') + interval '30 minutes')) hours (hour)
        where kind <> 'comparison' -- she chose nobody: possible duplicates come one after another
        group by account_id, hour having count(distinct person_id) > %(people)s
    ) busy order by account_id, day, entries desc, first_id
),
minutes as (
    select account_id, date_trunc('minute', at) as minute, min(day) as day, bool_or(failed) as failed,
        bool_or(found) as found, min(id) as first_id, max(id) as last_id, min(at) as first_at, max(at) as last_at
    from log group by 1, 2
),
fruitless as (
    select m.*, lead(minute) over later as next_minute, lead(found) over later as found_next
    from minutes m window later as (partition by account_id order by minute)
),
failed as (
    select distinct on (account_id, day) 'failed_searches' as kind, account_id, null::uuid as person_id, day, entries,
        first_id, last_id, first_at, last_at
    from (
        select account_id, min(day) as day, hour, count(*)::int as entries, min(first_id) as first_id,
            max(last_id) as last_id, min(first_at) as first_at, max(last_at) as last_at
        from fruitless cross join lateral (values (date_trunc('hour', minute)),
            (date_trunc('hour', minute - interval '30 minutes') + interval '30 minutes')) hours (hour)
        where failed and not found
            and not (coalesce(found_next, false) and next_minute = minute + interval '1 minute')
        group by account_id, hour having count(*) > %(failed_searches)s
    ) dry order by account_id, day, entries desc, first_id
),
found as (select * from of_people union all select * from many union all select * from failed)
select f.kind, f.account_id, f.person_id, f.day, l.posting_id, t.unit_id, f.entries, f.first_id, f.last_id, f.first_at,
    f.last_at
from found f join log l on l.id = f.last_id join access_posting t on t.id = l.posting_id
order by f.last_id
"""


def sightings(actor: Actor, *, since: datetime, until: datetime, limits: Limits) -> Iterator[Sighting]:
    """Those of the actor's institution, in the order of their last entry."""
    values: dict[str, str | int | datetime] = {
        "institution": actor.institution,
        "zone": actor.time_zone,
        "since": since,
        "until": until,
        "people": limits.people,
        "failed_searches": limits.failed_searches,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        for kind, *rest in cursor.fetchall():
            yield Sighting(FlagKind(kind), *rest)
