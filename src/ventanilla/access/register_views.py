"""Pages of the register of operators, for heads and the counterpart."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.actions import Given, PersonDetails
from ventanilla.access.gate import OperatorRequest, requires
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
    return render(request, "access/new_operator.html", {"form": form})


@requires(Permission.OPERATOR_REGISTER)
def operator(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(registered_accounts(request.actor), pk=account_id)
    context = {
        "account": account,
        "units": register_by_unit(request.actor, on=clock.today(), with_ended=True, account=account),
        "entries": account.entries.filter(
            Q(posting=None) | Q(posting__in=registered_postings(request.actor))
        ).select_related("posting__unit", "posting__institution", "by"),
        "certifications": account.certifications.order_by("-expires_on"),
        "is_oneself": account.pk == request.actor.account_id,
    }
    return render(request, "access/operator.html", context)


@requires(Permission.OPERATOR_REGISTER)
def new_posting(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(registered_accounts(request.actor), pk=account_id)
    form = PostingForm(request.POST or None, actor=request.actor, initial={"starts_on": clock.today()})
    if form.is_valid():
        with show_on(form):
            actions.give_posting(account, Given(**form.cleaned_data), by=request.actor)
            return redirect("access:operator", account_id=account.pk)
    title = "Otro desempeño"
    return render(request, "access/register_step.html", {"form": form, "account": account, "title": title})


@requires(Permission.OPERATOR_REGISTER)
def leave(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    form = LeaveForm(request.POST or None, initial={"starts_on": clock.today()})
    if form.is_valid():
        with show_on(form):
            actions.suspend_posting(posting, by=request.actor, **form.cleaned_data)
            return redirect("access:operator", account_id=posting.account_id)
    context = {"form": form, "account": posting.account, "posting": posting, "title": "Suspender el desempeño"}
    return render(request, "access/register_step.html", context)


@requires(Permission.OPERATOR_REGISTER)
def end(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        with show_on(form):
            actions.end_posting(posting, by=request.actor, **form.cleaned_data)
            return redirect("access:operator", account_id=posting.account_id)
    context = {"form": form, "account": posting.account, "posting": posting, "title": "Terminar el desempeño"}
    return render(request, "access/register_step.html", context)


@requires(Permission.OPERATOR_REGISTER)
def resume(request: OperatorRequest, posting_id: UUID) -> HttpResponse:
    posting = get_object_or_404(registered_postings(request.actor), pk=posting_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            actions.resume_posting(posting, by=request.actor, **form.cleaned_data)
            return redirect("access:operator", account_id=posting.account_id)
    context = {"form": form, "account": posting.account, "posting": posting, "title": "Retomar el desempeño"}
    return render(request, "access/register_step.html", context)


@requires(Permission.OPERATOR_REGISTER)
def suspension(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    """Suspend the whole account, or give it back."""
    account = get_object_or_404(registered_accounts(request.actor), pk=account_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        act = actions.suspend_account if account.is_active else actions.restore_account
        with show_on(form):
            act(account, by=request.actor, **form.cleaned_data)
            return redirect("access:operator", account_id=account.pk)
    title = "Suspender la cuenta" if account.is_active else "Restituir la cuenta"
    return render(request, "access/register_step.html", {"form": form, "account": account, "title": title})


@requires(Permission.OPERATOR_REGISTER)
def new_password(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(registered_accounts(request.actor), pk=account_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            password = actions.give_new_password(account, by=request.actor, **form.cleaned_data)
            return render(request, "access/one_time_password.html", {"account": account, "password": password})
    context = {"form": form, "account": account, "title": "Entregar una contraseña nueva"}
    return render(request, "access/register_step.html", context)


@requires(Permission.OPERATOR_REGISTER)
def factor_reset(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(registered_accounts(request.actor), pk=account_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with show_on(form):
            actions.reset_second_factor(account, by=request.actor, **form.cleaned_data)
            return redirect("access:operator", account_id=account.pk)
    context = {"form": form, "account": account, "title": "Quitar el segundo factor perdido"}
    return render(request, "access/register_step.html", context)


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
