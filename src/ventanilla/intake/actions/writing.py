"""What the desk writes of a consultation: reasons, outcomes, notes, and how secret they make it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken, StaleVersion
from ventanilla.intake import rules
from ventanilla.intake.models import Consultation, LineSubject, ReasonLine
from ventanilla.intake.states import ANSWERED, Channel, Outcome, Requester
from ventanilla.registry.models import Person


@dataclass(frozen=True, slots=True)
class LineDetails:
    """One reason as the desk wrote it. ``subject_ids`` are people; none means the one who came."""

    reason_id: UUID
    outcome: Outcome | str = ""
    answer: str = ""
    awaited_documents: str = ""
    awaited_until: date | None = None
    subject_ids: Sequence[UUID] = field(default_factory=tuple)


class ThirdParty(NamedTuple):
    """As what somebody came for her, and what was seen of it."""

    quality: str = ""
    evidence: str = ""


NOBODY_ELSE = ThirdParty()


@dataclass(frozen=True, slots=True)
class Writing:
    """What the desk wrote of a consultation. ``version`` is the one that was read, to notice two people writing."""

    lines: Sequence[LineDetails]
    notes: str = ""
    channel: Channel = Channel.IN_PERSON
    requester: Requester = Requester.SELF
    requester_detail: str = ""
    third_party: ThirdParty = NOBODY_ELSE
    version: int | None = None


def is_kept(consultation: Consultation, writing: Writing, lines: Sequence[ReasonLine] | None = None) -> bool:
    """Whether what is kept already says what was written: the same form, sent twice. ``lines`` are those kept."""
    kept = [
        (line.reason_id, line.outcome, line.answer, line.awaited_documents, line.awaited_until, _subjects_of(line))
        for line in (lines_of(consultation) if lines is None else lines)
    ]
    sent = [
        (d.reason_id, d.outcome, d.answer.strip(), d.awaited_documents.strip(), d.awaited_until, set(d.subject_ids))
        for d in writing.lines
    ]
    head = (consultation.notes, consultation.channel, consultation.requester, consultation.requester_detail)
    written = (writing.notes.strip(), writing.channel, writing.requester, writing.requester_detail.strip())
    return kept == sent and head == written and third_party_of(consultation) == _third_party(writing)


def third_party_of(consultation: Consultation) -> ThirdParty:
    return ThirdParty(consultation.requester_quality, consultation.requester_evidence)


def _third_party(writing: Writing) -> ThirdParty:
    """Of whoever comes for herself there is nothing to state."""
    return NOBODY_ELSE if writing.requester == Requester.SELF else writing.third_party


def lines_of(consultation: Consultation) -> list[ReasonLine]:
    return list(consultation.lines.select_related("reason").prefetch_related("subjects").order_by("position"))


def _subjects_of(line: ReasonLine) -> set[UUID]:
    """Who a line is about; free for lines that came with their subjects."""
    return set() if line._state.adding else {subject.person_id for subject in line.subjects.all() if subject.person_id}


def keep(consultation: Consultation, writing: Writing, present: Sequence[ReasonLine]) -> list[ReasonLine]:
    """Write down what was written, over the lines that are ``present``."""
    if writing.version not in (None, consultation.version):
        raise StaleVersion(
            "Alguien más guardó esta consulta mientras usted escribía. Revise lo guardado y vuelva a enviar lo suyo."
        )
    if not consultation.is_in_attention:
        raise InvalidTransition(
            f"La consulta {consultation.folio} ya no está en atención; lo escrito no cambió lo guardado."
        )
    consultation.version += 1
    consultation.notes = writing.notes.strip()
    consultation.channel = writing.channel
    consultation.requester = writing.requester
    consultation.requester_detail = writing.requester_detail.strip()
    consultation.requester_quality, consultation.requester_evidence = _third_party(writing)
    levels_before = [line.reason.secrecy for line in present]
    lines = _replace_lines(consultation, present, writing.lines)
    levels = [line.reason.secrecy for line in lines]
    beside = [consultation.notes_secrecy, *levels_before, *levels]
    is_told = consultation.notes or consultation.requester_detail
    consultation.notes_secrecy = rules.highest(beside) if is_told else ""
    consultation.secrecy = rules.highest([consultation.notes_secrecy, *levels]) or rules.UNTOLD
    return lines


def _replace_lines(
    consultation: Consultation, present: Sequence[ReasonLine], wanted: Sequence[LineDetails]
) -> list[ReasonLine]:
    """Make the lines those wanted, in that order, touching only what differs."""
    reasons = {
        reason.pk: reason for reason in Reason.objects.in_use().filter(pk__in=[details.reason_id for details in wanted])
    }
    if len({details.reason_id for details in wanted}) != len(wanted):
        raise RuleBroken("Hay un motivo repetido.", field="lines")
    if len(reasons) != len(wanted):
        raise RuleBroken("Uno de los motivos ya no se usa. Elija otro.", field="lines")
    kept = {line.reason_id: line for line in present}
    for reason_id in kept.keys() - reasons.keys():
        kept.pop(reason_id).delete()
    now = consultation.occurred_at if consultation.sheet else clock.now()
    lines, subjects = [], []
    for position, details in enumerate(wanted, start=1):
        line = kept.get(details.reason_id) or ReasonLine(consultation=consultation, reason=reasons[details.reason_id])
        if rules.needs_documents(details.outcome) and not details.awaited_documents.strip():
            raise RuleBroken(f"Escriba qué documentos faltan para {line.reason.name}.", field="lines")
        line.position = position
        line.function_id = line.reason.function_id
        line.outcome = details.outcome
        line.answer = details.answer.strip()
        line.awaited_documents = details.awaited_documents.strip()
        line.awaited_until = details.awaited_until
        line.answered_at = now if line.outcome in ANSWERED else None
        lines.append(line)
        subjects.append((line, _subjects_of(line), set(details.subject_ids)))
    ReasonLine.objects.bulk_create(line for line in lines if line._state.adding)
    for line in kept.values():
        line.save()
    _replace_subjects(subjects)
    return lines


def _replace_subjects(changes: Sequence[tuple[ReasonLine, set[UUID], set[UUID]]]) -> None:
    """Each line with the people it was about and those it is to be about."""
    added = [(line, person_id) for line, present, wanted in changes for person_id in wanted - present]
    people = {person_id for _, person_id in added}
    if people and Person.objects.unblocked().filter(pk__in=people).count() != len(people):
        raise RuleBroken("Una de las personas elegidas no está registrada aquí.", field="lines")
    for line, present, wanted in changes:
        if gone := present - wanted:
            line.subjects.filter(person_id__in=gone).delete()
    LineSubject.objects.bulk_create(LineSubject(line=line, person_id=person_id) for line, person_id in added)
