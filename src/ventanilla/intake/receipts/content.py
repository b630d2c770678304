"""What the receipt says of each reason: how it ended, about whom and what comes next, in the neighbour's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from ventanilla.access.actors import Actor
from ventanilla.catalogue.models import EntryVersion
from ventanilla.catalogue.words import listed
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, LineSubject, ReasonLine
from ventanilla.intake.reading import told_in_consultation
from ventanilla.intake.states import ConsultationState, Outcome
from ventanilla.intake.third_parties import takes_paper
from ventanilla.registry.homes import people_at_home

DISCREET = "Atención social"
"""Instead of a reason that is not ordinary: the paper may be read at home by anybody."""

OF_AGE = 18

NEXT = {
    Outcome.INFORMED: "Se le entregó la información. No queda nada pendiente.",
    Outcome.RESOLVED: "Quedó resuelto.",
    Outcome.WAITING_DOCUMENTS: "Falta que traiga lo siguiente.",
    Outcome.NEEDS_UNIT: "Lo verá otra unidad de la municipalidad.",
    Outcome.NEEDS_CASE: "Lo verá una trabajadora o un trabajador social.",
    Outcome.WITHDREW: "Usted prefirió no seguir por ahora.",
}


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """``papers`` are what she has to bring, one each; ``until`` is a date or nothing."""

    reason: str
    next_step: str
    papers: Sequence[str] = ()
    until: date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the attention stands, for whoever verifies a receipt: nothing of its content."""

    title: str
    sentence: str
    tone: str


def standing_of(state: str) -> Standing:
    if state == ConsultationState.RESOLVED:
        return Standing("Atención finalizada", "No queda nada pendiente.", "ok")
    if state == ConsultationState.VOIDED:
        return Standing(
            "Consulta anulada", "Quedó sin efecto. Pregunte con el folio en la oficina que le atendió.", "bad"
        )
    return Standing("Queda algo pendiente", "Vuelva con el folio a la oficina que le atendió.", "warn")


def names_her(consultation: Consultation) -> bool:
    """Whether the paper may say of whom it is and for what: it goes home with whoever came."""
    return takes_paper(consultation.requester, consultation.requester_evidence, age=consultation.age_then)


def receipt_lines(consultation: Consultation, *, by: Actor) -> list[ReceiptLine]:
    lines = list(consultation.lines.select_related("function").prefetch_related("subjects__person"))
    children: Mapping[UUID, str] = {}
    if consultation.person and any(subject.person_id for line in lines for subject in line.subjects.all()):
        day = timezone.localtime(consultation.occurred_at).date()
        children = {
            person.pk: person.social_name or person.given_names
            for person in people_at_home(consultation.person, by=by)
            if (age := person.age_on(day)) is not None and age < OF_AGE
        }
    return [receipt_line(line, herself=consultation.person_id, children=children) for line in lines]


def receipt_line(line: ReasonLine, *, herself: UUID | None, children: Mapping[UUID, str]) -> ReceiptLine:
    """``children`` are the given names of those under age at her home: of nobody else is a name printed for her."""
    if line.secrecy != Secrecy.ORDINARY:
        return ReceiptLine(DISCREET, "Su atención quedó registrada. Pregunte por ella con su folio.")
    next_step = NEXT.get(Outcome(line.outcome), "") if line.outcome else ""
    if line.outcome == Outcome.NEEDS_UNIT and line.function:
        next_step = f"Lo verá otra unidad: {line.function.name.lower()}."
    if line.answered_at and line.answer:
        next_step = f"{next_step} {line.answer}".strip()
    about = listed(list(_about(list(line.subjects.all()), herself, children)), last="y")
    if line.outcome != Outcome.WAITING_DOCUMENTS:
        return ReceiptLine(line.name, next_step, about=about)
    return ReceiptLine(line.name, next_step, line.papers, line.awaited_until, about)


def told_on_paper(consultation: Consultation, *, by: Actor) -> list[EntryVersion]:
    """The entries she was told of that anybody may read of: nothing reserved goes on a paper."""
    if consultation.secrecy != Secrecy.ORDINARY:
        return []
    told = told_in_consultation(consultation, by=by)
    return [version for version in told if version.entry.secrecy == Secrecy.ORDINARY]


def _about(subjects: Sequence[LineSubject], herself: UUID | None, children: Mapping[UUID, str]) -> Iterator[str]:
    told = {subject.person_id for subject in subjects if subject.person_id}
    if herself in told:
        yield "usted"
    yield from (name for person_id, name in children.items() if person_id in told)
    if others := len(told - {herself} - children.keys()):
        yield "otra persona" if others == 1 else f"otras {others} personas"
    if any(subject.home_id for subject in subjects):
        yield "su hogar"
    if any(subject.dwelling_id for subject in subjects):
        yield "su vivienda"
