"""What may be done with a referral now, and by which of its two sides: a table that pages and API ask alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Agent, Permission
from ventanilla.referrals.models import Referral
from ventanilla.referrals.states import TO_ACCEPT, TO_ANSWER, WITH_RECEIVER, ReferralState


class Side(StrEnum):
    SENDER = "sender"
    RECEIVER = "receiver"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Verb:
    """``label`` is the button; ``asks`` when something must be written first, on a page of its own."""

    code: str
    label: str
    icon: str
    side: Side
    states: frozenset[ReferralState]
    asks: bool = True
    text: str = ""


_S = ReferralState

VERBS: Mapping[str, Verb] = {
    verb.code: verb
    for verb in (
        Verb("aceptar", "Aceptar", "check", Side.RECEIVER, TO_ACCEPT, asks=False),
        Verb("atender", "Atender", "users", Side.RECEIVER, frozenset({_S.ACCEPTED, _S.NO_SHOW}), asks=False),
        Verb(
            "dar-hora", "Dar una hora", "cal", Side.RECEIVER, TO_ACCEPT | {_S.ACCEPTED, _S.NO_SHOW, _S.IN_ATTENTION},
            text="Queda en la derivación, y la lee la unidad que la envió para avisar a la persona.",
        ),
        Verb("no-asistio", "No asistió", "user", Side.RECEIVER, frozenset({_S.ACCEPTED, _S.IN_ATTENTION}),
             text="Puede darle otra hora después, o responder que no fue ubicada."),
        Verb("devolver", "Devolver por antecedentes", "undo", Side.RECEIVER, TO_ACCEPT | {_S.ACCEPTED, _S.IN_ATTENTION},
             text="Vuelve a quien la envió para que la complete. Mientras tanto sus plazos no corren."),
        Verb("reenviar", "Reenviar a otra unidad", "send", Side.RECEIVER, WITH_RECEIVER,
             text="La otra unidad responde a quien la envió. Los plazos corren desde hoy, y solo ve lo que viajó."),
        Verb("rechazar", "Rechazar", "x", Side.RECEIVER, TO_ACCEPT,
             text="Termina aquí, y sus motivos quedan pendientes en la unidad que la envió."),
        Verb("responder", "Responder", "send", Side.RECEIVER, WITH_RECEIVER),
        Verb("asignar", "Asignar", "users", Side.RECEIVER, WITH_RECEIVER),
        Verb("completar", "Completar y enviar de nuevo", "send", Side.SENDER, frozenset({_S.RETURNED}),
             text="Vuelve a la unidad que la devolvió, con plazos nuevos desde hoy."),
        Verb("retirar", "Retirar", "undo", Side.SENDER, TO_ACCEPT | {_S.RETURNED},
             text="Deja de esperar respuesta, y sus motivos quedan pendientes aquí."),
        Verb("avisada", "Avisar a la persona", "phone", Side.SENDER, frozenset({_S.ANSWERED, _S.RETURNED}) | TO_ANSWER,
             text="Deja de estar en su bandeja. Escríbale un correo sin datos, o anote cómo le avisó."),
        Verb("reabrir", "Reabrir", "undo", Side.EITHER, frozenset({_S.ANSWERED}),
             text="La respuesta deja de valer y los plazos corren desde hoy. Lo respondido queda en el historial."),
        Verb("insistir", "Enviar de nuevo", "send", Side.SENDER, frozenset({_S.REJECTED, _S.EXPIRED}),
             text="Vuelve a la misma unidad, con plazos nuevos desde hoy."),
    )
}  # fmt: skip


BY_LINK = frozenset({"aceptar", "dar-hora", "no-asistio", "devolver", "rechazar", "responder"})
"""What somebody outside does."""


def speaks_for_provider(verb: Verb, referral: Referral) -> bool:
    """Whether an operator who does it writes down what somebody outside said."""
    return referral.is_outside and verb.side is Side.RECEIVER


def verbs_of(referral: Referral, *, by: Actor) -> list[Verb]:
    """Those the actor has now, in the order of the table."""
    return [verb for verb in VERBS.values() if is_hers(verb, referral, by=by) and is_due(verb, referral)]


def is_hers(verb: Verb, referral: Referral, *, by: Actor) -> bool:
    """Whether the actor is of the side that does it; a desk does a provider's side, in its words."""
    if by.role is Agent.PROVIDER:
        return by.provider_id == referral.to_provider_id and verb.code in BY_LINK
    if by.unit_id is None or not can(by, Permission.REFERRAL_WORK):
        return False
    is_sender, is_receiver = by.unit_id == referral.from_unit_id, by.unit_id == referral.to_unit_id
    if verb.code == "asignar" and not can(by, Permission.REFERRAL_ASSIGN):
        return is_receiver and referral.assigned_to_id is None
    if speaks_for_provider(verb, referral):
        return is_sender and verb.code in BY_LINK
    return {Side.SENDER: is_sender, Side.RECEIVER: is_receiver, Side.EITHER: is_sender or is_receiver}[verb.side]


def is_due(verb: Verb, referral: Referral) -> bool:
    """Whether it may be done where the referral is."""
    return referral.state in verb.states and (verb.code != "avisada" or _is_to_tell(referral))


def _is_to_tell(referral: Referral) -> bool:
    """Whether there is something that the neighbour does not know yet."""
    return referral.tell_by is not None or referral.state == ReferralState.RETURNED
