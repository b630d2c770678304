"""What somebody outside sees of one referral: nothing before the code, the packet and its steps after."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor
from ventanilla.access.calendars import service_days
from ventanilla.access.gate import public
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition
from ventanilla.core.forms import show_on
from ventanilla.referrals.actions import note_receipt
from ventanilla.referrals.asking import carry_out, form_for
from ventanilla.referrals.clocks import clocks_of
from ventanilla.referrals.models import AccessLink, Referral
from ventanilla.referrals.outside import actions
from ventanilla.referrals.outside.forms import CodeForm, FileForm
from ventanilla.referrals.outside.reading import Closed, files_of, find_link, why_closed
from ventanilla.referrals.outside.states import Opening
from ventanilla.referrals.outside.views import answer_with
from ventanilla.referrals.states import ReferralState
from ventanilla.referrals.verbs import VERBS, Verb, is_due, is_hers, verbs_of
from ventanilla.registry.models import ReadEntry
from ventanilla.registry.reading import log_reading

WHY = "somebody outside answers one referral: nothing of it shows before the code that was told apart"
COOKIE = "ventanilla_externo"
LASTS = 30 * 60
"""Seconds for which a code is not asked again."""

_UNKNOWN = Closed(
    "Este enlace no existe", "Revise que la dirección esté completa, como llegó en el correo o el oficio."
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that opens, and whoever came by it; ``guest`` is empty until the code was told."""

    link: AccessLink
    guest: str
    actor: Actor
    address: str

    @property
    def referral(self) -> Referral:
        return self.link.referral


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to whoever came by a link that opens and told its code; the link's own address asks it."""

    @public(WHY)
    @wraps(view)
    def came_by_link(request: HttpRequest, institution_id: int, token: str, **more: Any) -> HttpResponse:
        came = _come(request, institution_id, token)
        if isinstance(came, HttpResponse):
            return came
        if not came.guest:
            return _ask_code(request, came) if request.path == came.address else redirect(came.address)
        return view(request, came, **more)

    return came_by_link


@by_link
def referral(request: HttpRequest, came: Visit) -> HttpResponse:
    """What it opens."""
    if came.referral.state == ReferralState.SENT:
        note_receipt(came.referral, by=came.actor)
    return _show(request, came)


@by_link
def act(request: HttpRequest, came: Visit, code: str) -> HttpResponse:
    """A step of it."""
    verb = VERBS.get(code)
    if verb is None or not is_hers(verb, came.referral, by=came.actor):
        raise Http404
    if not is_due(verb, came.referral):
        raise InvalidTransition(f"La derivación está {came.referral.get_state_display().lower()}: revise su página.")
    form = form_for(code, came.referral, request.POST if request.method == "POST" else None, by=came.actor)
    if form.is_valid():
        with show_on(form):
            carry_out(code, came.referral, form.cleaned_data, by=came.actor)
            if came.referral.is_open:
                messages.success(request, f"Guardado. La derivación está {came.referral.get_state_display().lower()}.")
                return redirect(came.address)
            return _thank(request, came)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if code == "responder":
        return _show(request, came, form, status=status)
    context = _context(request, came) | {"form": form, "verb": verb}
    return _answer(request, "referrals/outside/step.html", context, status=status)


@by_link
def attach(request: HttpRequest, came: Visit) -> HttpResponse:
    if request.method != "POST":
        return redirect(came.address)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        with show_on(form):
            sent = form.cleaned_data["file"]
            kept = actions.attach(came.referral, sent.name, sent.read(), by=came.actor)
            messages.success(request, f"{kept.name} quedó en la derivación.")
            return redirect(came.address)
    return _show(request, came, file_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@by_link
def download(request: HttpRequest, came: Visit, attachment_id: UUID) -> HttpResponse:
    found = get_object_or_404(came.referral.attachments, pk=attachment_id)
    actions.note_opening(came.link, Opening.TOOK, said_by=came.guest, address=_from(request))
    return answer_with(found)


def _come(request: HttpRequest, institution_id: int, token: str) -> Visit | HttpResponse:
    """Who came by which link, or the page that says why it opens nothing."""
    institution = get_object_or_404(Institution, pk=institution_id)
    actor = Actor(Agent.PROVIDER, institution.pk, time_zone=institution.time_zone)
    tenancy.enter(actor)
    link = find_link(token, by=actor)
    if link is None:
        return _closed(request, _UNKNOWN, institution, status=HTTPStatus.NOT_FOUND)
    if closed := why_closed(link, on=clock.today()):
        return _closed(request, closed, institution, status=HTTPStatus.GONE)
    guest = _guest(request, link)
    actor = replace(actor, provider_id=link.referral.to_provider_id, speaks_for=guest)
    tenancy.enter(actor)
    return Visit(link, guest, actor, reverse("outside:referral", args=[institution.pk, token]))


def _ask_code(request: HttpRequest, came: Visit) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        if actions.enter_link(came.link, form.cleaned_data["code"], name, by=came.actor, address=_from(request)):
            answer = redirect(came.address)
            answer.set_cookie(
                COOKIE,
                signing.dumps([str(came.link.pk), name], salt=COOKIE),
                max_age=LASTS,
                path=came.address,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
            return answer
        if closed := why_closed(came.link, on=clock.today()):
            return _closed(request, closed, came.referral.from_unit.institution, status=HTTPStatus.GONE)
        form.add_error("code", "Ese no es el código. Revíselo con quien se lo dio.")
    elif request.method != "POST":
        actions.note_opening(came.link, Opening.ASKED, address=_from(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _answer(request, "referrals/outside/code.html", _context(request, came) | {"form": form}, status=status)


def _show(
    request: HttpRequest, came: Visit, form: Any = None, *, file_form: Any = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    found, today = came.referral, clock.today()
    actions.note_opening(came.link, Opening.READ, said_by=came.guest, address=_from(request))
    note = f"derivación {found.folio}, {came.guest}, {found.receiver}"
    log_reading(ReadEntry.Kind.REFERRAL, of=found.person, note=note[:120])
    verbs = verbs_of(found, by=came.actor)
    context = _context(request, came) | {
        "clocks": clocks_of(found, days=service_days(came.actor.institution, around=today), on=today)[:2],
        "main": next((verb for verb in verbs if not verb.asks), None),
        "more": [verb for verb in verbs if verb.asks and verb.code != "responder"],
        "form": form or (form_for("responder", found, None, by=came.actor) if _answers(verbs) else None),
        "file_form": file_form or FileForm(),
        "files": files_of(found),
    }
    return _answer(request, "referrals/outside/referral.html", context, status=status)


def _answers(verbs: list[Verb]) -> bool:
    return any(verb.code == "responder" for verb in verbs)


def _thank(request: HttpRequest, came: Visit) -> HttpResponse:
    """It ended, and the link with it."""
    answer = _answer(request, "referrals/outside/ended.html", _context(request, came))
    answer.delete_cookie(COOKIE, path=came.address)
    return answer


def _closed(request: HttpRequest, closed: Closed, institution: Institution, *, status: int) -> HttpResponse:
    context = {"closed": closed, "institution": institution, "is_demo": settings.DEMO}
    return _answer(request, "referrals/outside/closed.html", context, status=status)


def _context(request: HttpRequest, came: Visit) -> dict[str, Any]:
    return {
        "referral": came.referral,
        "institution": came.referral.from_unit.institution,
        "address": came.address,
        "guest": came.guest,
        "is_demo": settings.DEMO,
    }


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _guest(request: HttpRequest, link: AccessLink) -> str:
    """The name with which somebody told the code of this link a while ago; empty when nobody did."""
    try:
        link_id, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS)
    except signing.BadSignature:
        return ""
    return str(name) if link_id == str(link.pk) else ""


def _from(request: HttpRequest) -> str | None:
    """Whence she came, past our own proxies."""
    return str(get_adapter(request).get_client_ip(request)) or None
