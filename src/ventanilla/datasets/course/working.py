"""What a job does with the file of a load: looks at it, tries it, applies it; killed, it goes on again."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count

from ventanilla.access.actors import Actor, can
from ventanilla.access.operators import actor_in, of_the_command, posting_of_key
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.datasets import Closed, Dataset
from ventanilla.core.errors import DomainError, NotAllowed
from ventanilla.datasets.applying import (
    BATCH_ROWS,
    EXAMPLES,
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
from ventanilla.datasets.course import storing
from ventanilla.datasets.course.actions import discard_load, move, send_on
from ventanilla.datasets.course.unattended import is_unattended, why_it_waits
from ventanilla.datasets.declared import declared
from ventanilla.datasets.elsewhere import refuse_of_elsewhere
from ventanilla.datasets.files.opening import opened
from ventanilla.datasets.files.problems import UnusableFile, because
from ventanilla.datasets.headings import fingerprint
from ventanilla.datasets.models import KnownHeadings, Load, RejectedRow
from ventanilla.datasets.preview import Preview, preview
from ventanilla.datasets.reading import TableFile, inspect
from ventanilla.datasets.states import LoadState

log = structlog.get_logger()

AT_ONCE = BATCH_ROWS

REASONS = 200
"""Different reasons that are told of a try; the rows of all others are in the file of what was not taken."""

_OURS = (
    "Algo falló en el servidor. No se perdió nada de lo cargado: avise a quien lo cuida, y después siga con la carga."
)
_SUSPENDED = "Quien la aceptó ya no puede cargar. Otra persona con ese derecho puede seguirla."


def look(load_id: UUID, *, by: Actor) -> None:
    """What the file is and what its headings mean. When nothing is left to ask, it is tried at once."""
    load = in_state(load_id, LoadState.LOOKING, by=by)
    if load is None:
        return
    with or_else(load, LoadState.READY, by=by):
        dataset = declared()[load.dataset]
        seen = _preview(load, dataset)
        with acting(by):
            known = KnownHeadings.objects.filter(dataset=load.dataset, headings=fingerprint(_headings(seen))).first()
        if known:
            load.mapping, load.constants = known.mapping, _lasting(known.constants, dataset)
            seen = _preview(load, dataset)
        with acting(by):
            found: dict[str, Any] = {"sha256": seen.sha256, "mapping": load.mapping, "constants": load.constants}
            found["seen"] = _told(seen) | {"again": _loaded_before(load, seen.sha256)}
            if is_unattended(load) and (number := found["seen"]["again"]):
                discard_load(load, by=by, note=f"Es idéntico al de la carga {number}.", sha256=seen.sha256)
            elif seen.problem:
                move(load, LoadState.READY, by=by, problem=seen.problem, **found)
            else:
                send_on(load, LoadState.TRYING, "try_load", by=by, **found)


def try_(load_id: UUID, *, by: Actor) -> None:
    """All of it, each batch undone: what would become of every row, and why of those that would not be taken."""
    load = in_state(load_id, LoadState.TRYING, by=by)
    if load is None:
        return
    with acting(by):
        RejectedRow.objects.filter(load=load).delete()
    with or_else(load, LoadState.READY, by=by), _table(load) as (dataset, table), _writing(dataset) as write:
        examples: dict[str, list[int]] = {}

        def tell(refused: Refused) -> None:
            for row, reason in refused:
                if len(known := examples.setdefault(reason, [])) < EXAMPLES:
                    known.append(row.number)
            write(lambda: _keep_refused(load, refused, by))

        assert by.institution_id is not None
        run = Run(dataset, load.pk, by, batch_of(by.institution_id), is_trial=True, tell=tell)
        closed = try_table(run, table, _progress(load, by, write), rows_at_once=AT_ONCE)
        seconds = (clock.now() - run.batch.recorded_at).total_seconds()
        with acting(by):
            load.trial = _trial(run, examples, table, closed, seconds)
            goes_on = is_unattended(load)
            why = why_it_waits(load) if goes_on else ""
            move(load, LoadState.TRIED, by=by, trial=load.trial, problem=why)
            if goes_on and not why:
                send_on(load, LoadState.APPLYING, "apply_load", by=by)


def apply(load_id: UUID, *, by: Actor) -> None:
    """In the name of whoever accepted, from the row after the last that was kept, for as long as she may."""
    load = in_state(load_id, LoadState.APPLYING, by=by)
    if load is None:
        return
    with or_else(load, LoadState.STOPPED, by=by):
        hers = replace(accepted_by(load), request_id=load.pk)
        with acting(by):
            if load.written_from is None:
                RejectedRow.objects.filter(load=load).delete()
                Load.objects.filter(pk=load.pk).update(written_from=clock.of_the_database())
            refused = frozenset(RejectedRow.objects.filter(load=load).values_list("number", flat=True))
        with _table(load) as (dataset, table):
            assert by.institution_id is not None
            run = Run(
                dataset,
                load.pk,
                hers,
                batch_of(by.institution_id, begun_at=load.written_from),
                row_done=load.row_done,
                already_refused=refused,
                keep=lambda refused: _keep_refused(load, refused, hers),
                ask=lambda: refuse_suspended(load),
            )
            run.figures = Figures(
                reasons=_refused_so_far(load, by), extracts={(of, date.fromisoformat(day)) for of, day in load.extracts}
            )
            apply_table(run, table, _progress(load, by), rows_at_once=AT_ONCE)
            closed = close_extracts(run, accept_gone=load.accept_gone)
        with acting(by):
            load.seen.pop("sample", None)
            problem = " ".join(closed.refusals)
            gone = f"{closed.gone} datos ya no figuran en este extracto." if closed.gone else ""
            ended: dict[str, Any] = {"ended_at": clock.now(), "written_until": clock.of_the_database()}
            move(load, LoadState.APPLIED, by=by, note=gone, problem=problem, seen=load.seen, done=load.size, **ended)
            begin_what_follows(run, by=by)
        storing.forget(load)


def in_state(load_id: UUID, state: LoadState, *, by: Actor) -> Load | None:
    """None of one that somebody moved on meanwhile: the job was taken up twice."""
    with acting(by):
        return Load.objects.visible_to(by).filter(pk=load_id, state=state).first()


def _refused_so_far(load: Load, by: Actor) -> Counter[str]:
    with acting(by):
        found = RejectedRow.objects.filter(load=load).values_list("reason").annotate(number=Count("id")).order_by()
        return Counter(dict(found))


def _preview(load: Load, dataset: Dataset) -> Preview:
    return preview(
        storing.place_of(load),
        dataset,
        mapping=load.mapping,
        constants=load.constants,
        sheet=load.sheet,
        member=load.member,
        institution_id=None if load.any_commune else load.institution_id,
    )


@contextmanager
def _table(load: Load) -> Iterator[tuple[Dataset, TableFile]]:
    dataset = declared()[load.dataset]
    with opened(storing.place_of(load), sheet=load.sheet, member=load.member) as source:
        table = inspect(source, dataset, load.mapping, load.constants)
        if not load.any_commune:
            refuse_of_elsewhere(table, dataset, load.institution_id or 0)
        yield dataset, table


@contextmanager
def or_else(load: Load, to: LoadState, *, by: Actor) -> Iterator[None]:
    """What stops it is told, and whoever looks after it decides from that state."""
    try:
        yield
    except DomainError as problem:
        if isinstance(problem, UnusableFile):
            load.seen |= {"asks": problem.asks, "choices": problem.choices}
        _move(load, to, str(problem), by=by)
    except OSError as error:
        _move(load, to, f"No se pudo leer el archivo: {because(error)}.", by=by)
    except (OperationalError, InterfaceError):
        raise  # the job is tried again by itself
    except Exception:
        log.exception("load.failed", load=str(load.pk))
        _move(load, to, _OURS, by=by)
        raise


def _move(load: Load, to: LoadState, problem: str, *, by: Actor) -> None:
    with acting(by):
        move(load, to, by=by, note=problem, problem=problem, seen=load.seen)


def accepted_by(load: Load) -> Actor:
    """Raises ``NotAllowed`` when she may not load any more. What went on by itself, nobody accepted."""
    if load.from_folder and load.posting_id is None:
        return of_the_command(load.institution_id or 0)
    with transaction.atomic():
        posting = posting_of_key(load.posting_id, on=clock.today()) if load.posting_id else None
    actor = actor_in(posting) if posting else None
    if actor is None or not can(actor, Permission.LOAD_RUN):
        raise NotAllowed(_SUSPENDED)
    return actor


def refuse_suspended(load: Load) -> None:
    accepted_by(load)


Write = Callable[[Callable[[], None]], None]


def _at_once(do: Callable[[], None]) -> None:
    do()


@contextmanager
def _writing(dataset: Dataset) -> Iterator[Write]:
    """How what is told of a trial is written: that of a whole extract is undone all at once, and on this connection
    what is told would be undone with it, and seen by nobody until then.
    """
    if dataset.close is None:
        yield _at_once
        return
    with ThreadPoolExecutor(max_workers=1) as hand:
        try:
            yield lambda do: hand.submit(do).result()
        finally:
            hand.submit(lambda: connection.close()).result()  # of that thread, not of this one


def _progress(load: Load, by: Actor, write: Write = _at_once) -> OnProgress:
    def come_to(done: int) -> None:
        with acting(by):
            Load.objects.filter(pk=load.pk).update(done=done)

    return lambda done, size: write(lambda: come_to(load.size * done // max(size, 1)))


def _keep_refused(load: Load, refused: Refused, by: Actor) -> None:
    with acting(by):
        RejectedRow.objects.bulk_create(
            RejectedRow(load=load, number=row.number, cells=list(row.raw), reason=reason) for row, reason in refused
        )


def _loaded_before(load: Load, sha256: str) -> int | None:
    """The number of the last load of this very file, of those that stand."""
    same = Load.objects.filter(sha256=sha256, dataset=load.dataset, state=LoadState.APPLIED, dry_run=False)
    return same.exclude(pk=load.pk).order_by("-number").values_list("number", flat=True).first()


def _lasting(constants: dict[str, str], dataset: Dataset) -> dict[str, str]:
    """What was said of the file before and is true of the next: not its day."""
    days = {column.heading for column in dataset.columns if column.type == "date"}
    return {heading: cell for heading, cell in constants.items() if heading not in days}


def _headings(seen: Preview) -> list[str]:
    return [guess.heading for guess in seen.headings]


def _told(seen: Preview) -> dict[str, Any]:
    width = len(seen.headings)
    return {
        "kind": str(seen.kind),
        "encoding": seen.encoding,
        "member": seen.member,
        "sheet": seen.sheet,
        "sheets": seen.sheets,
        "heading_row": seen.heading_row,
        "headings": _headings(seen),
        "columns": [guess.column or "" for guess in seen.headings],
        "digits": [place for place, guess in enumerate(seen.headings) if guess.is_digit],
        "sample": [list(chain(row.raw, [""] * (width - len(row.raw))))[:width] for row in seen.sample],
        "notes": seen.notes,
        "asks": seen.asks,
        "choices": seen.choices,
    }


def _trial(
    run: Run, examples: dict[str, list[int]], table: TableFile, closed: Closed, seconds: float
) -> dict[str, Any]:
    figures = run.figures
    reasons: Counter[str] = figures.reasons
    return {
        "read": figures.read,
        "new": figures.new,
        "changed": figures.changed,
        "same": figures.same,
        "doubtful": figures.doubtful,
        "doubts": [[reason, count, figures.doubt_rows[reason]] for reason, count in figures.doubts.most_common()],
        "rejected": figures.rejected,
        "gone": closed.gone,
        "too_many_gone": closed.despite,
        "not_marked": closed.refusals,
        "seconds": round(seconds, 1),
        "reasons": [[reason, count, examples[reason]] for reason, count in reasons.most_common(REASONS)],
        "more_reasons": max(len(reasons) - REASONS, 0),
        "passed_over": table.passed_over,
        "notes": table.notes,
    }
