"""What was given to others where a person lives, without telling of anybody who is guarded or shielded."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from ventanilla.access.actors import Actor
from ventanilla.benefits.models import Delivery
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models import Dwelling, Home, Membership, Person, Residence
from ventanilla.registry.vocabulary import DwellingKind
from ventanilla.screening.rules import names_a_place
from ventanilla.screening.shapes import Given

_SHARED_BY_STRANGERS = frozenset({DwellingKind.NO_ADDRESS, DwellingKind.INSTITUTION})


def given_to_others_at(
    dwelling: Dwelling, *, home: Home | None, housemates: Collection[Person], by: Actor, since: date
) -> list[Given]:
    """Deliveries since a day to other people and homes of the same dwelling, or of one written the same: 2 queries.

    ``housemates`` are those of her home that are asked about; others who belong to it are not looked at.
    An address where somebody is guarded, at any level, is matched with nothing; what was given to a person whose own
    whereabouts are guarded, to her home, or to somebody shielded from hers, is told nowhere.
    """
    people: dict[UUID, Person | None] = {housemate.pk: housemate for housemate in housemates}
    homes: set[UUID] = set()
    hidden: set[UUID] = set()
    for home_id, person_id, is_hidden, is_place_guarded in _residents(dwelling, by):
        if is_place_guarded:
            return []
        if is_hidden:
            hidden |= {home_id, person_id}
        if home is None or home_id != home.pk:
            homes.add(home_id)
            people.setdefault(person_id, None)
    homes, reachable = homes - hidden, people.keys() - hidden
    if not (homes or reachable):
        return []
    deliveries = Delivery.objects.visible_to(by).to_home(list(homes), list(reachable))
    recent = deliveries.filter(delivered_on__gte=since).values_list("label", "delivered_on", "person_id")
    given = [(label, on, people.get(whose) if whose else None) for label, on, whose in recent]
    return [Given(label, on, person=known, is_of_another_home=known is None) for label, on, known in given]


def _residents(dwelling: Dwelling, by: Actor) -> list[tuple[UUID, UUID, bool, bool]]:
    """Of the place: home, person, whether she is guarded or shielded from some home, whether the place is guarded.

    Nobody where the place is not of few homes: an institution, or no address.
    """
    if dwelling.kind in _SHARED_BY_STRANGERS:
        return []
    there = Membership.objects.visible_to(by).filter(_at(dwelling, "home__dwelling"), ends_on__isnull=True)
    guarded = Residence.objects.filter(ends_on__isnull=True).exclude(secrecy=Secrecy.ORDINARY)  # whoever asks
    shielded = Membership.objects.filter(is_shielded=True)
    her = OuterRef("person")
    marked = there.annotate(
        is_hidden=Exists(shielded.filter(person=her)) | Exists(guarded.filter(person=her)),
        is_place_guarded=Exists(guarded.filter(_at(dwelling, "dwelling"))),
    )
    return list(marked.values_list("home_id", "person_id", "is_hidden", "is_place_guarded"))


def _at(dwelling: Dwelling, path: str) -> Q:
    """Of the dwelling, or of all those written the same when its words are of one place: never both with an «or»."""
    if names_a_place(dwelling.address):
        return Q((f"{path}__address", dwelling.address), (f"{path}__sector", dwelling.sector))
    return Q((path, dwelling.pk))
