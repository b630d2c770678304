"""When a sign-in is locked out: pure functions over the failures of the last minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_NETWORK = 5
PER_ACCOUNT = 15
PER_NETWORK = 60
"""A whole municipality may come from one address, so a network alone is locked late."""
KNOWN_FOR = timedelta(days=30)
"""Whoever signed in from a network this lately is not locked out by what others fail there."""


@dataclass(frozen=True, slots=True)
class Failure:
    at: datetime
    same_account: bool
    same_network: bool


def locked_until(failures: Sequence[Failure], *, at: datetime, knows_network: bool = False) -> datetime | None:
    """Until when signing in is refused, or None. ``failures`` are those of this account or this network.

    ``knows_network``: the account signed in from there lately, so the network's own count does not hold it.
    """
    recent = [failure for failure in failures if failure.at > at - WINDOW]
    ends = [
        _end([failure for failure in recent if failure.same_account and failure.same_network], PER_ACCOUNT_AND_NETWORK),
        _end([failure for failure in recent if failure.same_account], PER_ACCOUNT),
        None if knows_network else _end([failure for failure in recent if failure.same_network], PER_NETWORK),
    ]
    return max((end for end in ends if end), default=None)


def _end(failures: Sequence[Failure], limit: int) -> datetime | None:
    """When the oldest of the newest ``limit`` failures leaves the window."""
    if len(failures) < limit:
        return None
    newest = sorted((failure.at for failure in failures), reverse=True)
    return newest[limit - 1] + WINDOW
