"""Questions about homes that several steps ask."""

from uuid import UUID

from django.db.models import QuerySet

from ventanilla.access.actors import Actor
from ventanilla.access.written import written_once
from ventanilla.core.secrecy import Secrecy
from ventanilla.core.statements import planned_once
from ventanilla.registry.models import Dwelling, Home, Membership, Person, Residence


@written_once
def _memberships_of(by: Actor, person: UUID) -> QuerySet[Membership]:
    mine = Membership.objects.visible_to(by).filter(person=person, ends_on__isnull=True)
    return mine.select_related("home__dwelling").order_by("-source", "-starts_on")[:1]


@written_once
def _members_of(by: Actor, home: UUID, person: UUID) -> QuerySet[Membership]:
    here = Membership.objects.visible_to(by).filter(home=home)
    shielded = here.filter(is_shielded=True).exclude(person=person)  # by whichever source, and since whenever
    everybody = here.filter(ends_on__isnull=True).exclude(person__in=shielded.values("person"))
    return everybody.select_related("person").order_by("source", "-is_head", "person__birth_on", "id")


@planned_once()
def home_of(person: Person, *, by: Actor) -> Home | None:
    """Her home now: the RSH's, else the declared one."""
    newest = _memberships_of(by, person.pk)
    return newest[0].home if newest else None


@planned_once()
def current_memberships(person: Person, *, by: Actor) -> list[Membership]:
    """Her home's members now, the head first, one row a person.

    Those shielded from their home are left out, unless she is the one. Empty when she has no home. Two queries.
    """
    home = home_of(person, by=by)
    if home is None:
        return []
    one_each: dict[object, Membership] = {}
    for membership in _members_of(by, home.pk, person.pk):
        membership.home = home
        one_each[membership.person_id] = membership  # of a person in both lists, the RSH's comes last and stays
    return sorted(one_each.values(), key=lambda m: (not m.is_head, m.person.birth_on is None, m.person.birth_on))


def people_at_home(person: Person, *, by: Actor) -> list[Person]:
    """The person and those she lives with."""
    return [membership.person for membership in current_memberships(person, by=by)] or [person]


@written_once
def _residences_of(_: Actor, person: UUID) -> QuerySet[Residence]:
    mine = Residence.objects.filter(person=person, ends_on__isnull=True)
    return mine.select_related("dwelling").order_by("-starts_on", "-id")


@planned_once()
def address_of(person: Person, home: Home | None, *, by: Actor) -> tuple[Dwelling | None, bool]:
    """Where she lives, and whether it is guarded: her own residence if she has one, else her home's.

    None of it if one of her residences is above the actor.
    """
    mine = _residences_of(by, person.pk)
    if not mine:
        return (home.dwelling if home else None), False
    visible = set(
        Residence.objects.visible_to(by).filter(pk__in=[residence.pk for residence in mine]).values_list("pk")
    )
    is_guarded = any(residence.secrecy != Secrecy.ORDINARY for residence in mine)
    return (mine[0].dwelling if all((residence.pk,) in visible for residence in mine) else None), is_guarded
