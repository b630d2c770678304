"""The waiting room by API: its queues, numbers given, called, attended and handed over; numbers, and nobody's name."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ventanilla.access.actors import Actor
from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.models import Desk
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import Given, Line, Shown
from ventanilla.intake.appointments.actions import receive
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.waiting import actions
from ventanilla.intake.waiting.actions import Preference
from ventanilla.intake.waiting.states import OPEN, Priority, TicketKind, TicketState
from ventanilla.registry.models import Person

router = Router(tags=["waiting room"])


class PreferenceGiven(Given):
    ground: Priority
    evidence: Line = Field(
        "", max_length=120, description="Con qué se acreditó, o por qué es urgente. Sin diagnósticos."
    )


class NewTicket(Given):
    """Without ``person_id`` the number has no name."""

    queue_id: UUID
    person_id: UUID | None = None
    preference: PreferenceGiven | None = None
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da el mismo número.")


class NextCall(Given):
    desk_id: UUID


class HandOver(Given):
    queue_id: UUID
    reason: Line = Field("", max_length=200)


class QueueShown(Shown):
    id: UUID
    letter: str
    name: str
    unit: str
    site: str
    opens_at: time | None
    closes_at: time | None
    desk_ids: list[UUID] = Field(description="Los módulos que la llaman.")
    waiting: int


class QueueList(Shown):
    items: list[QueueShown]


class TicketShown(Shown):
    """A number. Whose it is, is not said: that is seen in its consultation, once it began.

    ``appointment_id`` only if it is of an agenda that the key's posting may know of.
    """

    id: UUID
    label: str
    queue_id: UUID
    state: TicketState
    kind: TicketKind
    is_preferential: bool
    appointment_id: UUID | None
    desk_id: UUID | None
    calls: int
    arrived_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    consultation_id: UUID | None


class TicketList(Shown):
    items: list[TicketShown]


class TicketCalled(TicketShown):
    why: str = Field(description="Por qué le toca, en una frase.")


@operation(
    router,
    "GET",
    "/queues",
    Permission.ROOM_WORK,
    response=QueueList,
    summary="Filas en uso",
    description="Con cuántas personas esperan en cada una. Ninguna, si se atiende sin filas.",
)
def list_queues(request: ApiRequest) -> QueueList:
    here = Ticket.objects.visible_to(request.actor).in_room(clock.now())
    waiting = Counter(here.waiting().values_list("queue_id", flat=True))
    queues = Queue.objects.visible_to(request.actor).in_use()
    return QueueList(
        items=[
            QueueShown(
                id=queue.pk,
                letter=queue.letter,
                name=queue.name,
                unit=queue.unit.name,
                site=queue.site.name,
                opens_at=queue.opens_at,
                closes_at=queue.closes_at,
                desk_ids=sorted(row.desk_id for row in queue.served_by.all()),
                waiting=waiting[queue.pk],
            )
            for queue in queues.select_related("unit", "site").prefetch_related("served_by")
        ]
    )


@operation(
    router,
    "GET",
    "/queues/{uuid:queue_id}/tickets",
    Permission.ROOM_WORK,
    response=TicketList,
    summary="Números que esperan o están en un módulo",
    description="Por hora de llegada.",
)
def list_tickets(request: ApiRequest, queue_id: UUID) -> TicketList:
    queue = get_object_or_404(Queue.objects.visible_to(request.actor), pk=queue_id)
    here = Ticket.objects.visible_to(request.actor).in_room(clock.now()).filter(queue=queue)
    here = here.select_related("appointment__agenda")
    return TicketList(
        items=[_shown(ticket, request.actor) for ticket in here.filter(state__in=OPEN).order_by("arrived_at", "id")]
    )


@operation(
    router,
    "POST",
    "/tickets",
    Permission.ROOM_WORK,
    response={200: TicketShown, 201: TicketShown},
    summary="Dar un número",
    description=(
        "Si la persona tiene hora hoy en esa fila, el número es el de su hora. Quien ya espera en ella recibe el mismo:"
        " 200 en vez de 201."
    ),
)
def take_number(request: ApiRequest, new: NewTicket, response: HttpResponse) -> Status[TicketShown]:
    queue = get_object_or_404(Queue.objects.visible_to(request.actor), pk=new.queue_id)
    people = Person.objects.visible_to(request.actor)
    person = get_object_or_404(people, pk=new.person_id) if new.person_id else None
    asked_at = clock.now()
    given = new.preference
    ticket = receive(
        queue,
        by=request.actor,
        person=person,
        preference=Preference(given.ground, given.evidence) if given else None,
        submission_id=new.submission_id,
    )
    response.headers["Location"] = reverse("api:show_ticket", args=[ticket.pk])
    is_new = ticket.recorded_at >= asked_at
    return Status(HTTPStatus.CREATED if is_new else HTTPStatus.OK, _shown(ticket, request.actor))


@operation(
    router,
    "POST",
    "/tickets/call",
    Permission.ROOM_WORK,
    response=TicketCalled,
    summary="Llamar al siguiente a un módulo",
    description="Repetido, responde el mismo mientras siga llamado: un módulo tiene a una persona a la vez.",
)
def call_next(request: ApiRequest, call: NextCall) -> TicketCalled:
    desks = Desk.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)
    desk = get_object_or_404(desks.select_related("site"), pk=call.desk_id)
    ticket, why = actions.call_next(desk, by=request.actor)
    return TicketCalled(**_shown(ticket, request.actor).model_dump(), why=why)


@operation(
    router,
    "GET",
    "/tickets/{uuid:ticket_id}",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="Leer un número",
)
def show_ticket(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    return _shown(_visible_or_404(request, ticket_id), request.actor)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/recall",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="Llamar otra vez",
)
def recall(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    return _done(request, ticket_id, actions.recall)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/no-show",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="No se presentó",
    description="Desde el segundo llamado.",
)
def mark_no_show(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    return _done(request, ticket_id, actions.mark_no_show)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/return",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="Volvió",
    description="Espera otra vez en el lugar de su llegada, una sola vez.",
)
def return_to_room(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    return _done(request, ticket_id, actions.return_to_room)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/attend",
    Permission.CONSULTATION_WORK,
    response=TicketShown,
    summary="Atender",
    description="Empieza o retoma la consulta, que viene en `consultation_id`. Repetido, responde la misma.",
)
def attend_ticket(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    ticket = _visible_or_404(request, ticket_id)
    actions.attend(ticket, by=request.actor)
    return _shown(ticket, request.actor)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/finish",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="Dejar libre el módulo",
    description="Sin terminar una consulta; la que se termina lleva consigo su número.",
)
def finish_ticket(request: ApiRequest, ticket_id: UUID) -> TicketShown:
    return _done(request, ticket_id, actions.finish)


@operation(
    router,
    "POST",
    "/tickets/{uuid:ticket_id}/hand-over",
    Permission.ROOM_WORK,
    response=TicketShown,
    summary="Pasar a otra fila con el mismo número",
    description="La respuesta es el número en la otra fila, con la misma llegada y la misma preferencia.",
)
def hand_over(request: ApiRequest, ticket_id: UUID, order: HandOver) -> TicketShown:
    ticket = _visible_or_404(request, ticket_id)
    queue = get_object_or_404(Queue.objects.visible_to(request.actor), pk=order.queue_id)
    return _shown(actions.hand_over(ticket, queue, by=request.actor, reason=order.reason), request.actor)


def _visible_or_404(request: ApiRequest, ticket_id: UUID) -> Ticket:
    tickets = Ticket.objects.visible_to(request.actor).select_related("queue", "desk", "person")
    return get_object_or_404(tickets, pk=ticket_id)


def _done(request: ApiRequest, ticket_id: UUID, act: Callable[..., Ticket]) -> TicketShown:
    actor: Actor = request.actor
    return _shown(act(_visible_or_404(request, ticket_id), by=actor), actor)


def _shown(ticket: Ticket, actor: Actor) -> TicketShown:
    is_told = ticket.hour_for(actor) is not None
    is_hidden = ticket.kind == TicketKind.APPOINTMENT and not is_told
    return TicketShown(
        id=ticket.pk,
        label=ticket.label,
        queue_id=ticket.queue_id,
        state=TicketState(ticket.state),
        kind=TicketKind.ARRIVED if is_hidden else TicketKind(ticket.kind),
        is_preferential=ticket.is_preferential,
        appointment_id=ticket.appointment_id if is_told else None,
        desk_id=ticket.desk_id,
        calls=ticket.calls,
        arrived_at=ticket.arrived_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        finished_at=ticket.finished_at,
        consultation_id=ticket.consultation_id,
    )
