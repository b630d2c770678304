"""Pages of the keys of the API: granted by whoever answers for the operators, taken by the holder of the posting."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions, key_reading
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.key_forms import GrantKeyForm, TakeKeyForm
from ventanilla.access.models import Posting
from ventanilla.access.permissions import Permission
from ventanilla.access.register_forms import ReasonForm
from ventanilla.access.tenancy import within_reach
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import parse_uuid


@requires(Permission.KEY_GRANT)
def keys(request: OperatorRequest) -> HttpResponse:
    """Every key of the institution: of whom, for what, until when and whether it is used."""
    with_ended = request.GET.get("terminadas") == "1"
    lines = key_reading.key_lines(key_reading.keys_within(request.actor), at=clock.now(), with_ended=with_ended)
    return render(request, "access/keys.html", {"lines": lines, "with_ended": with_ended})


@requires(Permission.KEY_GRANT)
def grant_key(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    reach = Posting.objects.filter(within_reach(request.actor, Permission.KEY_GRANT))
    posting = get_object_or_404(reach.select_related("account", "unit", "institution"), pk=posting_id)
    form = GrantKeyForm(request.POST or None, posting=posting)
    if form.is_valid():
        with show_on(form):
            actions.grant_key(posting, by=request.actor, **form.cleaned_data)
            messages.success(request, "La llave quedó autorizada. La retira su titular, con su contraseña.")
            return redirect("access:keys")
    return render(
        request, "access/grant_key.html", {"form": form, "posting": posting}, status=422 if form.errors else 200
    )


@requires(Permission.KEY_GRANT)
def revoke_key(request: OperatorRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(
        key_reading.keys_within(request.actor).select_related("posting__account", "posting__unit"), pk=token_id
    )
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            actions.revoke_key(token, by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, f"La llave «{token.name}» quedó revocada: ya no abre nada.")
            return redirect("access:keys")
    return render(request, "access/revoke_key.html", {"form": form, "token": token}, status=422 if form.errors else 200)


@requires(Permission.SESSION_USE)
def own_keys(request: OperatorRequest) -> HttpResponse:
    """One's own: those granted, to be taken with the password, and those in use."""
    now = clock.now()
    granted = key_reading.keys_to_take(request.actor, at=now).select_related("posting__unit", "posting__institution")
    form = TakeKeyForm(request.POST or None, granted=granted)
    if form.is_valid():
        token = form.cleaned_data["key"]
        with show_on(form):
            secret = actions.take_key(token.pk, by=request.actor, password=form.cleaned_data["password"])
            address = request.build_absolute_uri("/api/v1/openapi.json").removesuffix("/openapi.json")
            return render(request, "access/key_taken.html", {"token": token, "secret": secret, "address": address})
    context = {
        "form": form if granted else None,
        "lines": key_reading.key_lines(key_reading.own_keys(request.actor), at=now),
    }
    return render(request, "access/own_keys.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.SESSION_USE)
def revoke_own_key(request: OperatorRequest) -> HttpResponse:
    token_id = parse_uuid(request.POST.get("key", ""))
    mine = key_reading.own_keys(request.actor).filter(revoked_at=None)
    token = mine.filter(pk=token_id).first() if token_id else None
    if token:
        actions.revoke_key(token, by=request.actor)
        messages.success(request, f"La llave «{token.name}» quedó revocada: ya no abre nada.")
    return redirect("access:own_keys")
