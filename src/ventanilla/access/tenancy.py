"""Tenancy: how an institution is entered, and what its tables, keys and rows look like.

The wall is PostgreSQL's row-level security; this module opens exactly one institution per transaction and fails
loudly when our own code touches tenant rows with none entered.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg import sql

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Permission, Scope
from ventanilla.core.errors import TenancyError
from ventanilla.core.hanging import Hanging
from ventanilla.core.ids import new_id
from ventanilla.core.tables import Retention, TableClass

_entered: ContextVar[Actor | None] = ContextVar("entered_tenancy", default=None)

M = TypeVar("M", bound=models.Model)
_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


def _literal(value: UUID | int | None) -> sql.Literal:
    return sql.Literal("" if value is None else str(value))


def _announce(actor: Actor) -> None:
    """Tell PostgreSQL who acts and where, for this transaction. A literal SET LOCAL reaches a distributed engine."""
    statement = sql.SQL(
        "set local app.institution = {}; set local app.account = {}; set local app.posting = {};"
        " set local app.request = {}; set local app.purpose = ''"
    ).format(
        _literal(actor.institution_id),
        _literal(actor.account_id),
        _literal(actor.posting_id),
        _literal(actor.request_id),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def enter(actor: Actor) -> None:
    """Enter the actor's institution for the rest of the outermost transaction (``leave`` when the request ends)."""
    if not connection.in_atomic_block:
        raise TenancyError("a tenancy is entered inside a transaction")
    _announce(actor)
    _entered.set(actor)
    timezone.activate(actor.time_zone)


def leave() -> None:
    """Forget the entered actor; the transaction's own settings end with it."""
    _entered.set(None)
    timezone.deactivate()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A transaction as ``actor``: for commands, loads and jobs."""
    before = _entered.get()
    try:
        with transaction.atomic(), timezone.override(actor.time_zone):
            enter(actor)
            yield
            if before is not None and connection.in_atomic_block:
                _announce(before)
    finally:
        _entered.set(before)


def state_purpose(purpose_id: UUID) -> None:
    """From here on the audit rows of this transaction carry the purpose."""
    current_actor()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("set local app.purpose = {}").format(_literal(purpose_id)))


def current_actor() -> Actor:
    """Who entered; raises ``TenancyError`` when nobody did."""
    actor = _entered.get()
    if actor is None:
        raise TenancyError("tenant data was touched with no tenant entered")
    return actor


def current_institution_id() -> int:
    """The institution entered; also the default of every tenant row's ``institution``."""
    return current_actor().institution


def within_reach(actor: Actor, permission: Permission, *, unit: str = "unit") -> models.Q:
    """The rows that the right reaches: those of her institution or, when it is for her unit, those of her unit.

    ``unit`` is the way from a row to its unit, ``pk`` for units themselves. Without the right, none.
    """
    scope = actor.scope(permission)
    if scope is Scope.INSTITUTION:
        return models.Q(institution_id=actor.institution)
    if scope is Scope.UNIT and actor.unit_id:
        return models.Q(institution_id=actor.institution) & models.Q((unit, actor.unit_id))
    return models.Q(pk__in=[])


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A foreign key whose database constraint is composite: (institution_id, x_id) -> (institution_id, id).

    The constraint and its index are made by the migration operation ``TenantTable``.
    """

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        options["db_constraint"] = False
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.pop("db_constraint", None)
        if options.get("db_index") is False:
            del options["db_index"]
        return name, path, args, options


class TenantQuerySet(models.QuerySet[M], Generic[M]):
    """Rows of the institution entered. Evaluating one with none entered is a mistake of ours, and raises."""

    def unblocked(self) -> Self:
        """Without the rows of people whose processing is blocked (Ley 21.719)."""
        path = getattr(self.model, "blocked_by", None)
        return self.exclude(**{path: True}) if path else self

    def visible_to(self, actor: Actor) -> Self:
        """What this actor may see: her institution's unblocked rows. Models with secrecy narrow it."""
        return self.unblocked().filter(institution_id=actor.institution_id)

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            current_institution_id()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Asked when the rows are taken, not before: a streamed answer takes them once the tenancy is gone."""
        current_institution_id()
        yield from super().iterator(chunk_size)

    def count(self) -> int:
        current_institution_id()
        return super().count()

    def exists(self) -> bool:
        current_institution_id()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        current_institution_id()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        current_institution_id()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        current_institution_id()
        return super().delete()


class TenantModel(models.Model):
    """A row of one institution. ``table_class``, key and policy come from ``TenantTable`` in its migration."""

    table_class: ClassVar[TableClass] = TableClass.TENANT
    retention: ClassVar[Retention] = Retention.RECORD
    append_only: ClassVar[bool] = False
    blocked_by: ClassVar[str | None] = None
    """Lookup path to ``processing_blocked`` of the person the row is about, if it is about one."""
    shown_in_audit: ClassVar[bool] = False
    """Whether data protection sees what was written in it, and not only that something was (ADR 0026)."""
    when_merged: ClassVar[Sequence[Hanging]] = ()
    """What becomes of its rows when the person they point to turns out to be another one (ADR 0040)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(
        "access.Institution",
        models.PROTECT,
        default=current_institution_id,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name="institución",
    )

    class Meta:
        abstract = True
        base_manager_name = "objects"
