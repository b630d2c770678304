"""Pages of the waiting room at work: the desk's room and the wall."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, require
from ventanilla.access.gate import OperatorRequest, public, requires
from ventanilla.access.models import Desk, Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import digest
from ventanilla.intake.models import Queue, Ticket, WallDisplay
from ventanilla.intake.waiting import actions
from ventanilla.intake.waiting.forms import VerbForm
from ventanilla.intake.waiting.places import desks_of, ids_in
from ventanilla.intake.waiting.reading import on_the_wall, referrals_brought, room_of
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading


@requires(Permission.ROOM_WORK)
def room(request: OperatorRequest) -> HttpResponse:
    """The room of the desk where one sits, and everything done from it by key."""
    desks = desks_of(request)
    if request.method == "POST" and "desk" in request.POST:
        chosen = desks.filter(pk__in=ids_in(request.POST["desk"])).first()
        request.session["desk"] = str(chosen.pk) if chosen else ""
        return redirect("intake:room")
    desk = _my_desk(request)
    if desk is None:
        context = {"desks": desks.select_related("site"), "has_queues": Queue.objects.in_use().exists()}
        return render(request, "intake/room/choose_desk.html", context)
    form = VerbForm(request.POST or None)
    waiting: Any = form.fields["ticket"]
    waiting.queryset = Ticket.objects.visible_to(request.actor).at(desk.site)
    others: Any = form.fields["queue"]
    others.queryset = Queue.objects.visible_to(request.actor).in_use().filter(site=desk.site)
    if form.is_valid():
        with show_on(form):
            return _do(request, desk, **form.cleaned_data)
    context = _room_context(request, desk) | {"form": form, "other_queues": others.queryset}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/room/room.html", context, status=status)


@requires(Permission.ROOM_WORK)
def room_list(request: OperatorRequest) -> HttpResponse:
    """Who waits, as a fragment that the page asks for now and then."""
    desk = _my_desk(request)
    if desk is None:
        return redirect("intake:room")
    return render(request, "intake/room/room.html#lista", _room_context(request, desk))


def _my_desk(request: OperatorRequest) -> Desk | None:
    chosen = ids_in(request.session.get("desk", ""))
    return desks_of(request).filter(pk__in=chosen).select_related("site").first()


def _room_context(request: OperatorRequest, desk: Desk) -> dict[str, Any]:
    """The open number is the ground to see who she is; that it was seen is logged once for each number."""
    found = room_of(desk, by=request.actor, now=clock.now())
    here = found.here
    if here and here.person and request.session.get("seen_ticket") != str(here.pk):
        log_reading(ReadEntry.Kind.LIST, of=here.person, shown=[here.person.pk], note=f"llamado {here.label}")
        request.session["seen_ticket"] = str(here.pk)
    return {"room": found, "brought": referrals_brought(here, by=request.actor)}


def _do(
    request: OperatorRequest, desk: Desk, *, verb: str, ticket: Ticket | None, queue: Queue | None, reason: str
) -> HttpResponse:
    back = redirect("intake:room")
    if verb == "leave":
        request.session.pop("desk", None)
        return back
    if verb == "call":
        called, why = actions.call_next(desk, by=request.actor)
        messages.info(request, f"{called.label}. {why}")
        return back
    if ticket is None:
        raise Http404
    if verb == "attend":
        return redirect(actions.attend(ticket, by=request.actor))
    if verb == "hand_over":
        passed = actions.hand_over(ticket, queue or ticket.queue, by=request.actor, reason=reason)
        messages.success(request, f"{passed.label} pasó a {passed.queue}.")
        return back
    {
        "recall": actions.recall,
        "no_show": actions.mark_no_show,
        "finish": actions.finish,
        "back": actions.return_to_room,
    }[verb](ticket, by=request.actor)
    return back


@public("a screen on the wall has no operator; it shows numbers and desks, and its address holds a secret")
def wall(request: HttpRequest, institution_id: int, token: str) -> HttpResponse:
    """The numbers called, to be read from afar. The fragment answers 204 while nothing changed."""
    institution = get_object_or_404(Institution, pk=institution_id)
    actor = Actor(Agent.WALL, institution.pk, time_zone=institution.time_zone)
    require(actor, Permission.ROOM_SHOW)
    tenancy.enter(actor)
    hung = WallDisplay.objects.visible_to(actor).filter(revoked_at__isnull=True).select_related("site")
    display = get_object_or_404(hung, digest=digest(token))
    called = on_the_wall(display.site, clock.now())
    mark = digest("".join(f"{ticket.label}{ticket.calls}{ticket.desk_id}" for ticket in called))[:12]
    if request.headers.get("HX-Request") and request.GET.get("visto") == mark:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = {"called": called, "mark": mark, "site": display.site, "institution": institution}
    part = "#llamados" if request.headers.get("HX-Request") else ""
    return render(request, f"intake/room/wall.html{part}", context)
