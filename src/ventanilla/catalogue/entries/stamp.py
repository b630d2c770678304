"""When what a server has read of a catalogue may be answered again.

A catalogue changes a few times a month and is asked at every attention. What is read of it is kept in the process
under a stamp, which is another as soon as any of its rows is.
"""

from django.db import connection

from ventanilla.access.actors import Actor
from ventanilla.core.statements import planned_once

MOST_KEPT = 128
"""Readings kept by each process, of whichever institutions were asked last; each is some tens of entries."""

# A row that is written again is another for PostgreSQL: another writer (xmin) or another place (ctid). A writer that
# fails leaves a number that nobody else gets, so what it read of its own is never answered to others.
_STAMP = """
select concat(count(*), ':', bit_xor(hashtextextended(concat(part, xmin, ctid), 0))) from (
    select 1 as part, xmin, ctid from catalogue_entry where institution_id = %(institution)s
    union all select 2, xmin, ctid from catalogue_entryversion where institution_id = %(institution)s
    union all select 3, xmin, ctid from catalogue_entryreason where institution_id = %(institution)s
    union all select 4, xmin, ctid from access_unit where institution_id = %(institution)s
    union all select 5, xmin, ctid from access_provider where institution_id = %(institution)s
    union all select 6, xmin, ctid from catalogue_nationalentry
) as its_rows
"""


@planned_once()
def catalogue_stamp(by: Actor) -> str:
    """Of the actor's institution. Ask it before reading: what is read after is at least as new. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, {"institution": by.institution})
        return str(cursor.fetchone()[0])
