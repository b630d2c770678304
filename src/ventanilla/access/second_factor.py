"""The second factor: codes of a telephone and recovery codes, kept by allauth, checked once each."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.conf import settings

from ventanilla.access.models import Account
from ventanilla.core import clock

PERIOD = 30
TOLERANCE = 1
"""Steps of half a minute that a telephone's clock may be off."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets lie encrypted in the database, with a key drawn from ``SECRET_KEY``: another one asks for them anew."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_drawing(self, account: Account, secret: str) -> str:
        """The QR code that a telephone reads, as SVG."""
        return str(self.build_totp_svg(self.build_totp_url(account, secret)))


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()))


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The half minute whose code this is, near that instant; None when it is none's."""
    now = int(at.timestamp()) // PERIOD
    return next(
        (
            step
            for step in range(now - TOLERANCE, now + TOLERANCE + 1)
            if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
        ),
        None,
    )


def has_factor(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def use_code(account: Account, code: str) -> Authenticator | None:
    """What the code belongs to, if it is good; no code is good twice, in whichever worker."""
    mine = Authenticator.objects.select_for_update().filter(user_id=account.pk)
    for one in mine.order_by("-type"):
        if one.type == Authenticator.Type.TOTP:
            step = step_of(decrypt(one.data["secret"]), code, at=clock.now())
            if step is None or step <= one.data.get("last_step", 0):
                continue
            one.data["last_step"] = step
            one.save(update_fields=["data"])
            return one
        if one.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(one).validate_code(code):
            return one
    return None


def set_factor(account: Account, secret: str) -> list[str]:
    """Keep the secret; the recovery codes, to be shown once."""
    remove_factor(account)
    TOTP.activate(account, secret)
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


def set_codes(account: Account) -> list[str]:
    """Recovery codes anew; the old ones no longer serve."""
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


def remove_factor(account: Account) -> None:
    Authenticator.objects.filter(user_id=account.pk).delete()
