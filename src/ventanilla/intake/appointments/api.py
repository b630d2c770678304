"""Appointments by API: agendas and their free hours; an hour given, moved, cancelled, and who came at hers."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router
from ninja.responses import Status
from pydantic import AfterValidator, Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.api import Day, Given, Line, Shown
from ventanilla.intake.appointments import actions
from ventanilla.intake.appointments.actions import Request
from ventanilla.intake.appointments.reading import agendas_of, appointments_on, logged, seen
from ventanilla.intake.appointments.slots import free_slots, looked_for_since
from ventanilla.intake.appointments.states import AppointmentState, CancelledBy
from ventanilla.intake.models import Agenda, Appointment
from ventanilla.intake.states import Channel
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.models import Person

router = Router(tags=["appointments"])

MOST_SLOTS = 50


def _with_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("Diga también la zona, como 2026-11-23T10:30:00-03:00.")
    return moment


Moment = Annotated[datetime, AfterValidator(_with_zone)]


class NewAppointment(Given):
    """Without ``person_id`` a name and a telephone are needed."""

    agenda_id: UUID
    starts_at: Moment
    person_id: UUID | None = None
    name: Line = Field("", max_length=120)
    phone: Line = Field("", max_length=40)
    reason_id: UUID | None = Field(None, description="Uno ordinario: los reservados no se anotan en la agenda.")
    about: Line = Field("", max_length=120)
    channel: Channel = Channel.IN_PERSON
    notes: Line = Field("", max_length=300)
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da la misma hora.")


class Move(Given):
    starts_at: Moment
    agenda_id: UUID | None = Field(None, description="Nula, la misma.")
    reason: Line = Field("", max_length=200)
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da la misma hora.")


class Cancel(Given):
    cancelled_by: CancelledBy = CancelledBy.PERSON
    reason: Line = Field("", max_length=200, description="La oficina siempre lo dice.")


class AgendaShown(Shown):
    id: UUID
    name: str
    unit: str
    site: str
    queue_id: UUID | None


class AgendaList(Shown):
    items: list[AgendaShown]


class SlotShown(Shown):
    starts_at: datetime
    ends_at: datetime
    left: int = Field(description="Para cuántas personas queda lugar.")


class SlotList(Shown):
    items: list[SlotShown]


class AppointmentHead(Shown):
    """When and where, and how it stands: what a write answers."""

    id: UUID
    state: AppointmentState
    agenda_id: UUID
    person_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    moved_from_id: UUID | None
    consultation_id: UUID | None


class AppointmentShown(AppointmentHead):
    name: str = Field(description="De la persona, o el que dejó quien aún no tiene ficha.")
    about: str


class AppointmentList(Shown):
    items: list[AppointmentShown]


class Arrival(AppointmentHead):
    ticket_id: UUID | None = Field(description="Nulo donde no hay fila.")
    label: str = Field(description="El número, como A-017; vacío donde no hay fila.")


@operation(
    router,
    "GET",
    "/agendas",
    Permission.ROOM_WORK,
    response=AgendaList,
    summary="Agendas en uso",
    description="En las que este desempeño puede dar horas.",
)
def list_agendas(request: ApiRequest) -> AgendaList:
    return AgendaList(
        items=[
            AgendaShown(
                id=agenda.pk,
                name=agenda.name,
                unit=agenda.unit.name,
                site=agenda.site.name,
                queue_id=agenda.queue_id,
            )
            for agenda in agendas_of(request.actor)
        ]
    )


@operation(
    router,
    "GET",
    "/agendas/{uuid:agenda_id}/slots",
    Permission.ROOM_WORK,
    response=SlotList,
    summary="Horas libres",
    description=(
        f"Las {MOST_SLOTS} que siguen, a lo más a tres meses. `since` es el día desde el cual; `person_id` deja fuera"
        " aquellas en que esa persona ya tiene otra."
    ),
)
def list_slots(
    request: ApiRequest, agenda_id: UUID, since: Day | None = None, person_id: UUID | None = None
) -> SlotList:
    agenda = _agenda_or_404(request, agenda_id)
    person = person_or_404(person_id, by=request.actor) if person_id else None
    found = free_slots(agenda, after=looked_for_since(since, clock.now()), most=MOST_SLOTS, person=person)
    return SlotList(items=[SlotShown(starts_at=slot.starts_at, ends_at=slot.ends_at, left=slot.left) for slot in found])


@operation(
    router,
    "POST",
    "/appointments",
    Permission.ROOM_WORK,
    response={200: AppointmentHead, 201: AppointmentHead},
    summary="Dar una hora",
    description="Si la hora ya se ocupó responde 422 y nombra las que siguen. 200 si ese `submission_id` ya la tenía.",
)
def book_appointment(request: ApiRequest, new: NewAppointment, response: HttpResponse) -> Status[AppointmentHead]:
    agenda = _agenda_or_404(request, new.agenda_id)
    people, reasons = Person.objects.visible_to(request.actor), Reason.objects.visible_to(request.actor).in_use()
    wanted = Request(
        person=get_object_or_404(people, pk=new.person_id) if new.person_id else None,
        name=new.name,
        phone=new.phone,
        reason=get_object_or_404(reasons, pk=new.reason_id) if new.reason_id else None,
        about=new.about,
        channel=new.channel,
        notes=new.notes,
    )
    asked_at = clock.now()
    made = actions.book_appointment(agenda, new.starts_at, wanted, by=request.actor, submission_id=new.submission_id)
    response.headers["Location"] = reverse("api:show_appointment", args=[made.pk])
    return Status(HTTPStatus.CREATED if made.booked_at >= asked_at else HTTPStatus.OK, _head(made))


@operation(
    router,
    "GET",
    "/appointments",
    Permission.ROOM_WORK,
    response=AppointmentList,
    summary="Horas dadas de un día",
    description="En orden, sin las canceladas ni las cambiadas. Queda en el registro de lecturas.",
)
def list_appointments(request: ApiRequest, day: Day | None = None, agenda_id: UUID | None = None) -> AppointmentList:
    agenda = _agenda_or_404(request, agenda_id) if agenda_id else None
    found = appointments_on(day or clock.today(), by=request.actor, agenda=agenda)
    return AppointmentList(items=[_shown(one) for one in found])


@operation(
    router,
    "GET",
    "/appointments/{uuid:appointment_id}",
    Permission.ROOM_WORK,
    response=AppointmentShown,
    summary="Leer una hora dada",
    description="Queda en el registro de lecturas.",
)
def show_appointment(request: ApiRequest, appointment_id: UUID) -> AppointmentShown:
    (found,) = logged([_visible_or_404(request, appointment_id)], note="cita")
    return _shown(found)


@operation(
    router,
    "POST",
    "/appointments/{uuid:appointment_id}/move",
    Permission.ROOM_WORK,
    response={200: AppointmentHead, 201: AppointmentHead},
    summary="Cambiar una hora",
    description="La respuesta es la hora nueva; la que tenía queda libre.",
)
def move_appointment(
    request: ApiRequest, appointment_id: UUID, order: Move, response: HttpResponse
) -> Status[AppointmentHead]:
    found = _visible_or_404(request, appointment_id)
    agenda = _agenda_or_404(request, order.agenda_id) if order.agenda_id else found.agenda
    asked_at = clock.now()
    made = actions.move_appointment(
        found,
        agenda,
        order.starts_at,
        by=request.actor,
        reason=order.reason,
        submission_id=order.submission_id,
    )
    response.headers["Location"] = reverse("api:show_appointment", args=[made.pk])
    return Status(HTTPStatus.CREATED if made.booked_at >= asked_at else HTTPStatus.OK, _head(made))


@operation(
    router,
    "POST",
    "/appointments/{uuid:appointment_id}/cancel",
    Permission.ROOM_WORK,
    response=AppointmentHead,
    summary="Cancelar una hora",
)
def cancel_appointment(request: ApiRequest, appointment_id: UUID, order: Cancel) -> AppointmentHead:
    found = _visible_or_404(request, appointment_id)
    return _head(
        actions.cancel_appointment(found, by=request.actor, cancelled_by=order.cancelled_by, reason=order.reason)
    )


@operation(
    router,
    "POST",
    "/appointments/{uuid:appointment_id}/arrive",
    Permission.ROOM_WORK,
    response=Arrival,
    summary="Llegó a su hora",
    description="Da el número de la fila de la agenda, si tiene una. Repetido, responde el mismo.",
)
def arrive(request: ApiRequest, appointment_id: UUID) -> Arrival:
    found = _visible_or_404(request, appointment_id)
    ticket = actions.arrive(found, by=request.actor)
    return Arrival(
        **_head(found).model_dump(),
        ticket_id=ticket.pk if ticket else None,
        label=ticket.label if ticket else "",
    )


def _agenda_or_404(request: ApiRequest, agenda_id: UUID) -> Agenda:
    return get_object_or_404(agendas_of(request.actor), pk=agenda_id)


def _visible_or_404(request: ApiRequest, appointment_id: UUID) -> Appointment:
    return get_object_or_404(seen(request.actor), pk=appointment_id)


def _head(found: Appointment) -> AppointmentHead:
    return AppointmentHead(
        id=found.pk,
        state=AppointmentState(found.state),
        agenda_id=found.agenda_id,
        person_id=found.person_id,
        starts_at=timezone.localtime(found.starts_at),
        ends_at=timezone.localtime(found.ends_at),
        moved_from_id=found.moved_from_id,
        consultation_id=found.consultation_id,
    )


def _shown(found: Appointment) -> AppointmentShown:
    return AppointmentShown(**_head(found).model_dump(), name=found.who, about=found.subject)
