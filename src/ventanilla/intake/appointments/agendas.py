"""Pages where a head arranges agendas: whose, with which hours, and what they can no longer keep; no names."""

from collections import Counter
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import within_reach
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.appointments import arranging
from ventanilla.intake.appointments.forms import AgendaForm, HoursForm, LastDayForm
from ventanilla.intake.appointments.reading import arranged_by, to_be_moved
from ventanilla.intake.models import Agenda, Queue
from ventanilla.intake.waiting.places import desks_of, sites_of


@requires(Permission.ROOM_ARRANGE)
def agendas(request: OperatorRequest) -> HttpResponse:
    """The agendas that one arranges, and a new one."""
    form = _agenda_form(request)
    if form.is_valid():
        with show_on(form):
            given = dict(form.cleaned_data)
            made = arranging.open_agenda(given.pop("site"), given.pop("unit"), by=request.actor, **given)
            messages.success(request, f"Agenda {made} creada. Ahora dele sus horas.")
            return redirect("intake:agenda", made.pk)
    found = list(arranged_by(request.actor).prefetch_related("hours"))
    lost = Counter(row.appointment.agenda_id for row in _to_move(request, found))
    rows = [(agenda, [hours.pattern for hours in agenda.hours.all()], lost[agenda.pk]) for agenda in found]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/appointments/agendas.html", {"rows": rows, "form": form}, status=status)


@requires(Permission.ROOM_ARRANGE)
def agenda(request: OperatorRequest, agenda_id: UUID) -> HttpResponse:
    """One agenda: its hours, more of them, when some end, and what it is."""
    found = get_object_or_404(arranged_by(request.actor), pk=agenda_id)
    if "close" in request.POST:
        arranging.close_agenda(found, by=request.actor)
        messages.success(request, f"Agenda {found} cerrada.")
        return redirect("intake:agendas")
    forms: dict[str, Any] = {
        "change": _agenda_form(request, found),
        "add": _hours_form(request, found),
        "end": LastDayForm(request.POST if "end" in request.POST else None),
    }
    done = _act(request, found, forms)
    if done:
        return done
    today = clock.today()
    offered = found.hours.select_related("desk")
    context = {
        "agenda": found,
        "current": [one for one in offered if one.until_on is None or one.until_on >= today],
        "forms": forms,
        "today": today,
        "by_day": _by_day(_to_move(request, [found])),
    }
    is_wrong = any(form.errors for form in forms.values())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "intake/appointments/agenda.html", context, status=status)


def _act(request: OperatorRequest, found: Agenda, forms: dict[str, Any]) -> HttpResponse | None:
    here = redirect("intake:agenda", found.pk)
    change, add, end = forms["change"], forms["add"], forms["end"]
    if "change" in request.POST and change.is_valid():
        with show_on(change):
            arranging.change_agenda(found, by=request.actor, **change.cleaned_data)
            messages.success(request, f"Agenda {found} guardada.")
            return here
    if "add" in request.POST and add.is_valid():
        with show_on(add):
            made = arranging.add_hours(found, by=request.actor, **add.cleaned_data)
            messages.success(request, f"Horario agregado: {made.pattern}.")
            return here
    if "end" in request.POST and end.is_valid():
        with show_on(end):
            last = end.cleaned_data["until_on"]
            arranging.end_hours(found, end.cleaned_data["hours"], by=request.actor, last_day=last)
            messages.success(request, f"Ese horario se ofrece hasta el {last:%d-%m-%Y}.")
            return here
    return None


def _to_move(request: OperatorRequest, agendas: list[Agenda]) -> list[Any]:
    return list(to_be_moved(agendas, institution_id=request.actor.institution, today=clock.today()))


def _by_day(rows: list[Any]) -> list[tuple[date, int, str]]:
    """How many of each day and why: a head who arranges sees no names."""
    counts = Counter((row.appointment.day, row.why) for row in rows)
    return [(day, count, why) for (day, why), count in sorted(counts.items())]


def _agenda_form(request: OperatorRequest, found: Agenda | None = None) -> AgendaForm:
    units = Unit.objects.filter(within_reach(request.actor, Permission.ROOM_ARRANGE, unit="pk"))
    queues = Queue.objects.in_use().filter(within_reach(request.actor, Permission.ROOM_ARRANGE))
    initial: dict[str, Any] = {}
    if found:
        queues = queues.filter(unit=found.unit_id, site=found.site_id)
        is_reserved = found.secrecy == Secrecy.RESERVED
        initial = {"name": found.name, "queue": found.queue_id, "is_reserved": is_reserved}
    sent = request.method == "POST" and (found is None or "change" in request.POST)
    form = AgendaForm(
        request.POST if sent else None, units=units, sites=sites_of(request), queues=queues, initial=initial
    )
    if found:
        del form.fields["unit"], form.fields["site"]
    return form


def _hours_form(request: OperatorRequest, found: Agenda) -> HoursForm:
    data = request.POST if "add" in request.POST else None
    desks = desks_of(request).filter(site=found.site_id)
    return HoursForm(data, desks=desks, initial={"from_on": clock.today()}, auto_id="h_%s")
