"""What opens: keys of the API authorized, handed out and revoked; locks forgiven."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from ventanilla.access.actions.register import write_entry
from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, ApiToken, Posting, RegisterEntry, SignInAttempt
from ventanilla.access.operators import accounts_within
from ventanilla.access.permissions import SCOPES, Permission, Role, scopes_of
from ventanilla.access.rules import WINDOW
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.ids import digest, new_secret

MOST_DAYS = 365
LONGEST_NAME = 60


@transaction.atomic
def issue_token(posting: Posting, *, by: Actor, name: str, days: int, scopes: Collection[str] | None = None) -> str:
    """A key of this posting, handed out at once by whoever keeps the server; its secret is returned this once.

    Without ``scopes`` it opens all that the role does.
    """
    require(by, Permission.KEY_ISSUE, posting)
    secret = new_secret()
    token = _authorized(posting, by=by, name=name, days=days, scopes=scopes, kept=digest(secret))
    write_key_entry(RegisterEntry.Change.KEY_TAKEN, token, by=by)
    return secret


@transaction.atomic
def grant_key(posting: Posting, *, by: Actor, name: str, days: int, scopes: Collection[str]) -> ApiToken:
    """Let the holder of a posting take a key of it. Whoever grants it never sees it: it acts in the holder's name."""
    require(by, Permission.KEY_GRANT, posting)
    return _authorized(posting, by=by, name=name, days=days, scopes=scopes)


def _authorized(
    posting: Posting, *, by: Actor, name: str, days: int, scopes: Collection[str] | None, kept: str | None = None
) -> ApiToken:
    """The key, written down; not taken yet unless it comes with the digest that is ``kept`` of it."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RuleBroken(f"Escriba para qué es la llave, en {LONGEST_NAME} letras a lo más.", field="name")
    if not 1 <= days <= MOST_DAYS:
        raise RuleBroken(f"Una llave vale entre 1 y {MOST_DAYS} días.", field="days")
    if scopes is not None and not scopes:
        raise RuleBroken("Elija al menos un alcance.", field="scopes")
    if scopes is not None and not set(scopes) <= set(scopes_of(Role(posting.role))):
        raise RuleBroken("Ese desempeño no permite uno de los alcances elegidos.", field="scopes")
    if not Posting.objects.in_force_on(clock.today()).filter(pk=posting.pk).exists():
        raise RuleBroken("Ese desempeño no está vigente.")
    now = clock.now()
    token = ApiToken.objects.create(
        posting=posting,
        name=name,
        scopes=None if scopes is None else sorted(scopes, key=list(SCOPES).index),
        digest=kept,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    write_key_entry(RegisterEntry.Change.KEY_GRANTED, token, by=by)
    return token


@transaction.atomic
def revoke_key(token: ApiToken, *, by: Actor, reason: str = "") -> None:
    """It opens nothing from here on. Its holder may, and whoever grants keys in her institution."""
    token.refresh_from_db(from_queryset=ApiToken.objects.select_for_update())
    if token.posting.account_id == by.account_id:
        require(by, Permission.SESSION_USE)
    else:
        require(by, Permission.KEY_GRANT, token.posting)
    if token.revoked_at is not None:
        raise RuleBroken("Esa llave ya estaba revocada.")
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    write_key_entry(RegisterEntry.Change.KEY_REVOKED, token, by=by, reason=reason)


def write_key_entry(change: RegisterEntry.Change, token: ApiToken, *, by: Actor, reason: str = "") -> None:
    posting = token.posting
    write_entry(
        change,
        posting.account,
        by=by,
        posting=posting,
        ends_on=token.expires_on,
        reason=f"{token.name}: {reason}"[:300] if reason else token.name,
    )


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
