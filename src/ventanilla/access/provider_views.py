"""Pages of the providers outside the institution, beside those of its office."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ventanilla.access import actions
from ventanilla.access.actions import ProviderDetails
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Institution, Provider, ProviderNature
from ventanilla.access.permissions import Permission
from ventanilla.core.forms import Seg, show_on
from ventanilla.core.ids import new_id


class ProviderForm(forms.Form):
    name = forms.CharField(label="Nombre", max_length=120, help_text="Ejemplo: Fundación Los Nogales")
    nature = forms.ChoiceField(
        choices=ProviderNature.choices,
        label="Naturaleza",
        widget=Seg,
        help_text="De ella depende qué se le puede informar",
    )
    address = forms.CharField(label="Dirección", max_length=200, required=False)
    phone = forms.CharField(
        label="Teléfono", max_length=40, required=False, widget=forms.TextInput(attrs={"class": "w-m", "type": "tel"})
    )
    email = forms.EmailField(label="Correo", required=False, widget=forms.EmailInput(attrs={"class": "w-m"}))
    website = forms.CharField(label="Sitio", max_length=200, required=False, help_text="Comienza con https://")
    partner = forms.TypedChoiceField(
        label="Recibe por la plataforma",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select({"class": "select"}),
        help_text="Si es otra municipalidad que la usa: lo que se le derive llega a su unidad de atención",
    )
    provider_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, partners: Sequence[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        partner: Any = self.fields["partner"]
        partner.choices = [("", "No, por enlace o por oficio"), *((one.pk, one.short_name) for one in partners)]
        if not partners:
            partner.widget = partner.hidden_widget()

    def details(self) -> ProviderDetails:
        said: dict[str, Any] = dict(self.cleaned_data)
        del said["provider_id"]
        return ProviderDetails(partner_id=said.pop("partner"), **said)


@requires(Permission.OFFICE_ARRANGE)
def new_provider(request: OperatorRequest) -> HttpResponse:
    partners = actions.partners_of(request.actor.institution)
    form = ProviderForm(request.POST or None, partners=partners, initial={"provider_id": new_id()})
    if form.is_valid():
        with show_on(form):
            made = actions.add_provider(form.details(), by=request.actor, provider_id=form.cleaned_data["provider_id"])
            messages.success(request, f"{made} quedó agregado. Ya se puede elegir en el catálogo.")
            return redirect("access:office")
    return _show(request, form, None)


@requires(Permission.OFFICE_ARRANGE)
def provider(request: OperatorRequest, provider_id: UUID) -> HttpResponse:
    """One of them, to change, to end or to use again."""
    found = get_object_or_404(providers_of(request), pk=provider_id)
    if "back" in request.POST:
        actions.take_back_provider(found, by=request.actor)
        messages.success(request, f"{found} vuelve a atender.")
        return redirect("access:office")
    names = ("name", "nature", "address", "phone", "email", "website")
    initial = {name: getattr(found, name) for name in names} | {"partner": found.partner_id}
    partners = actions.partners_of(request.actor.institution)
    form = ProviderForm(request.POST or None, partners=partners, initial=initial)
    if form.is_valid():
        with show_on(form):
            actions.change_provider(found, form.details(), by=request.actor)
            messages.success(request, f"{found} quedó guardado.")
            return redirect("access:office")
    return _show(request, form, get_object_or_404(providers_of(request), pk=provider_id))


def providers_of(request: OperatorRequest) -> QuerySet[Provider]:
    return Provider.objects.filter(institution_id=request.actor.institution)


def _show(request: OperatorRequest, form: ProviderForm, found: Provider | None) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "access/provider.html", {"form": form, "provider": found}, status=status)
