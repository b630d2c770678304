"""Pages of the readings that draw attention, and of the notices of what was opened in an emergency."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core.forms import show_on
from ventanilla.core.ids import parse_uuid
from ventanilla.registry.models import Flag, Notice, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch import actions
from ventanilla.registry.watch.forms import AnswerFlagForm
from ventanilla.registry.watch.reading import notices_of, readings_behind
from ventanilla.registry.watch.states import FlagState

ROWS = 50
STATES = (
    (FlagState.OPEN, "Por revisar"),
    (FlagState.EXPLAINED, "Explicadas"),
    (FlagState.CONFIRMED, "Indebidas"),
)


@requires(Permission.FLAG_ANSWER)
def flags(request: OperatorRequest) -> HttpResponse:
    """Those of the actor's reach in one state, the newest first. Opening it goes over what was read since last time."""
    actions.raise_flags(by=request.actor)
    state = FlagState(asked) if (asked := request.GET.get("estado", "")) in FlagState.values else FlagState.OPEN
    visible = Flag.objects.visible_to(request.actor)
    found = visible.filter(state=state).newest_first()
    if (last := parse_uuid(request.GET.get("antes", ""))) and (after := visible.filter(pk=last).first()):
        found = found.filter(Q(day__lt=after.day) | Q(day=after.day, pk__lt=after.pk))
    rows = list(found.select_related("account", "posting", "unit", "person")[: ROWS + 1])
    next_url = f"?estado={state}&antes={rows[ROWS - 1].pk}" if len(rows) > ROWS else ""
    rows = rows[:ROWS]
    if shown := {row.person_id for row in rows if row.person_id}:
        log_reading(ReadEntry.Kind.LIST, shown=shown, note="lecturas por revisar")
    switch = [(words, f"?estado={one}", one is state) for one, words in STATES]
    context = {"flags": rows, "switch": switch, "state": state, "next_url": next_url}
    return render(request, "registry/watch/flags.html", context)


@requires(Permission.FLAG_ANSWER)
def flag(request: OperatorRequest, flag_id: UUID) -> HttpResponse:
    """One of them with the readings behind it, and the answer, given or to be given."""
    visible = Flag.objects.visible_to(request.actor)
    found = get_object_or_404(visible.select_related("account", "posting", "unit", "person", "purpose"), pk=flag_id)
    form = AnswerFlagForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            state = FlagState(form.cleaned_data["state"])
            actions.answer_flag(found, by=request.actor, state=state, reason=form.cleaned_data["reason"])
            messages.success(request, "La respuesta quedó registrada con su nombre.")
            return redirect("watch:flag", flag_id=found.pk)
    context = {
        "flag": found,
        "readings": readings_behind(found, by=request.actor),
        "steps": found.steps.select_related("account", "posting"),
        "form": form,
        "is_open": found.state == FlagState.OPEN,
    }
    return render(request, "registry/watch/flag.html", context, status=422 if form.errors else 200)


@requires(Permission.SESSION_USE)
def notices(request: OperatorRequest) -> HttpResponse:
    """One's own; each waits until one says that one read it."""
    if request.actor.institution_id is None:  # above institutions there is nobody to be told of
        return render(request, "registry/watch/notices.html", {"notices": []})
    if notice_id := parse_uuid(request.POST.get("notice", "")):
        notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=notice_id)
        actions.acknowledge(notice, by=request.actor)
        return redirect("watch:notices")
    return render(request, "registry/watch/notices.html", {"notices": notices_of(request.actor)})
