"""Two records that may be one, and what is asked of them in several tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.core.errors import RuleBroken
from ventanilla.registry.merging.actions import (
    Joining,
    merge_people,
)
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.states import FoundBy
from ventanilla.registry.models import (
    Merge,
    Person,
    PossibleDuplicate,
)
from ventanilla.registry.vocabulary import Source

NOT_HERS = {"registry_merge", "registry_mergemove", "registry_possibleduplicate", "registry_duplicatestep"}


@contextmanager
def refused(words: str, kind: type[Exception] = RuleBroken) -> Iterator[None]:
    with pytest.raises(kind, match=words), transaction.atomic():
        yield


def two(**of_the_second: Any) -> tuple[Person, Person]:
    """One with RUN and another without, who may be she."""
    values: dict[str, Any] = {"run": None, "source": Source.DECLARED, "as_of": date(2026, 10, 1)} | of_the_second
    return make.person("Rosa Elvira", "Araya"), make.person("Rosa", "Araia", **values)


def pair_of(one: Person, other: Person, by: Actor) -> PossibleDuplicate:
    put_doubts([Doubt(one.pk, other.pk, 9, {"given": "one"})], by=by, found_by=FoundBy.SEARCH)
    first, second = sorted((one.pk, other.pk))
    return PossibleDuplicate.objects.get(first=first, second=second)


def joined(one: Person, other: Person, by: Actor, **taken: bool) -> Merge:
    return merge_people(one, other, Joining(taken, "Lo confirmó con su cédula"), by=by)


def pair_and_merge(person: Person) -> dict[str, UUID]:
    """A pair that waits, of hers, and a merge of two others; by the names that their addresses give them."""
    with make.inside(person.institution_id or 0) as by:
        pair = pair_of(person, make.person(person.given_names, "Fictisia", run=None), by)
        merge = joined(make.person("Elsa", "Unida"), make.person("Elsa", "Hunida", run=None), by)
    return {"pair_id": pair.pk, "merge_id": merge.pk}


def everything() -> dict[str, list[Any]]:
    """Every row of every table that an institution has, as PostgreSQL writes it, but those of merging itself."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if getattr(model, "table_class", None) == "tenant" and table not in NOT_HERS:
            with connection.cursor() as cursor:
                cursor.execute(f"select to_jsonb(t) from {table} t order by id")
                found[table] = [row[0] for row in cursor.fetchall()]
    return found


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)
