"""Consultations by API: start, write, end, answer, void, list."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ventanilla.access.actors import Actor
from ventanilla.access.api_auth import ApiRequest, operation
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.api import (
    PAGE_SIZE,
    Given,
    Line,
    Prose,
    Shown,
    has_condition,
    read_cursor,
    require_version,
    write_cursor,
)
from ventanilla.core.errors import RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake import actions
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.reading import for_lists, ground_for, open_consultation, told_in_consultation
from ventanilla.intake.states import Channel, ConsultationState, Outcome, Requester
from ventanilla.intake.third_parties_api import ThirdPartyStated
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading

router = Router(tags=["consultations"])

MOST_LINES = 30
MOST_SUBJECTS = 30


class NewConsultation(Given):
    """Without ``person_id`` the consultation is anonymous."""

    person_id: UUID | None = None
    channel: Channel = Channel.IN_PERSON
    submission_id: UUID | None = Field(None, description="Hecho por el cliente: el mismo da la misma consulta.")


class LineGiven(Given):
    reason_id: UUID
    outcome: Outcome | None = None
    answer: Line = Field("", max_length=500)
    awaited_documents: Line = Field("", max_length=500)
    awaited_until: date | None = None
    subject_ids: Annotated[list[UUID], Field(max_length=MOST_SUBJECTS)] = Field(
        default_factory=list, description="Personas de quienes trata; ninguna es la que vino."
    )
    about_home: bool = Field(False, description="Trata también del hogar de la persona que vino.")
    about_dwelling: bool = Field(False, description="Trata también de la vivienda de su hogar.")


class ConsultationGiven(Given):
    """What the desk has written. Lines not in it are taken away; any other field left out stays as it was."""

    lines: Annotated[list[LineGiven], Field(max_length=MOST_LINES)]
    notes: Prose | None = Field(None, max_length=4000)
    channel: Channel | None = None
    requester: Requester | None = None
    requester_detail: Line | None = Field(None, max_length=120)
    third_party: ThirdPartyStated | None = None
    told: Annotated[list[UUID], Field(max_length=MOST_LINES)] | None = Field(
        None, description="Versiones de las prestaciones de que se le informó."
    )
    version: int | None = Field(None, ge=1, description="La leída: si alguien guardó después, 409. O va en `If-Match`.")


class VoidReason(Given):
    reason: Line = Field(max_length=300)


class LineAnswer(Given):
    outcome: Outcome
    answer: Line = Field("", max_length=500)


class ConsultationHead(Shown):
    """Where a consultation stands, with none of its content: what a write answers."""

    id: UUID
    folio: str
    state: ConsultationState
    version: int
    person_id: UUID | None
    attended_at: datetime | None
    resolved_at: datetime | None


class PersonNamed(Shown):
    id: UUID
    name: str


class LineShown(Shown):
    id: UUID
    reason_id: UUID
    reason: str
    secrecy: Secrecy
    function: str | None
    outcome: Outcome | None
    answer: str
    awaited_documents: str
    awaited_until: date | None
    answered_at: datetime | None
    subject_ids: list[UUID]
    about_home: bool
    about_dwelling: bool


class ConsultationShown(ConsultationHead):
    person: PersonNamed | None
    unit: str
    channel: Channel
    requester: Requester
    requester_detail: str
    third_party: ThirdPartyStated
    secrecy: Secrecy
    continues_id: UUID | None
    notes: str
    occurred_at: datetime
    recorded_at: datetime
    voided_at: datetime | None
    void_reason: str
    lines: list[LineShown]
    told: list[UUID] = Field(description="Versiones de las prestaciones de que se le informó.")


class ConsultationRow(Shown):
    id: UUID
    folio: str
    state: ConsultationState
    channel: Channel
    person: PersonNamed | None
    reasons: list[str]
    occurred_at: datetime


class ConsultationPage(Shown):
    items: list[ConsultationRow]
    next_cursor: str | None = Field(description="Para pedir la página que sigue; nulo en la última.")


@operation(
    router,
    "POST",
    "/consultations",
    Permission.CONSULTATION_WORK,
    response={200: ConsultationHead, 201: ConsultationHead},
    summary="Iniciar o retomar una consulta",
    description="201 si empezó ahora; 200 si se retoma la que el mismo operador tiene en atención con la persona.",
)
def start_consultation(request: ApiRequest, new: NewConsultation, response: HttpResponse) -> Status[ConsultationHead]:
    people = Person.objects.visible_to(request.actor)
    person = get_object_or_404(people, pk=new.person_id) if new.person_id else None
    asked_at = clock.now()
    consultation = actions.start_consultation(
        person, by=request.actor, channel=new.channel, submission_id=new.submission_id
    )
    response.headers["Location"] = reverse("api:show_consultation", args=[consultation.pk])
    is_new = consultation.recorded_at >= asked_at
    return Status(HTTPStatus.CREATED if is_new else HTTPStatus.OK, _head(consultation))


@operation(
    router,
    "GET",
    "/consultations",
    Permission.CONSULTATION_READ,
    response=ConsultationPage,
    summary="Consultas de la unidad",
    description=f"Las de la unidad propia, de la más nueva a la más antigua, de a {PAGE_SIZE}.",
)
def list_consultations(
    request: ApiRequest, state: ConsultationState | None = None, cursor: str | None = None
) -> ConsultationPage:
    found = Consultation.objects.visible_to(request.actor).of_unit(request.actor.unit_id)
    if state:
        found = found.filter(state=state)
    if cursor:
        at, last_id = read_cursor(cursor)
        found = found.filter(Q(occurred_at__lt=at) | Q(id__lt=last_id), occurred_at__lte=at)
    rows = list(for_lists(found, PAGE_SIZE + 1))
    page = rows[:PAGE_SIZE]
    shown = {consultation.person_id for consultation in page if consultation.person_id}
    log_reading(ReadEntry.Kind.LIST, shown=sorted(shown), note=f"{len(page)} consultas")
    is_last = len(rows) <= PAGE_SIZE
    return ConsultationPage(
        items=[_row(consultation) for consultation in page],
        next_cursor=None if is_last else write_cursor(page[-1].occurred_at, page[-1].pk),
    )


@operation(
    router,
    "GET",
    "/consultations/{uuid:consultation_id}",
    Permission.CONSULTATION_READ,
    response=ConsultationShown,
    summary="Leer una consulta",
    description="La propia, o con una finalidad para la persona de quien trata. Queda en el registro de lecturas.",
)
def show_consultation(request: ApiRequest, consultation_id: UUID) -> ConsultationShown:
    return _shown(open_consultation(consultation_id, by=request.actor), by=request.actor)


@operation(
    router,
    "PUT",
    "/consultations/{uuid:consultation_id}",
    Permission.CONSULTATION_WORK,
    response=ConsultationHead,
    summary="Guardar lo escrito",
    has_version=True,
)
def write_consultation(request: ApiRequest, consultation_id: UUID, written: ConsultationGiven) -> ConsultationHead:
    found = _to_write(request, consultation_id)
    return _head(actions.write_consultation(found, _writing(request, found, written), by=request.actor))


@operation(
    router,
    "POST",
    "/consultations/{uuid:consultation_id}/attend",
    Permission.CONSULTATION_WORK,
    response=ConsultationHead,
    summary="Terminar la atención",
    has_version=True,
    description="Guarda lo escrito y termina: cada motivo lleva su resultado. Si ninguno queda abierto, se finaliza.",
)
def end_attention(request: ApiRequest, consultation_id: UUID, written: ConsultationGiven) -> ConsultationHead:
    found = _to_write(request, consultation_id)
    return _head(actions.end_attention(found, _writing(request, found, written), by=request.actor))


@operation(
    router,
    "POST",
    "/consultations/{uuid:consultation_id}/void",
    Permission.CONSULTATION_VOID,
    response=ConsultationHead,
    summary="Anular una consulta",
    has_version=True,
    description="Sale de todas las cifras; el folio no se reutiliza y lo escrito queda.",
)
def void_consultation(request: ApiRequest, consultation_id: UUID, written: VoidReason) -> ConsultationHead:
    found = _to_write(request, consultation_id)
    return _head(actions.void_consultation(found, by=request.actor, reason=written.reason))


@operation(
    router,
    "POST",
    "/consultations/{uuid:consultation_id}/lines/{uuid:line_id}/answer",
    Permission.CONSULTATION_WORK,
    response=ConsultationHead,
    summary="Responder un motivo que quedó abierto",
    has_version=True,
)
def answer_line(request: ApiRequest, consultation_id: UUID, line_id: UUID, given: LineAnswer) -> ConsultationHead:
    found = _to_write(request, consultation_id)
    line = get_object_or_404(ReasonLine.objects.visible_to(request.actor), pk=line_id, consultation=found)
    return _head(actions.answer_line(line, by=request.actor, outcome=given.outcome, answer=given.answer))


def _to_write(request: ApiRequest, consultation_id: UUID) -> Consultation:
    """The consultation to write on; its version is told to nobody who has no ground to read it."""
    found = get_object_or_404(Consultation.objects.visible_to(request.actor), pk=consultation_id)
    if has_condition(request):
        ground_for(found, by=request.actor)
        require_version(request, found)
    return found


def _writing(request: ApiRequest, found: Consultation, written: ConsultationGiven) -> actions.Writing:
    """What was ``found`` fills in for what was left out: the version tells whether somebody changed it since."""
    if written.version is None and not has_condition(request):
        raise RuleBroken("Falta la versión que leyó: envíela aquí o en «If-Match».", field="version")
    _require_people({person for line in written.lines for person in line.subject_ids}, by=request.actor)
    return actions.Writing(
        lines=[
            actions.LineDetails(
                reason_id=line.reason_id,
                outcome=line.outcome or "",
                answer=line.answer,
                awaited_documents=line.awaited_documents,
                awaited_until=line.awaited_until,
                subject_ids=tuple(dict.fromkeys(line.subject_ids)),
                about_home=line.about_home,
                about_dwelling=line.about_dwelling,
            )
            for line in written.lines
        ],
        notes=found.notes if written.notes is None else written.notes,
        channel=written.channel or Channel(found.channel),
        requester=written.requester or Requester(found.requester),
        requester_detail=found.requester_detail if written.requester_detail is None else written.requester_detail,
        third_party=written.third_party.stated() if written.third_party else actions.third_party_of(found),
        version=written.version or found.version,
        told=None if written.told is None else frozenset(written.told),
    )


def _require_people(ids: set[UUID], *, by: Actor) -> None:
    """A page offers only people of the home; here any identifier may come."""
    if ids and Person.objects.visible_to(by).filter(pk__in=ids).count() != len(ids):
        raise RuleBroken("Una de las personas indicadas en los motivos no está registrada aquí.", field="lines")


def _head(consultation: Consultation) -> ConsultationHead:
    return ConsultationHead(
        id=consultation.pk,
        folio=consultation.folio,
        state=ConsultationState(consultation.state),
        version=consultation.version,
        person_id=consultation.person_id,
        attended_at=consultation.attended_at,
        resolved_at=consultation.resolved_at,
    )


def _named(person: Person | None) -> PersonNamed | None:
    return PersonNamed(id=person.pk, name=person.full_name) if person else None


def _shown(consultation: Consultation, *, by: Actor) -> ConsultationShown:
    lines = consultation.lines.prefetch_related("subjects")
    return ConsultationShown(
        **_head(consultation).model_dump(),
        person=_named(consultation.person),
        unit=consultation.unit.name,
        channel=Channel(consultation.channel),
        requester=Requester(consultation.requester),
        requester_detail=consultation.requester_detail,
        third_party=ThirdPartyStated.of(consultation),
        secrecy=Secrecy(consultation.secrecy),
        continues_id=consultation.continues_id,
        notes=consultation.notes,
        occurred_at=consultation.occurred_at,
        recorded_at=consultation.recorded_at,
        voided_at=consultation.voided_at,
        void_reason=consultation.void_reason,
        lines=[_line(line) for line in lines],
        told=[version.pk for version in told_in_consultation(consultation, by=by)],
    )


def _line(line: ReasonLine) -> LineShown:
    return LineShown(
        id=line.pk,
        reason_id=line.reason_id,
        reason=line.name,
        secrecy=Secrecy(line.secrecy),
        function=line.function_id,
        outcome=Outcome(line.outcome) if line.outcome else None,
        answer=line.answer,
        awaited_documents=line.awaited_documents,
        awaited_until=line.awaited_until,
        answered_at=line.answered_at,
        subject_ids=[subject.person_id for subject in line.subjects.all() if subject.person_id],
        about_home=any(subject.home_id for subject in line.subjects.all()),
        about_dwelling=any(subject.dwelling_id for subject in line.subjects.all()),
    )


def _row(consultation: Consultation) -> ConsultationRow:
    return ConsultationRow(
        id=consultation.pk,
        folio=consultation.folio,
        state=ConsultationState(consultation.state),
        channel=Channel(consultation.channel),
        person=_named(consultation.person),
        reasons=list(consultation.reason_names),
        occurred_at=consultation.occurred_at,
    )
