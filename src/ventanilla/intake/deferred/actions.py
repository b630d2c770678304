"""What was attended on paper: start its consultation as of then, and print the sheets to do it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Account, Posting
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.deferred import rules
from ventanilla.intake.folios import SHEETS, take
from ventanilla.intake.models import Consultation, FolioCounter
from ventanilla.intake.states import Channel, ConsultationState
from ventanilla.registry.models import Person

MOST_SHEETS = 40


@dataclass(frozen=True, slots=True)
class Paper:
    """The head of a sheet: its number, when it happened, and who attended if it was a colleague."""

    sheet: str
    occurred_at: datetime
    attended_by: Account | None = None


@transaction.atomic
def start_from_paper(
    person: Person | None,
    paper: Paper,
    *,
    by: Actor,
    channel: Channel = Channel.IN_PERSON,
    submission_id: UUID | None = None,
) -> Consultation:
    """Begin to write down what was attended on paper, as of the day and hour it says.

    A sheet is written down once. The same ``submission_id`` gives the same consultation.
    """
    require(by, Permission.CONSULTATION_WORK)
    mine = Consultation.objects.unblocked().filter(recorded_by=by.account_id)
    if submission_id and (sent := mine.filter(submission_id=submission_id).first()):
        return sent
    sheet, day = rules.canonical_sheet(paper.sheet), timezone.localtime(paper.occurred_at).date()
    if not sheet:
        raise RuleBroken(
            "Escriba el número de la hoja. Si era otro papel, póngale uno que no repita ese día.", field="sheet"
        )
    if objection := rules.objection_to_moment(paper.occurred_at, clock.now()):
        raise RuleBroken(objection, field="day")
    _refuse_unprinted(sheet)
    _refuse_twice(sheet, paper, by=by)
    _refuse_colleague(paper.attended_by, paper, by=by)
    if person is not None and (open_now := mine.in_attention().filter(person=person).first()):
        raise RuleBroken(
            f"Usted la tiene en atención en {open_now.folio}. Termine esa antes de anotar la hoja.", field="run"
        )
    consultation = start_consultation(
        person, by=by, channel=channel, submission_id=submission_id, occurred_at=paper.occurred_at
    )
    consultation.sheet, consultation.sheet_day = sheet, day
    if paper.attended_by and paper.attended_by.pk != by.account_id:
        consultation.attended_by = paper.attended_by
    try:
        with transaction.atomic():
            consultation.save(update_fields=["sheet", "sheet_day", "attended_by"])
    except IntegrityError:  # a colleague wrote the same sheet down at the same time
        _refuse_twice(sheet, paper, by=by)
        raise
    return consultation


def _refuse_twice(sheet: str, paper: Paper, *, by: Actor) -> None:
    """Said with the folio of the other only where the actor may know of it."""
    day = timezone.localtime(paper.occurred_at).date()
    same = Consultation.objects.filter(**rules.same_paper(sheet, day)).exclude(state=ConsultationState.VOIDED)
    if same.exists():
        known = same.visible_to(by).of_unit(by.unit_id).first()
        where = f": es la consulta {known.folio}" if known else ""
        raise RuleBroken(f"La hoja {sheet} ya está anotada{where}. No la anote otra vez.", field="sheet")


def _refuse_unprinted(sheet: str) -> None:
    """A number of our series that was never given is a slip of the hand."""
    if (found := rules.in_series(sheet)) is None:
        return
    year, number = found
    counter = FolioCounter.objects.filter(kind=SHEETS, year=year).first()
    last = counter.last if counter else 0
    if not 1 <= number <= last:
        until = f"la última es {rules.sheet_number(year, last)}" if last else "de ese año no se ha impreso ninguna"
        raise RuleBroken(f"La hoja {sheet} no se ha impreso: {until}. Revise el número.", field="sheet")


def _refuse_colleague(account: Account | None, paper: Paper, *, by: Actor) -> None:
    if account is None or account.pk == by.account_id:
        return
    day = timezone.localtime(paper.occurred_at).date()
    if not Posting.objects.in_force_on(day).filter(account=account, unit=by.unit_id).exists():
        raise RuleBroken(f"{account} no atendía ese día en su unidad.", field="attended_by")


@transaction.atomic
def print_sheets(count: int, *, by: Actor) -> list[str]:
    """The numbers of so many new sheets; no two sheets of the institution ever have the same."""
    require(by, Permission.CONSULTATION_WORK)
    if not 1 <= count <= MOST_SHEETS:
        raise RuleBroken(f"Se imprimen de 1 a {MOST_SHEETS} hojas por vez.", field="count")
    year = clock.today().year
    last = take(FolioCounter, count, kind=SHEETS, year=year)
    return [rules.sheet_number(year, number) for number in range(last - count + 1, last + 1)]
