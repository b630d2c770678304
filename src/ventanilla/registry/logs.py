"""Finding entries of the two logs, newest first: they have millions of rows, and every way in is an index."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection
from django.utils import timezone
from psycopg import sql

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission, Scope
from ventanilla.access.tenancy import within_reach

Part = sql.SQL | sql.Composed


@dataclass(frozen=True, slots=True)
class Log:
    """Where a log is, and the column by which its entries are of one kind or another."""

    table: str
    kind: str


READINGS = Log("registry_readentry", "kind")
WRITES = Log("core_audit_event", "table_name")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is left out narrows nothing."""

    postings: Sequence[UUID] | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    """The last day, included."""

    among: Sequence[int] | None = None
    """Numbers of entries."""

    rows: Sequence[str] | None = None
    """Keys of the rows that were written."""

    def within(self, actor: Actor, permission: Permission) -> "Wanted":
        """Narrowed to the operators of the actor's unit, when that is as far as her right reaches."""
        if actor.scope(permission) is Scope.INSTITUTION:
            return self
        reach = list(Posting.objects.filter(within_reach(actor, permission)).values_list("pk", flat=True))
        asked = reach if self.postings is None else [posting for posting in reach if posting in set(self.postings)]
        return replace(self, postings=asked)


ALL = Wanted()


def newest_ids(log: Log, wanted: Wanted, *, actor: Actor, before: int | None = None, limit: int) -> list[int]:
    """Numbers of the newest entries of the actor's institution, in order; ``before`` is the one to go on after."""
    conditions, values = _conditions(log, wanted, actor.institution)
    if before is not None and (moment := _hour_of(log, before, actor.institution)):
        conditions.append(sql.SQL("(e.at, e.id) < (%(moment)s, %(before)s)"))
        values |= {"moment": moment, "before": before}
    if wanted.postings is not None:
        # The newest of each operator, then the newest of those: one walk of the index an operator, never of the log.
        text: LiteralString = (
            "select found.id from unnest(%(postings)s::uuid[]) posting cross join lateral ("
            " select e.id, e.at from {table} e where e.posting_id = posting and {conditions}"
            " order by e.at desc, e.id desc limit %(limit)s) found"
            " order by found.at desc, found.id desc limit %(limit)s"
        )
        values["postings"] = list(wanted.postings)
    else:
        text = "select e.id from {table} e where {conditions} order by e.at desc, e.id desc limit %(limit)s"
    query = sql.SQL(text).format(table=sql.Identifier(log.table), conditions=sql.SQL(" and ").join(conditions))
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _conditions(log: Log, wanted: Wanted, institution: int) -> tuple[list[Part], dict[str, Any]]:
    conditions: list[Part] = [sql.SQL("e.institution_id = %(institution)s")]
    values: dict[str, Any] = {"institution": institution}

    def narrow(condition: Part, **given: Any) -> None:
        conditions.append(condition)
        values.update(given)

    if wanted.kind:
        narrow(sql.SQL("e.{} = %(kind)s").format(sql.Identifier(log.kind)), kind=wanted.kind)
    if wanted.since:
        narrow(sql.SQL("e.at >= %(since)s"), since=_midnight(wanted.since))
    if wanted.until:
        narrow(sql.SQL("e.at < %(until)s"), until=_midnight(wanted.until + timedelta(days=1)))
    if wanted.among is not None:
        narrow(sql.SQL("e.id = any (%(among)s)"), among=list(wanted.among))
    if wanted.rows is not None:
        narrow(sql.SQL("e.row_id = any (%(rows)s)"), rows=list(wanted.rows))
    return conditions, values


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _hour_of(log: Log, entry: int, institution: int) -> datetime | None:
    query = sql.SQL("select at from {} where institution_id = %s and id = %s").format(sql.Identifier(log.table))
    with connection.cursor() as cursor:
        cursor.execute(query, [institution, entry])
        row = cursor.fetchone()
    return row[0] if row else None
