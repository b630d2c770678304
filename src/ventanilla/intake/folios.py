"""Giving folios: the counter's row is the last thing written before commit, so that others hardly wait."""

from django.db import connection

from ventanilla.access.tenancy import current_institution_id
from ventanilla.core.ids import new_id

CONSULTATIONS = "C"

_NEXT = """
insert into intake_foliocounter (institution_id, id, kind, year, last) values (%s, %s, %s, %s, 1)
on conflict (institution_id, kind, year) do update set last = intake_foliocounter.last + 1
returning last
"""


def next_folio(kind: str, year: int) -> str:
    """The next folio of the series: C-2026-004812."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [current_institution_id(), new_id(), kind, year])
        (number,) = cursor.fetchone()
    return f"{kind}-{year}-{number:06d}"
