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
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation
from ventanilla.intake.reading import for_lists
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.watch.telling import tell_if_near

ROWS = 10
OPTIONS_SHOWN = 8


@requires(Permission.SESSION_USE)
def home(request: OperatorRequest) -> HttpResponse:
    actor = request.actor
    if not can(actor, Permission.CONSULTATION_WORK):
        return render(request, "desk/welcome.html")
    visible = Consultation.objects.visible_to(actor).of_unit(actor.unit_id)
    mine = visible.filter(recorded_by_id=actor.account_id)
    lists = {
        "in_attention": list(for_lists(mine.in_attention(), ROWS)),
        "unanswered": list(for_lists(visible.filter(state="attended"), ROWS)),
        "recent": list(for_lists(mine.exclude(state="in_attention"), ROWS)),
    }
    if shown := sorted({row.person_id for rows in lists.values() for row in rows if row.person_id}):
        log_reading(ReadEntry.Kind.LIST, shown=shown, note="inicio")
    return render(request, "desk/home.html", lists | {"submission_id": new_id()})


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
