"""Reading a consultation: one rule for pages and API."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import state_purpose
from ventanilla.access.written import written_once
from ventanilla.catalogue.models import Entry, EntryVersion
from ventanilla.core.errors import NotAllowed
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, Draft, LineSubject, ReasonLine
from ventanilla.intake.models.consultations import ConsultationQuerySet
from ventanilla.intake.states import ConsultationState
from ventanilla.registry.homes import people_at_home
from ventanilla.registry.models import ReadEntry, ReadPurpose
from ventanilla.registry.reading import log_reading, open_purpose, open_purpose_of, require_purpose


def open_consultation(consultation_id: UUID, *, by: Actor) -> Consultation:
    """The consultation, with its reading logged.

    One's own needs no further ground; anybody else's needs a purpose for the person it is about (``PurposeNeeded``),
    and another unit's also the full profile (``NotAllowed``): the summary shows that something is open, not what.
    Raises ``Http404`` when the actor may not know of it.
    """
    require(by, Permission.CONSULTATION_READ)
    visible = Consultation.objects.visible_to(by).select_related(
        "person", "unit", "recorded_by", "attended_by", "continues"
    )
    consultation = get_object_or_404(visible, pk=consultation_id)
    if not reads_content_of(consultation, by=by):
        raise NotAllowed("Esa consulta es de otra unidad. Desde su desempeño se ve solo si está abierta.")
    person = consultation.person
    if person is None:
        return consultation
    purpose = ground_for(consultation, by=by)
    shown = set(LineSubject.objects.filter(line__consultation=consultation).values_list("person_id", flat=True))
    if consultation.is_in_attention:
        shown |= {member.pk for member in people_at_home(person, by=by)}
    note = consultation.folio if consultation.secrecy == Secrecy.ORDINARY else ""
    log_reading(ReadEntry.Kind.CONSULTATION, of=person, shown=shown - {None}, purpose=purpose, note=note)
    return consultation


_COLUMNS_OF_A_ROW = (
    "folio",
    "sheet",
    "state",
    "channel",
    "occurred_at",
    *(f"person__{name}" for name in ("given_names", "social_name", "first_surname", "second_surname")),
    *(f"recorded_by__{name}" for name in ("given_names", "surnames")),
)


def for_lists(consultations: ConsultationQuerySet, most: int) -> ConsultationQuerySet:
    """The newest of those consultations, as many as ``most``, with what a row of a list shows of each.

    They are chosen in a query of their own, in the order of an index: joined to the rest, all would be read and sorted.
    """
    newest = consultations.newest_first().values("pk")[:most]
    lines = ReasonLine.objects.filter(consultation=OuterRef("pk")).order_by("position")
    return (
        Consultation.objects.filter(pk__in=newest)
        .newest_first()
        .select_related("person", "recorded_by")
        .only(*_COLUMNS_OF_A_ROW)
        .annotate(reason_names=ArraySubquery(lines.values("name")))  # type: ignore[no-redef]  # the model says it
    )


def draft_of(consultation: Consultation, *, by: Actor) -> Draft | None:
    """What the actor typed of it and has not sent."""
    return Draft.objects.visible_to(by).of(by).filter(consultation=consultation).first()


@written_once
def drafts_of(by: Actor, most: int) -> QuerySet[Draft]:
    """What she typed in her unit and has not sent, the newest first, with the consultation and the person of each."""
    mine = Draft.objects.visible_to(by).of(by)
    here = mine.filter(consultation__unit=by.unit_id, consultation__state=ConsultationState.IN_ATTENTION)
    rows = here.select_related("consultation__person").order_by("-saved_at", "-id")
    return rows.defer("fields", "consultation__notes")[:most]


def reads_content_of(consultation: Consultation, *, by: Actor) -> bool:
    """Whether more than its being open may be shown: one's own unit's, or anybody's with the full profile."""
    return consultation.unit_id == by.unit_id or can(by, Permission.SCREENING_FULL)


def ground_for(consultation: Consultation, *, by: Actor) -> ReadPurpose | None:
    """The purpose under which the actor reads or writes it: required unless it is her own, stated to the audit.

    Something of it pending in her charge is a ground by itself, for as long as a consultation's is.
    """
    if consultation.person is None:
        return None
    if consultation.recorded_by_id != by.account_id:
        if _has_task_in(consultation, by=by) and open_purpose_of(consultation.person, by=by) is None:
            open_purpose(consultation.person, by=by, ground=ReadPurpose.Ground.TASK, reference_id=consultation.pk)
        return require_purpose(consultation.person, by=by)
    purpose = open_purpose_of(consultation.person, by=by)
    if purpose:
        state_purpose(purpose.pk)
    return purpose


def _has_task_in(consultation: Consultation, *, by: Actor) -> bool:
    mine = ReasonLine.objects.pending_in(by.unit_id).filter(consultation=consultation, assigned_to=by.account_id)
    return by.account_id is not None and mine.exists()


def told_in_consultation(consultation: Consultation, *, by: Actor) -> list[EntryVersion]:
    """The entries of the catalogue that she was told of, as they said then; those the actor may know of."""
    told = EntryVersion.objects.visible_to(by).filter(told_in__consultation=consultation)
    return list(told.filter(entry__in=Entry.objects.visible_to(by)).select_related("entry").order_by("name", "id"))
