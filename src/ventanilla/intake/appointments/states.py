"""The life of an appointment, who ends it, and what came of calling to remind it."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class AppointmentState(models.TextChoices):
    BOOKED = "booked", "Reservada"
    ARRIVED = "arrived", "Llegó"
    ATTENDED = "attended", "Atendida"
    NO_SHOW = "no_show", "No vino"
    LEFT = "left", "Quedó sin atender"
    CANCELLED = "cancelled", "Cancelada"
    MOVED = "moved", "Cambiada"


APPOINTMENT_LIFECYCLE = Lifecycle(
    {
        AppointmentState.BOOKED: {
            AppointmentState.ARRIVED,
            AppointmentState.NO_SHOW,
            AppointmentState.CANCELLED,
            AppointmentState.MOVED,
        },
        AppointmentState.ARRIVED: {AppointmentState.ATTENDED, AppointmentState.NO_SHOW, AppointmentState.LEFT},
        # The day was closed before she came, or came back to the room.
        AppointmentState.NO_SHOW: {AppointmentState.ARRIVED, AppointmentState.ATTENDED},
        AppointmentState.ATTENDED: set(),
        AppointmentState.LEFT: set(),
        AppointmentState.CANCELLED: set(),
        AppointmentState.MOVED: set(),
    }
)

GIVEN_BACK = frozenset({AppointmentState.CANCELLED, AppointmentState.MOVED})
"""The place in the agenda is free again."""

TO_COME = frozenset({AppointmentState.BOOKED, AppointmentState.ARRIVED})
"""She is expected, or is here: at that hour she cannot have another."""

APPOINTMENT_TONES = {
    AppointmentState.BOOKED: "info",
    AppointmentState.ARRIVED: "ok",
    AppointmentState.ATTENDED: "",
    AppointmentState.NO_SHOW: "warn",
    AppointmentState.LEFT: "bad",
    AppointmentState.CANCELLED: "",
    AppointmentState.MOVED: "",
}


class CancelledBy(models.TextChoices):
    PERSON = "person", "La persona"
    OFFICE = "office", "La oficina"


class Reminder(models.TextChoices):
    """What came of calling her."""

    TOLD = "told", "Avisada"
    NO_ANSWER = "no_answer", "No contesta"
