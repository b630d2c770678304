"""The index of names is touched by an update only where a name changed; what it already had is neither read nor locked."""

from django.db import migrations

COPY = """
create or replace function copy_name() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        delete from public.registry_person_name n using old_rows o
            where n.institution_id = o.institution_id and n.person_id = o.id;
    else
        insert into public.registry_person_name (institution_id, person_id, name_key)
            select institution_id, id, search_key from new_rows;
    end if;
    return null;
end $$;

create function copy_changed_name() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp
    set enable_nestloop = off as $$
begin
    insert into public.registry_person_name (institution_id, person_id, name_key)
        select n.institution_id, n.id, n.search_key
        from new_rows n join old_rows o on o.id = n.id
        where o.search_key <> n.search_key
        on conflict (institution_id, person_id) do update set name_key = excluded.name_key;
    return null;
end $$;
revoke execute on function copy_changed_name() from public;

drop trigger copy_name_update on registry_person;
create trigger copy_name_update after update on registry_person
    referencing old table as old_rows new table as new_rows
    for each statement execute function copy_changed_name();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_merging")]
    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
