"""Questions asked at every attention, whose SQL the ORM writes once in each process: later only their values change.

To write the SQL of a query costs Django more than PostgreSQL needs to answer it by key. What may be seen is still said
in one place, the queryset. See docs/decisions/0032.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import current_institution_id
from ventanilla.core import clock

P = ParamSpec("P")
R = TypeVar("R")

MOST_WRITTEN = 1024
"""Statements kept by each process: one of a question for each role, and for each length of its lists."""

_OF_ACTOR = ("institution_id", "account_id", "posting_id", "unit_id")
_NOW = datetime(8000, 1, 1, 12, tzinfo=UTC)


def written_once(ask: Callable[Concatenate[Actor, P], QuerySet[Any, R]]) -> Callable[Concatenate[Actor, P], list[R]]:
    """The rows of a queryset made from an actor and values: ids, days, moments, and lists of ids.

    ``ask`` runs once for each role, with values that stand for any other; the clock may be read in it, but nothing
    reckoned from what it is given. Whatever else it is given, as an enumeration, makes another statement. Nothing is
    prefetched. A statement that does not read one of its values, or that holds a day or an id of its own, raises
    ``TypeError``.
    """

    asked = cast("Callable[..., QuerySet[Any, R]]", ask)

    @lru_cache(MOST_WRITTEN)
    def written(by: Actor, shapes: tuple[Any, ...]) -> _Statement:
        given = [_placeholder(place, shape) for place, shape in enumerate(shapes)]
        with clock.standing_at(_NOW):
            return _write(asked(by, *given), by, given)

    @wraps(asked)
    def answer(by: Actor, *given: Any) -> list[R]:
        current_institution_id()
        return written(_anybody_like(by), tuple(map(_shape, given))).rows(by, given)

    return cast("Callable[Concatenate[Actor, P], list[R]]", answer)


@dataclass(frozen=True, slots=True)
class _Any:
    """The shape of a value: its kind and, of a list, how many."""

    kind: type
    count: int | None = None


def _anybody_like(by: Actor) -> Actor:
    """Of the same role, with ids that stand for any other."""
    stands_for: dict[str, Any] = {
        name: 2**31 - 8000 if name == "institution_id" else UUID(int=2**100 + place)
        for place, name in enumerate(_OF_ACTOR)
        if getattr(by, name) is not None
    }
    return replace(by, request_id=None, **stands_for)


def _shape(value: Any) -> Any:
    if isinstance(value, (UUID, date)):
        return _Any(type(value))
    return _Any(UUID, len(value)) if isinstance(value, (list, tuple)) else value


def _placeholder(place: int, shape: Any) -> Any:
    if not isinstance(shape, _Any):
        return shape
    if shape.count is not None:
        return [UUID(int=(place + 1) << 64 | number) for number in range(shape.count)]
    if shape.kind is UUID:
        return UUID(int=(place + 1) << 64)
    moment = datetime(9000 + place, 1, 1, tzinfo=UTC)
    return moment if shape.kind is datetime else moment.date()


def _values(by: Actor, given: Sequence[Any]) -> Mapping[Any, Any]:
    """Every value of a question by its name: those given by their places, the actor's by theirs, and the clock."""
    named: dict[Any, Any] = {name: getattr(by, name) for name in _OF_ACTOR}
    for place, value in enumerate(given):
        if isinstance(value, (list, tuple)):
            named |= {(place, number): one for number, one in enumerate(value)}
        elif isinstance(value, (UUID, date)):
            named[place] = value
    return named | {"now": clock.now(), "today": clock.today()}


def _write(queryset: QuerySet[Any, Any], by: Actor, given: Sequence[Any]) -> "_Statement":
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        text, params = compiler.as_sql()
    except EmptyResultSet:
        return _Statement(queryset, None, "", (), ())
    names = {value: name for name, value in _values(by, given).items() if value is not None}
    slots = tuple(
        (at, names[value]) for at, value in enumerate(params) if isinstance(value, (UUID, date, int)) and value in names
    )
    read = {name for _, name in slots}
    unread = [name for name in names.values() if not isinstance(name, str) and name not in read]
    own = [value for value in params if isinstance(value, (UUID, date)) and value not in names]
    own += [value for value in params if value == current_institution_id()]
    if unread or own:
        raise TypeError(f"a statement of {queryset.model.__name__} leaves {unread} unread, or has {own} of its own")
    compiler.connection = None  # each thread gives its own
    return _Statement(queryset, compiler, text, tuple(params), slots)


@dataclass(frozen=True, slots=True)
class _Statement:
    """``slots`` say which parameter is which value."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    text: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, Any], ...]

    def rows(self, by: Actor, given: Sequence[Any]) -> list[Any]:
        if self.compiler is None:
            return []
        values, params = _values(by, given), list(self.params)
        for at, name in self.slots:
            was = params[at]
            params[at] = type(was)(values[name]) if isinstance(was, int) else values[name]  # its width is kept
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (self.text, params)
        written = SimpleNamespace(get_compiler=lambda *_, **__: compiler)
        asked: Any = SimpleNamespace(db=connection.alias, query=written, _known_related_objects={})
        rows: Any = self.queryset._iterable_class(asked)
        return list(rows)
