"""Systems that are told what happens, and what they were told, for the tests."""

from tests import make

from ventanilla.access.operators import of_the_command
from ventanilla.access.tenancy import acting
from ventanilla.outbox.actions import subscribe
from ventanilla.outbox.events import note_event
from ventanilla.outbox.models import Subscription

URL = "https://sistema.example/avisos"


def told_system(institution: int = make.MONTE_PATRIA, url: str = URL, *types: str) -> Subscription:
    """A subscription with one event on its way."""
    with make.inside(institution):
        by = of_the_command(institution)
    with acting(by):
        made = subscribe(url, types=types, by=by)
        note_event("referral.sent", "/api/v1/referrals/x", {"folio": "D-2026-000001"}, by=by)
    return made
