"""The month in figures: what was sealed, read, written, flagged and answered; nobody's name but of units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting
from ventanilla.access.permissions import Permission
from ventanilla.core import chain, clock
from ventanilla.core.chain import Month, Sealed
from ventanilla.core.models import AuditEvent, Seal
from ventanilla.registry.models import Flag, ReadEntry
from ventanilla.registry.watch.states import FlagKind, FlagState
from ventanilla.registry.watch.writes import NOBODY, record_name

WITHOUT_UNIT = "Sin unidad"

READING_GROUPS: Mapping[str, Sequence[ReadEntry.Kind]] = {
    "Búsquedas": (ReadEntry.Kind.SEARCH,),
    "Fichas": (ReadEntry.Kind.SUMMARY, ReadEntry.Kind.FULL, ReadEntry.Kind.COMPARISON),
    "Consultas": (ReadEntry.Kind.CONSULTATION,),
    "Listas": (ReadEntry.Kind.LIST,),
    "Auditoría": (ReadEntry.Kind.HISTORY, ReadEntry.Kind.EXPORT),
}
WRITING_GROUPS: Mapping[str, Sequence[AuditEvent.Operation]] = {
    "Creaciones": (AuditEvent.Operation.INSERT,),
    "Cambios": (AuditEvent.Operation.UPDATE,),
    "Eliminaciones": (AuditEvent.Operation.DELETE,),
}
FLAG_GROUPS: Mapping[str, Sequence[FlagState]] = {
    "Por revisar": (FlagState.OPEN,),
    "Explicadas": (FlagState.EXPLAINED,),
    "Indebidas": (FlagState.CONFIRMED,),
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: a row for each unit or kind, a column for each group."""

    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def total(self) -> Row:
        return Row("Total", [sum(column) for column in zip(*(row.counts for row in self.rows), strict=True)])


@dataclass(frozen=True, slots=True)
class ChainNow:
    """Both chains by month; ``overdue_since`` is the hour of the oldest entry that waits for longer than a day."""

    newest: Sequence[Sealed]
    months: Sequence[Sealed]
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class MonthReport:
    month: Month
    sealed: Sequence[Sealed]
    redactions: int
    readings: Figures
    writes_by_unit: Figures
    writes_by_record: Figures
    flags: Figures
    without_run: int
    """Operators whose RUN is not registered: of them no look at themselves or their family can be told."""


def chain_now(actor: Actor) -> ChainNow:
    require(actor, Permission.AUDIT_VIEW)
    months = [sealed for log in Seal.Log for sealed in chain.sealed_by_month(log)]
    months.sort(key=lambda sealed: (sealed.month.first, sealed.log), reverse=True)
    this_month = chain.month_of(clock.today())
    waiting = [
        chain.waiting_since(log, entries.filter(institution_id=actor.institution))
        for log, entries in ((Seal.Log.AUDIT, AuditEvent.objects.all()), (Seal.Log.READS, ReadEntry.objects.all()))
    ]
    return ChainNow(
        newest=[chain.sealed_in(log, this_month) for log in Seal.Log],
        months=months,
        overdue_since=chain.overdue(waiting, now=clock.now()),
    )


def month_report(actor: Actor, month: Month) -> MonthReport:
    """The figures of the actor's institution; the seals are of the whole server, which has one chain for each log."""
    require(actor, Permission.AUDIT_VIEW)
    within = {"institution_id": actor.institution, "at__gte": month.starts_at, "at__lt": month.ends_at}
    read = ReadEntry.objects.filter(**within).values_list("posting_id", "kind").annotate(Count("id"))
    written = AuditEvent.objects.filter(**within).values_list("posting_id", "table_name", "op").annotate(Count("id"))
    reads, writes = list(read), list(written)
    unit_of = _units({posting for posting, *_ in [*reads, *writes]})
    raised = Flag.objects.filter(institution_id=actor.institution, day__gte=month.first, day__lt=month.next.first)
    flags = raised.values_list("kind", "state").annotate(Count("id"))
    working = Posting.objects.in_force_on(clock.today()).filter(institution_id=actor.institution)
    return MonthReport(
        month=month,
        sealed=[chain.sealed_in(log, month) for log in Seal.Log],
        redactions=chain.redactions().filter(**within).count(),
        readings=_table(
            READING_GROUPS, [(unit_of.get(posting, NOBODY), kind, count) for posting, kind, count in reads]
        ),
        writes_by_unit=_table(
            WRITING_GROUPS, [(unit_of.get(posting, NOBODY), op, count) for posting, _, op, count in writes]
        ),
        writes_by_record=_table(WRITING_GROUPS, [(_titled(table), op, count) for _, table, op, count in writes]),
        flags=_table(FLAG_GROUPS, [(FlagKind(kind).label, state, count) for kind, state, count in flags]),
        without_run=Account.objects.filter(pk__in=working.values("account_id"), run=None).count(),
    )


def _units(postings: set[UUID | None]) -> dict[UUID | None, str]:
    found = Posting.objects.filter(pk__in=[posting for posting in postings if posting]).values_list("pk", "unit__name")
    return {posting: name or WITHOUT_UNIT for posting, name in found}


def _titled(table: str) -> str:
    name = record_name(table)
    return name[:1].upper() + name[1:]


def _table(groups: Mapping[str, Sequence[str]], counted: Sequence[tuple[str, str, int]]) -> Figures:
    """``counted`` is name, kind and how many; the largest first."""
    column = {kind: place for place, kinds in enumerate(groups.values()) for kind in kinds}
    cells: Counter[tuple[str, int]] = Counter()
    for name, kind, count in counted:
        cells[name, column[kind]] += count
    rows = [
        Row(name, [cells[name, place] for place in range(len(groups))]) for name in dict.fromkeys(n for n, _ in cells)
    ]
    return Figures(list(groups), sorted(rows, key=lambda row: (-row.total, row.name)))
