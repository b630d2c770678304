"""The first page, and search, whose words never stand in an address: they wait in the session."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.desk import omnibox
from ventanilla.intake.actions import start_consultation
from ventanilla.intake.models import Consultation

SEARCHES_KEPT = 10
OPTIONS_SHOWN = 8


@requires(Permission.SESSION_USE)
def home(request: OperatorRequest) -> HttpResponse:
    actor = request.actor
    if not can(actor, Permission.CONSULTATION_WORK):
        return render(request, "desk/welcome.html")
    visible = Consultation.objects.visible_to(actor).for_lists().newest_first()
    mine = visible.filter(recorded_by_id=actor.account_id)
    context = {
        "in_attention": mine.in_attention()[:10],
        "unanswered": visible.of_unit(actor.unit_id).filter(state="attended")[:10],
        "recent": mine.exclude(state="in_attention")[:10],
    }
    return render(request, "desk/home.html", context)


@requires(Permission.PERSON_SEARCH)
def search(request: OperatorRequest) -> HttpResponse:
    """Keep what was typed in the session and go to an address that says nothing of it.

    A whole RUN is a choice already: somebody in a hurry presses Enter before the options come, and means the same.
    """
    if request.method != "POST":
        return render(request, "desk/search.html", {"found": None, "query": ""})
    query = " ".join(request.POST.get("q", "").split())[:120]
    if not query:
        return redirect("desk:search")
    if can(request.actor, Permission.CONSULTATION_WORK) and (chosen := omnibox.certain(query, by=request.actor)):
        return redirect(start_consultation(chosen, by=request.actor))
    key = get_random_string(8)
    kept = list(request.session.get("searches", {}).items())[1 - SEARCHES_KEPT :]
    request.session["searches"] = dict([*kept, (key, query)])
    return redirect("desk:search_results", key=key)


@requires(Permission.PERSON_SEARCH)
def search_results(request: OperatorRequest, key: str) -> HttpResponse:
    query = request.session.get("searches", {}).get(key)
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
