"""Pages about people: registering, asking for a ground to read, the emergency, and who has read."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.registry.emergency import break_glass, open_emergency
from ventanilla.registry.finding import person_or_404
from ventanilla.registry.forms import PurposeForm, RegisterForm
from ventanilla.registry.models import Person, ReadEntry, ReadPurpose
from ventanilla.registry.reading import ground_to_read, log_reading, open_purpose, readings_within
from ventanilla.registry.registering import is_certain, register_or_match
from ventanilla.registry.search import Match, with_sector
from ventanilla.registry.watch import searching
from ventanilla.registry.watch.forms import EmergencyForm, LogForm
from ventanilla.registry.watch.telling import tell_if_near

READINGS_SHOWN = 100


@requires(Permission.PERSON_REGISTER)
def register(request: OperatorRequest) -> HttpResponse:
    """Nobody is registered twice: likely matches are shown first, and only then, if asked again, a person is added."""
    form = RegisterForm(request.POST or None)
    matches: Sequence[Match] = ()
    back = _where_she_is_awaited(request)
    if form.is_valid():
        with show_on(form):
            person, matches = register_or_match(form, by=request.actor)
            if person:
                messages.success(request, "La persona quedó registrada.")
                if form.cleaned_data["run"] and form.cleaned_data["run"].is_suspicious:
                    messages.warning(request, "El RUN repite el mismo número. Confírmelo con la cédula a la vista.")
                return redirect(f"{back}?persona={person.pk}" if back else reverse("registry:person", args=[person.pk]))
    context = {"form": form, "matches": matches, "is_certain": is_certain(matches), "awaited_at": back}
    return render(request, "registry/register.html", context, status=422 if form.errors else 200)


def _where_she_is_awaited(request: OperatorRequest) -> str:
    """The page that sent here and waits for her, if it is one of ours."""
    asked = request.POST.get("luego") or request.GET.get("luego", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


@requires(Permission.PERSON_SEARCH)
def person(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """What a search shows of her, and the ways to open her record."""
    found = person_or_404(person_id, by=request.actor)
    if request.method != "POST" and ground_to_read(found, by=request.actor):
        return redirect("screening:file", found.pk)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            open_purpose(
                found,
                by=request.actor,
                ground=ReadPurpose.Ground.WRITTEN_REASON,
                reason=form.cleaned_data["reason"],
            )
            tell_if_near(request, found)
            return redirect("screening:file", found.pk)
    log_reading(ReadEntry.Kind.SEARCH, shown=[found.pk], note="datos de búsqueda")
    (match,) = with_sector([found], on=clock.today())
    return render(request, "registry/person.html", {"match": match, "form": form})


@requires(Permission.READ_LOG_VIEW)
def readings(request: OperatorRequest) -> HttpResponse:
    return _show_readings(request, None)


@requires(Permission.READ_LOG_VIEW)
def readings_of_person(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """Also of somebody whose data are blocked: her right to know who looked is then at its most needed."""
    return _show_readings(request, get_object_or_404(Person.objects.all(), pk=person_id))


def _show_readings(request: OperatorRequest, person: Person | None) -> HttpResponse:
    form = LogForm(request.GET, actor=request.actor, right=Permission.READ_LOG_VIEW, kinds=ReadEntry.Kind.choices)
    found, next_url = [], ""
    if form.is_valid():
        before = searching.entry(request)
        found = readings_within(request.actor, of=person, wanted=form.wanted(), before=before, limit=READINGS_SHOWN)
        next_url = searching.next_url(request, found[-1].entry.pk) if len(found) == READINGS_SHOWN else ""
    context = {
        "form": form,
        "readings": found,
        "person": person,
        "next_url": next_url,
        "can_audit": can(request.actor, Permission.AUDIT_VIEW),
    }
    return render(request, "registry/readings.html", context, status=422 if form.errors else 200)


@requires(Permission.SECRECY_BREAK)
def emergency(request: OperatorRequest, person_id: UUID) -> HttpResponse:
    """Asked of a person, never of a record: whether anything of hers is restricted is not said."""
    found = person_or_404(person_id, by=request.actor)
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            break_glass(found, by=request.actor, reason=form.cleaned_data["reason"])
            tell_if_near(request, found)
            return redirect("screening:file", found.pk)
    log_reading(ReadEntry.Kind.SEARCH, shown=[found.pk], note="datos de búsqueda")
    context = {"person": found, "form": form, "open": open_emergency(found, by=request.actor)}
    return render(request, "registry/emergency.html", context, status=422 if form.errors else 200)
