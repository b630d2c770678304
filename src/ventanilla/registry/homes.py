"""Questions about homes that several steps ask."""

from ventanilla.access.actors import Actor
from ventanilla.registry.models import Home, Membership, Person


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
