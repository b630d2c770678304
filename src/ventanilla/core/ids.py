"""Identifiers made by the application: UUIDv7 for rows, random text for links and tokens."""

import hashlib
import secrets
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUIDv7: ordered by time of creation, creatable offline."""
    return compat.uuid7()


def parse_uuid(text: str) -> UUID | None:
    """The identifier that a form carried, or None when it carried something else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def new_secret() -> str:
    """256 random bits as URL-safe text, for tokens that are shown once."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a random token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
