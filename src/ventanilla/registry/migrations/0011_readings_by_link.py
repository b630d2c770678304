"""A referral may be read by somebody outside, through its link: she has no account, and the note says who she is."""

from django.db import migrations

READING = """
-- Who reads is taken from the transaction, never from the caller.
create or replace function log_read(kind text, opened_for uuid, shown uuid[], purpose uuid, note text) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    tenant int := nullif(current_setting('app.institution', true), '')::int;
    reader uuid := public.audit_context('account');
    posting uuid := public.audit_context('posting');
    request uuid := public.audit_context('request');
begin
    if tenant is null or (reader is null and (kind <> 'referral' or note = '')) then
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
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_referral_ground")]
    operations = [migrations.RunSQL(READING, migrations.RunSQL.noop)]
