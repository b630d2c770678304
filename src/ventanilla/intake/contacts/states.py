"""The life of a contact that did not walk in, and why one may be discarded."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle
from ventanilla.intake.states import Channel


class ContactState(models.TextChoices):
    RECEIVED = "received", "Sin tomar"
    TAKEN = "taken", "Tomado"
    CONSULTED = "consulted", "Pasó a consulta"
    ANSWERED = "answered", "Respondido sin consulta"
    DISCARDED = "discarded", "Descartado"


CONTACT_LIFECYCLE = Lifecycle(
    {
        ContactState.RECEIVED: {
            ContactState.RECEIVED,  # passed to another unit
            ContactState.TAKEN,
            ContactState.CONSULTED,
            ContactState.ANSWERED,
            ContactState.DISCARDED,
        },
        ContactState.TAKEN: {
            ContactState.RECEIVED,  # passed to another unit, or let go
            ContactState.TAKEN,  # assigned to somebody else
            ContactState.CONSULTED,
            ContactState.ANSWERED,
            ContactState.DISCARDED,
        },
        ContactState.CONSULTED: {ContactState.RECEIVED},  # its consultation was voided
        ContactState.ANSWERED: {ContactState.RECEIVED},
        ContactState.DISCARDED: {ContactState.RECEIVED},
    }
)

OPEN = (ContactState.RECEIVED, ContactState.TAKEN)
CLOSED = (ContactState.CONSULTED, ContactState.ANSWERED, ContactState.DISCARDED)

CONTACT_TONES = {
    ContactState.RECEIVED: "info",
    ContactState.TAKEN: "ok",
    ContactState.CONSULTED: "",
    ContactState.ANSWERED: "",
    ContactState.DISCARDED: "",
}


class DiscardGround(models.TextChoices):
    DUPLICATE = "duplicate", "Está repetido"
    ELSEWHERE = "elsewhere", "Es de otra municipalidad"
    NOT_OURS = "not_ours", "No es materia municipal"
    UNREACHABLE = "unreachable", "No se pudo ubicar a quien escribió"
    OTHER = "other", "Otro motivo"


ICONS = {
    Channel.IN_PERSON: "user",
    Channel.HOME_VISIT: "visit",
    Channel.PHONE: "phone",
    Channel.WHATSAPP: "send",
    Channel.EMAIL: "inbox",
    Channel.WEB: "link",
    Channel.LETTER: "note",
    Channel.OFFICIAL: "doc",
    Channel.MAYOR: "flag",
    Channel.FIELD: "pin",
    Channel.INSTITUTION: "users",
}
"""The drawing beside a contact; its channel is always written too."""
