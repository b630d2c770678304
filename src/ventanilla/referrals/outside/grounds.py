"""On which ground data of somebody may leave the municipality: pure, by what the provider is and what travels.

Ley 21.719: a public body is told without consent for its legal functions (art. 20), a private one only with it. Ley
21.180 art. 24 bis: sensitive data between bodies need the authorisation of the person. See chile-rules.md §6.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ventanilla.access.models import ProviderNature
from ventanilla.referrals.protocols.states import PacketField

SENSITIVE = frozenset({PacketField.BRACKET, PacketField.BENEFITS, PacketField.CARE, PacketField.CHILDREN})
"""Health and socioeconomic situation (Ley 21.719 art. 2 g)."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is said to be allowed to share: the legal ground, how the person allowed it, or both."""

    legal_ground: str = ""
    consent: str = ""


def why_consent(nature: str, fields: Collection[str]) -> str:
    """Why the person must have allowed it, as one says it to her; empty when a legal ground is enough."""
    if nature == ProviderNature.PRIVATE:
        return "Es un privado: se le entregan datos solo si la persona lo autoriza."
    sensitive = [field.label.lower() for field in PacketField if field in SENSITIVE and field in fields]
    if sensitive:
        return f"Viajan datos sensibles ({', '.join(sensitive)}): la persona tiene que autorizarlo."
    return ""


def objection_to_sharing(nature: str, fields: Collection[str], sharing: Sharing) -> tuple[str, str] | None:
    """The field and the sentence that says what is wanting."""
    why = why_consent(nature, fields)
    if why and not sharing.consent:
        return "consent", f"{why} Pregúntele y marque cómo lo autorizó."
    if not why and not sharing.consent and not sharing.legal_ground:
        return (
            "legal_ground",
            "Escriba qué función legal de ese organismo lo permite, o marque cómo autorizó la persona.",
        )
    return None
