"""The audit of an update pairs its rows by their key whatever came before, and tells what changed in one pass.

A trigger keeps the plan of its first call: after an update of no rows it paired five thousand with five thousand one by
one, which took seventeen seconds instead of a third of one.
"""

from django.db import migrations

AUDIT = """
create or replace function audit_write() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp
    set enable_nestloop = off as $$
declare
    hidden text[] := string_to_array(coalesce(tg_argv[0], ''), ',');
    institution text := coalesce(tg_argv[1], 'institution_id');
    entered int := nullif(current_setting('app.institution', true), '')::int;
    actor uuid := public.audit_context('account');
    posting uuid := public.audit_context('posting');
    purpose uuid := public.audit_context('purpose');
    request uuid := public.audit_context('request');
begin
    if tg_op = 'INSERT' then
        insert into public.core_audit_event
            (institution_id, account_id, posting_id, purpose_id, request_id, table_name, row_id, op, new)
        select coalesce((r ->> institution)::int, entered), actor, posting, purpose, request, tg_table_name, r ->> 'id', 'I',
            jsonb_strip_nulls(r - hidden)
        from (select to_jsonb(n) as r from new_rows n offset 0) rows;
    elsif tg_op = 'DELETE' then
        insert into public.core_audit_event
            (institution_id, account_id, posting_id, purpose_id, request_id, table_name, row_id, op, old)
        select coalesce((r ->> institution)::int, entered), actor, posting, purpose, request, tg_table_name, r ->> 'id', 'D',
            jsonb_strip_nulls(r - hidden)
        from (select to_jsonb(o) as r from old_rows o offset 0) rows;
    else
        insert into public.core_audit_event
            (institution_id, account_id, posting_id, purpose_id, request_id, table_name, row_id, op, old, new)
        select coalesce((n ->> institution)::int, entered), actor, posting, purpose, request, tg_table_name, n ->> 'id', 'U',
            was, became
        from (
            select to_jsonb(old_row) as o, to_jsonb(new_row) as n
            from old_rows old_row join new_rows new_row on new_row.id = old_row.id
            offset 0
        ) rows
        cross join lateral (
            select jsonb_object_agg(key, case when key = any (hidden) then '"(oculto)"' else value end) as was,
                jsonb_object_agg(key, case when key = any (hidden) then '"(oculto)"' else n -> key end) as became
            from jsonb_each(o) where value is distinct from n -> key
        ) changed
        where o is distinct from n;
    end if;
    return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_indexes")]
    operations = [migrations.RunSQL(AUDIT, migrations.RunSQL.noop)]
