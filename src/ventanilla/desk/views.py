"""The first page, and search, whose words never stand in an address: they wait on the server under a key."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.ids import new_id
from ventanilla.desk import omnibox
from ventanilla.desk.actions import keep_search, kept_search
from ventanilla.desk.figures import figures_of_day
from ventanilla.desk.tray import days_of, tray_of
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.reading import drafts_of
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.telling import tell_if_near

DRAFTS = 10
OPTIONS_SHOWN = 8


@requires(Permission.SESSION_USE)
def home(request: OperatorRequest) -> HttpResponse:
    """My tray; beside it what I typed and did not send, and the figures of the day for whoever oversees it."""
    actor, today = request.actor, clock.today()
    attends = can(actor, Permission.CONSULTATION_WORK)
    days = days_of(actor, on=today)
    tray = tray_of(actor, on=today, days=days)
    if not (attends or tray.groups):
        return render(request, "desk/welcome.html")
    drafts = drafts_of(actor, DRAFTS) if attends else []
    shown = tray.people | {draft.consultation.person_id for draft in drafts if draft.consultation.person_id}
    if shown:
        log_reading(ReadEntry.Kind.LIST, shown=sorted(shown), note="bandeja")
    context = {
        "tray": tray,
        "now": clock.now(),
        "attends": attends,
        "drafts": drafts,
        "figures": figures_of_day(actor, on=today, now=clock.now(), days=days),
        "submission_id": new_id(),
    }
    return render(request, "desk/tray.html", context)


@requires(Permission.PERSON_SEARCH)
def search(request: OperatorRequest) -> HttpResponse:
    """Keep what was typed on the server and go to an address that says nothing of it.

    A whole RUN is a choice already: somebody in a hurry presses Enter before the options come, and means the same.
    """
    if request.method != "POST":
        return render(request, "desk/search.html", {"found": None, "query": ""})
    printable = "".join(letter if letter.isprintable() else " " for letter in request.POST.get("q", ""))
    query = " ".join(printable.split())[:120]
    if not query:
        return redirect("desk:search")
    if can(request.actor, Permission.CONSULTATION_WORK) and (chosen := omnibox.certain(query, by=request.actor)):
        started = start_consultation(chosen, by=request.actor)
        tell_if_near(request, chosen)
        return redirect(started)
    return redirect("desk:search_results", key=keep_search(query, by=request.actor))


@requires(Permission.PERSON_SEARCH)
def search_results(request: OperatorRequest, key: str) -> HttpResponse:
    query = kept_search(key, by=request.actor)
    if query is None:
        return redirect("desk:search")
    found = omnibox.find(query, by=request.actor, on=clock.today())
    return render(request, "desk/search.html", {"found": found, "query": query})


@require_POST
@requires(Permission.PERSON_SEARCH)
def search_options(request: OperatorRequest) -> HttpResponse:
    found = omnibox.find(request.POST.get("q", ""), by=request.actor, on=clock.today(), limit=OPTIONS_SHOWN)
    options = omnibox.options(found, by=request.actor)
    return render(request, "core/parts/omnibox_options.html", {"options": options})
