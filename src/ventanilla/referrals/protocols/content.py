"""What a version says, told once: for its page, for its PDF, and for the digest that is signed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ventanilla.referrals.models import ProtocolVersion
from ventanilla.referrals.protocols.states import PacketField


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines: one is a text, several a list."""

    title: str
    lines: Sequence[str]

    @property
    def is_list(self) -> bool:
        return len(self.lines) > 1


def sections_of(version: ProtocolVersion) -> list[Section]:
    """In the order in which it is read. Free for a version that came with its rows."""
    return [section for section in _sections(version) if any(section.lines)]


def _sections(version: ProtocolVersion) -> Iterator[Section]:
    yield Section("Para qué", [version.purpose.strip()])
    yield Section("Qué motivos cubre", sorted(row.reason.name for row in version.covered.all()))
    yield Section("Sobre qué prestaciones", sorted(row.name for row in version.about.all()))
    yield Section("Criterios de ingreso", lines_in(version.criteria))
    yield Section("Antecedentes mínimos", version.papers)
    carried = [PacketField(one).label for one in PacketField.values if one in version.fields]
    yield Section("Datos que viajan", ["Nombre, RUN y qué se pide", *carried])
    yield Section("Fundamento para compartirlos", [version.legal_ground.strip()])
    yield Section("Plazos", list(terms_in_words(version)))
    yield Section("Si es urgente", [version.urgent_how.strip()])
    yield Section("Causas de rechazo", version.grounds)
    yield Section("Qué trae la respuesta", version.needs)
    yield Section("Contactos y suplentes", lines_in(version.contacts))


def terms_in_words(version: ProtocolVersion) -> Iterator[str]:
    yield f"Aceptar: {_days(version.accept_days)} desde que se envía."
    yield f"Responder: {_days(version.answer_days)} desde que se acepta."
    yield f"Urgente: se acepta el mismo día y se responde en {_days(version.urgent_days)}."
    yield f"Caduca {_days(version.expire_days)} después del plazo para responder."


def lines_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _days(number: int) -> str:
    return "el mismo día" if number == 0 else "1 día hábil" if number == 1 else f"{number} días hábiles"


def senders_of(version: ProtocolVersion) -> list[str]:
    return sorted(row.unit.name for row in version.senders.all())


def digest_of(version: ProtocolVersion) -> str:
    """The SHA-256, in hexadecimal, of all that it says, with the names of whoever it binds."""
    whole = [
        f"{version.protocol.code} {version.protocol.name}, versión {version.number}",
        f"Derivan: {'; '.join(senders_of(version))}",
        f"Recibe: {version.receiver.name}",
        *(f"{section.title}: {' | '.join(section.lines)}" for section in sections_of(version)),
    ]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()
