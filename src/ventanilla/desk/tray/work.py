"""What attending people leaves to do: attentions not ended, and what stayed open of those that were."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.access.written import written_once
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.templatetags.ventanilla import ago
from ventanilla.desk.tray.items import SHOWN, Item
from ventanilla.intake.loading import DOCUMENTS_NOT_SAID
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.models.consultations import ConsultationQuerySet
from ventanilla.intake.pending.filters import NOBODYS
from ventanilla.intake.pending.reading import LineValues, PendingLine, as_values, dress, pending_of, unassigned
from ventanilla.intake.reading import for_lists
from ventanilla.intake.states import Outcome

UNKNOWN = "Sin identificar"


def in_attention(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Attentions of hers that nobody ended; one begun before today was left open."""
    if not can(actor, Permission.CONSULTATION_WORK):
        return
    for consultation in _in_attention(actor):
        began = timezone.localtime(consultation.occurred_at)
        is_of_today = began.date() >= on
        reasons = ", ".join(consultation.reason_names) or "sin motivos aún"
        yield Item(
            icon="note",
            title="Terminar la atención" if is_of_today else "Terminar una atención que quedó abierta",
            url=consultation.get_absolute_url(),
            detail=f"{consultation.person or UNKNOWN} · {consultation.folio}, {reasons}",
            due_on=began.date(),
            words=f"Desde las {began:%H:%M}" if is_of_today else f"Quedó abierta {ago(began.date(), on)}",
            note="En atención" if is_of_today else "",
            person_id=consultation.person_id,
        )


def pending_lines(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """What stayed open and is in her charge: papers that somebody must bring, another unit's answer, a case."""
    if not can(actor, Permission.CONSULTATION_WORK):
        return
    for line in dress(_pending(actor)):
        yield Item(
            icon=_ICONS[line.outcome],
            title=_to_do(line),
            url=reverse("intake:consultation", args=[line.consultation_id]),
            detail=f"{line.person or UNKNOWN} · {line.folio}",
            due_on=line.due_on,
            person_id=line.person_id,
        )


@written_once
def _in_attention(by: Actor) -> ConsultationQuerySet:
    mine = Consultation.objects.visible_to(by).of_unit(by.unit_id).filter(recorded_by_id=by.account_id)
    return for_lists(mine.in_attention(), SHOWN + 1)


@written_once
def _pending(by: Actor) -> QuerySet[ReasonLine, LineValues]:
    return as_values(pending_of(by).soonest_first(), SHOWN + 1)


_ICONS = {Outcome.WAITING_DOCUMENTS: "doc", Outcome.NEEDS_UNIT: "send", Outcome.NEEDS_CASE: "folder"}


def _to_do(line: PendingLine) -> str:
    if line.outcome == Outcome.WAITING_DOCUMENTS:
        said = "" if line.awaited_documents == DOCUMENTS_NOT_SAID else f": {line.awaited_documents}"
        return f"Recibir antecedentes para {line.reason}{said}"
    if line.outcome == Outcome.NEEDS_UNIT:
        return f"Responder con otra unidad: {line.reason}"
    return f"Ver si abre un caso: {line.reason}"


def nobodys_lines(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """That something of the unit is in nobody's charge: the head has to give it by its term, others may take it."""
    if not can(actor, Permission.CONSULTATION_WORK) or not (found := unassigned(actor, on=on)):
        return
    is_head = can(actor, Permission.LINE_ASSIGN)
    asked = "De su unidad" if is_head else "Usted puede quedarse con lo que vaya a responder"
    yield Item(
        icon="users",
        title=f"{'Asignar' if is_head else 'Tomar'} lo que nadie tiene: {found.in_words}",
        url=f"{reverse('intake:pending')}?de={NOBODYS}",
        detail=f"{asked} · {found.late_in_words}",
        due_on=found.soonest if is_head else None,
    )
