"""The trays of the demonstration: something late, something of today and something coming for whoever signs in."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone

from ventanilla.access.actors import SOCIAL_ASSISTANCE, Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.models import Account, Posting, Unit
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import Role
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock
from ventanilla.core.calendar import WorkingDays
from ventanilla.intake.actions import LineDetails, Writing, end_attention, keep_draft, start_consultation
from ventanilla.intake.models import Consultation, ReasonLine
from ventanilla.intake.pending.actions import assign_lines
from ventanilla.intake.states import Outcome
from ventanilla.registry.models import Person

ROLES = (Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD)
EACH = 7
"""People with whom each of them has something."""
FIRST = 20
"""The first in order of name are in the waiting room."""
PAPERS = ("Certificado de residencia", "Cartola del Registro Social de Hogares", "Liquidaciones de tres meses")


def fill_trays(institution: int) -> None:
    """Once a day, for one operator of each role in the social assistance; the head gives them some old work."""
    unit = (
        Unit.objects.filter(institution_id=institution, functions__function=SOCIAL_ASSISTANCE).order_by("code").first()
    )
    if unit is None:
        return
    staff = [actor for role in ROLES if (actor := _actor(unit, role))]
    filled = [actor for place, actor in enumerate(staff) if _fill(actor, place, clock.today())]
    head = staff[-1] if staff else None
    if head and head.role is Role.UAS_HEAD:
        with acting(head):
            for actor in filled:
                _give_old_work(actor, by=head)


def _fill(actor: Actor, place: int, today: date) -> bool:
    """Whether it was done now; other people each day of the week."""
    with acting(actor):
        begun = Consultation.objects.filter(recorded_by_id=actor.account_id, occurred_at__gte=_at(today, 0))
        people = Person.objects.unblocked().filter(died_on__isnull=True).order_by("sort_key")
        first = FIRST + EACH * (len(ROLES) * today.weekday() + place)
        chosen = list(people[first : first + EACH])
        if begun.exists() or len(chosen) < EACH:
            return False
        _work(actor, chosen, today)
        return True


def _actor(unit: Unit, role: Role) -> Actor | None:
    here = Posting.objects.in_force_on(clock.today()).filter(institution_id=unit.institution_id, unit=unit, role=role)
    posting = here.with_context().order_by("id").first()
    return actor_in(posting) if posting else None


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _work(by: Actor, people: Sequence[Person], today: date) -> None:
    """One attention in course with something typed, one left open, and papers late, of today and coming."""
    days, now = service_days(by.institution, around=today), clock.now()
    in_course = start_consultation(people[0], by=by, occurred_at=now - timedelta(minutes=4))
    typed = QueryDict(mutable=True)
    typed.update({"channel": "in_person", "requester": "self", "notes": "Consulta por la fecha de pago."})
    keep_draft(in_course, typed, by=by)
    start_consultation(people[1], by=by, occurred_at=_at(days.last_before(today), 12))
    for place, (person, until) in enumerate(zip(people[2:5], _terms(days, today), strict=True)):
        _attend(person, "suf", Outcome.WAITING_DOCUMENTS, by=by, papers=PAPERS[place], until=until)
    _attend(people[5], "housing_materials", Outcome.NEEDS_UNIT, by=by)
    _attend(people[6], "assistance", Outcome.NEEDS_CASE, by=by)


def _terms(days: WorkingDays, today: date) -> tuple[date, date, date]:
    return days.last_before(days.last_before(today)), today, days.end_of_term(today, 3)


def _attend(
    person: Person, reason: str, outcome: Outcome, *, by: Actor, papers: str = "", until: date | None = None
) -> None:
    began = clock.now() - timedelta(minutes=6 + len(person.given_names) % 9)
    line = LineDetails(
        Reason.objects.get(national_id=reason, is_local=False).pk,
        outcome,
        awaited_documents=papers,
        awaited_until=until,
    )
    end_attention(start_consultation(person, by=by, occurred_at=began), Writing(lines=[line]), by=by)


def _give_old_work(to: Actor, *, by: Actor) -> None:
    """Two of the oldest lines that nobody has."""
    nobodys = ReasonLine.objects.visible_to(by).pending_in(by.unit_id).of_nobody()
    oldest = dict.fromkeys(nobodys.values_list("pk", flat=True)[:2])
    account = Account.objects.get(pk=to.account)
    assign_lines(oldest, to=account, by=by, reason="Reparto de lo que quedó de meses anteriores")
