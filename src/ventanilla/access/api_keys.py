"""Keys as they are presented: looked up and counted in one statement, before the transaction of the request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest

from ventanilla.access.models import ApiToken, ApiUse
from ventanilla.core import clock
from ventanilla.core.ids import digest

WINDOW = timedelta(minutes=1)
USE_IS_NOTED_EACH = timedelta(hours=1)
COUNTS_ARE_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Presented:
    """A key that was presented, and how many requests its account has made this minute.

    Without ``posting_id`` it opens nothing, and what is counted are the wrong keys of the network.
    """

    posting_id: UUID | None
    scopes: frozenset[str] | None
    requests: int
    limit: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        return self.requests > self.limit

    @property
    def left(self) -> int:
        return max(self.limit - self.requests, 0)

    def seconds_left(self, *, at: datetime) -> int:
        """Whole seconds until it may be tried again."""
        return max(int((self.ends_at - at).total_seconds()) + 1, 1)


# The row of the count is held for as long as the transaction lasts. That is why this runs before the request's own:
# inside it, an account's requests would wait for each other, and one that failed would not count. The table is
# unlogged, so that nothing waits for a disk.
_PRESENT = """
with found as (
    select t.id, t.posting_id, t.scopes, t.last_used_at, p.account_id
    from access_apitoken t join access_posting p on p.id = t.posting_id
    where t.digest = %(digest)s and t.expires_at > %(now)s and t.revoked_at is null
), counted as (
    insert into access_apiuse as u (whose, minute, requests)
    values (coalesce((select account_id::text from found), %(network)s), %(minute)s, 1)
    on conflict (whose) do update set minute = excluded.minute,
        requests = case when u.minute = excluded.minute then u.requests + 1 else 1 end
    returning requests
)
select c.requests, f.id, f.posting_id, f.scopes, f.last_used_at from counted c left join found f on true
"""


def presented(request: HttpRequest) -> Presented | None:
    """The key of the request, or None when it carries none. Looked up once, by the middleware before the view."""
    if not hasattr(request, "presented_key"):
        secret = _bearer(request)
        found = present(secret, _network(request), at=clock.now()) if secret else None
        request.presented_key = found  # type: ignore[attr-defined]  # kept for the gate
    kept: Presented | None = request.presented_key  # type: ignore[attr-defined]  # set above
    return kept


def _bearer(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def present(secret: str, network: str, *, at: datetime) -> Presented:
    """Look a key up, and count it for its account or, when it is wrong, for the network it came from."""
    minute = at.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            _PRESENT, {"digest": digest(secret), "now": at, "network": neighbourhood(network), "minute": minute}
        )
        requests, token_id, posting_id, scopes, last_used_at = cursor.fetchone()
    if token_id is None:
        if requests == 1:  # where wrong keys come from there is no end of networks; of accounts there is
            ApiUse.objects.filter(minute__lt=at - COUNTS_ARE_KEPT).delete()
        return Presented(None, None, requests, settings.API_WRONG_KEYS_A_MINUTE, minute + WINDOW)
    if last_used_at is None or last_used_at < at - USE_IS_NOTED_EACH:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_IS_NOTED_EACH)
        ApiToken.objects.filter(unnoted, pk=token_id).update(last_used_at=at)
    allowed = None if scopes is None else frozenset(scopes)
    return Presented(posting_id, allowed, requests, settings.API_REQUESTS_A_MINUTE, minute + WINDOW)


def neighbourhood(network: str) -> str:
    """The address, or in IPv6 the network of 64 bits in which one client has as many as it likes."""
    try:
        address = ip_address(network.strip())
    except ValueError:  # a local socket has none: whoever comes by it is one neighbourhood
        return "sin dirección"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))


def _network(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # how the library says that there is none
        return ""
