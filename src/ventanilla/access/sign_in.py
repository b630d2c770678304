"""Sign-in by password through allauth, with a lockout kept in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ventanilla.access.models import Account, SignInAttempt
from ventanilla.access.operators import postings_of
from ventanilla.access.rules import KNOWN_FOR, WINDOW, Failure, locked_until
from ventanilla.core import clock


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are registered by heads and the counterpart: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out speak by their pages, not by messages."""

    def login(self, request: HttpRequest, user: Any) -> None:
        """A session has an end from its beginning, however much it is used; those past theirs are swept out."""
        super().login(request, user)
        request.session["began"] = clock.now().timestamp()
        request.session.clear_expired()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        wait_for_others(credentials.get("username", ""))
        until = lock_of(credentials.get("username", ""), self.get_client_ip(request))
        if until:
            hour = timezone.localtime(until).strftime("%H:%M")
            raise ValidationError(
                f"Hubo demasiados intentos. Puede probar a las {hour}, o pedir a su jefatura que la abra antes."
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        account = super().authenticate(request, **credentials)
        may_enter = account is not None and account.is_active
        record_attempt(credentials.get("username", ""), self.get_client_ip(request), succeeded=may_enter)
        if account is not None and not may_enter:
            raise ValidationError("Su cuenta está desactivada. Pida a su jefatura o a la contraparte que la revise.")
        return account


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Whoever is signed in comes with her postings in force, for every request asks for both: one query, not two."""

    def get_user(self, user_id: Any) -> Account | None:
        mine = postings_of(user_id, on=clock.today())
        account: Account | None = mine[0].account if mine else super().get_user(user_id)
        if account is None or not self.user_can_authenticate(account):
            return None
        account.in_force = mine
        return account


def wait_for_others(username: str) -> None:
    """One attempt at a time on an account, until the transaction ends: guesses sent at once are counted one by one.

    Nobody waits for long: when the account is locked out the rest are refused without looking at their password.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in {_name(username)}"])


def _name(username: str) -> str:
    """As attempts are kept."""
    return username.lower()[:60]


def lock_of(username: str, network: str) -> datetime | None:
    """Until when this account is locked out from this network, or None."""
    now = clock.now()
    username = _name(username)
    attempts = SignInAttempt.objects.filter(
        Q(username=username) | Q(network=network), at__gt=now - WINDOW, succeeded=False, forgiven_at__isnull=True
    )
    failures = [Failure(attempt.at, attempt.username == username, attempt.network == network) for attempt in attempts]
    until = locked_until(failures, at=now)
    if (
        until
        and SignInAttempt.objects.filter(
            username=username, network=network, succeeded=True, at__gt=now - KNOWN_FOR
        ).exists()
    ):
        return locked_until(failures, at=now, knows_network=True)
    return until


@dataclass(frozen=True, slots=True)
class LockedAccount:
    account: Account
    until: datetime
    failures: int


def locked_among(accounts: QuerySet[Account]) -> list[LockedAccount]:
    """Those of the accounts that are locked out now from some network, with their failures and until when."""
    now = clock.now()
    attempts = SignInAttempt.objects.filter(
        username__in=accounts.values("username"), at__gt=now - WINDOW, succeeded=False, forgiven_at__isnull=True
    )
    by_username: dict[str, list[SignInAttempt]] = {}
    for attempt in attempts:
        by_username.setdefault(attempt.username, []).append(attempt)
    locked = []
    for account in accounts.filter(username__in=list(by_username)):
        tried = by_username[account.username]
        untils = [
            locked_until([Failure(other.at, True, other.network == network) for other in tried], at=now)
            for network in {attempt.network for attempt in tried}
        ]
        if until := max((until for until in untils if until), default=None):
            locked.append(LockedAccount(account, until, len(tried)))
    return locked


@transaction.atomic
def record_attempt(username: str, network: str, *, succeeded: bool) -> None:
    SignInAttempt.objects.create(username=_name(username), network=network, at=clock.now(), succeeded=succeeded)
