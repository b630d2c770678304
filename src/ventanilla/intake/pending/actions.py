"""The verb of what is pending: pass it to somebody, many at once, telling which could not pass and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ventanilla.access.actors import Actor, can, require
from ventanilla.access.models import Account, Posting
from ventanilla.access.permissions import HELD_IN_A_UNIT, Permission
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import ConsultationReader, LineAssignment, ReasonLine
from ventanilla.intake.pending.opening import assignment_of
from ventanilla.intake.pending.reading import unavailability_of
from ventanilla.intake.pending.rules import LineFacts, objection_to_passing
from ventanilla.registry.reading import close_tasks

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Refused:
    line: ReasonLine
    why: str


@dataclass(frozen=True, slots=True)
class Passing:
    """What becomes, or would become, of the lines that somebody wants to pass to a colleague, or to nobody."""

    to: Account | None
    passed: Sequence[ReasonLine]
    already_hers: Sequence[ReasonLine]
    refused: Sequence[Refused]

    @property
    def lines(self) -> list[ReasonLine]:
        return [*self.passed, *self.already_hers, *(one.line for one in self.refused)]


@transaction.atomic
def assign_lines(seen: Mapping[UUID, UUID | None], *, to: Account | None, by: Actor, reason: str = "") -> Passing:
    """Pass pending lines of one's unit to a colleague of it, or leave them in nobody's charge.

    ``seen`` are the lines, each with whoever had it on the page: one that changed hands meanwhile does not pass. Each
    operator takes for herself what nobody has; the rest is the head's to pass. Raises ``RuleBroken`` when she cannot
    receive anything; a line that cannot pass never stops the others. The same sent again changes nothing.
    """
    held = ReasonLine.objects.pending_in(by.unit_id).filter(pk__in=seen).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))  # hold them until the transaction ends, then look
    plan = preview_assignment(seen, to=to, by=by)
    if not plan.passed:
        return plan
    now = clock.now()
    holders = {line.pk: line.assigned_to_id for line in plan.passed}
    for line in plan.passed:
        line.assigned_to = to
    ReasonLine.objects.filter(pk__in=holders).update(assigned_to=to)
    reason = " ".join(reason.split())[:300]
    LineAssignment.objects.bulk_create(
        assignment_of(line, holders[line.pk], at=now, by=by, reason=reason) for line in plan.passed
    )
    close_tasks(
        account_ids={holder for holder in holders.values() if holder},
        reference_ids={line.consultation_id for line in plan.passed},
    )
    return plan


def preview_assignment(seen: Mapping[UUID, UUID | None], *, to: Account | None, by: Actor) -> Passing:
    """What ``assign_lines`` would do now, and nothing done."""
    require(by, Permission.CONSULTATION_WORK)
    is_head = can(by, Permission.LINE_ASSIGN)
    if not is_head and (to is None or to.pk != by.account_id):
        raise NotAllowed(
            "Asignar a otra persona es de la jefatura de la unidad. Usted puede quedarse con lo que nadie tiene."
        )
    if len(seen) > MOST_AT_ONCE:
        raise RuleBroken(f"Son demasiados motivos de una vez. Marque {MOST_AT_ONCE} o menos.")
    if to is not None:
        _require_receiver(to, by=by)
    lines = ReasonLine.objects.visible_to(by).filter(pk__in=seen, consultation__unit=by.unit_id)
    found = list(lines.select_related("consultation__person", "assigned_to").order_by("due_on", "pk"))
    closed = _closed_to(to, found)
    passed, already, refused = [], [], []
    for line in found:
        facts = LineFacts(
            is_answered=line.is_answered,
            is_pending=line.pending_in_id is not None,
            holder=line.assigned_to_id,
            holder_seen=seen[line.pk],
            holder_name=line.assigned_to.full_name if line.assigned_to else "",
            is_closed_to_receiver=line.consultation_id in closed,
        )
        if why := objection_to_passing(facts, to.pk if to else None, is_head=is_head):
            refused.append(Refused(line, why))
        elif line.assigned_to == to:
            already.append(line)
        else:
            passed.append(line)
    return Passing(to, passed, already, refused)


def _require_receiver(to: Account, *, by: Actor) -> None:
    here = Posting.objects.filter(account=to, institution_id=by.institution, unit=by.unit_id)
    postings = list(here.filter(role__in=sorted(HELD_IN_A_UNIT)).select_related("account").order_by("-starts_on"))
    if why := unavailability_of(postings, on=clock.today()):
        raise RuleBroken(f"{to.full_name} {why}. Elija a otra persona.", field="to")


def _closed_to(to: Account | None, lines: Sequence[ReasonLine]) -> set[UUID]:
    """The restricted consultations of these lines that she may not see."""
    secret = {
        line.consultation_id
        for line in lines
        if line.consultation.secrecy == Secrecy.RESTRICTED and to and line.consultation.recorded_by_id != to.pk
    }
    if not secret:
        return secret
    named = ConsultationReader.objects.filter(account=to, consultation__in=secret)
    return secret - set(named.values_list("consultation_id", flat=True))
