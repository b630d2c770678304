"""Which version of the catalogue a loaded delivery was given under: by the name of what was given, and its day."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from uuid import UUID

from django.db import connection

from ventanilla.catalogue.models import EntryVersion
from ventanilla.core.datasets import STAGED, Batch
from ventanilla.core.plain import plain

NAMED = "delivery_named"
"""The temporary table: of each text of the batch that names an entry, its version of each span of days."""

_MAKE = f"""
drop table if exists pg_temp.{NAMED};
create temporary table {NAMED} (label text, version_id uuid, starts_on date, ends_before date) on commit drop
"""
_FILL = f"insert into {NAMED} select * from unnest(%s::text[], %s::uuid[], %s::date[], %s::date[])"


@dataclass(frozen=True, slots=True)
class Span:
    """The days when an entry was given as one of its versions says; the least ``rank`` wins a day that two claim."""

    version_id: UUID
    starts_on: date
    ends_before: date
    rank: tuple[bool, bool, int]


def name_versions(batch: Batch) -> None:
    """Make ``NAMED`` for what is staged: a few texts and a few versions, so that the rows are matched by one join."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        cursor.execute(f"select distinct label from {STAGED} where label is not null")
        labels = [label for (label,) in cursor.fetchall()]
        known = _spans_by_name(batch.institution_id)
        found = [(label, span) for label in labels for span in _without_doubt(known.get(plain(label), ()))]
        if found:
            columns = zip(*((label, s.version_id, s.starts_on, s.ends_before) for label, s in found), strict=True)
            cursor.execute(_FILL, [list(column) for column in columns])
        cursor.execute(f"analyze {NAMED}")


def _spans_by_name(institution_id: int) -> dict[str, list[Span]]:
    """By any name an entry has had, its code and its national code, without accents, capitals or signs."""
    versions = (
        # Asked by its number too: a seeding reads past row-level security.
        EntryVersion.objects.filter(institution_id=institution_id)
        .order_by("entry_id", "number")
        .values_list(
            "entry_id",
            "id",
            "starts_on",
            "name",
            "entry__code",
            "entry__national",
            "entry__closed_on",
            "entry__position",
        )
    )
    known: dict[str, list[Span]] = {}
    for _, group in groupby(versions, key=lambda row: row[0]):
        rows = list(group)
        *_, code, national, closed_on, position = rows[0]
        spans = list(_spans([(row[1], row[2]) for row in rows], closed_on, position))
        for name in {plain(text) for text in (*(row[3] for row in rows), code, national or "")} - {""}:
            known.setdefault(name, []).extend(spans)
    return known


def _spans(versions: list[tuple[UUID, date]], closed_on: date | None, position: int) -> Iterator[Span]:
    """Each until the next begins. Before the first, and after it was closed, only if no other entry has the name."""
    is_closed = closed_on is not None
    first, last = versions[0], versions[-1]
    end = closed_on or date.max
    yield Span(first[0], date.min, first[1], (True, is_closed, position))
    for (version_id, starts_on), (_, following) in pairwise((*versions, (last[0], max(end, last[1])))):
        yield Span(version_id, starts_on, following, (False, is_closed, position))
    yield Span(last[0], max(end, last[1]), date.max, (True, is_closed, position))


def _without_doubt(spans: Iterable[Span]) -> Iterator[Span]:
    """The same days with one version each."""
    spans = [span for span in spans if span.starts_on < span.ends_before]
    days = sorted({day for span in spans for day in (span.starts_on, span.ends_before)})
    for day, following in pairwise(days):
        claims = [span for span in spans if span.starts_on <= day < span.ends_before]
        if claims:
            best = min(claims, key=lambda span: span.rank)
            yield Span(best.version_id, day, following, best.rank)
