"""What a key of the API is worth today: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from ventanilla.access.register_rules import Standing

SOON = timedelta(days=30)
_OPERATE = frozenset({Standing.MAY_OPERATE, Standing.ENDS_SOON})


class KeyStanding(models.TextChoices):
    """What is shown of a key."""

    OPENS = "opens", "Vigente"
    ENDS_SOON = "ends_soon", "Vence pronto"
    GRANTED = "granted", "Por retirar"
    STOPPED = "stopped", "Detenida"
    ENDED = "ended", "Vencida"
    REVOKED = "revoked", "Revocada"


@dataclass(frozen=True, slots=True)
class KeyDates:
    expires_at: datetime
    revoked_at: datetime | None = None
    is_taken: bool = True


def key_standing(dates: KeyDates, *, at: datetime, posting: Standing) -> KeyStanding:
    """The first that applies: revoked, ended, its posting does not operate, not taken yet, ends soon, opens."""
    if dates.revoked_at is not None:
        return KeyStanding.REVOKED
    if dates.expires_at <= at:
        return KeyStanding.ENDED
    if posting not in _OPERATE:
        return KeyStanding.STOPPED
    if not dates.is_taken:
        return KeyStanding.GRANTED
    return KeyStanding.ENDS_SOON if dates.expires_at - at <= SOON else KeyStanding.OPENS
