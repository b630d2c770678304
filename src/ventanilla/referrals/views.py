"""Pages of referrals: a unit's boxes, one referral, and each of its steps."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access.actors import can
from ventanilla.access.calendars import service_days
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Provider, Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed
from ventanilla.core.forms import show_on
from ventanilla.referrals.asking import carry_out, form_for
from ventanilla.referrals.bulk import Order
from ventanilla.referrals.clocks import clocks_of
from ventanilla.referrals.drawing import drawing_of
from ventanilla.referrals.exchange.views import boxes_of
from ventanilla.referrals.filters import IN, MINE, NOBODYS, STAGES, Wanted, cursor_of, read_wanted
from ventanilla.referrals.forms import told_by_field
from ventanilla.referrals.models import Referral
from ventanilla.referrals.network import PERIODS, open_network
from ventanilla.referrals.outside.actions import attach as attach_to
from ventanilla.referrals.outside.forms import FileForm
from ventanilla.referrals.outside.reading import files_of, told_of_link
from ventanilla.referrals.outside.views import address_of
from ventanilla.referrals.reading import answer_of, in_box, log_list, on_board, open_referral
from ventanilla.referrals.receivers import providers
from ventanilla.referrals.states import TO_ANSWER
from ventanilla.referrals.verbs import VERBS, Verb, is_due, is_hers, speaks_for_provider, verbs_of

ROWS = 50
CARDS = 12
"""Of each column of the board."""

DEFAULT_PERIOD = 90


@requires(Permission.REFERRAL_READ)
def inbox(request: OperatorRequest) -> HttpResponse:
    """What came to the unit or went from it, soonest first; as a table by cursor or as a board. Nothing is counted."""
    wanted = read_wanted(request.GET)
    today = clock.today()
    days = service_days(request.actor.institution, around=today)
    context: dict[str, Any] = {
        "wanted": wanted,
        "boxes": boxes_of(request.actor, current=wanted.box, is_board=wanted.is_board),
        "whose": [("", "De toda la unidad"), (MINE, "Mías"), (NOBODYS, "Sin asignar")],
        "stages": [("", "En toda etapa"), *((code, label) for code, (label, _) in STAGES.items())],
        "units": [("", "Con toda unidad"), *((one.pk, one.name) for one in _others(request, wanted))],
        "as_table": replace(wanted, is_board=False).suffix,
        "as_board": replace(wanted, is_board=True).suffix,
        "unit": request.posting.unit,
        "bulk": _bulk(request) if wanted.box == IN and not wanted.is_board else [],
    }
    if wanted.is_board and not wanted.is_ended:
        asked = [replace(wanted, stage=code) for code in STAGES]
        columns = on_board(asked, CARDS + 1, by=request.actor)
        shown = [row for rows in columns for row in rows[:CARDS]]
        context["columns"] = [
            {
                "label": STAGES[one.stage][0],
                "rows": [(row, row.term(days, on=today)) for row in rows[:CARDS]],
                "more": replace(one, is_board=False).suffix if len(rows) > CARDS else "",
            }
            for one, rows in zip(asked, columns, strict=True)
        ]
    else:
        rows = in_box(wanted, ROWS + 1, by=request.actor, cursor=request.GET.get("desde", ""))
        shown = rows[:ROWS]
        context["rows"] = [(row, row.term(days, on=today)) for row in shown]
        context["next_url"] = f"{wanted.suffix}&desde={cursor_of(shown[-1])}" if len(rows) > ROWS else ""
    log_list(shown, "derivaciones de la unidad")
    return render(request, "referrals/inbox.html", context)


def _bulk(request: OperatorRequest) -> list[dict[str, str]]:
    """What may be done with several of those that came."""
    if not can(request.actor, Permission.REFERRAL_WORK):
        return []
    accept = {"label": "Aceptar…", "name": "order", "value": Order.ACCEPT}
    take = {"label": "Quedar a mi cargo…", "name": "order", "value": Order.TAKE}
    assign = {"label": "Asignar…", "name": "order", "value": Order.ASSIGN}
    return [accept, assign, take] if can(request.actor, Permission.REFERRAL_ASSIGN) else [accept, take]


def _others(request: OperatorRequest, wanted: Wanted) -> list[Unit | Provider]:
    """With whom the box may deal: units and, of what goes out, providers."""
    units = Unit.objects.filter(institution_id=request.actor.institution).order_by("name")
    return [*units, *([] if wanted.is_in else providers(request.actor))]


@requires(Permission.REFERRAL_OVERSEE)
def network(request: OperatorRequest) -> HttpResponse:
    """Who refers to whom, how much and how fast; drawn, with the table beside it."""
    asked = {str(period): period for period in PERIODS}
    days = asked.get(request.GET.get("dias", ""), DEFAULT_PERIOD)
    found = open_network(request.actor, days=days)
    context = {
        "network": found,
        "drawing": drawing_of(found.edges),
        "periods": [(label, f"?dias={period}", period == days) for period, label in PERIODS.items()],
    }
    return render(request, "referrals/network.html", context)


@requires(Permission.REFERRAL_READ)
def referral(request: OperatorRequest, referral_id: UUID) -> HttpResponse:
    return _show(request, open_referral(referral_id, by=request.actor))


@requires(Permission.REFERRAL_WORK)
def act(request: OperatorRequest, referral_id: UUID, code: str) -> HttpResponse:
    """A step of it: asked on a page of its own where something must be said, done at once where nothing must."""
    verb = VERBS.get(code)
    if verb is None:
        raise Http404
    found = open_referral(referral_id, by=request.actor)
    if not is_hers(verb, found, by=request.actor):
        raise NotAllowed("Eso lo hace la otra unidad, o quien la tiene a cargo.")
    if not is_due(verb, found):
        raise InvalidTransition(
            f"{found.folio} está {found.get_state_display().lower()}: ya no se puede {verb.label.lower()}. "
            "Revise su historial."
        )
    asks = verb.asks or speaks_for_provider(verb, found)
    if not asks and request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = _form(verb, found, request)
    if form.is_valid():
        with show_on(form):
            by = replace(request.actor, speaks_for=form.cleaned_data.get("told_by", ""))
            carry_out(code, found, form.cleaned_data, by=by)
            messages.success(request, f"{found.folio}: {found.get_state_display().lower()}.")
            stays = request.actor.unit_id in (found.from_unit_id, found.to_unit_id)
            return redirect(found) if stays else redirect("referrals:inbox")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if code == "responder":
        return _show(request, found, form, status=status)
    context = {"referral": found, "form": form, "verb": verb}
    return render(request, "referrals/step.html", context, status=status)


@require_POST
@requires(Permission.REFERRAL_WORK)
def attach(request: OperatorRequest, referral_id: UUID) -> HttpResponse:
    """A file, from whichever side."""
    found = open_referral(referral_id, by=request.actor)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        with show_on(form):
            sent = form.cleaned_data["file"]
            kept = attach_to(found, sent.name, sent.read(), by=request.actor)
            messages.success(request, f"{kept.name} quedó en la derivación.")
            return redirect(found)
    return _show(request, found, file_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(verb: Verb, found: Referral, request: OperatorRequest) -> forms.Form:
    """Of what somebody outside said, also who said it."""
    form = form_for(verb.code, found, request.POST if request.method == "POST" else None, by=request.actor)
    if speaks_for_provider(verb, found):
        form.fields["told_by"] = told_by_field()
    return form


def _show(
    request: OperatorRequest,
    found: Referral,
    form: forms.Form | None = None,
    *,
    file_form: FileForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    today = clock.today()
    verbs = verbs_of(found, by=request.actor)
    can_answer = any(verb.code == "responder" for verb in verbs)
    is_receiver = request.actor.unit_id is not None and request.actor.unit_id == found.to_unit_id
    context = {
        "referral": found,
        "answer": answer_of(found),
        "clocks": clocks_of(found, days=service_days(request.actor.institution, around=today), on=today),
        "steps": list(found.steps.select_related("account", "posting__unit").order_by("-at", "-id")),
        "main": next((verb for verb in verbs if not verb.asks and not found.is_outside), None),
        "answer_first": can_answer and found.state in TO_ANSWER and found.due_on < today and not found.is_outside,
        "more": [verb for verb in verbs if (verb.asks or found.is_outside) and verb.code != "responder"],
        "can_answer": can_answer,
        "form": (form or _form(VERBS["responder"], found, request)) if can_answer else None,
        "box": reverse("referrals:inbox") + ("" if is_receiver else "?caja=salida"),
        "is_receiver": is_receiver,
        "is_sender": request.actor.unit_id == found.from_unit_id,
        "files": files_of(found),
        "file_form": file_form or FileForm(),
        "may_attach": found.is_open and (is_receiver or request.actor.unit_id == found.from_unit_id),
    }
    if found.is_outside:
        told = told_of_link(found, by=request.actor)
        context |= told | {"address": address_of(request, told["link"]) if told["code"] else ""}
    return render(request, "referrals/referral.html", context, status=status)
