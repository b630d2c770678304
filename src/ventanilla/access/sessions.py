"""Sessions in the database, found by a digest of their key: whoever reads the table cannot act as anybody."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.backends import db

from ventanilla.core.ids import digest

LENGTH = 40
"""What the framework's column holds: 160 of the digest's 256 bits, more than enough for a random key."""


def stored(key: str) -> str:
    return digest(key)[:LENGTH]


class SessionStore(db.SessionStore):
    """What ``SESSION_ENGINE`` names. The cookie has the key, the table its digest."""

    def load(self) -> dict[str, Any]:
        kept = db.SessionStore(stored(str(self.session_key)))
        data: dict[str, Any] = kept.load()
        if kept.session_key is None:  # there is none, or it is past its end
            self._session_key = None
        return data

    def exists(self, session_key: str | None = None) -> bool:
        return super().exists(stored(str(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session = super().create_model_instance(data)
        session.session_key = stored(session.session_key)
        return session

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))
            # Asked late: the framework names this module before the models are ready.
            apps.get_model("access", "OpenSession").objects.filter(key=stored(key)).delete()
