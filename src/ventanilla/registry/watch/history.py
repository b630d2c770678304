"""The history of one record, field by field: what each write changed, as far as it may be shown (ADR 0026)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting
from ventanilla.access.permissions import Permission
from ventanilla.core.models import AuditEvent
from ventanilla.core.secrecy import Secrecy
from ventanilla.core.tables import TableClass
from ventanilla.core.templatetags.ventanilla import run as format_run
from ventanilla.registry.models import Dwelling, Person, ReadEntry, Residence
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.writes import NOBODY, audited_models, record_name

MOST_STEPS = 500
HIDDEN = "No se muestra"
UNKNOWN = "Sin dato"
_CLOSED = "De este tipo de registro se ve que se escribió, quién y cuándo; su contenido no se muestra."
_ABOVE = "Este registro es o fue reservado o restringido: se ve que se escribió, quién y cuándo, no qué."
_TOO_LONG = f"Este registro tiene más de {MOST_STEPS} cambios; se muestran los más recientes, sin su contenido."

# The trigger leaves most of these out already; whatever it let through is not shown either.
_NEVER_SHOWN = re.compile(r"password|digest|sha256|token|secret|salt|key|indigenous_people|^data$")
_KEYS = ("id", "institution_id")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a write gave, changed or took away, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    event: AuditEvent
    writer: str
    posting: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class History:
    """``closed_because`` is the sentence that says why the fields are not shown, when they are not."""

    record: str
    person: Person | None
    steps: Sequence[Step]
    closed_because: str


def history_of(table: str, row: str, *, by: Actor) -> History | None:
    """Everything written of one record, newest first; None when nothing was, here. Looking at it is logged."""
    require(by, Permission.AUDIT_VIEW)
    events = AuditEvent.objects.filter(institution_id=by.institution, row_id=row, table_name=table)
    found = list(events.order_by("-id")[: MOST_STEPS + 1])
    if not found:
        return None
    model = audited_models().get(table)
    closed_because = _closed_because(model, row, found)
    person = None if closed_because or model is None else _person_of(model, row, found)
    note = record_name(table)[:120]
    if person is not None:
        log_reading(ReadEntry.Kind.HISTORY, of=person, note=note)
    else:
        log_reading(ReadEntry.Kind.HISTORY, note=note)
    found = found[:MOST_STEPS]
    postings = Posting.objects.select_related("account", "unit", "institution").in_bulk({e.posting_id for e in found})
    words = _Words(model, found) if model is not None and not closed_because else None
    steps = [
        Step(
            event,
            writer=postings[event.posting_id].account.full_name if event.posting_id in postings else NOBODY,
            posting=str(postings[event.posting_id]) if event.posting_id in postings else "",
            fields=list(words.fields(event)) if words else (),
        )
        for event in found
    ]
    return History(record_name(table), person, steps, closed_because)


def _closed_because(model: type[models.Model] | None, row: str, events: Sequence[AuditEvent]) -> str:
    """Open only when it is known to be: a record of a later step is closed until it says otherwise."""
    if model is None:
        return _CLOSED
    if getattr(model, "table_class", None) is TableClass.IDENTITY:
        return ""  # no neighbours there
    if not getattr(model, "shown_in_audit", False):
        return _CLOSED
    if len(events) > MOST_STEPS:
        return _TOO_LONG  # whether it was ever secret would take reading them all
    if _was_secret(model, row, events):
        return _ABOVE
    return ""


def _was_secret(model: type[models.Model], row: str, events: Sequence[AuditEvent]) -> bool:
    levels = {(values or {}).get("secrecy", Secrecy.ORDINARY) for e in events for values in (e.old, e.new)}
    if any(level != Secrecy.ORDINARY for level in levels):
        return True
    if model is Dwelling:
        return Residence.objects.filter(dwelling_id=UUID(row)).exclude(secrecy=Secrecy.ORDINARY).exists()
    is_levelled = any(field.name == "secrecy" for field in model._meta.local_fields)
    rows = model._default_manager.filter(pk=row)
    return is_levelled and rows.exclude(secrecy=Secrecy.ORDINARY).exists()


def _person_of(model: type[models.Model], row: str, events: Sequence[AuditEvent]) -> Person | None:
    if model is Person:
        return Person.objects.filter(pk=row).first()
    keys = [values["person_id"] for e in events for values in (e.new, e.old) if values and values.get("person_id")]
    return Person.objects.filter(pk=keys[0]).first() if keys else None


class _Words:
    """The fields of a model's writes in Spanish; what they point to is named in one query for each kind."""

    def __init__(self, model: type[models.Model], events: Sequence[AuditEvent]) -> None:
        self._columns = {str(field.column): field for field in model._meta.local_fields}
        self._names = {
            column: _names(field.related_model, _values(events, column))
            for column, field in self._columns.items()
            if field.is_relation and isinstance(field.related_model, type) and _may_be_named(field.related_model)
        }

    def fields(self, event: AuditEvent) -> Iterator[Field]:
        """Only those of a model that still exist; in its order."""
        old, new = event.old or {}, event.new or {}
        for column, field in self._columns.items():
            if column in _KEYS or not (column in old or column in new):
                continue
            before, after = self._told(column, old), self._told(column, new)
            if before != after or event.op == AuditEvent.Operation.UPDATE:
                label = str(field.verbose_name)
                yield Field(label[:1].upper() + label[1:], before, after)

    def _told(self, column: str, values: Mapping[str, Any]) -> str:
        if column not in values or values[column] in (None, ""):
            return UNKNOWN
        if _NEVER_SHOWN.search(column):
            return HIDDEN
        value = values[column]
        if column in self._names:
            return self._names[column].get(str(value), "Un registro que ya no está")
        return _in_words(self._columns[column], value)


def _may_be_named(model: type[models.Model]) -> bool:
    return model is Person or getattr(model, "table_class", None) in (TableClass.IDENTITY, TableClass.REFERENCE)


def _names(model: type[models.Model], keys: set[Any]) -> dict[str, str]:
    if not keys:
        return {}
    rows = model._default_manager.filter(pk__in=keys)
    if model is Posting:
        rows = rows.select_related("unit", "institution", "province", "region")
    return {str(row.pk): row.full_name if isinstance(row, (Account, Person)) else str(row) for row in rows}


def _values(events: Sequence[AuditEvent], column: str) -> set[Any]:
    return {values[column] for e in events for values in (e.old, e.new) if values and values.get(column) is not None}


def _in_words(field: "models.Field[Any, Any]", value: Any) -> str:
    if field.name == "run":
        return format_run(str(value))
    if isinstance(value, bool):
        return "Sí" if value else "No"
    for choice, label in field.flatchoices:
        if choice == value:
            return str(label)
    with suppress(ValueError, TypeError):
        if isinstance(field, models.DateTimeField):
            return f"{timezone.localtime(datetime.fromisoformat(value)):%d-%m-%Y %H:%M}"
        if isinstance(field, models.DateField):
            return f"{date.fromisoformat(value):%d-%m-%Y}"
        if isinstance(field, models.UUIDField) or field.is_relation:
            return f"registro {UUID(value).hex[-8:]}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
