"""A form that cannot be taken now: nothing typed is lost, it is sent again when what was missing is there."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

POSTING_FIELD = "posting_shown"
"""The hidden field that says under which posting a form was shown; see the tag ``posting_token``."""

_NOT_RESENT = frozenset({"csrfmiddlewaretoken", "password"})


def can_be_resent(request: HttpRequest) -> bool:
    """Only a form of our own pages, told by where it came from, and never a password."""
    came_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    is_ours = urlsplit(came_from).netloc == request.get_host()
    return request.method == "POST" and is_ours and "password" not in request.POST


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Each name and value of the form, without what must not be written into a page."""
    return [(name, value) for name, values in request.POST.lists() if name not in _NOT_RESENT for value in values]


def session_over(request: HttpRequest, *, status: int) -> HttpResponse:
    """A page that holds what was typed, with the way to sign in beside it and the button that sends it again.

    Context processors do not run: there is no session, and maybe no database.
    """
    context = {"typed": typed(request), "action": request.get_full_path(), "sign_in": reverse("account_login")}
    return HttpResponse(render_to_string("core/resend.html", context, request=None), status=status)
