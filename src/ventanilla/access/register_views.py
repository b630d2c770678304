"""Pages of the register of operators, for heads and the counterpart."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.actions import Given, PersonDetails
from ventanilla.access.actors import can
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import registered_accounts, registered_postings
from ventanilla.access.permissions import Permission
from ventanilla.access.register_forms import EndForm, LeaveForm, OperatorForm, PostingForm, ReasonForm
from ventanilla.access.register_reading import certifications_ending, register_by_unit, to_confirm
from ventanilla.core import clock
from ventanilla.core.forms import show_on


@requires(Permission.OPERATOR_REGISTER)
def operators(request: OperatorRequest) -> HttpResponse:
    """Every posting of the reach by unit, with its standing."""
    today, with_ended = clock.today(), request.GET.get("terminados") == "1"
    context = {
        "units": register_by_unit(request.actor, on=today, with_ended=with_ended),
        "with_ended": with_ended,
        "pending": len(to_confirm(request.actor, on=today)),
        "certifications": certifications_ending(request.actor, on=today),
    }
    return render(request, "access/operators.html", context)


@requires(Permission.OPERATOR_REGISTER)
def new_operator(request: OperatorRequest) -> HttpResponse:
    """Somebody by RUN and her posting. A password made now is shown in the answer, and never again."""
    form = OperatorForm(request.POST or None, actor=request.actor, initial={"starts_on": clock.today()})
    if form.is_valid():
        typed = form.cleaned_data
        person = PersonDetails(**{name: typed[name] for name in PersonDetails.__slots__})
        given = Given(**{name: typed[name] for name in Given.__slots__})
        with show_on(form):
            with transaction.atomic():  # an account without its posting would be left behind
                account, password = actions.register_operator(person, by=request.actor)
                actions.give_posting(account, given, by=request.actor)
            if password is None:
                messages.success(request, "Ya tenía cuenta: entra con su contraseña de siempre.")
                return redirect("access:operator", account_id=account.pk)
            return render(request, "access/one_time_password.html", {"account": account, "password": password})
    return render(request, "access/new_operator.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.OPERATOR_REGISTER)
def operator(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    context = {
        "account": account,
        "units": register_by_unit(request.actor, on=clock.today(), with_ended=True, account=account),
        "entries": account.entries.filter(
            Q(posting=None) | Q(posting__in=registered_postings(request.actor))
        ).select_related("posting__unit", "posting__institution", "by"),
        "certifications": account.certifications.order_by("-expires_on"),
        "is_oneself": account.pk == request.actor.account_id,
        "grants_keys": can(request.actor, Permission.KEY_GRANT),
    }
    return render(request, "access/operator.html", context)


@requires(Permission.OPERATOR_REGISTER)
def new_posting(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    form = PostingForm(request.POST or None, actor=request.actor, initial={"starts_on": clock.today()})

    def give(**typed: Any) -> None:
        actions.give_posting(account, Given(**typed), by=request.actor)

    return _step(request, form, give, title="Otro desempeño", account=account)


@requires(Permission.OPERATOR_REGISTER)
def leave(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    form = LeaveForm(request.POST or None, initial={"starts_on": clock.today()})
    return _step_of_posting(request, posting_id, form, actions.suspend_posting, title="Suspender el desempeño")


@requires(Permission.OPERATOR_REGISTER)
def end(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    return _step_of_posting(request, posting_id, form, actions.end_posting, title="Terminar el desempeño")


@requires(Permission.OPERATOR_REGISTER)
def resume(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    return _step_of_posting(request, posting_id, form, actions.resume_posting, title="Retomar el desempeño")


@requires(Permission.OPERATOR_REGISTER)
def merging_right(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    """Let somebody decide which records are of one person, or no longer."""
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    has_it = Permission.REGISTRY_MERGE in posting.named
    title = "Quitar el encargo de unir fichas" if has_it else "Dar el encargo de unir fichas duplicadas"
    act = partial(actions.name_right, right=Permission.REGISTRY_MERGE, is_given=not has_it)
    return _step_of_posting(request, posting_id, ReasonForm(request.POST or None), act, title=title)


@requires(Permission.OPERATOR_REGISTER)
def suspension(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    """Suspend the whole account, or give it back."""
    account = _account(request, account_id)
    act = actions.suspend_account if account.is_active else actions.restore_account
    title = "Suspender la cuenta" if account.is_active else "Restituir la cuenta"
    return _step(
        request, ReasonForm(request.POST or None), partial(act, account, by=request.actor), title=title, account=account
    )


@requires(Permission.OPERATOR_REGISTER)
def new_password(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    give = partial(actions.give_new_password, account, by=request.actor)
    title = "Entregar una contraseña nueva"
    return _step(request, ReasonForm(request.POST or None), give, title=title, account=account)


@requires(Permission.OPERATOR_REGISTER)
def factor_reset(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    reset = partial(actions.reset_second_factor, account, by=request.actor)
    title = "Quitar el segundo factor perdido"
    return _step(request, ReasonForm(request.POST or None), reset, title=title, account=account)


def _account(request: OperatorRequest, account_id: UUID) -> Account:
    return get_object_or_404(registered_accounts(request.actor), pk=account_id)


def _step_of_posting(
    request: OperatorRequest, posting_id: UUID, form: Form, act: Callable[..., None], *, title: str
) -> HttpResponse:
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    act = partial(act, posting, by=request.actor)
    return _step(request, form, act, title=title, account=posting.account, posting=posting)


def _step(
    request: OperatorRequest,
    form: Form,
    act: Callable[..., str | None],
    *,
    title: str,
    account: Account,
    posting: Posting | None = None,
) -> HttpResponse:
    """One act on an account or a posting, with what is asked for it; a password that it gives is shown this once."""
    if form.is_valid():
        with show_on(form):
            if password := act(**form.cleaned_data):
                return render(request, "access/one_time_password.html", {"account": account, "password": password})
            return redirect("access:operator", account_id=account.pk)
    context = {"form": form, "account": account, "posting": posting, "title": title}
    return render(request, "access/register_step.html", context, status=422 if form.errors else 200)


@requires(Permission.OPERATOR_REGISTER)
def recertification(request: OperatorRequest) -> HttpResponse:
    """What waits to be confirmed this quarter."""
    today = clock.today()
    return render(request, "access/recertification.html", {"postings": to_confirm(request.actor, on=today)})


@require_POST
@requires(Permission.OPERATOR_REGISTER)
def confirm(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    actions.confirm_posting(posting, by=request.actor)
    messages.success(request, "Quedó confirmado por este trimestre.")
    return redirect("access:recertification")
