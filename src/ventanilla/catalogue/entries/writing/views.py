"""Pages where an entry is written, and its rule without code."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.entries import actions
from ventanilla.catalogue.entries.finding import entry_or_404
from ventanilla.catalogue.entries.reach import require_reach
from ventanilla.catalogue.entries.ruling.editing import draft_of
from ventanilla.catalogue.entries.sheet import sheet_of
from ventanilla.catalogue.entries.states import EntryState
from ventanilla.catalogue.entries.writing.conflict import conflict_between
from ventanilla.catalogue.entries.writing.forms import Writing, sections, writing_of
from ventanilla.catalogue.models import Entry, EntryDraft
from ventanilla.core import clock
from ventanilla.core.errors import StaleVersion
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id

AFTER = {"rule": "entries:rule", "stay": "entries:write"}
"""Where one goes on to after keeping what was written; to read it when nothing else is said."""


@requires(Permission.CATALOGUE_WRITE)
def new_entry(request: OperatorRequest) -> HttpResponse:
    """A local one. The address of the page is given with it, so that the form sent twice writes one."""
    blank = EntryDraft(entry=Entry(), version=0, unit_id=request.actor.unit_id, written_at=clock.now())
    posted = request.POST if request.method == "POST" else None
    writing = writing_of(blank, by=request.actor, posted=posted, is_local=True)
    writing.form.initial["entry_id"] = new_id()
    if posted is not None and writing.is_valid():
        with show_on(writing.form):
            entry_id = writing.form.cleaned_data["entry_id"]
            made = actions.write_entry(writing.details(), by=request.actor, entry_id=entry_id)
            messages.success(request, "Quedó guardada como borrador. Nadie la ve hasta que se publique.")
            return redirect(AFTER.get(request.POST.get("then", ""), "entries:entry"), made.pk)
    return _show(request, None, writing)


@requires(Permission.CATALOGUE_WRITE)
def write(request: OperatorRequest, entry_id: UUID) -> HttpResponse:
    """The next version of an entry, all of it; of a national one, what is completed here."""
    found = entry_or_404(request, entry_id)
    require_reach(request.actor, Permission.CATALOGUE_WRITE, found.unit_id)
    if found.state == EntryState.CLOSED:
        messages.info(request, "La prestación está cerrada. Cópiela como una nueva.")
        return redirect("entries:entry", found.pk)
    posted = request.POST if request.method == "POST" else None
    writing = writing_of(_draft(found, request), by=request.actor, posted=posted, is_local=found.is_local)
    if posted is not None and writing.is_valid():
        said = writing.form.cleaned_data
        read = {"version": said["version"] or 0, "number": said["number"]}
        try:
            with show_on(writing.form):
                actions.change_draft(found, writing.details(), by=request.actor, **read)
                messages.success(request, "Quedó guardado como borrador. Lo publicado sigue igual.")
                return redirect(AFTER.get(request.POST.get("then", ""), "entries:draft"), found.pk)
        except StaleVersion:  # what is kept is shown beside what was typed, and which one stays is her choice
            return _show_conflict(request, found, writing)
    return _show(request, found, writing)


def _draft(found: Entry, request: OperatorRequest) -> EntryDraft:
    draft = draft_of(found)
    if draft.unit_id is None and not draft.provider_id:
        draft.unit_id = request.actor.unit_id
    return draft


def _show_conflict(request: OperatorRequest, found: Entry, writing: Writing) -> HttpResponse:
    found = entry_or_404(request, found.pk)
    kept = draft_of(found)
    conflict = conflict_between(kept, writing, by=request.actor)
    posted = request.POST.copy()
    posted["version"], posted["number"] = str(kept.version), str(found.number)
    again = writing_of(kept, by=request.actor, posted=posted, is_local=found.is_local)
    return _show(request, found, again, conflict=conflict, status=HTTPStatus.CONFLICT)


def _show(
    request: OperatorRequest,
    found: Entry | None,
    writing: Writing,
    *,
    conflict: object = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, object] = {
        "entry": found,
        "form": writing.form,
        "sections": list(sections(writing.form)),
        "amounts": writing.amounts,
        "legal": writing.legal,
        "places": writing.places,
        "conflict": conflict,
    }
    if found:
        draft = draft_of(found)
        context["draft"] = draft
        context["said"] = None if found.is_local else sheet_of(found, draft, None, on=clock.today())
    if writing.form.errors and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "catalogue/entries/write.html", context, status=status)
