"""Two records, each with a home: which of both is hers from the merge on."""

from collections.abc import Iterator
from datetime import date

from ventanilla.registry.merging.moving import Account, change, remove
from ventanilla.registry.models import Membership, Person


def two_homes(kept: Person, absorbed: Person) -> Iterator[tuple[Membership, Membership]]:
    """The memberships in force of both by the same source, hers who is kept first."""
    now = Membership.objects.filter(person__in=[kept, absorbed], ends_on__isnull=True).select_related("home__dwelling")
    found = {(member.person_id, member.source): member for member in now.order_by("source", "id")}
    for (person_id, source), mine in found.items():
        if person_id == kept.pk and (theirs := found.get((absorbed.pk, source))):
            yield mine, theirs


def settle_homes(kept: Person, absorbed: Person, account: Account, *, takes_absorbed: bool, on: date) -> None:
    """Of two homes by one source the chosen one stays in force and the other ends, so that both can be one person's.

    The same home twice is a repetition, unless one of them is shielded: that one ends, and goes on shielding her.
    """
    for mine, theirs in list(two_homes(kept, absorbed)):
        stays, goes = (theirs, mine) if takes_absorbed else (mine, theirs)
        if mine.home_id == theirs.home_id and goes.is_head:
            stays, goes = goes, stays
        if stays.home_id == goes.home_id and not goes.is_shielded:
            remove(Membership, [goes.pk], account)
        else:
            change(goes, {"ends_on": max(on, goes.starts_on)}, account)
