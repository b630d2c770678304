"""The life of a referral, what may happen in it, and how it is answered (gsl.md §2.2)."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class ReferralState(models.TextChoices):
    SENT = "sent", "Enviada"
    RECEIVED = "received", "Recibida"
    ACCEPTED = "accepted", "Aceptada"
    IN_ATTENTION = "in_attention", "En atención"
    NO_SHOW = "no_show", "No asistió"
    RETURNED = "returned", "Devuelta por antecedentes"
    ANSWERED = "answered", "Atención finalizada"
    REJECTED = "rejected", "Rechazada"
    EXPIRED = "expired", "Caducada"
    WITHDRAWN = "withdrawn", "Retirada"


_S = ReferralState

REFERRAL_LIFECYCLE = Lifecycle(
    {
        _S.SENT: {_S.RECEIVED, _S.ACCEPTED, _S.RETURNED, _S.REJECTED, _S.EXPIRED, _S.WITHDRAWN},
        _S.RECEIVED: {_S.SENT, _S.ACCEPTED, _S.RETURNED, _S.REJECTED, _S.EXPIRED, _S.WITHDRAWN},
        _S.ACCEPTED: {_S.SENT, _S.IN_ATTENTION, _S.NO_SHOW, _S.RETURNED, _S.ANSWERED, _S.EXPIRED},
        _S.IN_ATTENTION: {_S.SENT, _S.NO_SHOW, _S.RETURNED, _S.ANSWERED, _S.EXPIRED},
        _S.NO_SHOW: {_S.SENT, _S.ACCEPTED, _S.IN_ATTENTION, _S.ANSWERED, _S.EXPIRED},
        _S.RETURNED: {_S.SENT, _S.EXPIRED, _S.WITHDRAWN},
        _S.ANSWERED: {_S.SENT, _S.ACCEPTED},
        _S.REJECTED: {_S.SENT},
        _S.EXPIRED: {_S.SENT},
        _S.WITHDRAWN: set(),
    }
)
"""What ended is opened again by its origin, which sends it anew, or by whoever answered it. What is open is sent anew
when whoever has it forwards it."""

TO_ACCEPT = frozenset({_S.SENT, _S.RECEIVED})
TO_ANSWER = frozenset({_S.ACCEPTED, _S.IN_ATTENTION, _S.NO_SHOW})
WITH_RECEIVER = TO_ACCEPT | TO_ANSWER
OPEN = WITH_RECEIVER | {_S.RETURNED}
ENDED = frozenset(_S) - OPEN

TONES = {
    _S.SENT: "info",
    _S.RECEIVED: "info",
    _S.ACCEPTED: "",
    _S.IN_ATTENTION: "ok",
    _S.NO_SHOW: "warn",
    _S.RETURNED: "warn",
    _S.ANSWERED: "",
    _S.REJECTED: "bad",
    _S.EXPIRED: "bad",
    _S.WITHDRAWN: "",
}


class ReferralKind(models.TextChoices):
    """Where it goes, as the ministry's figures tell them apart (variable 8)."""

    INTERNAL_BASE = "internal_base", "Interna, unidad del módulo base"
    INTERNAL_OTHER = "internal_other", "Interna, otra unidad"
    EXTERNAL_PUBLIC = "external_public", "Externa, pública"
    EXTERNAL_PRIVATE = "external_private", "Externa, privada"


class ReferralEvent(models.TextChoices):
    """What happened in it: the steps of its life, and what changes no state."""

    SENT = "sent", "Enviada"
    RECEIVED = "received", "Recibida"
    ACCEPTED = "accepted", "Aceptada"
    APPOINTED = "appointed", "Hora dada"
    ATTENDED = "attended", "En atención"
    NO_SHOW = "no_show", "No asistió"
    RETURNED = "returned", "Devuelta por antecedentes"
    FORWARDED = "forwarded", "Reenviada a otra unidad"
    COMPLETED = "completed", "Antecedentes completados"
    REJECTED = "rejected", "Rechazada"
    ANSWERED = "answered", "Respondida"
    REOPENED = "reopened", "Reabierta"
    WITHDRAWN = "withdrawn", "Retirada"
    TOLD = "told", "Avisada la persona"
    LINKED = "linked", "Enlace para el prestador"
    ATTACHED = "attached", "Archivo agregado"
    ASSIGNED = "assigned", "Asignada"
    REMINDED = "reminded", "Recordatorio"
    LATE = "late", "Plazo vencido"
    EXPIRED = "expired", "Caducada"


MARKS = {
    ReferralEvent.SENT: ("send", "info"),
    ReferralEvent.RECEIVED: ("eye", ""),
    ReferralEvent.ACCEPTED: ("check", "ok"),
    ReferralEvent.APPOINTED: ("cal", ""),
    ReferralEvent.ATTENDED: ("users", ""),
    ReferralEvent.NO_SHOW: ("user", "warn"),
    ReferralEvent.RETURNED: ("undo", "warn"),
    ReferralEvent.FORWARDED: ("send", "warn"),
    ReferralEvent.COMPLETED: ("doc", "info"),
    ReferralEvent.REJECTED: ("x", "bad"),
    ReferralEvent.ANSWERED: ("check", "ok"),
    ReferralEvent.REOPENED: ("refresh", "warn"),
    ReferralEvent.WITHDRAWN: ("undo", ""),
    ReferralEvent.TOLD: ("phone", "ok"),
    ReferralEvent.LINKED: ("link", ""),
    ReferralEvent.ATTACHED: ("doc", ""),
    ReferralEvent.ASSIGNED: ("user", ""),
    ReferralEvent.REMINDED: ("bell", ""),
    ReferralEvent.LATE: ("bell", "bad"),
    ReferralEvent.EXPIRED: ("clock", "bad"),
}
"""How each is drawn in the history: icon and tone."""


class AnswerOutcome(models.TextChoices):
    """What became of what was asked."""

    GRANTED = "granted", "Otorgado"
    NOT_ELIGIBLE = "not_eligible", "No cumple"
    WAITING_LIST = "waiting_list", "Lista de espera"
    NOT_LOCATED = "not_located", "No ubicada"
    WITHDREW = "withdrew", "Desistió"
    DUPLICATE = "duplicate", "Duplicada"


class NextStep(models.TextChoices):
    """What comes after the answer."""

    NONE = "none", "Ninguno"
    TELL_NEIGHBOUR = "tell_neighbour", "Avisar a la vecina o el vecino"
    COME_BACK = "come_back", "Que vuelva ese día"
    REFER_AGAIN = "refer_again", "Otra derivación"
