"""Pages of how the institution is divided: units, sites and desks."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.actions import UnitDetails
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Commune, Desk, Function, InstitutionCommune, Posting, Provider, Site, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.forms import DayField, Picks, show_on


class UnitForm(forms.Form):
    code = forms.SlugField(
        label="Código",
        max_length=30,
        help_text="Corto y sin espacios, como «subsidios». Después no cambia",
        widget=forms.TextInput(attrs={"class": "w-m", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label="Nombre", max_length=120)
    functions = forms.ModelMultipleChoiceField(
        Function.objects.all(), label="Qué hace", widget=Picks, help_text="Por su función le llegan los motivos"
    )
    parent = forms.ModelChoiceField(
        Unit.objects.none(), label="Depende de", required=False, empty_label="Ninguna otra unidad"
    )
    connected_from = DayField(label="Conectada desde", required=False, help_text="Ejemplo: 23-11-2026")
    connected_until = DayField(label="Conectada hasta", required=False, help_text="En blanco si sigue")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField


class SiteForm(forms.Form):
    name = forms.CharField(label="Nombre", max_length=120, help_text="Ejemplo: Delegación de El Palqui")
    address = forms.CharField(label="Dirección", max_length=200, required=False)
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Comuna", empty_label=None)

    def __init__(self, *args: Any, institution_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served = InstitutionCommune.objects.filter(institution_id=institution_id)
        communes = Commune.objects.filter(pk__in=served.values("commune_id"))
        self.fields["commune"].queryset = communes  # type: ignore[attr-defined]  # a ModelChoiceField


class DeskForm(forms.Form):
    name = forms.CharField(label="Módulo nuevo", max_length=60, help_text="Ejemplo: Módulo 4")


@requires(Permission.OFFICE_ARRANGE)
def office(request: OperatorRequest) -> HttpResponse:
    serving = Posting.objects.in_force_on(clock.today())
    context = {
        "units": _units(request)
        .select_related("parent")
        .prefetch_related("functions__function")
        .annotate(operators=Count("posting", filter=Q(posting__in=serving))),
        "sites": _sites(request),
        "providers": Provider.objects.filter(institution_id=request.actor.institution),
        "today": clock.today(),
    }
    return render(request, "access/office.html", context)


@requires(Permission.OFFICE_ARRANGE)
def new_unit(request: OperatorRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, units=_units(request), initial={"connected_from": clock.today()})
    if form.is_valid():
        with show_on(form):
            unit = actions.open_unit(UnitDetails(**form.cleaned_data), by=request.actor)
            messages.success(request, f"{unit} quedó creada.")
            return redirect("access:office")
    return _form(request, form, "Agregar una unidad")


@requires(Permission.OFFICE_ARRANGE)
def unit(request: OperatorRequest, unit_id: UUID) -> HttpResponse:
    found = get_object_or_404(_units(request), pk=unit_id)
    initial = {name: getattr(found, name) for name in ("name", "parent", "connected_from", "connected_until")}
    initial["functions"] = [row.function_id for row in found.functions.all()]
    form = UnitForm(request.POST or None, units=_units(request).exclude(pk=found.pk), initial=initial)
    del form.fields["code"]
    if form.is_valid():
        with show_on(form):
            actions.change_unit(found, UnitDetails(**form.cleaned_data), by=request.actor)
            messages.success(request, f"{found} quedó guardada.")
            return redirect("access:office")
    return _form(request, form, found.name)


@requires(Permission.OFFICE_ARRANGE)
def new_site(request: OperatorRequest) -> HttpResponse:
    form = SiteForm(request.POST or None, institution_id=request.actor.institution)
    if form.is_valid():
        with show_on(form):
            made = actions.open_site(by=request.actor, **form.cleaned_data)
            messages.success(request, f"{made} quedó creada. Agregue sus módulos.")
            return redirect("access:site", site_id=made.pk)
    return _form(request, form, "Agregar una dependencia")


@requires(Permission.OFFICE_ARRANGE)
def site(request: OperatorRequest, site_id: UUID) -> HttpResponse:
    """One site, to change or to leave, and its desks."""
    found = get_object_or_404(_sites(request), pk=site_id)
    if "close" in request.POST:
        actions.close_site(found, by=request.actor)
        messages.success(request, f"{found} ya no se usa. Lo atendido ahí conserva su lugar.")
        return redirect("access:office")
    is_desk = "desk" in request.POST
    form = SiteForm(
        request.POST if request.method == "POST" and not is_desk else None,
        institution_id=request.actor.institution,
        initial={"name": found.name, "address": found.address, "commune": found.commune_id},
    )
    desk_form = DeskForm(request.POST if is_desk else None)
    if is_desk and desk_form.is_valid():
        with show_on(desk_form):
            actions.open_desk(found, by=request.actor, name=desk_form.cleaned_data["name"])
            return redirect("access:site", site_id=found.pk)
    if not is_desk and form.is_valid():
        with show_on(form):
            actions.change_site(found, by=request.actor, **form.cleaned_data)
            messages.success(request, f"{found} quedó guardada.")
            return redirect("access:office")
    status = 422 if form.errors or desk_form.errors else 200
    return render(request, "access/site.html", {"site": found, "form": form, "desk_form": desk_form}, status=status)


@require_POST
@requires(Permission.OFFICE_ARRANGE)
def close_desk(request: OperatorRequest, desk_id: UUID) -> HttpResponse:
    desks = Desk.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)
    found = get_object_or_404(desks, pk=desk_id)
    actions.close_desk(found, by=request.actor)
    messages.success(request, f"{found} ya no se usa.")
    return redirect("access:site", site_id=found.site_id)


def _form(request: OperatorRequest, form: forms.Form, title: str) -> HttpResponse:
    return render(
        request, "access/office_form.html", {"form": form, "title": title}, status=422 if form.errors else 200
    )


def _units(request: OperatorRequest) -> QuerySet[Unit]:
    return Unit.objects.filter(institution_id=request.actor.institution)


def _sites(request: OperatorRequest) -> QuerySet[Site]:
    """Those in use, with their desks in use."""
    here = Site.objects.filter(institution_id=request.actor.institution, closed_on__isnull=True)
    return here.prefetch_related(Prefetch("desks", Desk.objects.filter(closed_on__isnull=True)))
