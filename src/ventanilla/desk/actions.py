"""Keeping what is searched for as long as a day's work may come back to it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import get_random_string

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed
from ventanilla.desk.models import RecentSearch

KEPT_FOR = timedelta(days=1)
KEY_LENGTH = 12


@transaction.atomic
def keep_search(text: str, *, by: Actor) -> str:
    """Keep the words under a new key, returned for the address; what the institution kept long enough goes."""
    require(by, Permission.PERSON_SEARCH)
    account_id, posting_id = _operator(by)
    now = clock.now()
    RecentSearch.objects.filter(at__lt=now - KEPT_FOR).delete()
    key = get_random_string(KEY_LENGTH)
    RecentSearch.objects.create(account_id=account_id, posting_id=posting_id, key=key, text=text, at=now)
    return key


def kept_search(key: str, *, by: Actor) -> str | None:
    """The words this operator searched under that key in this same posting, less than a day ago."""
    account_id, posting_id = _operator(by)
    mine = RecentSearch.objects.visible_to(by).filter(account_id=account_id, posting_id=posting_id, key=key)
    return mine.filter(at__gte=clock.now() - KEPT_FOR).values_list("text", flat=True).first()


def _operator(by: Actor) -> tuple[UUID, UUID]:
    """Her account and posting; an agent has neither, and searches nothing."""
    if by.account_id is None or by.posting_id is None:
        raise NotAllowed("Busca una persona con desempeño vigente.")
    return by.account_id, by.posting_id
