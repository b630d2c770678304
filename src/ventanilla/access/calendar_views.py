"""The page of the institution's calendar."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.calendars import holidays_of
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import OwnDay
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import DayField, Seg, show_on

SHOWN = timedelta(days=365)
CLOSED, WORKED = "closed", "worked"


class OwnDayForm(forms.Form):
    day = DayField(label="Día", help_text="Ejemplo: 24-12-2026")
    kind = forms.ChoiceField(
        label="Ese día", choices=[(CLOSED, "No se atiende"), (WORKED, "Se atiende")], initial=CLOSED, widget=Seg
    )
    reason = forms.CharField(label="Motivo", max_length=160, help_text="Ejemplo: Decreto 1.204, aniversario comunal")


@requires(Permission.CALENDAR_ARRANGE)
def calendar(request: OperatorRequest) -> HttpResponse:
    """The days of the coming year that are not worked, or are all the same; and one more."""
    form = OwnDayForm(request.POST or None)
    if form.is_valid():
        day, reason, is_worked = (
            form.cleaned_data["day"],
            form.cleaned_data["reason"],
            form.cleaned_data["kind"] == WORKED,
        )
        with show_on(form):
            actions.add_own_day(day, by=request.actor, is_worked=is_worked, reason=reason)
            messages.success(request, f"Quedó anotado el {day:%d-%m-%Y}.")
            return redirect("access:calendar")
    today = clock.today()
    context = {"form": form, "rows": _rows(request.actor.institution, today), "today": today}
    return render(request, "access/calendar.html", context, status=422 if form.errors else 200)


def _rows(institution_id: int, today: date) -> list[tuple[date, str, OwnDay | None]]:
    """Each day with its name in the national calendar, and what the institution does of it."""
    last = today + SHOWN
    own = {one.day: one for one in OwnDay.objects.filter(institution_id=institution_id, day__range=(today, last))}
    holidays = {day: name for day, name in holidays_of(institution_id, around=today).items() if today <= day <= last}
    return [(day, holidays.get(day, ""), own.get(day)) for day in sorted(own.keys() | holidays.keys())]


@require_POST
@requires(Permission.CALENDAR_ARRANGE)
def remove_own_day(request: OperatorRequest, day_id: UUID) -> HttpResponse:
    own = get_object_or_404(OwnDay, pk=day_id, institution_id=request.actor.institution)
    actions.remove_own_day(own, by=request.actor)
    messages.success(request, f"El {own.day:%d-%m-%Y} vuelve a ser como en el calendario nacional.")
    return redirect("access:calendar")
