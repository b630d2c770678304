"""A load from the command line: a file from beginning to end, its refused rows into another beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock
from ventanilla.core.datasets import Closed, Dataset
from ventanilla.core.ids import new_id
from ventanilla.datasets.applying import (
    BATCH_ROWS,
    Figures,
    OnProgress,
    Refused,
    Run,
    apply_table,
    batch_of,
    begin_what_follows,
    close_extracts,
    try_table,
)
from ventanilla.datasets.elsewhere import refuse_of_elsewhere
from ventanilla.datasets.files.opening import Source, opened
from ventanilla.datasets.files.problems import UnusableFile
from ventanilla.datasets.headings import Constants, Mapped
from ventanilla.datasets.models import Load
from ventanilla.datasets.numbers import next_number
from ventanilla.datasets.reading import NOTHING_TOLD, TableFile, inspect
from ventanilla.datasets.rejections import RejectionFile
from ventanilla.datasets.states import LoadState


@dataclass(frozen=True, slots=True)
class Loaded:
    """The end of a load. The text of ``table`` is gone by then, unless the file was such a text already."""

    load_id: UUID
    source: Source
    table: TableFile
    figures: Figures
    rejected_file: Path | None
    seconds: float
    closed: Closed


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
    accept_gone: bool = False,
    on_progress: OnProgress = lambda done, size: None,
    batch_rows: int = BATCH_ROWS,
    mapping: Mapped = NOTHING_TOLD,
    constants: Constants = NOTHING_TOLD,
    sheet: str = "",
    member: str = "",
    any_commune: bool = False,
) -> Loaded:
    """Apply a file to the actor's institution.

    ``mapping`` says of headings which column they are, where it is not to be found out, and ``constants`` what the
    file does not say of its rows; ``sheet`` and ``member`` choose from a workbook and from a zip; ``any_commune`` takes
    a file that seems to be of another municipality. Every batch commits with its figures in ``Load``, so that after a
    kill whole batches stay and repeating the load finishes it. A dry run undoes each. Of a file that is a whole
    extract, what no longer comes is marked at its end (``Closed``); ``accept_gone`` marks it however much it is. Raises
    ``UnusableFile``, with nothing written, when the file is not of this dataset; ``NotAllowed`` when the actor may not
    load.
    """
    require(by, Permission.LOAD_RUN)
    assert by.institution_id is not None
    with opened(path, sheet=sheet, member=member) as source:
        table = inspect(source, dataset, mapping, constants)
        if not any_commune:
            refuse_of_elsewhere(table, dataset, by.institution_id)
        rejections = RejectionFile(rejected_path, table)

        def tell(refused: Refused) -> None:
            for row, reason in refused:
                rejections.add(row.number, row.raw, reason)
            rejections.flush()

        load_id = new_id()
        run = Run(
            dataset,
            load_id,
            replace(by, request_id=load_id),
            batch_of(by.institution_id),
            is_trial=dry_run,
            tell=tell,
        )
        _leave_load(run, table)
        try:
            if dry_run:
                closed = try_table(run, table, on_progress, rows_at_once=batch_rows)
            else:
                apply_table(run, table, on_progress, rows_at_once=batch_rows)
                closed = close_extracts(run, accept_gone=accept_gone)
        finally:
            rejections.close()
    ended = _end(run)
    begin_what_follows(run, by=by)
    rejected_file = rejections.path if rejections.is_open else None
    seconds = (ended - run.batch.recorded_at).total_seconds()
    return Loaded(load_id, source, table, run.figures, rejected_file, seconds, closed)


def _leave_load(run: Run, table: TableFile) -> None:
    with tenancy.acting(run.by):
        Load.objects.create(
            pk=run.load_id,
            number=next_number(),
            dataset=run.dataset.name,
            file_name=table.name[:255],
            sha256=table.sha256,
            state=LoadState.TRYING if run.is_trial else LoadState.APPLYING,
            started_at=run.batch.recorded_at,
            written_from=None if run.is_trial else clock.of_the_database(),
            account_id=run.by.account_id,
            dry_run=run.is_trial,
        )


def _end(run: Run) -> datetime:
    ended = clock.now()
    figures = run.figures
    with tenancy.acting(run.by):
        load = Load.objects.filter(pk=run.load_id)
        load.update(
            ended_at=ended,
            written_until=clock.of_the_database(),
            state=LoadState.TRIED if run.is_trial else LoadState.APPLIED,
        )
        if run.is_trial:
            load.update(
                rows_read=figures.read,
                rows_new=figures.new,
                rows_changed=figures.changed,
                rows_same=figures.same,
                rows_doubtful=figures.doubtful,
                rows_rejected=figures.rejected,
            )
    return ended
