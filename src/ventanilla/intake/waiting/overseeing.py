"""Pages of the room for whoever runs it: the day and its figures, how queues are."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.intake.models import Queue
from ventanilla.intake.models.waiting import QueueQuerySet
from ventanilla.intake.waiting import actions, arranging
from ventanilla.intake.waiting.day import day_of_room
from ventanilla.intake.waiting.forms import QueueForm
from ventanilla.intake.waiting.places import desks_of, ids_in, sites_of


@requires(Permission.ROOM_OVERSEE)
def room_day(request: OperatorRequest) -> HttpResponse:
    """The day of the room for a head; closing it; hanging a screen."""
    sites = sites_of(request)
    hung = {}
    if request.method == "POST":
        site = sites.filter(pk__in=ids_in(request.POST.get("site", ""))).first()
        if site and "display" in request.POST:  # its address is shown in this answer and kept nowhere
            token = arranging.hang_display(site, by=request.actor)
            address = reverse("intake:wall", args=[request.actor.institution, token])
            hung = {"site": site, "address": request.build_absolute_uri(address)}
        else:
            if site and "close" in request.POST:
                closed = actions.close_day(site, by=request.actor)
                absent = f" No vinieron a su hora: {closed.absent}." if closed.absent else ""
                messages.success(request, f"Día cerrado. Quedaron sin atender: {closed.left}.{absent}")
            return redirect("intake:room_day")
    found = day_of_room(clock.today(), by=request.actor, now=clock.now())
    return render(request, "intake/room/day.html", {"day": found, "sites": sites, "hung": hung})


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
    desks = desks_of(request)
    initial: dict[str, Any] = {}
    if found:
        initial = {name: getattr(found, name) for name in ("name", "letter", "opens_at", "closes_at")}
        initial["desks"] = [row.desk_id for row in found.served_by.all()]
        desks = desks.filter(site=found.site_id)
    data = request.POST if request.method == "POST" else None
    return QueueForm(data, units=units, sites=sites_of(request), desks=desks, initial=initial)
