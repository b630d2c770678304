"""Pages of what was attended on paper: the sheet being written down, and printing new ones."""

from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import Reason
from ventanilla.core import clock, documents
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id
from ventanilla.intake.contacts.reading import colleagues
from ventanilla.intake.deferred import actions
from ventanilla.intake.deferred.actions import Paper
from ventanilla.intake.deferred.forms import PaperForm, SheetsForm
from ventanilla.intake.deferred.rules import OLDEST, in_columns, next_sheet
from ventanilla.intake.states import Channel
from ventanilla.registry.finding import person_with_run
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import Match, search_people

COLUMNS = 3
LAST = "last_paper"
"""Of the session: what the sheet before said that the next of the pile probably says too."""


@requires(Permission.CONSULTATION_WORK)
def record(request: OperatorRequest) -> HttpResponse:
    """The head of a sheet. Whoever it names is looked for first; then its consultation begins, as of then."""
    actor = request.actor
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        accounts=colleagues(actor.unit_id, clock.today()).exclude(pk=actor.account),
        people=Person.objects.visible_to(actor),
        initial={"submission_id": new_id()} | request.session.get(LAST, {}),
    )
    matches: Sequence[Match] | None = None
    if form.is_valid():
        given = form.cleaned_data
        person = given["person"]
        if person is None and given["run"] and not given["anonymous"]:
            person = person_with_run(given["run"].canonical, by=actor)
        if person or given["anonymous"]:
            with show_on(form):
                return _start(request, person, given)
        elif given["name"]:
            matches = _alike(request, given["name"])
        else:
            form.add_error(
                "run", f"Nadie está registrado con el RUN {given['run']}. Regístrela y vuelva a esta página."
            )
    context = {"form": form, "matches": matches, "oldest": OLDEST.days}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/deferred/record.html", context, status=status)


def _start(request: OperatorRequest, person: Person | None, given: dict[str, Any]) -> HttpResponse:
    consultation = actions.start_from_paper(
        person,
        Paper(given["sheet"], _moment(given["day"], given["hour"]), given["attended_by"]),
        by=request.actor,
        channel=Channel(given["channel"]),
        submission_id=given["submission_id"],
    )
    request.session[LAST] = {
        "sheet": next_sheet(consultation.sheet),
        "day": f"{given['day']:%d-%m-%Y}",
        "attended_by": str(consultation.attended_by_id or ""),
        "channel": given["channel"],
    }
    return redirect(consultation)


def _moment(day: date, hour: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def _alike(request: OperatorRequest, name: str) -> Sequence[Match]:
    found = search_people(name, by=request.actor, on=clock.today(), limit=8).matches
    log_reading(ReadEntry.Kind.SEARCH, shown=[match.person.pk for match in found], note=f"{len(found)} resultados")
    return found


@requires(Permission.CONSULTATION_WORK)
def sheets(request: OperatorRequest) -> HttpResponse:
    """Blank sheets for the day the power fails, each with a number of its own, as a PDF."""
    form = SheetsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with show_on(form):
            numbers = actions.print_sheets(form.cleaned_data["count"], by=request.actor)
            return documents.answer(
                "intake/deferred/sheets_pdf.html",
                {
                    "pages": [numbers[place : place + 2] for place in range(0, len(numbers), 2)],
                    "first": numbers[0],
                    "last": numbers[-1],
                    "unit": request.posting.unit,
                    "institution": request.posting.institution,
                    "reasons": in_columns([reason.name for reason in Reason.objects.in_use().in_order()], COLUMNS),
                    "oldest": OLDEST.days,
                    "today": clock.today(),
                    "run_boxes": range(8),
                },
                name=f"hojas-{numbers[0]}-a-{numbers[-1]}.pdf",
            )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/deferred/sheets.html", {"form": form}, status=status)
