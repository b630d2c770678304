"""The engine of loads: reads a file in batches, applies each in its own transaction, and accounts for every row."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from psycopg import errors, sql

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock
from ventanilla.core.datasets import RESULT, STAGED, Applied, Batch, Dataset
from ventanilla.core.ids import new_id
from ventanilla.datasets.elsewhere import refuse_of_elsewhere
from ventanilla.datasets.files.opening import Source, opened
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.headings import Mapped
from ventanilla.datasets.models import Load
from ventanilla.datasets.parsing import Parsed, parser, staged_columns
from ventanilla.datasets.reading import NO_MAPPING, FileRow, TableFile, inspect, rows
from ventanilla.datasets.rejections import RejectionFile

BATCH_ROWS = 5_000
REPEATED = "Otra fila del archivo ya trae lo mismo: se tomó la primera."
_SEEN = "load_seen"
"""Temporary table of the keys that the file has brought so far, outside our memory and for the length of the load."""
_TRIES = 4


@dataclass(slots=True)
class Figures:
    """What became of the rows so far; ``reasons`` counts the rejected by their reason."""

    new: int = 0
    changed: int = 0
    same: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same + self.rejected


@dataclass(frozen=True, slots=True)
class Loaded:
    """The end of a load. The text of ``table`` is gone by then, unless the file was such a text already."""

    load_id: UUID
    source: Source
    table: TableFile
    figures: Figures
    rejected_file: Path | None
    seconds: float


@dataclass(frozen=True, slots=True)
class _Run:
    dataset: Dataset
    batch: Batch
    load_id: UUID
    by: Actor
    figures: Figures
    rejections: RejectionFile


def command_actor(institution_id: int, request_id: UUID | None = None) -> Actor:
    """The command line acting in an institution. Raises ``UnusableFile`` when there is none of that number."""
    if not Institution.objects.filter(pk=institution_id).exists():
        raise UnusableFile(
            f"No hay una institución con el número {institution_id}. Las municipalidades llevan su código de comuna."
        )
    return Actor(role=Agent.COMMAND, institution_id=institution_id, request_id=request_id)


def load_file(
    dataset: Dataset,
    path: Path,
    *,
    by: Actor,
    rejected_path: Path,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, size: None,
    batch_rows: int = BATCH_ROWS,
    mapping: Mapped = NO_MAPPING,
    sheet: str = "",
    member: str = "",
    any_commune: bool = False,
) -> Loaded:
    """Apply a file to the actor's institution. ``on_progress`` is told the bytes read and their total.

    ``mapping`` says of headings which column they are, where it is not to be found out; ``sheet`` and ``member`` choose
    from a workbook and from a zip; ``any_commune`` takes also a file that seems to be of another municipality. Every
    batch commits with its figures in ``Load``, so that after a kill whole batches stay and repeating the load finishes
    it. A dry run does all of it in one transaction that is undone. Raises ``UnusableFile``, with nothing written, when
    the file is not of this dataset; ``NotAllowed`` when the actor may not load.
    """
    require(by, Permission.LOAD_RUN)
    assert by.institution_id is not None
    with opened(path, sheet=sheet, member=member) as source:
        table = inspect(source, dataset, mapping)
        if not any_commune:
            refuse_of_elsewhere(table, dataset, by.institution_id)
        rejections = RejectionFile(rejected_path, table)
        started = clock.now()
        zone = Institution.objects.values_list("time_zone", flat=True).get(pk=by.institution_id)
        load_id = new_id()
        run = _Run(
            dataset,
            Batch(by.institution_id, started, clock.today(zone), zone),
            load_id,
            replace(by, request_id=load_id),
            Figures(),
            rejections,
        )
        with _room_for_keys():
            try:
                if dry_run:
                    with transaction.atomic():
                        _leave_load(run, table)
                        _apply_all(run, table, on_progress, batch_rows)
                        transaction.set_rollback(True)
                    _leave_load(run, table, dry_run=True)
                else:
                    _leave_load(run, table)
                    _apply_all(run, table, on_progress, batch_rows)
            finally:
                rejections.close()
    ended = clock.now()
    with tenancy.acting(run.by):
        Load.objects.filter(pk=load_id).update(ended_at=ended)
    rejected_file = rejections.path if rejections.is_open else None
    return Loaded(load_id, source, table, run.figures, rejected_file, (ended - started).total_seconds())


@contextmanager
def _room_for_keys() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{_SEEN}")
        cursor.execute(f"create temporary table {_SEEN} (key uuid primary key, row int not null)")
        yield
        cursor.execute(f"drop table pg_temp.{_SEEN}")


def _leave_load(run: _Run, table: TableFile, *, dry_run: bool = False) -> None:
    figures = run.figures
    with tenancy.acting(run.by):
        Load.objects.create(
            pk=run.load_id,
            dataset=run.dataset.name,
            file_name=table.name[:255],
            sha256=table.sha256,
            rows_read=figures.read,
            rows_new=figures.new,
            rows_changed=figures.changed,
            rows_same=figures.same,
            rows_rejected=figures.rejected,
            started_at=run.batch.recorded_at,
            account_id=run.by.account_id,
            dry_run=dry_run,
        )


def _apply_all(run: _Run, table: TableFile, on_progress: Callable[[int, int], None], batch_rows: int) -> None:
    """While the database works on a batch, a thread reads the next one; there is never more than one in wait."""
    told = [0]
    source = rows(table, told)
    parse = parser(
        run.dataset,
        institution_id=run.batch.institution_id,
        today=run.batch.today,
        has_days_since_1900=table.has_days_since_1900,
    )

    def next_batch() -> list[Parsed]:
        return [parse(row) for row in islice(source, batch_rows)]

    with ThreadPoolExecutor(max_workers=1) as reader:
        upcoming = reader.submit(next_batch)
        while batch := upcoming.result():
            upcoming = reader.submit(next_batch)
            _apply(run, batch)
            _refresh_statistics(after=run.figures.read)
            run.rejections.flush()
            on_progress(told[0], table.size)
    on_progress(table.size, table.size)


def _refresh_statistics(*, after: int) -> None:
    """Tables that grew much since PostgreSQL last looked are looked at again, or the next batch is planned as if they
    were empty. The server's own look comes minutes later. After the first batch and then ever more rarely.
    """
    batches = after // BATCH_ROWS
    if batches & (batches - 1) == 0:
        with connection.cursor() as cursor:
            cursor.execute("select refresh_statistics()")


def _apply(run: _Run, parsed: Sequence[Parsed]) -> None:
    """Apply these rows in one transaction; when the database refuses them, in halves, down to the guilty row."""
    for attempt in range(_TRIES):
        try:
            with tenancy.acting(run.by):
                applied, again = _apply_together(run, parsed)
                _keep_figures(run, applied)
            break
        except (IntegrityError, DataError) as refusal:
            if len(parsed) > 1:
                middle = len(parsed) // 2
                _apply(run, parsed[:middle])
                _apply(run, parsed[middle:])
                return
            again = []
            applied = Applied(rejected={parsed[0].row.number: _said(refusal)})
            with tenancy.acting(run.by):
                _keep_figures(run, applied)
            break
        except OperationalError as refusal:
            lost_a_race = isinstance(refusal.__cause__, errors.DeadlockDetected | errors.SerializationFailure)
            if not lost_a_race or attempt == _TRIES - 1:
                raise
    _account(run, applied, {one.row.number: one.row for one in parsed})
    if again:
        _apply(run, again)


def _apply_together(run: _Run, parsed: Sequence[Parsed]) -> tuple[Applied, list[Parsed]]:
    """What became of the rows, and those to be tried again: they repeat a row that was rejected in this very batch."""
    rejected = {one.row.number: one.reason for one in parsed if one.reason}
    good = [one for one in parsed if not one.reason]
    if not good:
        return Applied(rejected=rejected), []
    with connection.cursor() as cursor:
        cursor.execute("set local jit = off")  # compiling a plan takes longer than running it for a batch
        cursor.execute("select pg_advisory_xact_lock(hashtext('load'), %s)", [run.batch.institution_id])
        _stage(cursor, run.dataset, good)
        repeated = _set_aside_repeated(cursor)
        applied = run.dataset.apply(run.batch, by=run.by)
        cursor.execute(
            "set constraints all immediate"
        )  # what the commit would refuse is refused here, also in a dry run
        if applied.rejected:
            cursor.execute(f"delete from {_SEEN} where row = any(%s)", [list(applied.rejected)])
        again = _without_rival(cursor, [one for one in good if one.row.number in repeated]) if applied.rejected else []
    retried = {one.row.number for one in again}
    rejected |= applied.rejected
    rejected |= {number: REPEATED for number in repeated if number not in retried}
    return replace(applied, rejected=rejected), again


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


def _keep_figures(run: _Run, applied: Applied) -> None:
    """The figures of the load move in the transaction of what they count."""
    rejected = len(applied.rejected)
    Load.objects.filter(pk=run.load_id).update(
        rows_read=F("rows_read") + applied.new + applied.changed + applied.same + rejected,
        rows_new=F("rows_new") + applied.new,
        rows_changed=F("rows_changed") + applied.changed,
        rows_same=F("rows_same") + applied.same,
        rows_rejected=F("rows_rejected") + rejected,
    )


def _account(run: _Run, applied: Applied, by_number: dict[int, FileRow]) -> None:
    run.figures.new += applied.new
    run.figures.changed += applied.changed
    run.figures.same += applied.same
    run.figures.reasons.update(applied.rejected.values())
    for number in sorted(applied.rejected):
        run.rejections.add(number, by_number[number].raw, applied.rejected[number])


def _said(refusal: Exception) -> str:
    """A rule of the tables that no check foresaw, in words and by its name."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or "tipo de dato"
    return f"La base de datos no admite la fila (regla «{name}»). Revise sus datos."
