"""Sign-in by password through allauth, with a lockout kept in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ventanilla.access.models import Account, SignInAttempt
from ventanilla.access.rules import WINDOW, Failure, locked_until
from ventanilla.core import clock


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are registered by heads and the counterpart: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out speak by their pages, not by messages."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
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


def lock_of(username: str, network: str) -> datetime | None:
    """Until when this account is locked out from this network, or None."""
    now = clock.now()
    username = username.lower()[:60]
    attempts = SignInAttempt.objects.filter(
        Q(username=username) | Q(network=network), at__gt=now - WINDOW, succeeded=False, forgiven_at__isnull=True
    )
    failures = [Failure(attempt.at, attempt.username == username, attempt.network == network) for attempt in attempts]
    return locked_until(failures, at=now)


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
    SignInAttempt.objects.create(username=username.lower()[:60], network=network, at=clock.now(), succeeded=succeeded)
