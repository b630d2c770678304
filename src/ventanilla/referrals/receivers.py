"""Who serves in a unit, to be given a referral."""

from uuid import UUID

from ventanilla.access.actors import Actor
from ventanilla.access.models import Posting
from ventanilla.access.permissions import HELD_IN_A_UNIT
from ventanilla.core import clock


def serving(by: Actor) -> dict[UUID, dict[UUID, str]]:
    """By unit, the names of those who hold a posting in it today, in order of surname. One query."""
    held = Posting.objects.filter(institution_id=by.institution, role__in=sorted(HELD_IN_A_UNIT))
    held = held.in_force_on(clock.today()).filter(account__is_active=True, unit__isnull=False)
    found: dict[UUID, dict[UUID, str]] = {}
    for one in held.select_related("account").order_by("account__surnames", "account__given_names", "account_id"):
        assert one.unit_id
        found.setdefault(one.unit_id, {})[one.account_id] = one.account.full_name
    return found


def colleagues_of(unit_id: UUID, *, by: Actor) -> list[tuple[str, str]]:
    """As the options of a form."""
    return [(str(account), name) for account, name in serving(by).get(unit_id, {}).items()]
