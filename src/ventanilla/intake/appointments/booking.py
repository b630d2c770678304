"""Pages where an hour is given or changed: whom, then which of the next free ones."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id
from ventanilla.intake.appointments import actions
from ventanilla.intake.appointments.forms import BookingForm, MoveForm, NamelessBookingForm
from ventanilla.intake.appointments.reading import agendas_of, first_choice, seen, to_come_of
from ventanilla.intake.appointments.rules import spoken
from ventanilla.intake.appointments.slots import Slot, free_slots, looked_for_since
from ventanilla.intake.forms import WhoForm
from ventanilla.intake.models import Agenda
from ventanilla.intake.waiting.places import ids_in
from ventanilla.intake.whom import Whom, find_whom
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.models import Person, ReadEntry
from ventanilla.registry.reading import log_reading
from ventanilla.registry.search import with_sector

SHOWN = 24
"""How many free hours a page offers: two or three days of most offices."""


@requires(Permission.ROOM_WORK)
def find(request: OperatorRequest) -> HttpResponse:
    """Who wants an hour: a whole RUN goes on by itself, a name is asked back, and nobody has to be registered first."""
    if "without_record" in request.POST:
        return _offer_nameless(request, name=" ".join(request.POST.get("who", "").split())[:120])
    form = WhoForm(request.POST or None)
    whom: Whom | None = None
    agendas = agendas_of(request.actor)
    if form.is_valid():
        with show_on(form):
            whom = find_whom(form.cleaned_data["who"], by=request.actor, field="who")
            if whom.person:
                return redirect("intake:appointment_book", whom.person.pk)
    if whom:
        form.fields["who"].widget.attrs.pop("autofocus")  # the choice has the focus
    context = {"form": form, "whom": whom, "has_agendas": agendas.exists()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/find.html", context, status=status)


@requires(Permission.ROOM_WORK)
def book(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """The next free hours, the first chosen: Enter gives it."""
    person = person_or_404(person_id, by=request.actor)
    context = _offer(request, person)
    agenda, form = context["agenda"], None
    if agenda:
        form = BookingForm(request.POST or None, slots=context["slots"], initial={"submission_id": new_id()})
        if form.is_valid():
            with show_on(form):
                made = actions.book_appointment(
                    agenda,
                    form.cleaned_data["slot"],
                    form.request_for(person),
                    by=request.actor,
                    submission_id=form.cleaned_data["submission_id"],
                )
                messages.success(request, f"Hora dada: {spoken(timezone.localtime(made.starts_at))}.")
                return redirect(made)
            form.slots = _free(request, agenda, person)  # somebody took one meanwhile
    log_reading(ReadEntry.Kind.SEARCH, shown=[person.pk], note="dar hora")
    (match,) = with_sector([person], on=clock.today())
    hers = to_come_of(person, by=request.actor, since=clock.today())
    return _show(request, context | {"form": form, "match": match, "hers": hers})


@requires(Permission.ROOM_WORK)
def book_nameless(request: OperatorRequest) -> HttpResponse:
    """An hour for a name and a telephone."""
    context = _offer(request, None)
    agenda = context["agenda"]
    if request.method != "POST" or agenda is None:
        return _offer_nameless(request, name="")
    form = NamelessBookingForm(request.POST, slots=context["slots"])
    if form.is_valid():
        with show_on(form):
            made = actions.book_appointment(
                agenda,
                form.cleaned_data["slot"],
                form.request_for(None),
                by=request.actor,
                submission_id=form.cleaned_data["submission_id"],
            )
            messages.success(request, f"Hora dada: {spoken(timezone.localtime(made.starts_at))}.")
            return redirect(made)
        form.slots = _free(request, agenda, None)
    return _show(request, context | {"form": form})


def _offer_nameless(request: OperatorRequest, *, name: str) -> HttpResponse:
    context = _offer(request, None)
    initial = {"submission_id": new_id(), "name": name}
    form = NamelessBookingForm(slots=context["slots"], initial=initial) if context["agenda"] else None
    return _show(request, context | {"form": form})


@requires(Permission.ROOM_WORK)
def move(request: OperatorRequest, appointment_id: UUID) -> HttpResponse:
    """Another hour for who has one; the one she had is free again."""
    appointment = get_object_or_404(seen(request.actor), pk=appointment_id)
    context = _offer(request, appointment.person, preferred=appointment.agenda)
    agenda, form = context["agenda"], None
    if agenda:
        form = MoveForm(request.POST or None, slots=context["slots"], initial={"submission_id": new_id()})
        if form.is_valid():
            with show_on(form):
                made = actions.move_appointment(
                    appointment,
                    agenda,
                    form.cleaned_data["slot"],
                    by=request.actor,
                    reason=form.cleaned_data["reason"],
                    submission_id=form.cleaned_data["submission_id"],
                )
                messages.success(request, f"Hora cambiada: {spoken(timezone.localtime(made.starts_at))}.")
                return redirect(made)
            form.slots = _free(request, agenda, appointment.person)
    if appointment.person_id:
        log_reading(ReadEntry.Kind.LIST, of=appointment.person, shown=[appointment.person_id], note="cambiar hora")
    return _show(request, context | {"form": form, "moved": appointment})


def _offer(request: OperatorRequest, person: Person | None, *, preferred: Agenda | None = None) -> dict[str, Any]:
    """The agendas one may give hours of, the chosen one, and its free hours from the day asked for."""
    agendas = list(agendas_of(request.actor))
    asked = ids_in(request.POST.get("agenda", request.GET.get("agenda", "")))
    chosen = next((one for one in agendas if one.pk in asked), None)
    if asked and chosen is None:
        raise Http404
    default = next((one for one in agendas if preferred and one.pk == preferred.pk), None)
    agenda = chosen or default or first_choice(agendas, request.actor)
    since = day_in(request.POST.get("desde", request.GET.get("desde", "")))
    slots = _free(request, agenda, person) if agenda else []
    return {"agendas": agendas, "agenda": agenda, "slots": slots, "since": since}


def _free(request: OperatorRequest, agenda: Agenda, person: Person | None) -> list[Slot]:
    since = day_in(request.POST.get("desde", request.GET.get("desde", "")))
    return free_slots(agenda, after=looked_for_since(since, clock.now()), most=SHOWN, person=person)


def day_in(text: str) -> date | None:
    """23-11-2026 as it is typed, or as a link writes it; anything else is today."""
    for shape in ("%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _show(request: OperatorRequest, context: Mapping[str, Any]) -> HttpResponse:
    form = context["form"]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/book.html", dict(context), status=status)
