"""What the pages of both logs share: whom to look for, and where the next page begins."""

from collections.abc import Sequence
from contextlib import suppress

from django.http import HttpRequest

from ventanilla.access.actors import Actor
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.run import BadRun, parse
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match, search_people


def find_people(text: str, *, by: Actor) -> Sequence[Match]:
    """The people that a RUN or a name may mean, for who watches over their data; the look is logged.

    Whose data are blocked is found by her RUN alone.
    """
    today = clock.today()
    matches = list(search_people(text, by=by, on=today, right=Permission.AUDIT_VIEW).matches)
    if not matches:
        with suppress(BadRun):
            blocked = Person.objects.with_run(parse(text).canonical)
            matches = [Match(person, person.age_on(today), "") for person in blocked]
    log_reading(
        ReadEntry.Kind.SEARCH, shown=[match.person.pk for match in matches], note=f"{len(matches)} para auditoría"
    )
    return matches


def entry(request: HttpRequest) -> int | None:
    """The entry after which the page begins; an address that somebody changed begins at the newest."""
    before = request.GET.get("antes", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None


def next_url(request: HttpRequest, last: int) -> str:
    """The same search, after that entry."""
    asked = request.GET.copy()
    asked["antes"] = str(last)
    return f"?{asked.urlencode()}"
