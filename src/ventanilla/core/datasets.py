"""What a dataset is: the columns of its file, what a row must meet, and the action that applies many rows at once."""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import connection

from ventanilla.core.cells import Reader

Values = Mapping[str, str | None]
"""One row as canonical text by column name; None is what the file left empty."""

STAGED = "load_batch"
"""The temporary table that an action finds: ``row``, the ids and columns that the dataset declares."""

RESULT = "load_result"
"""The temporary table that an action makes, at least with ``row``, ``outcome`` and ``reason``."""


INDEXED = f"create index on {RESULT} (old_id); analyze {RESULT} (old_id)"
"""Run it once the result is made, when rows are then updated by ``old_id``.

The tables that are loaded have no statistics of what this very load wrote; with these two no plan can be a bad one.
"""


RUN_HEADINGS = (
    "RUT", "RUN completo", "RUT completo", "RUN/RUT", "RUN o RUT", "RUN beneficiario", "RUN beneficiaria",
    "RUT beneficiario", "rut_benef", "run_benef", "RUN causante", "RUT causante", "RUN persona", "RUT persona",
    "N° RUN", "Nº RUT", "RUN usuario", "RUT usuario", "Cédula", "Cédula de identidad", "C.I.",
)  # fmt: skip
"""How files of other systems call the column of a person's RUN."""

DIGIT_HEADINGS = (
    "DV", "Dígito verificador", "Dígito", "Díg. verificador", "DV RUN", "DV RUT", "RUN DV", "RUT DV",
    "Dv beneficiario", "dv_benef", "DV causante",
)  # fmt: skip
"""How they call the column of its check digit, when it is apart."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. ``type`` is that of the staged column in PostgreSQL.

    ``synonyms`` are other headings that real files give it; ``digits``, those of a column apart with its check digit.
    """

    heading: str
    name: str
    read: Reader
    required: bool = False
    type: str = "text"
    synonyms: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What an action knows besides the staged rows. Moments in the file are on the clock of ``zone``."""

    institution_id: int
    recorded_at: datetime
    today: date
    zone: str
    begun_at: datetime | None = None
    """When the load was first applied, if it goes on after it was cut; what is recorded since may be its own."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What an action adds for its own statements."""

    @property
    def since(self) -> datetime:
        return self.begun_at or self.recorded_at

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            **self.more,
            "institution": self.institution_id,
            "recorded_at": self.recorded_at,
            "since": self.since,
            "today": self.today,
            "zone": self.zone,
        }


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the rows: every one is new, changed, the same, doubtful or rejected (number of row to reason).

    A doubtful one was kept, and waits for somebody to say whose it is.

    ``extracts`` are those that the rows are of, where a dataset has them: what each speaks for, and its date.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: Mapping[int, str] = field(default_factory=dict)
    doubtful: Mapping[int, str] = field(default_factory=dict)
    extracts: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Closed:
    """The end of whole extracts: how many are no longer in them, and a sentence for each that was not marked.

    ``despite`` are the sentences of those that were marked only because it was accepted.
    """

    gone: int = 0
    refusals: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()


def also_called(columns: tuple[Column, ...], names: Mapping[str, tuple[str, ...]]) -> tuple[Column, ...]:
    """The columns, with other headings of each by its own."""
    return tuple(
        replace(column, synonyms=(*column.synonyms, *names[column.heading])) if column.heading in names else column
        for column in columns
    )


def none_objected(values: Values, today: date) -> Iterator[str]:
    yield from ()


def nothing_derived(values: Values, institution_id: int) -> tuple[str | None, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A file format and how it is applied.

    ``keys`` are what makes a row unique in its file. ``objections`` sees the whole row, in Spanish sentences.
    ``ids`` are staged columns that get a new UUIDv7; ``derived`` (name to type) those that ``derive`` answers. What
    ``is_of_installing`` gives rights, and is loaded only from the command line.

    ``close`` makes a file the whole of an extract: once it was read to its end, it is given the batch and the
    extracts that came, and marks what is no longer in them. It is not called when a row was rejected for anything but
    the ``harmless`` reasons: those of rows of which nothing is known here, so that nobody is missed for them.

    ``then`` is called once a file that brought something was applied, for work that is to follow.

    ``example`` is a fictional row for its template, with ``;`` between cells; in a file it is passed over.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    keys: Callable[[Values], Iterable[str]]
    apply: Callable[..., Applied]
    objections: Callable[[Values, date], Iterable[str]] = none_objected
    ids: tuple[str, ...] = ("id",)
    derived: Mapping[str, str] = field(default_factory=dict)
    derive: Callable[[Values, int], tuple[str | None, ...]] = nothing_derived
    is_of_installing: bool = False
    close: Callable[..., Closed] | None = None
    harmless: frozenset[str] = frozenset()
    then: Callable[..., None] | None = None
    example: str = ""

    def is_example(self, cells: Sequence[str] | None) -> bool:
        """Whether somebody left the row of the template in the file."""
        if cells is None or not self.example:
            return False
        return all(cell.strip() == shown for cell, shown in zip(cells, self.example_cells, strict=True))

    @property
    def example_cells(self) -> list[str]:
        return self.example.split(";")

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)


def execute(batch: Batch, *statements: str) -> None:
    """Run each statement with the batch's parameters."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, batch.parameters)


def tally(doubtful: Mapping[int, str] = MappingProxyType({})) -> Applied:
    """Count what the action left in ``RESULT``: a reason is a rejection, else the outcome is new, changed or same.

    Of the new, those of ``doubtful`` are told by its reasons.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select outcome, count(*) from {RESULT} where reason is null group by outcome")
        counts = dict(cursor.fetchall())
        cursor.execute(f"select row, reason from {RESULT} where reason is not null")
        rejected = dict(cursor.fetchall())
    new = counts.get("new", 0) - len(doubtful)
    return Applied(new, counts.get("changed", 0), counts.get("same", 0), rejected, doubtful)
