"""What is shown of the keys of the API: those of an institution, and one's own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.access.key_rules import KeyDates, KeyStanding, key_standing
from ventanilla.access.models import ApiToken, Posting
from ventanilla.access.models.keys import ApiTokenQuerySet
from ventanilla.access.permissions import Permission
from ventanilla.access.register_reading import standing_of
from ventanilla.access.register_rules import Standing
from ventanilla.access.tenancy import within_reach

MOST_ENDED = 100
_TONES = {
    KeyStanding.OPENS: "ok",
    KeyStanding.ENDS_SOON: "warn",
    KeyStanding.GRANTED: "info",
    KeyStanding.STOPPED: "warn",
    KeyStanding.ENDED: "",
    KeyStanding.REVOKED: "",
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    token: ApiToken
    standing: KeyStanding
    posting_standing: Standing

    @property
    def tone(self) -> str:
        return _TONES[self.standing]

    @property
    def may_be_revoked(self) -> bool:
        return self.standing not in (KeyStanding.ENDED, KeyStanding.REVOKED)

    @property
    def why_stopped(self) -> str:
        """What its posting lacks, when that is why it does not open."""
        return self.posting_standing.label.lower() if self.standing is KeyStanding.STOPPED else ""


def keys_within(actor: Actor) -> ApiTokenQuerySet:
    """Those of the postings whose keys the actor grants."""
    postings = Posting.objects.filter(within_reach(actor, Permission.KEY_GRANT))
    return ApiToken.objects.filter(posting__in=postings.values("pk"))


def own_keys(actor: Actor) -> ApiTokenQuerySet:
    return ApiToken.objects.filter(posting__account_id=actor.account)


def keys_to_take(actor: Actor, *, at: datetime) -> QuerySet[ApiToken]:
    """Granted to the actor and not taken yet."""
    return own_keys(actor).in_force_at(at).filter(digest=None)


def key_lines(tokens: ApiTokenQuerySet, *, at: datetime, with_ended: bool = False) -> list[KeyLine]:
    """The newest first; with those ended or revoked, the latest of all."""
    today = timezone.localtime(at).date()
    postings = Posting.objects.with_context().with_unmet(today)
    shown = tokens.order_by("-created_at", "-id")[:MOST_ENDED] if with_ended else tokens.in_force_at(at)
    return [_line(token, at) for token in shown.prefetch_related(Prefetch("posting", postings))]


def _line(token: ApiToken, at: datetime) -> KeyLine:
    posting = standing_of(token.posting, on=timezone.localtime(at).date())
    dates = KeyDates(token.expires_at, token.revoked_at, token.is_taken)
    return KeyLine(token, key_standing(dates, at=at, posting=posting), posting)
