"""The engine of loads: applies a table in batches, each in its own transaction, and accounts for every row."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from psycopg import errors, sql

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor
from ventanilla.access.models import Institution
from ventanilla.core import clock
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, Closed, Dataset
from ventanilla.core.errors import InvalidTransition
from ventanilla.datasets.models import Load
from ventanilla.datasets.parsing import Parsed, parser, staged_columns
from ventanilla.datasets.reading import FileRow, TableFile, rows

BATCH_ROWS = 5_000
EXAMPLES = 3
"""Rows that are told of each reason."""

REPEATED = "Otra fila del archivo ya trae lo mismo: se tomó la primera."
_SEEN = "load_seen"
"""Temporary table of the keys that the file has brought so far, outside our memory and for the length of the load."""
_TRIES = 4

UNFINISHED = (
    "No se marcó a quienes ya no figuran: hay filas rechazadas que corregir, y podrían ser suyas. Corríjalas y cargue"
    " el archivo de rechazadas: al terminar se marca."
)

Extract = tuple[str, date]
"""Of what it is, and of which day."""

Refused = Sequence[tuple[FileRow, str]]
"""Rows that were not taken, each with its reason, in the order of the file."""

OnProgress = Callable[[int, int], None]
"""Told the bytes read and their total."""


@dataclass(slots=True)
class Figures:
    """What became of the rows so far; ``reasons`` counts the rejected by their reason, ``doubts`` the doubtful, of
    which ``doubt_rows`` has the first, and ``extracts`` are theirs.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    doubt_rows: dict[str, list[int]] = field(default_factory=dict)
    extracts: set[Extract] = field(default_factory=set)

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    def doubt(self, rows: Mapping[int, str]) -> None:
        self.doubts.update(rows.values())
        for row, reason in rows.items():
            if len(known := self.doubt_rows.setdefault(reason, [])) < EXAMPLES:
                known.append(row)

    @property
    def doubtful(self) -> int:
        return sum(self.doubts.values())

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same + self.doubtful + self.rejected


@dataclass(slots=True)
class Run:
    """A table on its way into an institution. A trial undoes each batch and keeps its figures alone; one of a whole
    extract undoes all at its end, or it could not tell what no longer comes.

    ``keep`` writes down what was refused in the transaction of its batch, ``tell`` after it. ``row_done`` is the last
    row that was kept before; ``already_refused`` are those of them that were not taken. ``ask`` is called between
    batches, and may raise to end there.
    """

    dataset: Dataset
    load_id: UUID
    by: Actor
    batch: Batch
    is_trial: bool = False
    row_done: int = 0
    already_refused: frozenset[int] = frozenset()
    keep: Callable[[Refused], None] = lambda refused: None
    tell: Callable[[Refused], None] = lambda refused: None
    ask: Callable[[], None] = lambda: None
    figures: Figures = field(default_factory=Figures)

    @property
    def undoes_batches(self) -> bool:
        return self.is_trial and self.dataset.close is None


def batch_of(institution_id: int, *, begun_at: datetime | None = None) -> Batch:
    """What an action knows besides its rows, from now on; ``begun_at`` is of a load that goes on."""
    zone = Institution.objects.values_list("time_zone", flat=True).get(pk=institution_id)
    return Batch(institution_id, clock.now(), clock.today(zone), zone, begun_at)


def apply_table(
    run: Run, table: TableFile, on_progress: OnProgress = lambda done, size: None, *, rows_at_once: int = BATCH_ROWS
) -> None:
    """While the database works on a batch, a thread reads the next one; there is never more than one in wait."""
    told = [0]
    parse = parser(
        run.dataset,
        institution_id=run.batch.institution_id,
        today=run.batch.today,
        has_days_since_1900=table.has_days_since_1900,
    )
    source = (parse(row) for row in rows(table, told) if not run.dataset.is_example(row.cells))

    def next_batch() -> list[Parsed]:
        return list(islice(source, rows_at_once))

    done_before = run.row_done
    with _room_for_keys(), ThreadPoolExecutor(max_workers=1) as reader:
        upcoming = reader.submit(next_batch)
        while batch := upcoming.result():
            upcoming = reader.submit(next_batch)
            _claim(
                [one for one in batch if one.row.number <= done_before and one.row.number not in run.already_refused]
            )
            if left := [one for one in batch if one.row.number > done_before]:
                run.ask()
                _apply(run, left)
                _refresh_statistics(after=run.figures.read)
            on_progress(told[0], table.size)
    on_progress(table.size, table.size)


def close_extracts(run: Run, *, accept_gone: bool = False) -> Closed:
    """The end of a file that is the whole of an extract."""
    if run.dataset.close is None:
        return Closed()
    if run.figures.reasons.keys() - run.dataset.harmless - {REPEATED}:
        return Closed(refusals=(UNFINISHED,))
    with tenancy.acting(run.by), connection.cursor() as cursor:
        _one_at_a_time(cursor, run.batch)
        return run.dataset.close(run.batch, run.figures.extracts, by=run.by, accept_gone=accept_gone)


def begin_what_follows(run: Run, *, by: Actor) -> None:
    """Asked by ``by``, who does not act for the load: undoing it leaves what followed. What it brought before it was
    cut counts too.
    """
    if run.dataset.then is None or run.is_trial:
        return
    with tenancy.acting(by):
        if Load.objects.filter(pk=run.load_id, rows_read__gt=F("rows_same") + F("rows_rejected")).exists():
            run.dataset.then(by=by)


def _one_at_a_time(cursor: CursorWrapper, batch: Batch) -> None:
    cursor.execute("select pg_advisory_xact_lock(hashtext('load'), %s)", [batch.institution_id])


def try_table(
    run: Run, table: TableFile, on_progress: OnProgress = lambda done, size: None, *, rows_at_once: int = BATCH_ROWS
) -> Closed:
    """What ``apply_table`` and ``close_extracts`` would do, undone. Extracts add and change nobody's row."""
    run.is_trial = True
    if run.dataset.close is None:
        apply_table(run, table, on_progress, rows_at_once=rows_at_once)
        return Closed()
    with transaction.atomic():
        apply_table(run, table, on_progress, rows_at_once=rows_at_once)
        closed = close_extracts(run, accept_gone=True)
        transaction.set_rollback(True)
    return closed


@contextmanager
def _room_for_keys() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{_SEEN}")
        cursor.execute(f"create temporary table {_SEEN} (key uuid primary key, row int not null)")
        yield
        cursor.execute(f"drop table pg_temp.{_SEEN}")


def _claim(taken: Sequence[Parsed]) -> None:
    """The keys of rows that were taken, here as in a batch that was undone or in one of before."""
    keys = [(key, one.row.number) for one in taken for key in one.keys]
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into {_SEEN} select * from unnest(%s::uuid[], %s::int[]) on conflict do nothing",
                [[key for key, _ in keys], [row for _, row in keys]],
            )


def _refresh_statistics(*, after: int) -> None:
    """Tables that grew much since PostgreSQL last looked are looked at again, or the next batch is planned as if they
    were empty. The server's own look comes minutes later. After the first batch and then ever more rarely.
    """
    batches = after // BATCH_ROWS
    if batches & (batches - 1) == 0:
        with connection.cursor() as cursor:
            cursor.execute("select refresh_statistics()")


def _apply(run: Run, parsed: Sequence[Parsed]) -> None:
    """Apply these rows in one transaction; when the database refuses them, in halves, down to the guilty row."""
    for attempt in range(_TRIES):
        try:
            with tenancy.acting(run.by), transaction.atomic():
                applied = _apply_together(run, parsed)
                refused = _write_down(run, applied, parsed)
                transaction.set_rollback(run.undoes_batches)
            break
        except (IntegrityError, DataError) as refusal:
            if len(parsed) > 1:
                middle = len(parsed) // 2
                _apply(run, parsed[:middle])
                _apply(run, parsed[middle:])
                return
            applied = Applied(rejected={parsed[0].row.number: _said(refusal)})
            with tenancy.acting(run.by), transaction.atomic():
                refused = _write_down(run, applied, parsed)
                transaction.set_rollback(run.undoes_batches)
            break
        except OperationalError as refusal:
            lost_a_race = isinstance(refusal.__cause__, errors.DeadlockDetected | errors.SerializationFailure)
            if not lost_a_race or attempt == _TRIES - 1:
                raise
    if run.undoes_batches:
        _claim([one for one in parsed if one.row.number not in applied.rejected])
    run.row_done = parsed[-1].row.number
    run.figures.new += applied.new
    run.figures.changed += applied.changed
    run.figures.same += applied.same
    run.figures.extracts |= applied.extracts
    run.figures.reasons.update(applied.rejected.values())
    run.figures.doubt(applied.doubtful)
    run.tell(refused)


def _apply_together(run: Run, parsed: Sequence[Parsed]) -> Applied:
    """What became of the rows. Those that repeat a row that was refused in this very batch are tried after it."""
    applied = Applied(rejected={one.row.number: one.reason for one in parsed if one.reason})
    left = [one for one in parsed if not one.reason]
    with connection.cursor() as cursor:
        cursor.execute("set local jit = off")  # compiling a plan takes longer than running it for a batch
        _one_at_a_time(cursor, run.batch)
        while left:
            more, left = _apply_once(cursor, run, left)
            applied = _both(applied, more)
    return applied


def _apply_once(cursor: CursorWrapper, run: Run, good: Sequence[Parsed]) -> tuple[Applied, list[Parsed]]:
    _stage(cursor, run.dataset, good)
    repeated = _set_aside_repeated(cursor)
    applied = run.dataset.apply(run.batch, by=run.by)
    cursor.execute("set constraints all immediate")  # what the commit would refuse is refused here, also in a trial
    again: list[Parsed] = []
    if applied.rejected:
        cursor.execute(f"delete from {_SEEN} where row = any(%s)", [list(applied.rejected)])
        again = _without_rival(cursor, [one for one in good if one.row.number in repeated])
    rejected = dict.fromkeys(repeated - {one.row.number for one in again}, REPEATED)
    return replace(applied, rejected={**applied.rejected, **rejected}), again


def _both(one: Applied, other: Applied) -> Applied:
    return Applied(
        one.new + other.new,
        one.changed + other.changed,
        one.same + other.same,
        {**one.rejected, **other.rejected},
        {**one.doubtful, **other.doubtful},
        one.extracts | other.extracts,
    )


def _stage(cursor: CursorWrapper, dataset: Dataset, good: Sequence[Parsed]) -> None:
    columns = staged_columns(dataset)
    execute = cursor.execute
    execute(f"drop table if exists pg_temp.{STAGED}, pg_temp.{RESULT}")
    made = ", ".join(f"{name} {kind}" for name, kind in columns)
    execute(f"create temporary table {STAGED} ({made}) on commit drop")
    with cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier(STAGED))) as copy:
        copy.write("\n".join(one.line for one in good) + "\n")


_CLAIM = f"""
with kept as (
    insert into {_SEEN} (key, row)
    select distinct on (k.key) k.key, b.row from {STAGED} b cross join unnest(b.keys) k(key) order by k.key, b.row
    on conflict do nothing returning key
)
select (select count(*) from kept), (select coalesce(sum(cardinality(keys)), 0) from {STAGED})
"""
_REPEATED = f"""
delete from {STAGED} where row in (
    select b.row from {STAGED} b cross join unnest(b.keys) k(key) join {_SEEN} s on s.key = k.key and s.row <> b.row)
returning row
"""


def _set_aside_repeated(cursor: CursorWrapper) -> set[int]:
    """Take out of the staged rows those that repeat a key of the file; the first of its kind stays."""
    cursor.execute(_CLAIM)
    kept, claimed = cursor.fetchone()
    if kept == claimed:
        return set()
    cursor.execute(_REPEATED)
    repeated = {row for (row,) in cursor.fetchall()}
    cursor.execute(f"delete from {_SEEN} where row = any(%s)", [list(repeated)])  # what they alone brought is free
    return repeated


def _without_rival(cursor: CursorWrapper, repeated: Sequence[Parsed]) -> list[Parsed]:
    keys = [key for one in repeated for key in one.keys]
    cursor.execute(f"select key::text from {_SEEN} where key = any(%s::uuid[])", [keys])
    taken = {key.replace("-", "") for (key,) in cursor.fetchall()}
    return [one for one in repeated if taken.isdisjoint(one.keys)]


def _write_down(run: Run, applied: Applied, parsed: Sequence[Parsed]) -> Refused:
    """The figures of the load move in the transaction of what they count, and so does how far it came.

    Of two that apply the same load at once, the second finds that it has gone on without it.
    """
    refused = _refused(applied.rejected, parsed)
    if run.is_trial:
        return refused
    run.keep(refused)
    moved = Load.objects.filter(pk=run.load_id, row_done=run.row_done).update(
        row_done=parsed[-1].row.number,
        rows_read=F("rows_read") + applied.new + applied.changed + applied.same + len(applied.doubtful) + len(refused),
        rows_new=F("rows_new") + applied.new,
        rows_changed=F("rows_changed") + applied.changed,
        rows_same=F("rows_same") + applied.same,
        rows_doubtful=F("rows_doubtful") + len(applied.doubtful),
        rows_rejected=F("rows_rejected") + len(refused),
        extracts=[[of, day.isoformat()] for of, day in sorted(run.figures.extracts | applied.extracts)],
    )
    if not moved:
        raise InvalidTransition("Otro proceso está aplicando esta misma carga.")
    return refused


def _refused(reasons: Mapping[int, str], parsed: Iterable[Parsed]) -> Refused:
    return [(one.row, reasons[one.row.number]) for one in parsed if one.row.number in reasons] if reasons else []


def _said(refusal: Exception) -> str:
    """A rule of the tables that no check foresaw, in words and by its name."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or "tipo de dato"
    return f"La base de datos no admite la fila (regla «{name}»). Revise sus datos."
