"""What was written, by whom and when: one line a write, without its content (history.py has that, where it may)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.apps import apps
from django.db import models

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import TenantForeignKey
from ventanilla.core.models import AuditEvent
from ventanilla.core.tables import TableClass
from ventanilla.registry.logs import ALL, WRITES, Wanted, newest_ids
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading

MOST_ROWS = 500
"""Of each kind of record of one person, the newest."""

NOBODY = "Sin sesión: una carga, una orden o un ingreso"

_WRITTEN = {TableClass.TENANT, TableClass.IDENTITY, TableClass.EXCHANGE}
_NOT_MODELS = {
    "mfa_authenticator": "segundo factor",
    "core_audit_event": "supresión por ley en los cambios",
    "registry_readentry": "supresión por ley en las lecturas",
}


@dataclass(frozen=True, slots=True)
class Written:
    """One write."""

    event: AuditEvent
    writer: str
    posting: str
    record: str
    """What kind of record, in Spanish."""


@cache
def audited_models() -> dict[str, type[models.Model]]:
    """Those of ours whose writes are in the audit, by table."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("ventanilla."))
    return {model._meta.db_table: model for model in ours if getattr(model, "table_class", None) in _WRITTEN}


@cache
def records() -> dict[str, str]:
    """What each table keeps, in Spanish and in that order."""
    named = {table: str(model._meta.verbose_name) for table, model in audited_models().items()} | _NOT_MODELS
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def record_name(table: str) -> str:
    return records().get(table, table)


def writes_within(
    actor: Actor, *, of: Person | None = None, wanted: Wanted = ALL, before: int | None = None, limit: int = 100
) -> list[Written]:
    """The newest writes of the institution; ``of`` keeps those on records of one person, and is a look at her."""
    found = find_writes(actor, of=of, wanted=wanted, before=before, limit=limit)
    if of is not None:
        log_reading(ReadEntry.Kind.LIST, shown=[of.pk], note="cambios en sus registros")
    return found


def find_writes(
    actor: Actor, *, of: Person | None, wanted: Wanted, before: int | None = None, limit: int
) -> list[Written]:
    """What ``writes_within`` shows, for who leaves the trace of it herself."""
    require(actor, Permission.AUDIT_VIEW)
    if of is not None:
        wanted = replace(wanted, rows=rows_of(of))
    ids = newest_ids(WRITES, wanted, actor=actor, before=before, limit=limit)
    found = AuditEvent.objects.filter(institution_id=actor.institution).defer("old", "new").in_bulk(ids)
    newest = [found[event] for event in ids]
    postings = Posting.objects.select_related("account", "unit", "institution").in_bulk({e.posting_id for e in newest})
    return [
        Written(
            event,
            writer=postings[event.posting_id].account.full_name if event.posting_id in postings else NOBODY,
            posting=str(postings[event.posting_id]) if event.posting_id in postings else "",
            record=record_name(event.table_name),
        )
        for event in newest
    ]


def rows_of(person: Person) -> Sequence[str]:
    """Keys of her own row and of the records that point to her, of whichever step."""
    keys = [str(person.pk)]
    for model in audited_models().values():
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey) and field.related_model is Person:
                theirs = model._default_manager.filter(**{field.name: person})
                keys += map(str, theirs.order_by("-pk").values_list("pk", flat=True)[:MOST_ROWS])
    return keys
