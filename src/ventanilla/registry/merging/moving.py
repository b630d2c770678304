"""Rows that follow a person to the record that is kept, each written down so that all of it can be undone.

Which tables hang from a person is declared by their models (``when_merged``); what is done here is the same for all.
"""
# ruff: noqa: S608 - the pieces put together are names of tables and columns of our own; values travel as parameters

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import UniqueConstraint
from psycopg.types.json import Jsonb

from ventanilla.core.errors import RuleBroken
from ventanilla.core.hanging import Hanging, Taken
from ventanilla.registry.merging.states import MoveKind
from ventanilla.registry.models import Merge, MergeMove, Person

Model = type[models.Model]


@dataclass(slots=True)
class Account:
    """What a merge does, in the order in which it does it."""

    merge: Merge
    moves: list[MergeMove] = field(default_factory=list)

    def note(self, kind: MoveKind, model: Model, row: UUID, *, old: Any = None, new: Any = None) -> None:
        self.moves.append(
            MergeMove(
                merge=self.merge,
                place=len(self.moves),
                kind=kind,
                table_name=model._meta.db_table,
                row_id=row,
                old=old,
                new=new,
            )
        )

    def write(self) -> None:
        MergeMove.objects.bulk_create(self.moves)


def hanging() -> Iterator[tuple[Model, Hanging]]:
    """Every way in which a table hangs from a person, the registry's first."""
    for model in apps.get_models():
        for declared in getattr(model, "when_merged", ()):
            yield model, declared


def column_of(model: Model, field: str) -> str:
    """Of a field of our own models, which is also how a queryset names it."""
    return next(found.attname for found in model._meta.local_fields if found.name == field)


def rows_of(model: Model, declared: Hanging, person: Person, *, at: datetime) -> models.QuerySet[Any]:
    """The rows that would follow the person. None of them when the table tells what happened and follows nobody."""
    manager = model._default_manager
    if not declared.follows:
        return manager.none()
    found = manager.filter(**{declared.field: person})
    return found.filter(declared.only(at)) if declared.only else found


def refusals(kept: Person, absorbed: Person, *, at: datetime) -> Iterator[str]:
    """What somebody must settle before the rows can follow."""
    for model, declared in hanging():
        if declared.sentence and _taken(model, declared, kept, rows_of(model, declared, absorbed, at=at)):
            yield declared.sentence


def follow(kept: Person, absorbed: Person, account: Account, *, at: datetime) -> None:
    """Point every row of the one absorbed to the one kept, and put aside those that it has already."""
    for model, declared in hanging():
        rows = rows_of(model, declared, absorbed, at=at)
        in_the_way = _taken(model, declared, kept, rows)
        if in_the_way and declared.taken is Taken.REFUSES:
            raise RuleBroken(declared.sentence or f"Hay datos que se contradicen: {model._meta.verbose_name_plural}.")
        if declared.taken is Taken.REPEATED:
            remove(model, in_the_way, account)
        moving = list(rows.exclude(pk__in=in_the_way).select_for_update().order_by("pk").values_list("pk", flat=True))
        column = column_of(model, declared.field)
        model._default_manager.filter(pk__in=moving).update(**{declared.field: kept})
        for row in moving:
            account.note(MoveKind.CHANGED, model, row, old={column: str(absorbed.pk)}, new={column: str(kept.pk)})


def _taken(model: Model, declared: Hanging, kept: Person, rows: models.QuerySet[Any]) -> list[UUID]:
    """Of these rows, those that may not point to the one kept: it has another where only one may be."""
    found: list[UUID] = []
    for constraint in model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or declared.field not in constraint.fields:
            continue
        others = [column_of(model, name) for name in constraint.fields if name != declared.field]
        hers = model._default_manager.filter(**{declared.field: kept})
        if constraint.condition is not None:
            hers, theirs = hers.filter(constraint.condition), rows.filter(constraint.condition)
        else:
            theirs = rows
        is_null_alike = constraint.nulls_distinct is False
        known = {tuple(values) for values in hers.values_list(*others)}
        for pk, *values in theirs.values_list("pk", *others):
            if tuple(values) in known and (is_null_alike or None not in values):
                found.append(pk)
    return found


def remove(model: Model, rows: Sequence[UUID], account: Account) -> None:
    """Delete these rows; the account has them whole."""
    if not rows:
        return
    whole = _whole(model._meta.db_table, rows, account.merge)
    model._default_manager.filter(pk__in=rows).delete()
    for row in rows:
        account.note(MoveKind.REMOVED, model, row, old=whole[row])


def change(row: models.Model, columns: Mapping[str, Any], account: Account) -> None:
    """Write these columns of a row; the account has them as they were and as they are."""
    if not columns:
        return
    old = _columns_of(row, columns, account.merge)
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    new = _columns_of(row, columns, account.merge)
    for column, value in columns.items():
        setattr(row, column, value)
    account.note(MoveKind.CHANGED, type(row), row.pk, old=old, new=new)


def _columns_of(row: models.Model, columns: Iterable[str], merge: Merge) -> dict[str, Any]:
    whole = _whole(row._meta.db_table, [row.pk], merge)[row.pk]
    return {column: whole[column] for column in columns}


def _whole(table: str, rows: Sequence[UUID], merge: Merge) -> dict[UUID, dict[str, Any]]:
    """These rows with all their columns, as PostgreSQL writes them in JSON; nobody changes them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select t.id, to_jsonb(t)::text from {table} t where t.institution_id = %s and t.id = any (%s::uuid[])"
            " for update",
            [merge.institution_id, list(rows)],
        )
        return {key: json.loads(text) for key, text in cursor.fetchall()}


# Undoing


def give_back(merge: Merge) -> None:
    """Undo every move, the last first. Raises ``RuleBroken`` when a row is no longer as the merge left it."""
    moves = list(merge.moves.order_by("-place", "-id"))
    for (table, kind, columns), group in groupby(moves, key=_alike):
        rows = list(group)
        if kind == MoveKind.REMOVED:
            _put_back(table, rows, merge)
        elif kind == MoveKind.ADDED:
            _take_out(table, rows)
        elif kind == MoveKind.CHANGED:  # two RUNs that changed places go back together (actions)
            _turn_back(table, columns, rows, merge)


def _alike(move: MergeMove) -> tuple[str, str, tuple[str, ...]]:
    return move.table_name, move.kind, tuple(sorted(move.old or ()))


def _turn_back(table: str, columns: tuple[str, ...], moves: Sequence[MergeMove], merge: Merge) -> None:
    ids = [move.row_id for move in moves]
    now = _whole(table, ids, merge)
    for move in moves:
        there = now.get(move.row_id)  # what somebody deleted since has nowhere to go back to
        if there and any(there[column] != (move.new or {})[column] for column in columns):
            raise RuleBroken(f"Después de la unión cambió {_words(table, columns)}. Ya no se puede deshacer sola.")
    pairs = ", ".join(f"{column} = r.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} t set {pairs}"
            f" from unnest(%s::uuid[], %s::jsonb[]) m (id, old) cross join lateral"
            f" jsonb_populate_record(null::{table}, m.old) r"
            " where t.institution_id = %s and t.id = m.id",
            [ids, [Jsonb(move.old) for move in moves], merge.institution_id],
        )


def _put_back(table: str, moves: Sequence[MergeMove], merge: Merge) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} select r.* from unnest(%s::jsonb[]) m (old) cross join lateral"
            f" jsonb_populate_record(null::{table}, m.old) r where r.institution_id = %s",
            [[Jsonb(move.old) for move in moves], merge.institution_id],
        )


def _take_out(table: str, moves: Sequence[MergeMove]) -> None:
    """What the merge added goes, unless somebody has worked on it since."""
    model = model_of(table)
    rows = model._default_manager.filter(pk__in=[move.row_id for move in moves])
    rows.filter(steps__isnull=True).delete()


def model_of(table: str) -> Model:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _words(table: str, columns: Sequence[str]) -> str:
    model = model_of(table)
    if model is Person:
        named = [str(found.verbose_name) for found in model._meta.local_fields if found.column in columns]
        return f"su ficha: {', '.join(named)}"
    return f"algo que se había movido: {model._meta.verbose_name}"
