"""Asking that the people of the institution be compared with each other."""

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.registry.merging.states import SearchState
from ventanilla.registry.models import DuplicateSearch


@transaction.atomic
def ask_search(*, by: Actor) -> DuplicateSearch:
    """Ask for a search, which a worker does. Raises ``RuleBroken`` while another waits or runs."""
    require(by, Permission.REGISTRY_MERGE)
    if DuplicateSearch.objects.filter(state__in=[SearchState.ASKED, SearchState.RUNNING]).exists():
        raise RuleBroken("Ya hay una búsqueda en curso.")
    return DuplicateSearch.objects.create(asked_at=clock.now(), account_id=by.account_id)
