"""A form that came when its session was over: nothing typed is lost, it is sent again after signing in."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

_NOT_RESENT = frozenset({"csrfmiddlewaretoken", "password"})


def can_be_resent(request: HttpRequest) -> bool:
    """Only a form of our own pages, told by where it came from, and never a password."""
    came_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    is_ours = urlsplit(came_from).netloc == request.get_host()
    return request.method == "POST" and is_ours and "password" not in request.POST


def session_over(request: HttpRequest, *, status: int) -> HttpResponse:
    """A page that holds what was typed, with the way to sign in beside it and the button that sends it again.

    Context processors do not run: there is no session, and maybe no database.
    """
    typed = [(name, value) for name, values in request.POST.lists() if name not in _NOT_RESENT for value in values]
    context = {"typed": typed, "action": request.get_full_path(), "sign_in": reverse("account_login")}
    return HttpResponse(render_to_string("core/resend.html", context, request=None), status=status)
