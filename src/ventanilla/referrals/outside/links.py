"""The address and the code of a link: both come from the server's key and the link, so that neither is kept."""

from django.utils.crypto import constant_time_compare, salted_hmac

from ventanilla.referrals.models import AccessLink

MOST_WRONG = 5
"""Codes refused before a link locks."""

_FIGURES = 8


def token_of(link: AccessLink) -> str:
    """256 bits that only this server can make."""
    return salted_hmac("referral.link", str(link.pk), algorithm="sha256").hexdigest()


def code_of(link: AccessLink) -> str:
    """Eight figures, told apart from the address: by telephone, or face to face."""
    number = int(salted_hmac("referral.code", str(link.pk), algorithm="sha256").hexdigest(), 16)
    return f"{number % 10**_FIGURES:0{_FIGURES}d}"


def spoken(code: str) -> str:
    """«4829 1503», as one dictates it."""
    return f"{code[:4]} {code[4:]}"


def is_code(link: AccessLink, typed: str) -> bool:
    return constant_time_compare(code_of(link), "".join(filter(str.isdigit, typed)))
