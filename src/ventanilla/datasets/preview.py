"""What a file is and how it would be read, for whoever is about to load it."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ventanilla.core.datasets import Dataset
from ventanilla.datasets.elsewhere import refuse_of_elsewhere
from ventanilla.datasets.files.kinds import Kind
from ventanilla.datasets.files.opening import Source, opened
from ventanilla.datasets.files.problems import Asks, UnusableFile
from ventanilla.datasets.files.workbooks import Sheet
from ventanilla.datasets.headings import FIRST_ROWS, Constants, Heading, Mapped, find, refuse_unless_whole, widest
from ventanilla.datasets.reading import NOTHING_TOLD, FileRow, choose, inspect, rows, table_of

SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Guess:
    """A heading of the file and the column that it is, by its heading in the format; None when it is not recognised."""

    heading: str
    column: str | None
    is_digit: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """``problem`` is what a load would say; a file of which nothing can be shown raises it instead.

    ``sheets`` are those to choose from, and ``sheet`` the one that is shown. ``sample`` has the first rows with all
    their cells, as they came.
    """

    kind: Kind
    sha256: str
    encoding: str
    member: str
    sheet: str
    sheets: tuple[str, ...]
    heading_row: int
    headings: tuple[Guess, ...]
    sample: tuple[FileRow, ...]
    notes: tuple[str, ...]
    problem: str = ""
    asks: Asks | None = None
    choices: tuple[str, ...] = ()


def preview(
    path: Path,
    dataset: Dataset,
    *,
    mapping: Mapped = NOTHING_TOLD,
    constants: Constants = NOTHING_TOLD,
    sheet: str = "",
    member: str = "",
    institution_id: int | None = None,
) -> Preview:
    """Look at a file as a load into that institution would, and write nothing.

    Raises ``UnusableFile`` when there is no table to be shown.
    """
    with opened(path, sheet=sheet, member=member, most_rows=FIRST_ROWS + 10 * SAMPLE_ROWS) as source:
        refused: UnusableFile | None = None
        try:
            table = inspect(source, dataset, mapping, constants)
            if institution_id is not None:
                refuse_of_elsewhere(table, dataset, institution_id)
        except UnusableFile as refusal:
            refused = refusal
        shown, heading = _shown(source, dataset, mapping)
        table = table_of(source, shown, heading, dataset, NOTHING_TOLD if refused else constants)
        return Preview(
            kind=source.kind,
            sha256=source.sha256,
            encoding=source.encoding,
            member=source.member,
            sheet=shown.name,
            sheets=(*(one.name for one in source.sheets if one.name), *source.others),
            heading_row=heading.row,
            headings=tuple(
                Guess(cell.strip(), meaning.column.heading if meaning else None, bool(meaning and meaning.is_digit))
                for cell, meaning in zip(heading.cells, heading.meanings, strict=True)
            ),
            sample=tuple(islice(rows(table, [0]), SAMPLE_ROWS)),
            notes=table.notes,
            problem=str(refused or ""),
            asks=refused.asks if refused else None,
            choices=refused.choices if refused else (),
        )


def _shown(source: Source, dataset: Dataset, mapping: Mapped) -> tuple[Sheet, Heading]:
    """The sheet that would be loaded, or the first; with the row of most cells for headings when none is recognised."""
    try:
        sheet, heading = choose(source, dataset, mapping)
    except UnusableFile:  # two that fit: ``problem`` says it
        sheet, heading = source.sheets[0], None
    is_text = source.kind is Kind.TEXT
    heading = heading or find(sheet, dataset, mapping, is_text=is_text) or widest(sheet, is_text=is_text)
    if heading is None:
        refuse_unless_whole(None, dataset, mapping, NOTHING_TOLD, source.name)
    assert heading is not None
    return sheet, heading
