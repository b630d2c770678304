"""Contacts by API: note, list, read, take, turn into a consultation, answer."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import PAGE_SIZE, Given, Line, Prose, Shown, read_cursor, require_version, write_cursor
from ventanilla.core.errors import RuleBroken
from ventanilla.core.run import BadRun, Run, parse
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.api import PersonNamed
from ventanilla.intake.contacts import actions
from ventanilla.intake.contacts.reading import CLOSED, MINE, PASSED, PENDING, UNTAKEN, inbox, open_contact
from ventanilla.intake.contacts.states import ContactState, DiscardGround
from ventanilla.intake.models import Contact
from ventanilla.intake.states import Channel, Requester
from ventanilla.registry.models import Person

router = Router(tags=["contacts"])

RunText = Annotated[str, Field(max_length=20, description="Con o sin puntos.", examples=["12345678-5"])]


class ContactsShown(StrEnum):
    """Which of the unit's: those to see to, or others."""

    PENDING = "pending"
    UNTAKEN = "untaken"
    MINE = "mine"
    CLOSED = "closed"
    PASSED = "passed"


_VIEWS = {
    ContactsShown.PENDING: PENDING,
    ContactsShown.UNTAKEN: UNTAKEN,
    ContactsShown.MINE: MINE,
    ContactsShown.CLOSED: CLOSED,
    ContactsShown.PASSED: PASSED,
}


class NewContact(Given):
    """What came in. Of the person, as much as is known: with a RUN that is registered here, the contact is hers."""

    channel: Channel
    subject: Line = Field(min_length=1, max_length=120, description="En pocas palabras: es lo que se ve en la lista.")
    text: Prose = Field("", max_length=4000)
    requester: Requester = Requester.SELF
    sender: Line = Field("", max_length=120, description="Quién escribe, si es otra persona o una institución.")
    run: RunText = ""
    name: Line = Field("", max_length=120)
    answer_to: Line = Field("", max_length=120, description="Teléfono o correo donde responder.")
    document_number: Line = Field("", max_length=60)
    document_on: date | None = None
    due_on: date | None = Field(None, description="Responder hasta.")
    received_at: AwareDatetime | None = Field(None, description="Cuándo llegó; ahora, si falta.")
    is_reserved: bool = Field(False, description="Solo de la unidad y de Asistencia Social.")
    unit_id: UUID | None = Field(None, description="Otra unidad a la que pasa de inmediato.")
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da el mismo contacto.")


class ContactAnswer(Given):
    answer: Prose = Field(min_length=1, max_length=1000)
    version: int | None = Field(None, ge=1, description="La leída: si otra persona lo cambió después, es 409.")


class ContactPerson(Given):
    """Without ``person_id``, with whoever the contact names; else with nobody known."""

    person_id: UUID | None = None


class ContactHead(Shown):
    """Where a contact stands: what a write answers."""

    id: UUID
    folio: str
    state: ContactState
    version: int
    unit: str
    consultation_id: UUID | None


class ContactRow(ContactHead):
    channel: Channel
    subject: str
    person: PersonNamed | None
    name: str
    sender: str
    taken_by: str | None
    due_on: date | None
    is_overdue: bool
    received_at: datetime


class ContactShown(ContactRow):
    run: str
    text: str
    requester: Requester
    answer_to: str
    document_number: str
    document_on: date | None
    secrecy: Secrecy
    answer: str
    discard_ground: DiscardGround | None
    recorded_at: datetime
    closed_at: datetime | None


class ContactPage(Shown):
    items: list[ContactRow]
    next_cursor: str | None = Field(description="Para pedir la página que sigue; nulo en la última.")


@operation(
    router,
    "POST",
    "/contacts",
    Permission.CONSULTATION_WORK,
    response={200: ContactHead, 201: ContactHead},
    summary="Anotar un contacto",
    description="201 si se anotó ahora; 200 si el mismo envío ya estaba.",
)
def note_contact(request: ApiRequest, new: NewContact, response: HttpResponse) -> Status[ContactHead]:
    units = Unit.objects.filter(institution_id=request.actor.institution)
    asked_at = clock.now()
    contact = actions.note_contact(
        actions.ContactDetails(
            run=_run(new.run),
            secrecy=Secrecy.RESERVED if new.is_reserved else Secrecy.ORDINARY,
            **new.model_dump(exclude={"run", "is_reserved", "unit_id", "submission_id"}),
        ),
        by=request.actor,
        unit=get_object_or_404(units, pk=new.unit_id) if new.unit_id else None,
        submission_id=new.submission_id,
    )
    response.headers["Location"] = reverse("api:show_contact", args=[contact.pk])
    is_new = contact.recorded_at >= asked_at
    return Status(HTTPStatus.CREATED if is_new else HTTPStatus.OK, _head(contact))


@operation(
    router,
    "GET",
    "/contacts",
    Permission.CONSULTATION_READ,
    response=ContactPage,
    summary="Contactos de la unidad",
    description=f"Primero lo que vence y lo que más espera, de a {PAGE_SIZE}; los cerrados, el más nuevo primero.",
)
def list_contacts(
    request: ApiRequest,
    show: ContactsShown = ContactsShown.PENDING,
    channel: Channel | None = None,
    cursor: str | None = None,
) -> ContactPage:
    after = None
    if cursor:
        at, last_id = read_cursor(cursor)
        after = at.date(), last_id
    page = inbox(by=request.actor, view=_VIEWS[show], channel=channel or "", after=after, most=PAGE_SIZE)
    following = write_cursor(datetime.combine(page.after[0], time(), tzinfo=UTC), page.after[1]) if page.after else None
    return ContactPage(items=[ContactRow(**_row(row.contact)) for row in page.rows], next_cursor=following)


@operation(
    router,
    "GET",
    "/contacts/{uuid:contact_id}",
    Permission.CONSULTATION_READ,
    response=ContactShown,
    summary="Leer un contacto",
    description="Los de la unidad, y los que pasaron por ella. Queda en el registro de lecturas.",
)
def show_contact(request: ApiRequest, contact_id: UUID) -> ContactShown:
    contact = open_contact(contact_id, by=request.actor)
    return ContactShown(
        **_row(contact),
        run=contact.about_run,
        text=contact.text,
        requester=Requester(contact.requester),
        answer_to=contact.answer_to,
        document_number=contact.document_number,
        document_on=contact.document_on,
        secrecy=Secrecy(contact.secrecy),
        answer=contact.answer,
        discard_ground=DiscardGround(contact.discard_ground) if contact.discard_ground else None,
        recorded_at=contact.recorded_at,
        closed_at=contact.closed_at,
    )


@operation(
    router,
    "POST",
    "/contacts/{uuid:contact_id}/take",
    Permission.CONSULTATION_WORK,
    response=ContactHead,
    summary="Tomar un contacto",
    has_version=True,
    description="409 si ya lo tiene otra persona.",
)
def take_contact(request: ApiRequest, contact_id: UUID) -> ContactHead:
    return _head(actions.take_contact(_to_write(request, contact_id), by=request.actor))


@operation(
    router,
    "POST",
    "/contacts/{uuid:contact_id}/convert",
    Permission.CONSULTATION_WORK,
    response=ContactHead,
    summary="Pasar un contacto a consulta",
    has_version=True,
    description="La atención comienza ahora, por el canal del contacto. La respuesta dice qué consulta es.",
)
def convert_contact(request: ApiRequest, contact_id: UUID, given: ContactPerson) -> ContactHead:
    contact = _to_write(request, contact_id)
    people = Person.objects.visible_to(request.actor)
    person = get_object_or_404(people, pk=given.person_id) if given.person_id else None
    actions.turn_into_consultation(contact, by=request.actor, person=person)
    return _head(contact)


@operation(
    router,
    "POST",
    "/contacts/{uuid:contact_id}/answer",
    Permission.CONSULTATION_WORK,
    response=ContactHead,
    summary="Responder un contacto sin consulta",
    has_version=True,
    description="No cuenta como consulta en ninguna cifra.",
)
def answer_contact(request: ApiRequest, contact_id: UUID, given: ContactAnswer) -> ContactHead:
    contact = _to_write(request, contact_id)
    return _head(actions.answer_contact(contact, by=request.actor, answer=given.answer, version=given.version))


def _run(text: str) -> Run | None:
    try:
        return parse(text) if text.strip() else None
    except BadRun as error:
        raise RuleBroken(str(error), field="run") from error


def _to_write(request: ApiRequest, contact_id: UUID) -> Contact:
    found = get_object_or_404(Contact.objects.visible_to(request.actor).select_related("unit"), pk=contact_id)
    require_version(request, found)
    return found


def _head(contact: Contact) -> ContactHead:
    return ContactHead(
        id=contact.pk,
        folio=contact.folio,
        state=ContactState(contact.state),
        version=contact.version,
        unit=contact.unit.name,
        consultation_id=contact.consultation_id,
    )


def _row(contact: Contact) -> dict[str, Any]:
    return _head(contact).model_dump() | {
        "channel": Channel(contact.channel),
        "subject": contact.subject,
        "person": PersonNamed(id=contact.person.pk, name=contact.person.full_name) if contact.person else None,
        "name": contact.about_name,
        "sender": contact.sender,
        "taken_by": contact.taken_by.full_name if contact.taken_by else None,
        "due_on": contact.due_on,
        "is_overdue": contact.is_open and contact.urgency_on(clock.today()).is_overdue,
        "received_at": contact.received_at,
    }
