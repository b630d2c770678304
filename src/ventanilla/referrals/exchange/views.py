"""Pages of what other institutions of the platform referred to us: the list, one as its packet, and its steps."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access.actors import Actor, can
from ventanilla.access.calendars import service_days
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed
from ventanilla.core.forms import show_on
from ventanilla.referrals.asking import carry_out, form_for
from ventanilla.referrals.clocks import clocks_of
from ventanilla.referrals.exchange.actions import attend_received, opened, take_step
from ventanilla.referrals.exchange.reading import contact_of, find_received, received, steps_here
from ventanilla.referrals.filters import BOXES, Wanted, after, cursor_of
from ventanilla.referrals.inbound.reading import begun_with
from ventanilla.referrals.models import Exchange, Referral
from ventanilla.referrals.models.exchange import receives
from ventanilla.referrals.outside.actions import attach as attach_to
from ventanilla.referrals.outside.forms import FileForm
from ventanilla.referrals.outside.reading import files_of
from ventanilla.referrals.outside.views import answer_with
from ventanilla.referrals.verbs import VERBS, is_due, is_hers, verbs_of

ROWS = 50


def boxes_of(by: Actor, *, current: str, is_board: bool = False) -> list[tuple[str, str, bool]]:
    """The tabs of the inbox: name, address, whether it is this one. What came from others is its own page."""
    inbox = reverse("referrals:inbox")
    tabs = [
        (label, f"{inbox}{Wanted(box=box, is_board=is_board).suffix}", box == current) for box, label in BOXES.items()
    ]
    if receives(by):
        tabs.insert(2, ("De otras instituciones", reverse("referrals:all_received"), current == ""))
    return tabs


@requires(Permission.REFERRAL_READ)
def all_received(request: OperatorRequest) -> HttpResponse:
    """Nobody's name: it shows when one is opened, and that is logged where it was sent."""
    if not receives(request.actor):
        raise NotAllowed("Lo que envían otras instituciones lo ve la unidad de atención, o Asistencia Social.")
    is_ended, today = request.GET.get("ver") == "terminadas", clock.today()
    found = received(by=request.actor, is_ended=is_ended)
    rows = list(after(found, request.GET.get("desde", ""), is_ended=is_ended)[: ROWS + 1])
    shown, days = rows[:ROWS], service_days(request.actor.institution, around=today)
    kept = "?ver=terminadas&desde=" if is_ended else "?desde="
    context = {
        "boxes": boxes_of(request.actor, current=""),
        "rows": [(one, None if one.ended_at else days.term(one.due_on, on=today)) for one in shown],
        "is_ended": is_ended,
        "next_url": f"{kept}{cursor_of(shown[-1])}" if len(rows) > ROWS else "",
        "unit": request.posting.unit,
    }
    return render(request, "referrals/exchange/all.html", context)


@requires(Permission.REFERRAL_READ)
def one_received(request: OperatorRequest, exchange_id: UUID) -> HttpResponse:
    return _show(request, find_received(exchange_id, by=request.actor))


@requires(Permission.REFERRAL_WORK)
def act(request: OperatorRequest, exchange_id: UUID, code: str) -> HttpResponse:
    """A step of it, as whoever has no account takes by a link; the answer is asked on its own page."""
    found, verb = find_received(exchange_id, by=request.actor), VERBS.get(code)
    with opened(found, by=request.actor) as (referral, guest):
        if verb is None or not is_hers(verb, referral, by=guest):
            raise Http404
        if not is_due(verb, referral):
            raise InvalidTransition(f"{found.folio} está {referral.get_state_display().lower()}: revise su historial.")
        form = form_for(code, referral, request.POST if request.method == "POST" else None, by=guest)
    if form.is_valid():
        with show_on(form):
            take_step(found, lambda there, who: carry_out(code, there, form.cleaned_data, by=who), by=request.actor)
            after_it = find_received(exchange_id, by=request.actor)
            messages.success(request, f"{after_it}: {after_it.get_state_display().lower()}. Lo ve quien la envió.")
            return redirect(found)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if code == "responder":
        return _show(request, found, form, status=status)
    context = {"exchange": found, "referral": referral, "form": form, "verb": verb}
    return render(request, "referrals/exchange/step.html", context, status=status)


@require_POST
@requires(Permission.REFERRAL_WORK)
def attend(request: OperatorRequest, exchange_id: UUID) -> HttpResponse:
    """It becomes a contact, and with it a consultation of ours."""
    return redirect(attend_received(find_received(exchange_id, by=request.actor), by=request.actor))


@require_POST
@requires(Permission.REFERRAL_WORK)
def attach(request: OperatorRequest, exchange_id: UUID) -> HttpResponse:
    found, form = find_received(exchange_id, by=request.actor), FileForm(request.POST, request.FILES)
    if form.is_valid():
        with show_on(form):
            sent = form.cleaned_data["file"]
            kept = take_step(
                found, lambda there, who: attach_to(there, sent.name, sent.read(), by=who), by=request.actor
            )
            messages.success(request, f"{kept.name} quedó en la derivación.")
            return redirect(found)
    return _show(request, found, file_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@requires(Permission.REFERRAL_READ)
def download(request: OperatorRequest, exchange_id: UUID, file_id: UUID) -> HttpResponse:
    with opened(find_received(exchange_id, by=request.actor), by=request.actor) as (referral, _):
        return answer_with(get_object_or_404(referral.attachments, pk=file_id))


def _show(
    request: OperatorRequest,
    found: Exchange,
    form: forms.Form | None = None,
    *,
    file_form: FileForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    contact = contact_of(found)
    with opened(found, by=request.actor) as (referral, guest):
        context = _told(referral, guest, may_work=can(request.actor, Permission.REFERRAL_WORK))
        if context["can_answer"]:
            context["form"] = form or form_for("responder", referral, None, by=guest)
            context["form"].initial["done"] = begun_with(contact) if contact else ""
    context |= {
        "exchange": found,
        "contact": contact,
        "steps": steps_here(found),
        "file_form": file_form or FileForm(),
    }
    return render(request, "referrals/exchange/one.html", context, status=status)


def _told(referral: Referral, guest: Actor, *, may_work: bool) -> dict[str, Any]:
    """All that the page says of the referral, read where it is."""
    today = clock.today()
    verbs = verbs_of(referral, by=guest) if may_work else []
    answer = referral.answers.order_by("-at", "-id").first()
    return {
        "referral": referral,
        "clocks": clocks_of(referral, days=service_days(guest.institution, around=today), on=today)[:2],
        "files": files_of(referral),
        "answer": answer if answer and not referral.is_open else None,
        "main": next((verb for verb in verbs if not verb.asks), None),
        "more": [verb for verb in verbs if verb.asks and verb.code != "responder"],
        "can_answer": any(verb.code == "responder" for verb in verbs),
        "may_work": may_work,
    }
