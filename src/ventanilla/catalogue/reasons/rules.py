"""The rules of an institution's reasons, pure: what is a list of documents, what may not be opened, what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ventanilla.core.secrecy import SECRECY_ORDER, Secrecy

KEYED = 8
"""How many reasons have a number key at the desk: the first in order that are under no other."""

LONGEST_LIST = 500
"""Characters: what a line of a consultation holds of the documents it waits for."""


class Said(Protocol):
    """What a reason says, now or in one of its versions."""

    name: str
    function_id: str | None
    secrecy: str
    local_words: str
    documents: str
    documents_days: int | None
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed, in words; blank is what was not said."""

    what: str
    before: str
    after: str


def is_more_open(level: str, than: str) -> bool:
    order = [str(known) for known in SECRECY_ORDER]
    return order.index(level) < order.index(than)


def differences(before: Said, after: Said, functions: dict[str, str]) -> Iterator[Difference]:
    """What one version says otherwise than the one before it; ``functions`` are their names by code."""
    for what, old, new in zip(
        ("Nombre", "Lo atiende", "Reserva", "Palabras", "Documentos", "Plazo para traerlos", "Uso"),
        _in_words(before, functions),
        _in_words(after, functions),
        strict=True,
    ):
        if old != new:
            yield Difference(what, old, new)


def _in_words(said: Said, functions: dict[str, str]) -> Iterator[str]:
    yield said.name
    yield functions.get(said.function_id or "", "nadie en particular")
    yield Secrecy(said.secrecy).label
    yield said.local_words
    yield "; ".join(said.documents.splitlines())
    yield "" if said.documents_days is None else f"{said.documents_days} días"
    yield f"retirado desde el {said.retired_on:%d-%m-%Y}" if said.retired_on else "en uso"
