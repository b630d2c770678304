"""Pages of the waiting room: arrivals, the desk's room, the day for the head, how queues are, the wall."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, require
from ventanilla.access.gate import OperatorRequest, public, requires
from ventanilla.access.models import Desk, Institution, Site, Unit
from ventanilla.access.permissions import Agent, Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import digest, new_id, parse_uuid
from ventanilla.intake.models import Queue, Ticket, WallDisplay
from ventanilla.intake.models.waiting import QueueQuerySet
from ventanilla.intake.waiting import actions, arranging
from ventanilla.intake.waiting.actions import Preference
from ventanilla.intake.waiting.forms import ArrivalForm, QueueForm, VerbForm
from ventanilla.intake.waiting.reading import day_of_room, on_the_wall, room_of
from ventanilla.intake.waiting.states import Priority
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading


@requires(Permission.ROOM_WORK)
def arrivals(request: OperatorRequest) -> HttpResponse:
    """Give a number, then show it to be printed."""
    queues = Queue.objects.visible_to(request.actor).in_use().select_related("site")
    form = ArrivalForm(request.POST or None, queues=queues, initial={"submission_id": new_id()})
    if form.is_valid():
        given = form.cleaned_data
        people = Person.objects.visible_to(request.actor)
        person = people.with_run(given["run"].canonical).first() if given["run"] else None
        with show_on(form):
            ticket = actions.take_number(
                given["queue"],
                by=request.actor,
                person=person,
                preference=Preference(Priority(given["priority"]), given["evidence"]) if given["priority"] else None,
                submission_id=given["submission_id"],
            )
            if given["run"] and person is None:
                messages.info(request, "Ese RUN no está registrado aquí: el número quedó sin nombre.")
            return redirect(f"{reverse('intake:arrivals')}?numero={ticket.pk}")
    slip = (
        Ticket.objects.visible_to(request.actor)
        .filter(pk__in=_ids(request.GET.get("numero", "")))
        .select_related("queue")
        .first()
    )
    context = {"form": form, "has_queues": queues.exists(), "slip": slip}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/room/arrivals.html", context, status=status)


@requires(Permission.ROOM_WORK)
def room(request: OperatorRequest) -> HttpResponse:
    """The room of the desk where one sits, and everything done from it by key."""
    desks = _desks(request)
    if request.method == "POST" and "desk" in request.POST:
        chosen = desks.filter(pk__in=_ids(request.POST["desk"])).first()
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


def _ids(text: str) -> list[UUID]:
    """The identifier written, or none."""
    found = parse_uuid(text)
    return [found] if found else []


def _my_desk(request: OperatorRequest) -> Desk | None:
    chosen = _ids(request.session.get("desk", ""))
    return _desks(request).filter(pk__in=chosen).select_related("site").first()


def _desks(request: OperatorRequest) -> QuerySet[Desk]:
    return Desk.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)


def _room_context(request: OperatorRequest, desk: Desk) -> dict[str, Any]:
    """The open number is the ground to see who she is; that it was seen is logged once for each number."""
    found = room_of(desk, by=request.actor, now=clock.now())
    here = found.here
    if here and here.person and request.session.get("seen_ticket") != str(here.pk):
        log_reading(ReadEntry.Kind.LIST, of=here.person, shown=[here.person.pk], note=f"llamado {here.label}")
        request.session["seen_ticket"] = str(here.pk)
    return {"room": found}


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


@requires(Permission.ROOM_OVERSEE)
def room_day(request: OperatorRequest) -> HttpResponse:
    """The day of the room for a head; closing it; hanging a screen."""
    sites = _sites(request)
    hung = {}
    if request.method == "POST":
        site = sites.filter(pk__in=_ids(request.POST.get("site", ""))).first()
        if site and "display" in request.POST:  # its address is shown in this answer and kept nowhere
            token = arranging.hang_display(site, by=request.actor)
            address = reverse("intake:wall", args=[request.actor.institution, token])
            hung = {"site": site, "address": request.build_absolute_uri(address)}
        else:
            if site and "close" in request.POST:
                left = actions.close_day(site, by=request.actor)
                messages.success(request, f"Día cerrado. Quedaron sin atender: {left}.")
            return redirect("intake:room_day")
    found = day_of_room(clock.today(), by=request.actor, now=clock.now())
    return render(request, "intake/room/day.html", {"day": found, "sites": sites, "hung": hung})


def _sites(request: OperatorRequest) -> QuerySet[Site]:
    return Site.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)


@requires(Permission.ROOM_ARRANGE)
def queues(request: OperatorRequest) -> HttpResponse:
    """The queues of one's unit, and a new one."""
    form = _queue_form(request)
    if form.is_valid():
        with show_on(form):
            given = form.cleaned_data | {"desks": list(form.cleaned_data["desks"])}
            made = arranging.open_queue(given.pop("site"), given.pop("unit"), by=request.actor, **given)
            messages.success(request, f"Fila {made} creada.")
            return redirect("intake:queues")
    rows = _mine(request).prefetch_related("served_by__desk").select_related("unit", "site")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/room/queues.html", {"queues": rows, "form": form}, status=status)


@requires(Permission.ROOM_ARRANGE)
def queue(request: OperatorRequest, queue_id: UUID) -> HttpResponse:
    """One queue, to change or to close."""
    found = get_object_or_404(_mine(request).select_related("site", "unit"), pk=queue_id)
    if "close" in request.POST:
        arranging.close_queue(found, by=request.actor)
        messages.success(request, f"Fila {found} cerrada.")
        return redirect("intake:queues")
    form = _queue_form(request, found)
    del form.fields["unit"], form.fields["site"]
    if form.is_valid():
        with show_on(form):
            given = form.cleaned_data | {"desks": list(form.cleaned_data["desks"])}
            arranging.change_queue(found, by=request.actor, **given)
            messages.success(request, f"Fila {found} guardada.")
            return redirect("intake:queues")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/room/queue.html", {"queue": found, "form": form}, status=status)


def _mine(request: OperatorRequest) -> QueueQuerySet:
    return Queue.objects.in_use().filter(within_reach(request.actor, Permission.ROOM_ARRANGE))


def _queue_form(request: OperatorRequest, found: Queue | None = None) -> QueueForm:
    units = Unit.objects.filter(within_reach(request.actor, Permission.ROOM_ARRANGE, unit="pk"))
    desks = _desks(request)
    initial: dict[str, Any] = {}
    if found:
        initial = {name: getattr(found, name) for name in ("name", "letter", "opens_at", "closes_at")}
        initial["desks"] = [row.desk_id for row in found.served_by.all()]
        desks = desks.filter(site=found.site_id)
    data = request.POST if request.method == "POST" else None
    return QueueForm(data, units=units, sites=_sites(request), desks=desks, initial=initial)


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
