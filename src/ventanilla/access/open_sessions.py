"""Where one is signed in: what the gate notes of a session in use, and how sessions are closed from afar."""

from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest

from ventanilla.access.models import Account, OpenSession
from ventanilla.access.sessions import stored
from ventanilla.core import clock

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "Mac"), ("Linux", "Linux")),
)


def browser_named(agent: str) -> str:
    """«Firefox en Windows», as far as the browser says; never more, so that it does not tell people apart."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " en ".join(filter(None, (browser, system))) or "Navegador desconocido"


def note_use(request: HttpRequest, *, began: float) -> None:
    """One statement, once a minute at most: the gate calls it when it renews the session."""
    if request.session.session_key is None:
        return
    row = OpenSession(
        account_id=request.user.pk,  # type: ignore[misc]  # the gate let in an account
        key=stored(request.session.session_key),
        network=get_adapter(request).get_client_ip(request),
        browser=browser_named(request.headers.get("User-Agent", "")),
        opened_at=datetime.fromtimestamp(began, UTC),
        used_at=clock.now(),
    )
    OpenSession.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["key"], update_fields=["used_at", "network"]
    )


def sessions_of(account: Account) -> QuerySet[OpenSession]:
    """Hers that still open something."""
    living = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    return OpenSession.objects.filter(account=account, key__in=living)


def close(sessions: QuerySet[OpenSession]) -> int:
    """End them at once; returns how many."""
    keys = list(sessions.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(key__in=keys).delete()
    return len(keys)
