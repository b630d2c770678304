"""Questions about homes that several steps ask."""

from ventanilla.access.actors import Actor
from ventanilla.core.secrecy import Secrecy
from ventanilla.registry.models import Dwelling, Home, Membership, Person, Residence


def home_of(person: Person, *, by: Actor) -> Home | None:
    """Her home now: the RSH's, else the declared one."""
    mine = Membership.objects.visible_to(by).filter(person=person, ends_on__isnull=True)
    newest = mine.select_related("home__dwelling").order_by("-source", "-starts_on").first()
    return newest.home if newest else None


def current_memberships(person: Person, *, by: Actor) -> list[Membership]:
    """Her home's members now, the head first, one row a person.

    Those shielded from their home are left out, unless she is the one. Empty when she has no home. Two queries.
    """
    home = home_of(person, by=by)
    if home is None:
        return []
    here = Membership.objects.visible_to(by).filter(home=home)
    shielded = here.filter(is_shielded=True).exclude(person=person)  # by whichever source, and since whenever
    everybody = (
        here.filter(ends_on__isnull=True)
        .exclude(person__in=shielded.values("person"))
        .select_related("person")
        .order_by("source", "-is_head", "person__birth_on", "id")
    )
    one_each: dict[object, Membership] = {}
    for membership in everybody:
        membership.home = home
        one_each[membership.person_id] = membership  # of a person in both lists, the RSH's comes last and stays
    return sorted(one_each.values(), key=lambda m: (not m.is_head, m.person.birth_on is None, m.person.birth_on))


def people_at_home(person: Person, *, by: Actor) -> list[Person]:
    """The person and those she lives with."""
    return [membership.person for membership in current_memberships(person, by=by)] or [person]


def address_of(person: Person, home: Home | None, *, by: Actor) -> tuple[Dwelling | None, bool]:
    """Where she lives, and whether it is guarded: her own residence if she has one, else her home's.

    None of it if one of her residences is above the actor.
    """
    residences = Residence.objects.filter(person=person, ends_on__isnull=True).select_related("dwelling")
    mine = list(residences.order_by("-starts_on", "-id"))
    if not mine:
        return (home.dwelling if home else None), False
    visible = set(
        Residence.objects.visible_to(by).filter(pk__in=[residence.pk for residence in mine]).values_list("pk")
    )
    is_guarded = any(residence.secrecy != Secrecy.ORDINARY for residence in mine)
    return (mine[0].dwelling if all((residence.pk,) in visible for residence in mine) else None), is_guarded
