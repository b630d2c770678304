"""The page of several referrals at once: first what would happen, then, if confirmed, it happens."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Account
from ventanilla.access.permissions import Permission
from ventanilla.referrals.bulk import Effect, Order, carry_out, mark_of, preview, read_marks
from ventanilla.referrals.filters import Wanted, read_wanted
from ventanilla.referrals.receivers import colleagues_of
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

MOST = 100


class ToForm(forms.Form):
    to = forms.ChoiceField(
        label="A quién",
        widget=forms.Select({"class": "select"}),
        error_messages={"required": "Elija a quién se asignan."},
    )
    reason = forms.CharField(label="Por qué", required=False, max_length=300, widget=forms.TextInput())


@require_POST
@requires(Permission.REFERRAL_WORK)
def several(request: OperatorRequest) -> HttpResponse:
    """The confirming button says what it does."""
    actor, wanted = request.actor, read_wanted(request.GET)
    seen = dict(list(read_marks(request.POST.getlist("line")).items())[:MOST])
    if not seen or actor.unit_id is None:
        messages.info(request, "Marque al menos una derivación de la lista.")
        return _back(wanted)
    try:
        order = Order(request.POST.get("order", ""))
    except ValueError:
        raise Http404 from None
    form = ToForm(request.POST if "to" in request.POST else None)
    choices = colleagues_of(actor.unit_id, by=actor)
    form.fields["to"].choices = [("", "Elija a una persona"), *choices]  # type: ignore[attr-defined]  # a choice field
    to = _receiver(order, form, request)
    effect = None
    if to is not None:
        if "confirm" in request.POST:
            reason = form.cleaned_data["reason"] if order is Order.ASSIGN else ""
            return _told(request, carry_out(order, seen, to=to, by=actor, reason=reason), wanted)
        effect = _found(preview(order, seen, to=to, by=actor))
    context = {
        "order": order.value,
        "form": form if order is Order.ASSIGN else None,
        "effect": effect,
        "marks": [mark_of(one, version) for one, version in seen.items()],
        "wanted": wanted,
        "unit": request.posting.unit,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "referrals/bulk.html", context, status=status)


def _receiver(order: Order, form: ToForm, request: OperatorRequest) -> Account | None:
    """In whose charge they will be: whoever asks, or the colleague that a head chose."""
    if order is not Order.ASSIGN:
        return request.posting.account
    if not form.is_valid():
        return None
    return Account.objects.get(pk=UUID(form.cleaned_data["to"]))


def _found(effect: Effect) -> Effect:
    if not effect.all:
        raise Http404
    log_reading(ReadEntry.Kind.LIST, shown=sorted({one.person_id for one in effect.all}), note="varias derivaciones")
    return effect


def _told(request: OperatorRequest, effect: Effect, wanted: Wanted) -> HttpResponse:
    """All that was asked is a notice on the list; what did not pass is told one by one."""
    _found(effect)
    if effect.refused:
        return render(request, "referrals/bulk_done.html", {"effect": effect, "wanted": wanted})
    number = len(effect.passed)
    if effect.order is Order.ACCEPT:
        done = "1 derivación quedó aceptada" if number == 1 else f"{number} derivaciones quedaron aceptadas"
    else:
        done = "1 derivación quedó" if number == 1 else f"{number} derivaciones quedaron"
        done = f"{done} a cargo de {effect.to.full_name}"
    messages.success(request, f"{done}.")
    return _back(wanted)


def _back(wanted: Wanted) -> HttpResponse:
    return redirect(reverse("referrals:inbox") + wanted.suffix)
