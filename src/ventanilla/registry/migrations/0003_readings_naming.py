"""Which entries of the read log showed a person, be it in her file or among the rows of a list."""

from django.db import migrations

# Array operators are not leakproof: under row-level security only an owner's function uses their index.
NAMING = """
create index read_entry_by_people on registry_readentry using gin (institution_id, people) where people is not null;

create function readings_naming(person uuid) returns setof bigint
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select id from public.registry_readentry
        where institution_id = nullif(current_setting('app.institution', true), '')::int and person_id = person
    union
    select id from public.registry_readentry
        where institution_id = nullif(current_setting('app.institution', true), '')::int and people @> array[person]
$$;
revoke execute on function readings_naming(uuid) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_search_and_reading")]
    operations = [migrations.RunSQL(NAMING, migrations.RunSQL.noop)]
