"""What is written of a protocol, and what keeps it from being written or sent to be signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from ventanilla.referrals.models import ProtocolVersion

LONGEST_TERM = 60
"""In working days: what takes longer is not agreed here."""

TEXTS = (
    "purpose", "criteria", "documents", "legal_ground", "urgent_how", "rejection_grounds", "answer_needs", "contacts",
    "note",
)  # fmt: skip
TERMS = ("accept_days", "answer_days", "expire_days", "urgent_days")


@dataclass(frozen=True, slots=True)
class ProtocolDetails:
    """Those that send, by unit; who receives, a unit or a provider; texts of one thing a line where they are lists."""

    name: str
    senders: Sequence[UUID]
    reasons: Sequence[UUID]
    to_unit: UUID | None = None
    to_provider: UUID | None = None
    entries: Sequence[UUID] = ()
    fields: Sequence[str] = ()
    purpose: str = ""
    criteria: str = ""
    documents: str = ""
    legal_ground: str = ""
    accept_days: int = 1
    answer_days: int = 5
    expire_days: int = 10
    urgent_days: int = 1
    urgent_how: str = ""
    rejection_grounds: str = ""
    answer_needs: str = ""
    contacts: str = ""
    note: str = ""

    @property
    def receiver(self) -> UUID | None:
        return self.to_unit or self.to_provider


def objections(details: ProtocolDetails) -> Iterator[tuple[str, str]]:
    """What cannot be kept even as a draft: the field and the sentence."""
    if not details.name.strip():
        yield "name", "Escriba el nombre del protocolo."
    if (details.to_unit is None) == (details.to_provider is None):
        yield "receiver", "Elija quién recibe: una unidad o un prestador."
    if not details.senders:
        yield "senders", "Marque al menos una unidad que derive."
    if any(not 0 <= getattr(details, term) <= LONGEST_TERM for term in TERMS):
        yield "answer_days", f"Los plazos van de 0 a {LONGEST_TERM} días hábiles."
    if details.accept_days > details.answer_days:
        yield "answer_days", "El plazo para responder no puede ser menor que el de aceptar."
    if details.urgent_days > details.answer_days:
        yield "urgent_days", "Una urgencia no puede tener más plazo que lo demás."
    if details.expire_days < 1:
        yield "expire_days", "Deje al menos un día entre el plazo para responder y la caducidad."


def missing_to_sign(version: ProtocolVersion, *, reasons: int) -> Iterator[str]:
    """What it must say before anybody signs it."""
    if not reasons:
        yield "Falta marcar qué motivos cubre."
    for name, what in (
        ("criteria", "los criterios de ingreso"),
        ("rejection_grounds", "las causas de rechazo"),
        ("answer_needs", "qué debe traer la respuesta"),
    ):
        if not getattr(version, name).strip():
            yield f"Faltan {what}." if what.startswith("l") else f"Falta {what}."
    if version.to_provider_id and not version.legal_ground.strip():
        yield "Falta el fundamento para compartir datos con un prestador."


def details_of(version: ProtocolVersion) -> ProtocolDetails:
    """As it is kept, to be changed or taken for the next."""
    return ProtocolDetails(
        name=version.protocol.name,
        senders=[row.unit_id for row in version.senders.all()],
        reasons=[row.reason_id for row in version.covered.all()],
        entries=[row.entry_id for row in version.about.all()],
        to_unit=version.to_unit_id,
        to_provider=version.to_provider_id,
        fields=list(version.fields),
        **{name: getattr(version, name) for name in (*TEXTS, *TERMS)},
    )
