"""Pages of the institution's reasons, for the counterpart."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.catalogue.models import Reason
from ventanilla.catalogue.reasons import actions
from ventanilla.catalogue.reasons.forms import INHERITED, ReasonForm, RetireForm, said_in_form
from ventanilla.catalogue.reasons.reading import history_of, list_of_reasons, managed_reasons
from ventanilla.core import clock
from ventanilla.core.forms import show_on
from ventanilla.core.ids import new_id


@requires(Permission.REASON_MANAGE)
def reasons(request: OperatorRequest) -> HttpResponse:
    """All of them, with how often each was used in the last twelve months."""
    today = clock.today()
    since = clock.months_before(today, 12)
    in_use, retired = list_of_reasons(request.actor, on=today, since=since)
    return render(request, "catalogue/reasons/reasons.html", {"in_use": in_use, "retired": retired, "since": since})


@requires(Permission.REASON_MANAGE)
def new_reason(request: OperatorRequest) -> HttpResponse:
    """A local one, under a national one in use."""
    parents = managed_reasons(request.actor).in_use().filter(is_local=False).select_related("parent")
    initial = {"parent": request.GET.get("de"), "reason_id": new_id(), "secrecy": INHERITED}
    form = ReasonForm(request.POST or None, parents=parents, initial=initial)
    if form.is_valid():
        with show_on(form):
            made = actions.add_local_reason(
                form.cleaned_data["parent"],
                form.details(),
                by=request.actor,
                reason_id=form.cleaned_data["reason_id"],
            )
            messages.success(request, f"Motivo agregado: {made}. El mesón ya lo ofrece.")
            return _to_row(made)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "catalogue/reasons/new_reason.html", {"form": form}, status=status)


@requires(Permission.REASON_MANAGE)
def reason(request: OperatorRequest, reason_id: UUID) -> HttpResponse:
    """One reason, to change, with its history."""
    found = _reason(request, reason_id)
    form = ReasonForm(request.POST or None, reason=found, initial=said_in_form(found))
    if form.is_valid():
        with show_on(form):
            version = form.cleaned_data["version"] or 0
            actions.change_reason(found, form.details(), by=request.actor, version=version)
            messages.success(request, f"Quedó guardado: {found}. Vale desde ahora; lo ya atendido no cambia.")
            return _to_row(found)
    return _show(request, reason_id, form, RetireForm(initial={"on": clock.today()}))


@require_POST
@requires(Permission.REASON_MANAGE)
def retire(request: OperatorRequest, reason_id: UUID) -> HttpResponse:
    """Retire it from a day on, or put it back."""
    found = _reason(request, reason_id)
    if "back" in request.POST:
        actions.put_back_reason(found, by=request.actor)
        messages.success(request, f"{found} vuelve a ofrecerse.")
        return redirect("catalogue:reasons")
    form = RetireForm(request.POST)
    if form.is_valid():
        with show_on(form):
            actions.retire_reason(found, by=request.actor, on=form.cleaned_data["on"])
            messages.success(request, f"{found}: retirado desde el {form.cleaned_data['on']:%d-%m-%Y}.")
            return redirect("catalogue:reasons")
    return _show(request, reason_id, ReasonForm(reason=found, initial=said_in_form(found)), form)


@require_POST
@requires(Permission.REASON_MANAGE)
def move(request: OperatorRequest, reason_id: UUID) -> HttpResponse:
    """One place up or down. The answer is the list at the row that moved."""
    found = _reason(request, reason_id)
    actions.move_reason(found, by=request.actor, up="up" in request.POST)
    return _to_row(found)


def _to_row(found: Reason) -> HttpResponse:
    return redirect(f"{reverse('catalogue:reasons')}#r-{found.pk}")


def _reason(request: OperatorRequest, reason_id: UUID) -> Reason:
    return get_object_or_404(managed_reasons(request.actor), pk=reason_id)


def _show(request: OperatorRequest, reason_id: UUID, form: ReasonForm, retire_form: RetireForm) -> HttpResponse:
    found = get_object_or_404(managed_reasons(request.actor).select_related("national", "parent"), pk=reason_id)
    context = {
        "reason": found,
        "is_retired": found.is_retired_on(clock.today()),
        "form": form,
        "retire_form": retire_form,
        "history": history_of(found),
    }
    wrong = form.errors or retire_form.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "catalogue/reasons/reason.html", context, status=status)
