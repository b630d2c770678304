"""Pages of the audit for data protection: the chain, the month, what was written, and taking it out as a file."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Account, Institution
from ventanilla.access.permissions import Permission
from ventanilla.core import clock, documents
from ventanilla.core.chain import Month, month_of, parse_month
from ventanilla.core.errors import RuleBroken
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.watch import exporting, searching
from ventanilla.registry.watch.forms import FindForm, LogForm
from ventanilla.registry.watch.history import history_of
from ventanilla.registry.watch.report import chain_now, month_report
from ventanilla.registry.watch.writes import records, writes_within

ROWS = 100


@requires(Permission.AUDIT_VIEW)
def chain(request: OperatorRequest) -> HttpResponse:
    return render(request, "registry/watch/chain.html", {"chain": chain_now(request.actor)})


@requires(Permission.AUDIT_VIEW)
def report(request: OperatorRequest) -> HttpResponse:
    month = _month(request)
    this_month = month_of(clock.today())
    context = {
        "report": month_report(request.actor, month),
        "previous": month.previous,
        "next": month.next if month.first < this_month.first else None,
        "is_over": month.first < this_month.first,
    }
    return render(request, "registry/watch/report.html", context)


@requires(Permission.AUDIT_VIEW)
def report_pdf(request: OperatorRequest) -> HttpResponse:
    """To sign and file: the heads in it are what keeps the chain from being made anew."""
    month = _month(request)
    context = {
        "report": month_report(request.actor, month),
        "institution": Institution.objects.get(pk=request.actor.institution),
        "made_by": Account.objects.get(pk=request.actor.account),
        "posting": request.posting,
        "made_at": clock.now(),
    }
    return documents.answer("registry/watch/report_pdf.html", context, name=f"auditoria-{month}.pdf")


def _month(request: OperatorRequest) -> Month:
    """The month of the address; the present one when it says none, or one that has not begun."""
    this_month = month_of(clock.today())
    asked = parse_month(request.GET.get("mes", ""))
    return asked if asked and asked.first <= this_month.first else this_month


@requires(Permission.AUDIT_VIEW)
def writes(request: OperatorRequest) -> HttpResponse:
    form = _form(request, request.GET)
    found, person, next_url = [], None, ""
    if form.is_valid():
        person = _person(form)
        found = writes_within(
            request.actor, of=person, wanted=form.wanted(), before=searching.entry(request), limit=ROWS
        )
        next_url = searching.next_url(request, found[-1].event.pk) if len(found) == ROWS else ""
    context = {"form": form, "writes": found, "person": person, "next_url": next_url}
    return render(request, "registry/watch/writes.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT_VIEW)
def row(request: OperatorRequest, table: str, row: str) -> HttpResponse:
    """The history of one record; of what was never written here nothing is known."""
    history = history_of(table, row, by=request.actor)
    if history is None:
        raise Http404
    return render(request, "registry/watch/row.html", {"history": history})


@requires(Permission.AUDIT_VIEW)
def find_person(request: OperatorRequest) -> HttpResponse:
    """By RUN or name, in a form that is sent: the address says nothing of whom is looked for."""
    form = FindForm(request.POST or None)
    found = searching.find_people(form.cleaned_data["text"], by=request.actor) if form.is_valid() else None
    context = {"form": form, "found": found}
    return render(request, "registry/watch/find_person.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.AUDIT_VIEW)
def export_readings(request: OperatorRequest) -> HttpResponse:
    kinds = ReadEntry.Kind.choices
    form = LogForm(request.POST, actor=request.actor, right=Permission.READ_LOG_VIEW, kinds=kinds)
    return _exported(request, form, exporting.export_readings)


@require_POST
@requires(Permission.AUDIT_VIEW)
def export_writes(request: OperatorRequest) -> HttpResponse:
    return _exported(request, _form(request, request.POST), exporting.export_writes)


def _exported(request: OperatorRequest, form: LogForm, export: Callable[..., exporting.Export]) -> HttpResponse:
    if not form.is_valid():
        raise RuleBroken("El filtro no se entiende. Vuelva a la lista, corríjalo y exporte otra vez.")
    made = export(request.actor, of=_person(form), wanted=form.wanted())
    disposition = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type="text/csv; charset=utf-8", headers=disposition)


def _form(request: OperatorRequest, asked: Any) -> LogForm:
    return LogForm(asked, actor=request.actor, right=Permission.AUDIT_VIEW, kinds=records().items())


def _person(form: LogForm) -> Person | None:
    """Also somebody whose data are blocked: her right to know who looked is then at its most needed."""
    return get_object_or_404(Person.objects.all(), pk=form.person_id) if form.person_id else None
