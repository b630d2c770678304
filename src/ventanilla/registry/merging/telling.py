"""What a merge did, in words: what moved, what repeated itself, and what its record took of the other."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import Http404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.merging.comparing import named_rows, visible_rows
from ventanilla.registry.merging.moving import column_of, hanging, model_of
from ventanilla.registry.merging.states import MoveKind
from ventanilla.registry.models import Merge, MergeMove, Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading

_MACHINERY = (ReadPurpose,)
"""What a clerk would not miss."""


@dataclass(frozen=True, slots=True)
class Told:
    """``moved`` are sentences about what hung from the record; ``fields``, those taken of it, by their names."""

    moved: Sequence[str]
    fields: Sequence[str]


def merge_or_404(merge_id: UUID, *, by: Actor) -> Merge:
    """One that the actor may know of; the look at both names is logged."""
    require(by, Permission.REGISTRY_MERGE)
    whole = Merge.objects.visible_to(by).select_related("kept", "absorbed", "account", "undone_by", "posting__unit")
    merge = whole.filter(pk=merge_id).first()
    if merge is None:
        raise Http404
    log_reading(ReadEntry.Kind.LIST, shown=[merge.kept_id, merge.absorbed_id], note="unión de fichas")
    return merge


def tell(merge: Merge, *, by: Actor) -> Told:
    """What of it the actor may know: rows that are kept from her are not even counted."""
    moves = list(merge.moves.all())
    hung = [move for move in moves if move.row_id not in (merge.kept_id, merge.absorbed_id)]
    return Told(list(_moved(hung, by)), list(_fields(moves, merge)))


def _fields(moves: Sequence[MergeMove], merge: Merge) -> Iterator[str]:
    names = {column: str(field.verbose_name) for field in Person._meta.local_fields if (column := field.column)}
    for move in moves:
        if model_of(move.table_name) is Person and move.row_id == merge.kept_id:
            yield from (names[column] for column in move.new or {})


def _moved(moves: Sequence[MergeMove], by: Actor) -> Iterator[str]:
    """What hung from the record, in the order of the journey: the registry's own first, then attentions, referrals."""
    pointing: dict[type[Model], set[str]] = {}
    for model, declared in hanging():
        pointing.setdefault(model, set()).add(column_of(model, declared.field))
    of: dict[type[Model], list[MergeMove]] = {}
    for move in moves:
        model = model_of(move.table_name)
        if model not in _MACHINERY:
            of.setdefault(model, []).append(move)
    for model, theirs in of.items():
        visible = _seen(model, theirs, by)
        counted = Counter(_how(move, pointing.get(model, set())) for move in theirs if move.row_id in visible)
        for how, (one, more) in _SENTENCES.items():
            if number := counted[how]:
                yield f"{named_rows(model, number)} {one if number == 1 else more}"


_SENTENCES: Mapping[str, tuple[str, str]] = {
    "followed": ("pasó a la ficha que se conserva", "pasaron a la ficha que se conserva"),
    MoveKind.REMOVED: ("se repetía y quedó una sola vez", "se repetían y quedaron una sola vez"),
    MoveKind.CHANGED: ("terminó ese día, porque había otro en su lugar", "terminaron ese día, por haber otros"),
    MoveKind.ADDED: ("se propone ahora con la ficha que se conserva", "se proponen ahora con la que se conserva"),
}


def _how(move: MergeMove, pointing: set[str]) -> str:
    is_followed = move.kind == MoveKind.CHANGED and bool(pointing & set(move.new or {}))
    return "followed" if is_followed else str(move.kind)


def _seen(model: type[Model], moves: Sequence[MergeMove], by: Actor) -> set[UUID]:
    """Of the rows moved, those the actor may see; one that was put aside, by what it said of itself."""
    there = [move.row_id for move in moves if move.kind != MoveKind.REMOVED]
    rows: Any = model._default_manager.all() if model is Person else visible_rows(model, by)
    seen = set(rows.filter(pk__in=there).values_list("pk", flat=True)) if there else set()
    aside = (move for move in moves if move.kind == MoveKind.REMOVED)
    return seen | {move.row_id for move in aside if _is_ordinary(move.old or {})}


def _is_ordinary(row: Mapping[str, Any]) -> bool:
    return row.get("secrecy", Secrecy.ORDINARY) == Secrecy.ORDINARY and not row.get("is_shielded")
