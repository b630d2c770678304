"""Systems that are told what happens, and mail on its way, for the tests."""

from uuid import uuid4

from tests import make

from ventanilla.access.operators import of_the_command
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.outbox.actions import subscribe
from ventanilla.outbox.events import note_event
from ventanilla.outbox.letters import post_letter
from ventanilla.outbox.models import Letter, Subscription

TO = "derivaciones@cesfam.example"
FOLIO = "D-2026-000001"
URL = "https://sistema.example/avisos"


def told_system(institution: int = make.MONTE_PATRIA, url: str = URL, *types: str) -> Subscription:
    """A subscription with one event on its way."""
    with make.inside(institution):
        by = of_the_command(institution)
    with acting(by):
        made = subscribe(url, types=types, by=by)
        note_event("referral.sent", "/api/v1/referrals/x", {"folio": "D-2026-000001"}, by=by)
    return made


def posted(to: str = TO, institution: int = make.MONTE_PATRIA) -> Letter:
    """A letter that somebody of the desk asked for."""
    with make.inside(institution):
        by = make.actor(Role.FRONT_DESK, institution)
    subject, text, about_id = f"Derivación {FOLIO}", "Abra esta dirección", uuid4()
    with acting(by):
        return post_letter(to, subject, text, about="referrals_referral", about_id=about_id, folio=FOLIO, by=by)
