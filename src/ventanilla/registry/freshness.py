"""What is loaded in this institution and up to when: a probe of an index for each registry asked."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from ventanilla.access.tenancy import current_institution_id
from ventanilla.registry.vocabulary import Source

# What a registry says of anybody here, whatever its term to be kept: a date of the institution, nobody's datum. The
# municipality's own facts say nothing of how far its health centre or its social register have been loaded, nor a list
# of requests of how far the register itself has.
REACH = """
select asked.source, (
    select max(as_of) from registry_fact
    where institution_id = %(institution)s and source = asked.source and kind not in ('own', 'home_own', 'rsh_request')
) as as_of from unnest(%(sources)s::text[]) asked (source)
"""


def reach_of(sources: Collection[Source]) -> dict[Source, date]:
    """The newest date that each of these registries has here; those never loaded are not in it."""
    if not sources:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"institution": current_institution_id(), "sources": [str(one) for one in sources]})
        return {Source(source): as_of for source, as_of in cursor.fetchall() if as_of}
