"""What the desk writes of a consultation: reasons, outcomes, notes, and how secret they make it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Q

from ventanilla.access.actors import Actor
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken, StaleVersion
from ventanilla.intake import rules
from ventanilla.intake.models import Consultation, LineSubject, ReasonLine
from ventanilla.intake.states import ANSWERED, Channel, Outcome, Requester
from ventanilla.registry.homes import home_of
from ventanilla.registry.models import Home, Person

Subject = UUID | Literal["home", "dwelling"]
"""Somebody by her id, or the home of who came, or the dwelling where it is."""


@dataclass(frozen=True, slots=True)
class LineDetails:
    """One reason as the desk wrote it. ``subject_ids`` are people; with no subject it is about the one who came."""

    reason_id: UUID
    outcome: Outcome | str = ""
    answer: str = ""
    awaited_documents: str = ""
    awaited_until: date | None = None
    subject_ids: Sequence[UUID] = field(default_factory=tuple)
    about_home: bool = False
    about_dwelling: bool = False

    @property
    def subjects(self) -> set[Subject]:
        found: set[Subject] = set(self.subject_ids)
        if self.about_home:
            found.add("home")
        if self.about_dwelling:
            found.add("dwelling")
        return found


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
    told: frozenset[UUID] | None = None
    """Versions of entries of the catalogue that she was told of; None where they were not asked."""


def is_kept(consultation: Consultation, writing: Writing, lines: Sequence[ReasonLine] | None = None) -> bool:
    """Whether what is kept already says what was written: the same form, sent twice. ``lines`` are those kept."""
    kept = [
        (line.reason_id, line.outcome, line.answer, line.awaited_documents, line.awaited_until, _subjects_of(line))
        for line in (lines_of(consultation) if lines is None else lines)
    ]
    sent = [
        (d.reason_id, d.outcome, d.answer.strip(), d.awaited_documents.strip(), d.awaited_until, d.subjects)
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


def _subjects_of(line: ReasonLine) -> set[Subject]:
    """Whom or what a line is about; free for lines that came with their subjects."""
    if line._state.adding:
        return set()
    return {found.person_id or ("home" if found.home_id else "dwelling") for found in line.subjects.all()}


def keep(consultation: Consultation, writing: Writing, present: Sequence[ReasonLine], *, by: Actor) -> list[ReasonLine]:
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
    levels_before = [line.secrecy for line in present]
    lines = _replace_lines(consultation, present, writing.lines, by=by)
    levels = [line.secrecy for line in lines]
    beside = [consultation.notes_secrecy, *levels_before, *levels]
    is_told = consultation.notes or consultation.requester_detail
    consultation.notes_secrecy = rules.highest(beside) if is_told else ""
    consultation.secrecy = rules.highest([consultation.notes_secrecy, *levels]) or rules.UNTOLD
    return lines


def _replace_lines(
    consultation: Consultation, present: Sequence[ReasonLine], wanted: Sequence[LineDetails], *, by: Actor
) -> list[ReasonLine]:
    """Make the lines those wanted, in that order, touching only what differs. What is present may be retired by now."""
    offered = Reason.objects.in_use() | Reason.objects.filter(pk__in=[line.reason_id for line in present])
    reasons = {reason.pk: reason for reason in offered.filter(pk__in=[details.reason_id for details in wanted])}
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
            raise RuleBroken(f"Marque o escriba qué documentos faltan para {line.reason}.", field="lines")
        line.position = position
        line.name, line.secrecy, line.function_id = line.reason.name, line.reason.secrecy, line.reason.function_id
        line.outcome = details.outcome
        line.answer = details.answer.strip()
        line.awaited_documents = details.awaited_documents.strip()
        line.awaited_until = details.awaited_until
        line.answered_at = now if line.outcome in ANSWERED else None
        lines.append(line)
        subjects.append((line, _subjects_of(line), details.subjects))
    ReasonLine.objects.bulk_create(line for line in lines if line._state.adding)
    for line in kept.values():
        line.save()
    _replace_subjects(consultation, subjects, by=by)
    return lines


def _replace_subjects(
    consultation: Consultation, changes: Sequence[tuple[ReasonLine, set[Subject], set[Subject]]], *, by: Actor
) -> None:
    """Each line with what it was about and what it is to be about."""
    added = [(line, subject) for line, present, wanted in changes for subject in wanted - present]
    people = {subject for _, subject in added if isinstance(subject, UUID)}
    if people and Person.objects.unblocked().filter(pk__in=people).count() != len(people):
        raise RuleBroken("Una de las personas elegidas no está registrada aquí.", field="lines")
    for line, present, wanted in changes:
        for gone in present - wanted:
            line.subjects.filter(_is(gone)).delete()
    if not added:
        return
    home = _home_for(consultation, by=by) if len(people) < len({subject for _, subject in added}) else None
    LineSubject.objects.bulk_create(_subject(line, subject, home) for line, subject in added)


def _is(subject: Subject) -> Q:
    if isinstance(subject, UUID):
        return Q(person_id=subject)
    return Q(home__isnull=False) if subject == "home" else Q(dwelling__isnull=False)


def _home_for(consultation: Consultation, *, by: Actor) -> Home:
    home = home_of(consultation.person, by=by) if consultation.person else None
    if home is None:
        raise RuleBroken("No se sabe de qué hogar es: la persona no tiene uno registrado aquí.", field="lines")
    return home


def _subject(line: ReasonLine, subject: Subject, home: Home | None) -> LineSubject:
    if isinstance(subject, UUID):
        return LineSubject(line=line, person_id=subject)
    if subject == "home":
        return LineSubject(line=line, home=home)
    if home is None or home.dwelling is None:
        raise RuleBroken("No se sabe de qué vivienda es: su hogar no tiene una registrada aquí.", field="lines")
    return LineSubject(line=line, dwelling=home.dwelling)
