"""The audit table, its policy and the one trigger function that fills it."""

from django.db import migrations, models

AUDIT = """
alter table core_audit_event
    add column xact xid8 not null default pg_current_xact_id(),
    add column salt uuid not null default gen_random_uuid(),
    alter column at set default clock_timestamp();
alter table core_audit_event enable row level security;
create policy tenant on core_audit_event for select
    using (institution_id = nullif(current_setting('app.institution', true), '')::int);

-- Every function of ours ends its search_path with pg_temp: unless it is listed, the names of types are looked up
-- there first, and whoever may make a temporary domain would run code of hers with the rights of the owner.
create function audit_context(name text) returns uuid language sql stable
    set search_path = pg_catalog, public, pg_temp as $$ select nullif(current_setting('app.' || name, true), '')::uuid $$;

-- Its arguments are the columns to hide and the column that says the institution. A row that says none belongs to the
-- institution in which it was written. ``offset 0`` keeps the planner from writing to_jsonb again at each use of it.
create function audit_write() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
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
            (select jsonb_object_agg(key, case when key = any (hidden) then '"(oculto)"' else value end)
                from jsonb_each(o) where n -> key is distinct from value),
            (select jsonb_object_agg(key, case when key = any (hidden) then '"(oculto)"' else value end)
                from jsonb_each(n) where o -> key is distinct from value)
        from (
            select to_jsonb(old_row) as o, to_jsonb(new_row) as n
            from old_rows old_row join new_rows new_row on new_row.id = old_row.id
            offset 0
        ) rows
        where o is distinct from n;
    end if;
    return null;
end $$;
revoke execute on function audit_write() from public;

-- The audit pairs the rows of an update by their key, and all that was ever written of a row names it so.
create function refuse_other_key() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    raise exception 'the key of a row of % is never changed', tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;
revoke execute on function refuse_other_key() from public;

-- Only a table's owner may analyze it, and a table just loaded, without statistics, is planned as if it were empty.
create function refresh_statistics() returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    changed text;
begin
    for changed in
        select format('%I.%I', c.relnamespace::regnamespace, c.relname)
        from pg_class c join pg_stat_user_tables s on s.relid = c.oid
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            and s.n_mod_since_analyze > 200 + 0.05 * greatest(s.n_live_tup, 0)
    loop
        execute 'analyze ' || changed;
    end loop;
end $$;
revoke execute on function refresh_statistics() from public;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("institution_id", models.IntegerField(null=True, verbose_name="institución")),
                ("at", models.DateTimeField(verbose_name="momento")),
                ("account_id", models.UUIDField(null=True, verbose_name="cuenta")),
                ("posting_id", models.UUIDField(null=True, verbose_name="desempeño")),
                ("purpose_id", models.UUIDField(null=True, verbose_name="finalidad")),
                ("request_id", models.UUIDField(null=True, verbose_name="petición")),
                ("table_name", models.CharField(max_length=63, verbose_name="tabla")),
                ("row_id", models.CharField(max_length=40, verbose_name="registro")),
                (
                    "op",
                    models.CharField(
                        choices=[("I", "creación"), ("U", "cambio"), ("D", "eliminación")],
                        max_length=1,
                        verbose_name="operación",
                    ),
                ),
                ("old", models.JSONField(null=True, verbose_name="antes")),
                ("new", models.JSONField(null=True, verbose_name="después")),
            ],
            options={
                "verbose_name": "evento de auditoría",
                "verbose_name_plural": "eventos de auditoría",
                "db_table": "core_audit_event",
                "indexes": [
                    models.Index(fields=["institution_id", "row_id"], name="audit_event_row"),
                    models.Index(fields=["institution_id", "at"], name="audit_event_at"),
                ],
            },
        ),
        migrations.RunSQL(AUDIT, migrations.RunSQL.noop),
    ]
