"""The gate of every page: who is it, in which posting, may she, and then (only then) her institution is entered."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can
from ventanilla.access.models import Account, Posting
from ventanilla.access.open_sessions import note_use
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


def requires(
    permission: Permission, *, chooses_posting: bool = False, before_operating: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let through operators whose posting has the permission; the view runs inside their institution.

    ``chooses_posting`` is for the one page where a posting is chosen: it opens also when the one that was in use has
    ended, and then the request has neither ``posting`` nor ``actor``. ``before_operating`` is for the pages where one
    meets what is asked before operating: signing, one's password, the second factor. Nothing else opens until then.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated or _is_over(request):
                return _ask_to_sign_in(request)
            mine = request.user.in_force
            posting = posting_in_use(mine, request.session.get("posting"))
            if not chooses_posting and request.method == "POST" and not _was_shown_under(posting, mine, request):
                return _give_back(request, posting, mine)
            if not mine:
                return render(request, "access/no_posting.html", status=403)
            if posting is None:
                return view(request, *args, **kwargs) if chooses_posting else _ask_to_choose(request)
            if "posting" not in request.session:  # from here on, when it ends no other takes its place by itself
                request.session["posting"] = str(posting.pk)
            request.posting = posting
            request.actor = actor_in(posting, request_id=request.request_id)
            if not (chooses_posting or before_operating) and may_not_operate(posting):
                context = {"missing": unmet_requirements(posting, on=clock.today()), "account": posting.account}
                return render(request, "access/unmet_requirements.html", context, status=403)
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


def may_not_operate(posting: Posting) -> bool:
    """Whether something is still asked of her before anything opens; ``posting`` comes from ``with_unmet``."""
    return posting.account.must_change_password or getattr(posting, "has_unmet", False)


def _is_over(request: HttpRequest) -> bool:
    """Whether the session slept too long or is too old; if not, it is renewed.

    Once a minute at most, to spare durable writes. ``began`` is kept since signing in (``sign_in.SignInAdapter``).
    """
    now = clock.now().timestamp()
    seen, began = request.session.get("seen", now), request.session.get("began", now)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
    if now - seen > idle or now - began > settings.SESSION_COOKIE_AGE:
        logout(request)
        return True
    if "seen" not in request.session or now - seen > 60:
        request.session["seen"] = now
        request.session.setdefault("began", now)
        note_use(request, began=request.session["began"])
    return False


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page read is asked again after signing in; what was typed in a form is kept in the answer."""
    if request.method == "POST":
        return resend.session_over(request, status=HTTPStatus.UNAUTHORIZED)
    sign_in = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    return _send_to(sign_in, request, HTTPStatus.UNAUTHORIZED)


def _ask_to_choose(request: HttpRequest) -> HttpResponse:
    """Her posting ended while she worked: she says which one follows."""
    return _send_to(reverse("access:postings"), request, HTTPStatus.CONFLICT)


def _send_to(url: str, request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """A page goes to ``url``; a part of one says by its status what happened (``app.js``) and the page stays.

    If a part took the page away, what is being typed beside it would go with it.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status)
    return redirect(url)


def _was_shown_under(posting: Posting | None, mine: Sequence[Posting], request: HttpRequest) -> bool:
    """Whether a form was shown under the posting it would now act in: two tabs may be in two institutions.

    One that does not say so is taken only when it could be of no other.
    """
    shown = request.POST.get(resend.POSTING_FIELD)
    if posting is None:
        return False
    return len(mine) == 1 if shown is None else shown == str(posting.pk)


def _give_back(request: HttpRequest, in_use: Posting | None, mine: Sequence[Posting]) -> HttpResponse:
    """Nothing is done with the form; what was typed comes back, to be sent under the posting it was shown under."""
    shown = request.POST.get(resend.POSTING_FIELD)
    context = {
        "shown": next((posting for posting in mine if str(posting.pk) == shown and posting is not in_use), None),
        "in_use": in_use,
        "typed": resend.typed(request),
        "action": request.get_full_path(),
        "token": get_token(request),
    }
    return render(request, "access/other_posting.html", context, status=HTTPStatus.CONFLICT)
