"""Consultations of past months, from files: whole lives written at once, with the dimensions of their day."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from datetime import date, timedelta

from django.db import connection

from ventanilla.access.actors import Actor, require
from ventanilla.access.calendars import service_days
from ventanilla.access.permissions import Permission
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, execute, tally
from ventanilla.core.secrecy import SECRECY_ORDER
from ventanilla.intake.folios import CONSULTATIONS, take
from ventanilla.intake.models import FolioCounter
from ventanilla.intake.rules import AGE_GROUPS, OLDEST_GROUP, TERMS, UNTOLD
from ventanilla.intake.states import ANSWERED
from ventanilla.registry.loading import BLOCKED, UNKNOWN_PERSON, person_of

LONGEST_TERM = timedelta(days=60)
"""In which the longest of ``TERMS`` ends, whatever holidays fall in it."""
DOCUMENTS_NOT_SAID = "No indicados en el archivo cargado."

_ANSWERED = ", ".join(f"'{outcome.value}'" for outcome in sorted(ANSWERED))
_AGE_GROUP = "".join(f" when age <= {high} then '{low}-{high}'" for low, high in AGE_GROUPS)
_TERMS = ", ".join(f"('{outcome.value}', {days})" for outcome, days in TERMS.items())
_SECRECY = "array[" + ", ".join(f"'{level.value}'" for level in SECRECY_ORDER) + "]"

_MATCH = f"""
create temporary table {RESULT} on commit drop as
with found as (
    select b.row, b.id, b.begun_id, b.attended_id, b.resolved_id, b.submission_id, b.channel, b.notes, b.reasons,
        b.outcomes, b.line_ids, (b.starts_at at time zone %(zone)s) as starts_at,
        (b.ends_at at time zone %(zone)s) as ends_at, b.starts_at::date as day,
        b.person, person.id as person_id, person.processing_blocked, person.birth_on, coalesce(person.sex, '') as sex,
        b.unit, unit.id as unit_id, b.operator, account.id as account_id, posting.id as posting_id,
        posting.is_ours as has_posting, lines.ids as reason_ids, lines.function_ids, lines.secrecy,
        lines.is_incomplete, lines.index_groups,
        coalesce(functions.codes, '') as unit_functions, home.rurality, home.home_id,
        old.id as old_id, old.person_id as old_person_id, old.unit_id as old_unit_id, old.channel as old_channel,
        old.occurred_at as old_starts_at,
        case when b.ends_at is null then 'in_attention'
            when b.outcomes <@ array[{_ANSWERED}] then 'resolved' else 'attended' end as state,
        extract(year from age(b.starts_at::date, person.birth_on))::int as age
    from {STAGED} b {person_of("person")}
    left join access_unit unit on unit.institution_id = %(institution)s and unit.code = b.unit
    left join access_account account on account.username = b.operator
    left join lateral (
        select case when p.starts_on <= b.starts_at::date and (p.ends_on is null or p.ends_on >= b.starts_at::date)
                then p.id end as id, true as is_ours
        from access_posting p where p.account_id = account.id and p.institution_id = %(institution)s
        order by p.starts_on <= b.starts_at::date and (p.ends_on is null or p.ends_on >= b.starts_at::date) desc,
            p.unit_id is not distinct from unit.id desc, p.starts_on desc, p.id limit 1
    ) posting on true
    left join lateral (
        select string_agg(f.function_id, ',' order by f.function_id collate "C") as codes
        from access_unitfunction f where f.unit_id = unit.id
    ) functions on true
    left join lateral (
        select array_agg(l.id order by l.position) as ids, bool_or(l.id is null) as is_incomplete,
            array_agg(l.function_id order by l.position) as function_ids,
            ({_SECRECY})[max(array_position({_SECRECY}, l.secrecy::text))] as secrecy,
            string_agg(l.index_group, ',' order by l.position) filter (where l.is_first) as index_groups
        from (
            select r.id, r.function_id, r.secrecy, r.index_group, asked.position,
                asked.position = min(asked.position) over (partition by r.index_group) as is_first
            from unnest(b.reasons) with ordinality asked(code, position)
            left join catalogue_reason r on r.institution_id = %(institution)s and r.national_id = asked.code
                and not r.is_local
        ) l
    ) lines on true
    left join lateral (
        select m.home_id, d.rurality from registry_membership m
        join registry_home h on h.institution_id = m.institution_id and h.id = m.home_id
        left join registry_dwelling d on d.institution_id = h.institution_id and d.id = h.dwelling_id
        where m.institution_id = %(institution)s and m.person_id = person.id and m.starts_on <= b.starts_at::date
            and (m.ends_on is null or m.ends_on >= b.starts_at::date)
        order by m.source desc, m.starts_on desc, m.id limit 1
    ) home on true
    left join lateral (
        select * from intake_consultation c
        where c.institution_id = %(institution)s and c.submission_id = b.submission_id limit 1
    ) old on true
),
judged as (
    select f.*, case
        when person is not null and person_id is null then '{UNKNOWN_PERSON}'
        when processing_blocked then '{BLOCKED}'
        when unit_id is null then 'No hay una unidad con ese código.'
        when operator is not null and account_id is null then 'No hay una cuenta con ese usuario.'
        when operator is not null and has_posting is null then 'Ese usuario no tiene un desempeño en esta institución.'
        when is_incomplete then 'Uno de los motivos no está en la lista de esta institución.'
        when age < 0 then 'La consulta es anterior al nacimiento de la persona.'
        when ends_at < starts_at then 'El término no puede ser anterior al inicio.'
        when old_id is not null and (old_person_id, old_unit_id, old_channel, old_starts_at)
                is distinct from (person_id, unit_id, channel, starts_at)
            then 'Ya hay una consulta con esa referencia y otros datos. Una consulta cargada no se vuelve a escribir.'
        end as reason
    from found f
)
select j.*, case when old_id is null then 'new' else 'same' end as outcome,
    extract(year from day)::int as year,
    case when state <> 'in_attention' and age is not null then case{_AGE_GROUP} else '{OLDEST_GROUP}' end else '' end
        as age_group,
    row_number() over (
        partition by extract(year from day), reason is null and old_id is null order by row) as folio_offset,
    bracket.value::int as bracket, bracket.as_of as bracket_as_of
from judged j
left join lateral (
    select f.value, f.as_of from registry_fact f
    where f.institution_id = %(institution)s and f.home_id = j.home_id
        and f.kind = 'rsh_bracket' and f.source = 'rsh' and f.as_of <= j.day and j.state <> 'in_attention'
    order by f.as_of desc, f.id desc limit 1
) bracket on true
"""
_YEARS = f"select year, count(*) from {RESULT} where reason is null and outcome = 'new' group by year order by year"
_INSERT = f"""
insert into intake_consultation (institution_id, id, folio, person_id, requester, requester_detail, channel, state,
    secrecy, unit_id, recorded_by_id, posting_id, notes, notes_secrecy, occurred_at, recorded_at, attended_at,
    resolved_at, void_reason, submission_id, version, age_group, sex, rurality, bracket, bracket_as_of, unit_functions,
    index_groups)
select %(institution)s, id, '{CONSULTATIONS}-' || year || '-' || to_char(%(before)s + folio_offset, 'FM9999999000000'),
    person_id, 'self', '', channel, state, coalesce(secrecy, '{UNTOLD.value}'), unit_id, account_id, posting_id,
    coalesce(notes, ''), case when notes > '' then coalesce(secrecy, '') else '' end, starts_at, %(recorded_at)s,
    ends_at, case when state = 'resolved' then ends_at end, '', submission_id, 1, age_group,
    case when state = 'in_attention' then '' else sex end,
    case when state = 'in_attention' then '' else coalesce(rurality, '') end, bracket, bracket_as_of,
    case when state = 'in_attention' then '' else unit_functions end,
    case when state = 'in_attention' then '' else coalesce(index_groups, '') end
from {RESULT} where reason is null and outcome = 'new' and year = %(year)s order by row
"""
_DAYS_OF_OPEN = f"select min(day), max(day) from {RESULT} where reason is null and state = 'attended'"
_LINES = f"""
insert into intake_reasonline (institution_id, id, consultation_id, reason_id, name, secrecy, position, function_id,
    outcome, answer, awaited_documents, answered_at, pending_in_id, due_on)
select %(institution)s, line.id, r.id, line.reason_id, reason.name, reason.secrecy, line.position, line.function_id,
    coalesce(line.outcome, ''), '',
    case when line.outcome = 'waiting_documents' then '{DOCUMENTS_NOT_SAID}' else '' end,
    case when line.outcome in ({_ANSWERED}) then coalesce(r.ends_at, r.starts_at) end,
    case when term.days is not null then r.unit_id end,
    case when term.days is not null then (
        select day from unnest(%(worked)s::date[]) worked(day) where day > r.day order by day
        offset term.days - 1 limit 1
    ) end
from {RESULT} r
cross join unnest(r.line_ids, r.reason_ids, r.function_ids, r.outcomes)
    with ordinality line(id, reason_id, function_id, outcome, position)
join catalogue_reason reason on reason.institution_id = %(institution)s and reason.id = line.reason_id
left join (values {_TERMS}) term(outcome, days) on r.state = 'attended' and term.outcome = line.outcome
where r.reason is null and r.outcome = 'new' order by r.row, line.position
"""
_STEPS = f"""
insert into intake_transition (institution_id, id, consultation_id, before, after, at, account_id, posting_id, reason)
select %(institution)s, step.id, r.id, step.before, step.after, step.at, r.account_id, r.posting_id, ''
from {RESULT} r
cross join lateral (values
    (1, r.begun_id, '', 'in_attention', r.starts_at),
    (2, r.attended_id, 'in_attention', 'attended', r.ends_at),
    (3, r.resolved_id, 'attended', 'resolved', r.ends_at)
) step(number, id, before, after, at)
where r.reason is null and r.outcome = 'new'
    and step.number <= case r.state when 'in_attention' then 1 when 'attended' then 2 else 3 end
order by r.row, step.number
"""


def load_consultations(batch: Batch, *, by: Actor) -> Applied:
    """Add consultations in their final state: folio in the order of the file, lines, steps, frozen dimensions.

    They were written down when they are loaded (``recorded_at``), hence count as deferred. One loaded before is
    recognised by its reference and stays as it is. What is still open is pending in its unit, in nobody's charge: who
    attended it long ago finds no old work in her tray until the head gives it to her.
    """
    require(by, Permission.LOAD_RUN)
    execute(batch, _MATCH)
    with connection.cursor() as cursor:
        cursor.execute(_YEARS)
        for year, count in cursor.fetchall():
            before = take(FolioCounter, count, kind=CONSULTATIONS, year=year) - count
            cursor.execute(_INSERT, batch.parameters | {"year": year, "before": before})
        cursor.execute(_DAYS_OF_OPEN)
        worked = _worked_days(*cursor.fetchone(), around=batch.today, by=by)
        cursor.execute(_LINES, batch.parameters | {"worked": worked})
    execute(batch, _STEPS)
    return tally()


def _worked_days(first: date | None, last: date | None, *, around: date, by: Actor) -> list[date]:
    """Those by which the terms of consultations attended between two days run."""
    if first is None or last is None:
        return []
    days = service_days(by.institution, around=around)
    number = (last - first).days + LONGEST_TERM.days
    return [day for day in (first + timedelta(days=n) for n in range(1, number)) if days.includes(day)]
