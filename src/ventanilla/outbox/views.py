"""Pages of whoever administers the platform of an institution: which systems are told, which mail has not left."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core.forms import show_on
from ventanilla.core.jobs import waiting
from ventanilla.outbox import actions
from ventanilla.outbox.letters import send_letters_again
from ventanilla.outbox.models import EventDelivery, Letter
from ventanilla.outbox.reading import last_deliveries, letters_left, subscriptions, told_letters
from ventanilla.outbox.signing import secret_of

LETTERS_SHOWN = 50


class SubscriptionForm(forms.Form):
    url = forms.CharField(
        label="Dirección del sistema",
        max_length=500,
        help_text="Empieza con https://. Ahí llegará un aviso firmado cada vez que pase algo.",
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Escriba la dirección."},
    )
    types = forms.CharField(
        label="Solo estos avisos",
        required=False,
        max_length=200,
        help_text="Por ejemplo: referral.answered referral.rejected. Vacío, todos.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


@requires(Permission.WEBHOOK_MANAGE)
def systems(request: OperatorRequest) -> HttpResponse:
    """Those that are told, and one more."""
    form = SubscriptionForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            said = form.cleaned_data
            made = actions.subscribe(said["url"], types=said["types"].replace(",", " ").split(), by=request.actor)
            return redirect("outbox:system", made.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "found": list(subscriptions(by=request.actor)), "jobs": waiting()}
    return render(request, "outbox/systems.html", context, status=status)


@requires(Permission.WEBHOOK_MANAGE)
def system(request: OperatorRequest, subscription_id: UUID) -> HttpResponse:
    """One of them: its secret, and what became of the last events."""
    found = get_object_or_404(subscriptions(by=request.actor), pk=subscription_id)
    context = {
        "subscription": found,
        "secret": secret_of(found),
        "deliveries": last_deliveries(found, by=request.actor),
    }
    return render(request, "outbox/system.html", context)


@require_POST
@requires(Permission.WEBHOOK_MANAGE)
def act(request: OperatorRequest, subscription_id: UUID, order: str) -> HttpResponse:
    found = get_object_or_404(subscriptions(by=request.actor), pk=subscription_id)
    if order == "quitar":
        actions.unsubscribe(found, by=request.actor)
        messages.success(request, f"A {found} no se le avisa más.")
        return redirect("outbox:systems")
    if order != "retomar":
        raise Http404
    left = actions.take_up(found, by=request.actor)
    messages.success(request, f"Se le avisa otra vez. Van ahora los {left} que no tomó." if left else "Sigue al día.")
    return redirect("outbox:system", found.pk)


@require_POST
@requires(Permission.WEBHOOK_MANAGE)
def send_again(request: OperatorRequest, subscription_id: UUID, delivery_id: UUID) -> HttpResponse:
    found = get_object_or_404(subscriptions(by=request.actor), pk=subscription_id)
    delivery = get_object_or_404(
        EventDelivery.objects.select_related("subscription").filter(subscription=found), pk=delivery_id
    )
    actions.send_again(delivery, by=request.actor)
    messages.success(request, "El aviso va otra vez.")
    return redirect("outbox:system", found.pk)


@requires(Permission.LETTER_TEND)
def letters(request: OperatorRequest) -> HttpResponse:
    """Mail that waits or that nobody could deliver; not what it says, nor to whom."""
    found = letters_left(by=request.actor)
    number = found.count()
    context = {
        "letters": told_letters(found[:LETTERS_SHOWN]),
        "number": number,
        "more": max(number - LETTERS_SHOWN, 0),
        "has_mail": bool(settings.EMAIL_HOST),
        "jobs": waiting(),
    }
    return render(request, "outbox/letters.html", context)


@require_POST
@requires(Permission.LETTER_TEND)
def send_letters(request: OperatorRequest) -> HttpResponse:
    """All that have not left."""
    sent = send_letters_again(letters_left(by=request.actor), by=request.actor)
    messages.success(request, f"Van otra vez: {sent}." if sent else "Ya habían salido todas.")
    return redirect("outbox:letters")


@require_POST
@requires(Permission.LETTER_TEND)
def send_letter(request: OperatorRequest, mail_id: UUID) -> HttpResponse:
    found = get_object_or_404(Letter.objects.visible_to(request.actor), pk=mail_id)
    sent = send_letters_again(Letter.objects.filter(pk=found.pk), by=request.actor)
    messages.success(request, "La carta va otra vez." if sent else "Esa carta ya había salido.")
    return redirect("outbox:letters")
