"""The life of a consultation, and the ways in which one of its reasons ends."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class ConsultationState(models.TextChoices):
    WAITING = "waiting", "En espera"
    IN_ATTENTION = "in_attention", "En atención"
    ATTENDED = "attended", "Atendida"
    RESOLVED = "resolved", "Atención finalizada"
    ABANDONED = "abandoned", "Abandonada"
    VOIDED = "voided", "Anulada"


CONSULTATION_LIFECYCLE = Lifecycle(
    {
        ConsultationState.WAITING: {
            ConsultationState.IN_ATTENTION,
            ConsultationState.ABANDONED,
            ConsultationState.VOIDED,
        },
        ConsultationState.IN_ATTENTION: {
            ConsultationState.ATTENDED,
            ConsultationState.ABANDONED,
            ConsultationState.VOIDED,
        },
        ConsultationState.ATTENDED: {ConsultationState.RESOLVED, ConsultationState.VOIDED},
        ConsultationState.RESOLVED: {ConsultationState.ATTENDED, ConsultationState.VOIDED},
        ConsultationState.ABANDONED: set(),
        ConsultationState.VOIDED: set(),
    }
)
"""What was resolved by an answer that did not stand is attended again."""


class Outcome(models.TextChoices):
    """How a reason line ends at the desk. Those in ``ANSWERED`` need nothing more; the others stay open."""

    INFORMED = "informed", "Informada"
    RESOLVED = "resolved", "Resuelta aquí"
    WAITING_DOCUMENTS = "waiting_documents", "Espera documentos"
    NEEDS_UNIT = "needs_unit", "Requiere otra unidad"
    NEEDS_CASE = "needs_case", "Requiere caso"
    WITHDREW = "withdrew", "Desistió"


OPEN = frozenset({ConsultationState.WAITING, ConsultationState.IN_ATTENTION, ConsultationState.ATTENDED})

ENDED = frozenset({ConsultationState.ATTENDED, ConsultationState.RESOLVED})

FOR_OTHERS = frozenset({Outcome.NEEDS_UNIT, Outcome.NEEDS_CASE})
"""What the desk leaves for somebody else to answer."""

ANSWERED = frozenset({Outcome.INFORMED, Outcome.RESOLVED, Outcome.WITHDREW})

TONES = {
    ConsultationState.WAITING: "info",
    ConsultationState.IN_ATTENTION: "ok",
    ConsultationState.ATTENDED: "warn",
    ConsultationState.RESOLVED: "",
    ConsultationState.ABANDONED: "",
    ConsultationState.VOIDED: "",
}
"""Colour marks what is still open; a finished consultation has none."""


class Channel(models.TextChoices):
    IN_PERSON = "in_person", "Presencial"
    PHONE = "phone", "Teléfono"
    WEB = "web", "Web"
    EMAIL = "email", "Correo"
    WHATSAPP = "whatsapp", "WhatsApp"
    FIELD = "field", "Terreno"
    HOME_VISIT = "home_visit", "Visita"
    INSTITUTION = "institution", "Institución"
    LETTER = "letter", "Carta"
    OFFICIAL = "official", "Oficio"
    MAYOR = "mayor", "Alcaldía"


class Requester(models.TextChoices):
    SELF = "self", "La misma persona"
    THIRD_PARTY = "third_party", "Alguien por ella"
    INSTITUTION = "institution", "Una institución"
