"""The decisions of a referral, pure: until when, of which kind, what keeps it from being sent."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ventanilla.access.models import ProviderNature
from ventanilla.core.calendar import WorkingDays
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.states import FOR_OTHERS
from ventanilla.referrals.states import ReferralKind

BASE_FUNCTIONS = frozenset({"attention", "social_assistance", "rsh", "subsidies", "families"})
"""The units of the ministry's base module (gsl.md §1.1)."""

DAYS_TO_COMPLETE = 10
"""Working days that its origin has to complete what was returned: the house's, as for papers at the desk."""

DAYS_TO_TELL = 2
"""Working days that its origin has to tell the neighbour what was answered: the house's."""


@dataclass(frozen=True, slots=True)
class Terms:
    """In working days of the service. ``expire_days`` run after the term to answer."""

    accept_days: int
    answer_days: int
    expire_days: int
    urgent_days: int


WITHOUT_PROTOCOL = Terms(accept_days=1, answer_days=5, expire_days=10, urgent_days=1)
"""Those of the municipality for what no protocol governs (gsl.md §2.3)."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Working days all, in order."""

    accept_by: date
    answer_by: date
    expires_on: date


def by_working_day(day: date, number: int, days: WorkingDays) -> date:
    """The end of a term; one of no days ends on the day itself, or the next that is worked."""
    return days.first_from(days.end_of_term(day, number))


def deadlines_when_sent(terms: Terms, *, on: date, days: WorkingDays, is_urgent: bool) -> Deadlines:
    """The term to answer runs from the last day to accept; what is urgent is accepted the same day."""
    accept_by = by_working_day(on, 0 if is_urgent else terms.accept_days, days)
    return _from_acceptance(accept_by, accept_by, terms, days=days, is_urgent=is_urgent)


def deadlines_when_accepted(
    terms: Terms, accept_by: date, *, on: date, days: WorkingDays, is_urgent: bool
) -> Deadlines:
    """From then on the term to answer runs from the day it was accepted, sooner or later."""
    found = _from_acceptance(on, accept_by, terms, days=days, is_urgent=is_urgent)
    return found if found.answer_by >= accept_by else Deadlines(accept_by, accept_by, found.expires_on)


def _from_acceptance(day: date, accept_by: date, terms: Terms, *, days: WorkingDays, is_urgent: bool) -> Deadlines:
    answer_by = by_working_day(day, terms.urgent_days if is_urgent else terms.answer_days, days)
    answer_by = max(answer_by, accept_by)
    return Deadlines(accept_by, answer_by, by_working_day(answer_by, terms.expire_days, days))


def kind_of(functions: Collection[str]) -> ReferralKind:
    """By the functions of the unit that receives."""
    return ReferralKind.INTERNAL_BASE if BASE_FUNCTIONS.intersection(functions) else ReferralKind.INTERNAL_OTHER


def kind_outside(nature: str) -> ReferralKind:
    """A municipal corporation does the municipality's own functions: the ministry counts it as public."""
    return ReferralKind.EXTERNAL_PRIVATE if nature == ProviderNature.PRIVATE else ReferralKind.EXTERNAL_PUBLIC


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is asked of a reason that is to be sent away."""

    name: str
    outcome: str
    is_answered: bool
    is_there_already: bool
    """Whether the unit that would receive it has it, in a referral that is open."""


def objections_to_lines(lines: Sequence[LineFacts]) -> Iterator[str]:
    """Each reason that cannot be sent, and why."""
    for line in lines:
        if line.is_answered:
            yield f"{line.name} ya fue respondido."
        elif line.outcome not in FOR_OTHERS:
            yield f"{line.name} no quedó para otra unidad."
        elif line.is_there_already:
            yield f"{line.name} ya está derivado a esa unidad."


def objection_to_receiver(
    *, is_same_unit: bool, is_named: bool, is_herself: bool, secrecy: str, is_outside: bool = False
) -> tuple[str, str] | None:
    """Why it cannot go there, with the field that says it."""
    if is_outside and secrecy == Secrecy.RESTRICTED:
        return (
            "to",
            "Es restringida: no sale por enlace ni por oficio. Derívela a quien lleva esos casos aquí.",
        )
    if is_outside:
        return None
    if is_herself:
        return "to", "Se lo derivaría a usted misma: quédese con el motivo en Pendientes."
    if is_same_unit and not is_named:
        return "to_account", "Dentro de su unidad se deriva a una persona: elija a quién."
    if secrecy == Secrecy.RESTRICTED and not is_named:
        return "to_account", "Es restringida: elija a la persona que la recibe. Nadie más la verá."
    return None


def missing_papers(wanted: Sequence[str], given: Collection[str], *, is_urgent: bool) -> list[str]:
    """Of the least documents that the protocol asks for; what is urgent goes without them."""
    return [] if is_urgent else [paper for paper in wanted if paper not in given]
