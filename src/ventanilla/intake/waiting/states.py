"""The life of a number in the waiting room, and the grounds of a preference."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class TicketState(models.TextChoices):
    WAITING = "waiting", "En espera"
    CALLED = "called", "Llamado"
    ATTENDING = "attending", "En atención"
    DONE = "done", "Atendido"
    NO_SHOW = "no_show", "No se presentó"
    LEFT = "left", "Quedó sin atender"
    HANDED_OVER = "handed_over", "Pasó a otra fila"


TICKET_LIFECYCLE = Lifecycle(
    {
        TicketState.WAITING: {TicketState.CALLED, TicketState.LEFT, TicketState.HANDED_OVER},
        TicketState.CALLED: {
            TicketState.ATTENDING,
            TicketState.NO_SHOW,
            TicketState.LEFT,
            TicketState.HANDED_OVER,
        },
        TicketState.ATTENDING: {TicketState.DONE, TicketState.HANDED_OVER},
        TicketState.NO_SHOW: {TicketState.WAITING},  # once, if she comes back
        TicketState.DONE: set(),
        TicketState.LEFT: set(),
        TicketState.HANDED_OVER: set(),
    }
)

AT_A_DESK = frozenset({TicketState.CALLED, TicketState.ATTENDING})
OPEN = frozenset({TicketState.WAITING}) | AT_A_DESK

TICKET_TONES = {
    TicketState.WAITING: "info",
    TicketState.CALLED: "warn",
    TicketState.ATTENDING: "ok",
    TicketState.DONE: "",
    TicketState.NO_SHOW: "",
    TicketState.LEFT: "bad",
    TicketState.HANDED_OVER: "",
}


class TicketKind(models.TextChoices):
    ARRIVED = "arrived", "Llegó"
    WALKED_OVER = "walked_over", "Viene de otro módulo"
    APPOINTMENT = "appointment", "Con hora"


class Priority(models.TextChoices):
    """Why somebody goes first. Disability and care are a right (Ley 21.768); the others are the house's."""

    DISABILITY = "disability", "Persona con discapacidad"
    CARER = "carer", "Persona cuidadora"
    PREGNANCY = "pregnancy", "Embarazo"
    AGE = "age", "60 años o más"
    URGENCY = "urgency", "Urgencia"
