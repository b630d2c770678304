"""Giving folios and numbers: the counter's row is the last thing written before commit, so that others hardly wait."""

from datetime import date
from uuid import UUID

from django.db import connection
from psycopg import sql

from ventanilla.access.tenancy import current_institution_id
from ventanilla.core.ids import new_id
from ventanilla.intake.models import FolioCounter, TicketCounter

CONSULTATIONS = "C"
CONTACTS = "CR"
SHEETS = "H"
REFERRALS = "D"
ANSWERS = "O"


def take(counter: type[FolioCounter] | type[TicketCounter], count: int = 1, **series: UUID | date | str | int) -> int:
    """Take so many numbers of a series; the last of them. ``series`` are the columns that tell one from another."""
    table = sql.Identifier(counter._meta.db_table)
    statement = sql.SQL(
        "insert into {table} (institution_id, id, {columns}, last) values ({values}) on conflict"
        " (institution_id, {columns}) do update set last = {table}.last + excluded.last returning last"
    ).format(
        table=table,
        columns=sql.SQL(", ").join(map(sql.Identifier, series)),
        values=sql.SQL(", ").join([sql.Placeholder()] * (len(series) + 3)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_institution_id(), new_id(), *series.values(), count])
        return int(cursor.fetchone()[0])


def next_folio(kind: str, year: int) -> str:
    """The next folio of the series: C-2026-004812."""
    return f"{kind}-{year}-{take(FolioCounter, kind=kind, year=year):06d}"
