"""What is done with accounts: tokens issued, locks opened."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, ApiToken, Posting, SignInAttempt
from ventanilla.access.operators import accounts_within
from ventanilla.access.permissions import Permission
from ventanilla.access.rules import WINDOW
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed
from ventanilla.core.ids import digest, new_secret


@transaction.atomic
def issue_token(posting: Posting, *, by: Actor, name: str, days: int) -> str:
    """A new API token of this posting; the secret is returned once and only its digest is kept.

    Only a command issues them so far, in the institution of the posting.
    """
    require(by, Permission.KEY_ISSUE, posting)
    secret = new_secret()
    now = clock.now()
    ApiToken.objects.create(
        posting=posting, name=name, digest=digest(secret), created_at=now, expires_at=now + timedelta(days=days)
    )
    return secret


@transaction.atomic
def unlock_account(account: Account, *, by: Actor) -> int:
    """Forgive the failed attempts of an account of the actor's reach; returns how many."""
    require(by, Permission.ACCOUNT_UNLOCK)
    if not accounts_within(by, on=clock.today()).filter(pk=account.pk).exists():
        raise NotAllowed("Esa cuenta no es de su unidad.")
    now = clock.now()
    return SignInAttempt.objects.filter(
        Q(username=account.username), at__gt=now - WINDOW, succeeded=False, forgiven_at__isnull=True
    ).update(forgiven_at=now, forgiven_by=by.account_id)
