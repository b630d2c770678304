"""Both logs as a file for a spreadsheet: bounded, logged, and marked in each row with who took it out and when."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.ids import new_id
from ventanilla.core.spreadsheets import shield
from ventanilla.registry.logs import Wanted
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import find_readings, log_reading
from ventanilla.registry.watch.writes import find_writes

MOST_ROWS = 10_000
_MARKS = ("exportado_por", "exportado_el", "exportacion")


@dataclass(frozen=True, slots=True)
class Export:
    name: str
    content: bytes


def export_readings(by: Actor, *, of: Person | None, wanted: Wanted) -> Export:
    """Who looked, at whom, for what. Raises ``RuleBroken`` when there are more rows than one file may hold."""
    require(by, Permission.AUDIT_VIEW)
    found = find_readings(by, of=of, wanted=wanted, limit=MOST_ROWS + 1)
    _refuse_too_many(found)
    rows = (
        (
            _hour(r.entry.at),
            r.reader,
            r.posting,
            r.entry.get_kind_display(),
            r.person.full_name if r.person else "",
            str(r.entry.person_id or ""),
            str(r.in_list or ""),
            r.purpose.get_ground_display() if r.purpose else "",
            r.purpose.reason if r.purpose else "",
            r.entry.note,
            str(r.entry.pk),
        )
        for r in found
    )
    headings = (
        *("momento", "operador", "desempeno", "que_vio", "persona", "id_persona", "personas_en_lista", "fundamento"),
        *("motivo", "observacion", "entrada"),
    )
    return _made("lecturas", headings, rows, by=by, people={r.person.pk for r in found if r.person}, count=len(found))


def export_writes(by: Actor, *, of: Person | None, wanted: Wanted) -> Export:
    """Who wrote, in which record, when: never what."""
    require(by, Permission.AUDIT_VIEW)
    found = find_writes(by, of=of, wanted=wanted, limit=MOST_ROWS + 1)
    _refuse_too_many(found)
    rows = (
        (
            _hour(w.event.at),
            w.writer,
            w.posting,
            w.record,
            w.event.get_op_display(),
            w.event.row_id,
            str(w.event.pk),
        )
        for w in found
    )
    headings = ("momento", "operador", "desempeno", "registro", "operacion", "id_registro", "entrada")
    return _made("cambios", headings, rows, by=by, people={of.pk} if of else set(), count=len(found))


def _refuse_too_many(found: Sequence[object]) -> None:
    if len(found) > MOST_ROWS:
        raise RuleBroken(
            "Son más de 10.000 líneas, y un archivo no lleva más. Acote los días, el operador o la unidad."
            " No se exportó nada."
        )


def _made(
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    by: Actor,
    people: set[UUID],
    count: int,
) -> Export:
    """Log the export under a number that every row carries, so that a copy of a few still says where it is from."""
    now, number = clock.now(), new_id().hex[-12:]
    log_reading(ReadEntry.Kind.EXPORT, shown=people, note=f"{count} {name}, exportación {number}")
    marks = (Account.objects.get(pk=by.account).full_name, _hour(now), number)
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*headings, *_MARKS])
    writer.writerows([*map(shield, row), *map(shield, marks)] for row in rows)
    return Export(f"{name}-{timezone.localtime(now):%Y-%m-%d}-{number}.csv", out.getvalue().encode("utf-8-sig"))


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d-%m-%Y %H:%M:%S}"
