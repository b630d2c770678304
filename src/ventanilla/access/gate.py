"""The gate of every page: who is it, in which posting, may she, and then (only then) her institution is entered."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can
from ventanilla.access.models import Account, Posting
from ventanilla.access.operators import actor_in, posting_in_use, unmet_requirements
from ventanilla.access.permissions import Permission
from ventanilla.core import clock, resend
from ventanilla.core.errors import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate["OperatorRequest", P], HttpResponse]


class OperatorRequest(HttpRequest):
    """A request that passed the gate."""

    user: Account
    actor: Actor
    posting: Posting


def requires(permission: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let through operators whose posting has the permission; the view runs inside their institution."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated or _is_idle(request):
                return _ask_to_sign_in(request)
            today = clock.today()
            posting = posting_in_use(request.user, request.session.get("posting"), on=today)
            if posting is None:
                return render(request, "access/no_posting.html", status=403)
            request.posting = posting
            request.actor = actor_in(posting, request_id=request.request_id)
            if getattr(posting, "has_unmet", False) and permission is not Permission.SESSION_USE:
                missing = unmet_requirements(posting, on=today)
                return render(request, "access/unmet_requirements.html", {"missing": missing}, status=403)
            if not can(request.actor, permission):
                raise NotAllowed("Su desempeño actual no da acceso a esta página.")
            tenancy.enter(request.actor)
            return view(request, *args, **kwargs)

        gated.permission = permission  # type: ignore[attr-defined]  # the matrix test reads it
        return gated

    return decorate


def public(reason: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view as open to all, and say why."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.public_because = reason  # type: ignore[attr-defined]  # the matrix test reads it
        return view

    return decorate


def _is_idle(request: HttpRequest) -> bool:
    """Whether the session slept too long; if not, it is renewed, at most once a minute to spare durable writes."""
    now = clock.now().timestamp()
    seen = request.session.get("seen")
    if seen and now - seen > timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds():
        logout(request)
        return True
    if not seen or now - seen > 60:
        request.session["seen"] = now
    return False


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page read is asked again after signing in; what was typed in a form is kept in the answer."""
    if request.method == "GET":
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": sign_in})
        return redirect(sign_in)
    return resend.session_over(request, status=401)
