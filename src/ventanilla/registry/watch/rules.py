"""How much is much: the limits past which readings draw attention."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What one operator may do in an hour before somebody looks at it."""

    people: int
    """Different people whose file she opened, or whom she searched for and found."""

    failed_searches: int
    """Minutes in which she searched and found nobody, then or in the next minute."""


def limits() -> Limits:
    return Limits(people=settings.WATCH_PEOPLE_AN_HOUR, failed_searches=settings.WATCH_FAILED_SEARCHES_AN_HOUR)
