"""User names proposed from a person's names."""

import re
import unicodedata

from ventanilla.access.models import Account


def propose_username(given_names: str, surnames: str) -> str:
    """«camila.rojas», with a number when it is taken."""
    base = ".".join(filter(None, (_plain(given_names), _plain(surnames)))) or "operadora"
    number, name = 1, base
    while Account.objects.filter(username=name).exists():
        number += 1
        name = f"{base}{number}"
    return name


def _plain(names: str) -> str:
    """The first word, without accents."""
    folded = unicodedata.normalize("NFD", names.split()[0].lower()) if names.split() else ""
    return re.sub(r"[^a-z0-9-]", "", folded)[:25]
