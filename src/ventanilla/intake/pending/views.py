"""Pages of what the unit has pending: the list, and passing some of it to somebody with a look at the effect before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can
from ventanilla.access.calendars import service_days
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Account
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.calendar import Term
from ventanilla.core.forms import show_on
from ventanilla.intake.pending.actions import Passing, assign_lines, preview_assignment
from ventanilla.intake.pending.filters import MINE, NOBODYS, WHAT, Wanted, after, cursor_of, read_wanted
from ventanilla.intake.pending.forms import NOBODY, AssignForm, line_mark, read_marks
from ventanilla.intake.pending.reading import (
    COUNTED,
    Colleague,
    PendingLine,
    colleagues,
    in_rows,
    lines_pending_in_unit,
)
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One pending line on the page: its mark, what is left of its term, and for how many working days it is open."""

    line: PendingLine
    term: Term
    age: int

    @property
    def mark(self) -> str:
        return line_mark(self.line.id, self.line.holder_id)


@requires(Permission.CONSULTATION_WORK)
def pending(request: OperatorRequest) -> HttpResponse:
    """What the unit has to answer, soonest first, fifty at a time by cursor."""
    actor, today = request.actor, clock.today()
    wanted = read_wanted(request.GET)
    found = after(wanted.of(lines_pending_in_unit(actor), by=actor, on=today), request.GET.get("desde", ""))
    lines = in_rows(found, ROWS + 1)
    shown = lines[:ROWS]
    _log((line.person_id for line in shown), "pendientes de la unidad")
    is_head = can(actor, Permission.LINE_ASSIGN)
    staff = colleagues(actor, on=today) if is_head else []
    next_query = urlencode({"desde": cursor_of(shown[-1])}) if len(lines) > ROWS else ""
    context = {
        "rows": _rows(shown, request),
        "wanted": wanted,
        "whose": _whose(staff),
        "what": [("", "De todo tipo"), *((name, outcome.label) for name, outcome in WHAT.items())],
        "next_url": f"?{'&'.join(filter(None, (wanted.query, next_query)))}" if next_query else "",
        "colleagues": staff,
        "bulk": _bulk(request, is_head=is_head),
        "unit": request.posting.unit,
    }
    return render(request, "intake/pending/pending.html", context)


def _rows(lines: Sequence[PendingLine], request: OperatorRequest) -> list[Row]:
    today = clock.today()
    days = service_days(request.actor.institution, around=today)
    return [
        Row(
            line,
            days.term(line.due_on, on=today),
            age=days.left(timezone.localtime(line.attended_at).date(), today),
        )
        for line in lines
    ]


def _whose(staff: Sequence[Colleague]) -> list[tuple[str, str]]:
    general = [("", "De toda la unidad"), (MINE, "A mi cargo"), (NOBODYS, "Sin asignar")]
    return general + [(str(one.account.pk), f"A cargo de {one.name}") for one in staff]


def _bulk(request: OperatorRequest, *, is_head: bool) -> list[dict[str, str]]:
    mine = {"label": "Quedar a mi cargo…", "name": "to", "value": str(request.actor.account)}
    return [{"label": "Asignar…", "name": "to", "value": ""}, mine] if is_head else [mine]


@require_POST
@requires(Permission.CONSULTATION_WORK)
def assign(request: OperatorRequest) -> HttpResponse:
    """First what would happen, then, if confirmed, it happens. The confirming button says itself to whom."""
    actor = request.actor
    wanted, seen = read_wanted(request.GET), read_marks(request.POST.getlist("line"))
    if not seen:
        messages.info(request, "Marque al menos un motivo de la lista.")
        return _back(wanted)
    is_final = "confirm" in request.POST
    to = request.POST.get("confirm") if is_final else request.POST.get("to")
    staff = colleagues(actor, on=clock.today()) if can(actor, Permission.LINE_ASSIGN) else []
    receivers = {one.account.pk: one.account for one in staff} or {request.user.pk: request.user}
    reason = request.POST.get("reason", "")
    form = AssignForm(
        {"to": to, "reason": reason} if to else None,
        receivers=[(account_id, account.full_name) for account_id, account in receivers.items()],
        initial={"reason": reason},
    )
    plan = None
    if form.is_valid():
        receiver = receivers.get(form.cleaned_data["to"])
        with show_on(form):
            if is_final:
                return _told(request, assign_lines(seen, to=receiver, by=actor, reason=reason), wanted)
            plan = _found(preview_assignment(seen, to=receiver, by=actor))
    chosen = next((one for one in staff if plan and one.account == plan.to), None)
    context = {
        "form": form,
        "plan": plan,
        "to": to,
        "marks": [line_mark(line_id, holder) for line_id, holder in seen.items()],
        "colleagues": staff,
        "chosen": chosen,
        "would_have": chosen.total + len(plan.passed) if plan and chosen and chosen.total < COUNTED else None,
        "nobody": NOBODY,
        "wanted": wanted,
        "unit": request.posting.unit,
    }
    return render(request, "intake/pending/assign.html", context, status=422 if form.errors else 200)


def _found(plan: Passing) -> Passing:
    if not plan.lines:
        raise Http404
    _log((line.consultation.person_id for line in plan.lines), "pendientes por asignar")
    return plan


def _told(request: OperatorRequest, done: Passing, wanted: Wanted) -> HttpResponse:
    """All that was asked is a notice on the list; what did not pass is told one by one, with its reason."""
    _found(done)
    if done.refused:
        return render(request, "intake/pending/assigned.html", {"done": done, "wanted": wanted})
    messages.success(request, f"{_counted(len(done.lines))} {_in_charge(done.to)}.")
    return _back(wanted)


def _counted(number: int) -> str:
    return "1 motivo quedó" if number == 1 else f"{number} motivos quedaron"


def _in_charge(account: Account | None) -> str:
    return f"a cargo de {account.full_name}" if account else "sin asignar"


def _back(wanted: Wanted) -> HttpResponse:
    return redirect(reverse("intake:pending") + wanted.suffix)


def _log(people: Iterable[UUID | None], note: str) -> None:
    if shown := {person_id for person_id in people if person_id}:
        log_reading(ReadEntry.Kind.LIST, shown=sorted(shown), note=note)
