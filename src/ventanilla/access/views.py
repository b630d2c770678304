"""Switching between one's postings, in the open, and opening accounts that were locked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ventanilla.access import actions
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.operators import accounts_within
from ventanilla.access.permissions import Permission
from ventanilla.access.sign_in import locked_among
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken


@requires(Permission.SESSION_USE, chooses_posting=True)
def postings(request: OperatorRequest) -> HttpResponse:
    """One's postings in force, to change to another; also where one comes when the one in use has ended."""
    mine = request.user.in_force
    if request.method == "POST":
        chosen = next((posting for posting in mine if str(posting.pk) == request.POST.get("posting")), None)
        if chosen is None:
            raise RuleBroken("Ese desempeño ya no está vigente. Elija otro.")
        request.session["posting"] = str(chosen.pk)
        messages.success(request, f"Ahora actúa como {chosen.get_role_display()}.")
        return redirect("desk:home")
    current = getattr(request, "posting", None)
    page = "access/postings.html" if current else "access/choose_posting.html"
    return render(request, page, {"postings": mine, "current": current})


@requires(Permission.ACCOUNT_UNLOCK)
def locked_accounts(request: OperatorRequest) -> HttpResponse:
    reachable = accounts_within(request.actor, on=clock.today())
    return render(request, "access/locked_accounts.html", {"locked": locked_among(reachable)})


@require_POST
@requires(Permission.ACCOUNT_UNLOCK)
def unlock(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(accounts_within(request.actor, on=clock.today()), pk=account_id)
    actions.unlock_account(account, by=request.actor)
    messages.success(request, "La cuenta quedó abierta: ya puede volver a ingresar.")
    return redirect("access:locked_accounts")
