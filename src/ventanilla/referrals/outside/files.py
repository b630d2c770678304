"""Which files are taken, told by their first bytes and never by their name; nothing in them is opened or unpacked."""

from dataclasses import dataclass
from pathlib import PurePath

from ventanilla.core.errors import RuleBroken

LARGEST = 5 * 1024 * 1024
"""Bytes of one file: a photograph of a telephone, a scanned dozen of pages."""

MOST = 10
"""Files of one referral."""

_NAME, _ENDING = 120, 8
"""Letters that are kept of a name, and up to which what follows its last point is an ending."""


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    media_type: str
    begins: bytes
    endings: tuple[str, ...]


KINDS = (
    Kind("PDF", "application/pdf", b"%PDF-", (".pdf",)),
    Kind("JPEG", "image/jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg")),
    Kind("PNG", "image/png", b"\x89PNG\r\n\x1a\n", (".png",)),
)
ACCEPTED = ",".join(ending for kind in KINDS for ending in kind.endings)

_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")


def kind_of(name: str, content: bytes) -> Kind:
    """Raises ``RuleBroken`` with the sentence for whoever chose it."""
    if not content:
        raise RuleBroken("El archivo está vacío: elija otro.", field="file")
    if len(content) > LARGEST:
        raise RuleBroken("El archivo pesa más de 5 MB. Redúzcalo, o envíe menos páginas.", field="file")
    if content.startswith(_PACKED):
        raise RuleBroken("Los archivos comprimidos y los de Office no se reciben: guárdelo como PDF.", field="file")
    kind = next((kind for kind in KINDS if content.startswith(kind.begins)), None)
    if kind is None:
        raise RuleBroken("Se reciben PDF, JPEG y PNG. Guárdelo como uno de ellos.", field="file")
    if not name.lower().endswith(kind.endings):
        raise RuleBroken(f"El archivo se llama «{safe_name(name)}», pero es un {kind.label}.", field="file")
    return kind


def safe_name(name: str) -> str:
    """Without folders nor what a screen or a header would read as an order."""
    bare = PurePath(name.replace("\\", "/")).name
    clean = "".join(letter if letter.isprintable() and letter not in '"<>:|?*;' else "_" for letter in bare).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if dot and len(ending) <= _ENDING:
        return f"{stem[: _NAME - 1 - len(ending)]}{dot}{ending}"
    return clean[:_NAME] or "archivo"
