"""Somebody by the key that an address has or by her RUN, whichever of her records they are of."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from ventanilla.access.actors import Actor
from ventanilla.access.written import written_once
from ventanilla.core.statements import planned_once
from ventanilla.registry.models import Person


@written_once
def _visible(by: Actor, person: UUID) -> QuerySet[Person]:
    return Person.objects.visible_to(by).filter(pk=person)


@planned_once()
def person_or_404(person_id: UUID, *, by: Actor) -> Person:
    """Whom the actor may know of; of whoever is blocked or of another institution, that there is nobody.

    The key of a record that was joined to another gives the person whose record is kept (ADR 0040).
    """
    found = _visible(by, person_id) or leading(Person.objects.filter(pk=person_id), by=by)
    if not found:
        raise Http404
    return found[0]


def person_with_run(canonical: str, *, by: Actor) -> Person | None:
    """Who has that RUN, or had it in a record that was joined to hers."""
    found = leading(Person.objects.filter(run=canonical), by=by)
    return found[0] if found else None


def leading(people: Iterable[Person], *, by: Actor) -> list[Person]:
    """The same people in their order, each once: in place of a record that was joined, the one that is kept."""
    return list({person.pk: person for person in leads(people, by=by).values()}.values())


def leads(people: Iterable[Person], *, by: Actor) -> dict[UUID, Person]:
    """By the key of each record, in their order, whose it is: her own, or that of the one it was joined to.

    Asks one thing more only when some was joined. Whom the actor may not know of is left out.
    """
    found = list(people)
    joined = {person.merged_into_id for person in found if person.merged_into_id}
    kept = Person.objects.visible_to(by).in_bulk(joined) if joined else {}
    hers = {person.pk: kept.get(person.merged_into_id) if person.merged_into_id else person for person in found}
    return {key: person for key, person in hers.items() if person and not person.processing_blocked}
