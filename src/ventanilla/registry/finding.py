"""Somebody by the key that an address has."""

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
    """Whom the actor may know of; of whoever is blocked or of another institution, that there is nobody."""
    found = _visible(by, person_id)
    if not found:
        raise Http404
    return found[0]
