"""The page of arrivals: a number by RUN, by name or by neither, and the hour that she had."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id
from ventanilla.intake.appointments.actions import receive
from ventanilla.intake.appointments.reading import expected_at_rooms
from ventanilla.intake.models import Queue, Ticket
from ventanilla.intake.waiting import actions
from ventanilla.intake.waiting.actions import Preference
from ventanilla.intake.waiting.forms import ArrivalForm, PreferenceForm
from ventanilla.intake.waiting.places import ids_in
from ventanilla.intake.waiting.reading import possible_preferences
from ventanilla.intake.waiting.states import Priority
from ventanilla.intake.whom import Whom, find_whom
from ventanilla.registry.models import Person


@requires(Permission.ROOM_WORK)
def arrivals(request: OperatorRequest) -> HttpResponse:
    """Give a number, then show it to be printed. A name is asked back: which of these is she?"""
    queues = Queue.objects.visible_to(request.actor).in_use().select_related("site")
    form = ArrivalForm(request.POST or None, queues=queues, initial={"submission_id": new_id()})
    whom: Whom | None = None
    if form.is_valid():
        given = form.cleaned_data
        with show_on(form):
            whom = _whom(request, given)
            if whom.person or whom.is_run or given["nameless"]:
                return _give(request, given, whom)
    if whom:
        form.fields["who"].widget.attrs.pop("autofocus")  # the choice has the focus
    slip = _slip(request, request.GET.get("numero", ""))
    context = {
        "form": form,
        "has_queues": queues.exists(),
        "whom": whom if not form.errors else None,
        "expected": expected_at_rooms(clock.today(), by=request.actor) if whom is None else [],
        **_slip_context(request, slip),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/room/arrivals.html", context, status=status)


def _whom(request: OperatorRequest, given: Mapping[str, Any]) -> Whom:
    """Who came: the one chosen, the one of the RUN, nobody when nothing was typed, or those to choose from."""
    if given["person"]:
        people = Person.objects.visible_to(request.actor)
        return Whom(get_object_or_404(people, pk=given["person"]))
    if given["nameless"] or not given["who"]:
        return Whom(is_run=True)
    return find_whom(given["who"], by=request.actor, field="who")


def _give(request: OperatorRequest, given: Mapping[str, Any], whom: Whom) -> HttpResponse:
    ticket = receive(
        given["queue"],
        by=request.actor,
        person=whom.person,
        preference=Preference(Priority(given["priority"]), given["evidence"]) if given["priority"] else None,
        submission_id=given["submission_id"],
    )
    if given["who"] and whom.person is None and not given["nameless"]:
        messages.info(request, "Ese RUN no está registrado aquí: el número quedó sin nombre.")
    return redirect(slip_url(ticket))


def slip_url(ticket: Ticket) -> str:
    return f"{reverse('intake:arrivals')}?numero={ticket.pk}"


def _slip(request: OperatorRequest, written: str) -> Ticket | None:
    shown = Ticket.objects.visible_to(request.actor).select_related("queue", "person", "appointment__agenda")
    return shown.filter(pk__in=ids_in(written)).first()


def _slip_context(request: OperatorRequest, slip: Ticket | None) -> dict[str, Any]:
    if slip is None:
        return {"slip": None}
    grounds = possible_preferences(slip, by=request.actor, on=clock.today())
    form = PreferenceForm(initial={"priority": grounds[0]}) if grounds else None
    words = ", ".join(ground.label.lower() for ground in grounds)
    return {"slip": slip, "hour": slip.hour_for(request.actor), "grounds": words, "preference_form": form}


@require_POST
@requires(Permission.ROOM_WORK)
def prefer(request: OperatorRequest, ticket_id: UUID) -> HttpResponse:
    """The clerk asked, and saw what shows it: the number goes first."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.actor).select_related("queue"), pk=ticket_id)
    form = PreferenceForm(request.POST)
    if form.is_valid():
        with show_on(form):
            preference = Preference(Priority(form.cleaned_data["priority"]), form.cleaned_data["evidence"])
            actions.give_preference(ticket, preference, by=request.actor)
            messages.success(request, f"{ticket.label} tiene preferencia.")
            return redirect(slip_url(ticket))
    queues = Queue.objects.visible_to(request.actor).in_use().select_related("site")
    context = {
        "form": ArrivalForm(queues=queues, initial={"submission_id": new_id()}),
        "has_queues": queues.exists(),
        **_slip_context(request, _slip(request, str(ticket.pk))),
        "preference_form": form,
    }
    return render(request, "intake/room/arrivals.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
