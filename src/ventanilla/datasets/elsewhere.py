"""A file of another municipality, noticed by the communes that its rows name before anything is written."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from ventanilla.access.communes import COMMUNE_HEADINGS, commune
from ventanilla.access.models import Commune, InstitutionCommune
from ventanilla.core.cells import Unreadable
from ventanilla.core.datasets import Dataset
from ventanilla.core.plain import plain
from ventanilla.datasets.files.problems import Asks, UnusableFile
from ventanilla.datasets.reading import TableFile, rows

_FIRST_ROWS = 1_000
_FEWEST = 10
_HEADINGS = {plain(heading) for heading in ("Comuna", "Comuna residencia", *COMMUNE_HEADINGS)}


def refuse_of_elsewhere(table: TableFile, dataset: Dataset, institution_id: int) -> None:
    """Raises ``UnusableFile`` when, of the first rows that name a commune, most name one that is not served here."""
    served = dict(
        InstitutionCommune.objects.filter(institution_id=institution_id).values_list("commune_id", "commune__name")
    )
    named = Counter(_communes(table, dataset))
    elsewhere = Counter({code: count for code, count in named.items() if code not in served})
    if not served or named.total() < _FEWEST or 2 * elsewhere.total() <= named.total():
        return
    code, count = elsewhere.most_common(1)[0]
    there = Commune.objects.filter(pk=code).values_list("name", flat=True).first() or code
    raise UnusableFile(
        f"{table.name} parece de otra municipalidad: de sus primeras {named.total()} filas con comuna, {count} son de"
        f" {there}, y aquí se atiende {', '.join(served.values())}. No se escribió nada.",
        asks=Asks.COMMUNE,
    )


def _communes(table: TableFile, dataset: Dataset) -> Iterator[str]:
    place = _place(table, dataset)
    if place is None:
        return
    for row in islice(rows(table, [0]), _FIRST_ROWS):
        with suppress(Unreadable, IndexError):
            yield commune(row.raw[place].strip())


def _place(table: TableFile, dataset: Dataset) -> int | None:
    """Where the commune is, also when the dataset has no such column."""
    for column, place in zip(dataset.columns, table.places, strict=True):
        if column.read is commune and place is not None:
            return place
    return next((place for place, heading in enumerate(table.headings) if plain(heading) in _HEADINGS), None)
