"""The sealed index of names with its only door, and the log of readings with its own."""

from django.db import migrations

NAMES = """
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create table registry_person_name (
    institution_id int not null,
    person_id uuid not null,
    name_key text not null,
    primary key (institution_id, person_id)
) partition by hash (institution_id);

do $$
begin
    for remainder in 0..31 loop
        execute format(
            'create table registry_person_name_%s partition of registry_person_name'
            ' for values with (modulus 32, remainder %s)', lpad(remainder::text, 2, '0'), remainder);
    end loop;
end $$;

create index registry_person_name_trigrams on registry_person_name
    using gin (institution_id, name_key gin_trgm_ops);

-- The key is made by one Python function and stored in the person; this only copies it.
create function copy_name() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        delete from public.registry_person_name n using old_rows o
            where n.institution_id = o.institution_id and n.person_id = o.id;
    else
        insert into public.registry_person_name (institution_id, person_id, name_key)
            select institution_id, id, search_key from new_rows
            on conflict (institution_id, person_id) do update set name_key = excluded.name_key
            where registry_person_name.name_key <> excluded.name_key;
    end if;
    return null;
end $$;
revoke execute on function copy_name() from public;

create trigger copy_name_insert after insert on registry_person referencing new table as new_rows
    for each statement execute function copy_name();
create trigger copy_name_update after update on registry_person referencing new table as new_rows
    for each statement execute function copy_name();
create trigger copy_name_delete after delete on registry_person referencing old table as old_rows
    for each statement execute function copy_name();
"""

# A threshold can be set in a function only once its library is loaded.
LOAD_TRIGRAMS = "select show_limit()"

# Every token must be near some word of the name; the whole text, near the name, is the fallback of whoever mistyped
# more than that. Planned with literals: with parameters the planner does not prune partitions well.
FIND = """
create function find_people(tokens text[], whole text, max_rows int) returns setof uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.5
    set pg_trgm.similarity_threshold = 0.4 as $$
declare
    tenant int := nullif(current_setting('app.institution', true), '')::int;
    found int;
    source text := 'select person_id from public.registry_person_name where institution_id = %s';
begin
    if tenant is null or coalesce(cardinality(tokens), 0) = 0 then
        return;
    end if;
    return query execute
        format(source, tenant)
        || (select string_agg(format(' and %L operator(public.<%%) name_key', token), '') from unnest(tokens) token)
        || format(' order by public.word_similarity(%L, name_key) desc, person_id limit %s', whole, max_rows);
    get diagnostics found = row_count;
    if found < max_rows / 4 and cardinality(tokens) > 1 then
        return query execute
            format(source, tenant)
            || format(' and name_key operator(public.%%) %L', whole)
            || format(' order by public.similarity(name_key, %L) desc, person_id limit %s', whole, max_rows);
    end if;
end $$;
revoke execute on function find_people(text[], text, int) from public;
"""

READING = """
alter table registry_readentry
    alter column at set default clock_timestamp(),
    add column xact xid8 not null default pg_current_xact_id(),
    add column salt uuid not null default gen_random_uuid();
alter table registry_readentry enable row level security;
create policy tenant on registry_readentry for select
    using (institution_id = nullif(current_setting('app.institution', true), '')::int);

-- Who reads is taken from the transaction, never from the caller.
create function log_read(kind text, opened_for uuid, shown uuid[], purpose uuid, note text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    tenant int := nullif(current_setting('app.institution', true), '')::int;
    reader uuid := public.audit_context('account');
    posting uuid := public.audit_context('posting');
    request uuid := public.audit_context('request');
begin
    if tenant is null or reader is null then
        raise exception 'a reading without institution or reader';
    end if;
    if opened_for is null then
        insert into public.registry_readentry
            (institution_id, account_id, posting_id, request_id, kind, people, purpose_id, note)
            values (tenant, reader, posting, request, kind, shown, purpose, note);
    else
        insert into public.registry_readentry
            (institution_id, account_id, posting_id, request_id, kind, person_id, opened_for_id, purpose_id, note)
            select distinct tenant, reader, posting, request, kind, person, opened_for, purpose, note
            from unnest(opened_for || shown) person;
    end if;
end $$;
revoke execute on function log_read(text, uuid, uuid[], uuid, text) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(LOAD_TRIGRAMS, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, migrations.RunSQL.noop),
        migrations.RunSQL(READING, migrations.RunSQL.noop),
    ]
