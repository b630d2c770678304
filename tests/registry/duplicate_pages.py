"""Pairs that wait, and their pages as a browser opens them."""

from django.test import Client
from django.urls import reverse
from tests import make

from ventanilla.access.actors import Actor
from ventanilla.access.tenancy import acting
from ventanilla.registry.merging.doubts import Doubt, put_doubts
from ventanilla.registry.merging.states import FoundBy
from ventanilla.registry.models import (
    Person,
    PossibleDuplicate,
)

QUEUE = "/duplicados/"


def put(one: Person, other: Person, by: Actor, score: int = 9, found_by: FoundBy = FoundBy.SEARCH) -> PossibleDuplicate:
    evidence = {"given": "one", "birth_on": "same", "second_surname": "other"}
    put_doubts([Doubt(one.pk, other.pk, score, evidence)], by=by, found_by=found_by)
    first, second = sorted((one.pk, other.pk))
    return PossibleDuplicate.objects.get(first=first, second=second)


def waiting(head: Actor, number: int, **of_the_second: object) -> list[PossibleDuplicate]:
    """So many pairs, the likeliest first."""
    with acting(head):
        pairs = []
        for place in range(number):
            one = make.person(f"Rosa {chr(65 + place)}", "Araya")
            other = make.person(f"Rosa {chr(65 + place)}", "Araia", **({"run": None} | of_the_second))
            pairs.append(put(one, other, head, score=20 - place))
        return pairs


def address(pair: PossibleDuplicate) -> str:
    return reverse("duplicates:pair", args=[pair.pk])


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def again(pair: PossibleDuplicate, by: Actor) -> PossibleDuplicate:
    with acting(by):
        return PossibleDuplicate.objects.get(pk=pair.pk)
