"""Pages of referrals: a unit's boxes, one referral, and each of its steps."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse

from ventanilla.access.calendars import service_days
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.models import Unit
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed
from ventanilla.core.forms import show_on
from ventanilla.referrals import actions
from ventanilla.referrals.clocks import clocks_of
from ventanilla.referrals.drawing import drawing_of
from ventanilla.referrals.filters import BOXES, MINE, NOBODYS, STAGES, Wanted, after, cursor_of, read_wanted
from ventanilla.referrals.forms import AnswerForm, AssignForm, HourForm, ReasonForm, RejectForm
from ventanilla.referrals.models import Referral
from ventanilla.referrals.models.referrals import ReferralQuerySet
from ventanilla.referrals.network import PERIODS, open_network
from ventanilla.referrals.reading import answer_of, in_columns, in_rows, log_list, open_referral
from ventanilla.referrals.receivers import colleagues_of
from ventanilla.referrals.states import AnswerOutcome, NextStep
from ventanilla.referrals.verbs import VERBS, is_due, is_hers, verbs_of

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
        "boxes": [
            (label, Wanted(box=box, is_board=wanted.is_board).suffix, box == wanted.box) for box, label in BOXES.items()
        ],
        "whose": [("", "De toda la unidad"), (MINE, "Mías"), (NOBODYS, "Sin asignar")],
        "stages": [("", "En toda etapa"), *((code, label) for code, (label, _) in STAGES.items())],
        "units": [("", "Con toda unidad"), *((str(unit.pk), unit.name) for unit in _units(request))],
        "as_table": wanted.also(is_board=False).suffix,
        "as_board": wanted.also(is_board=True).suffix,
        "unit": request.posting.unit,
    }
    if wanted.is_board and not wanted.is_ended:
        asked = [wanted.also(stage=code) for code in STAGES]
        columns = in_columns([_found(request, one) for one in asked], CARDS + 1, unit_id=request.actor.unit_id)
        shown = [row for rows in columns for row in rows[:CARDS]]
        context["columns"] = [
            {
                "label": STAGES[one.stage][0],
                "rows": [(row, row.term(days, on=today)) for row in rows[:CARDS]],
                "more": one.also(is_board=False).suffix if len(rows) > CARDS else "",
            }
            for one, rows in zip(asked, columns, strict=True)
        ]
    else:
        found = after(_found(request, wanted), wanted, request.GET.get("desde", ""))
        rows = in_rows(found, ROWS + 1, unit_id=request.actor.unit_id)
        shown = rows[:ROWS]
        context["rows"] = [(row, row.term(days, on=today)) for row in shown]
        context["next_url"] = f"{wanted.suffix}&desde={cursor_of(shown[-1])}" if len(rows) > ROWS else ""
    log_list(shown, "derivaciones de la unidad")
    return render(request, "referrals/inbox.html", context)


def _found(request: OperatorRequest, wanted: Wanted) -> ReferralQuerySet:
    return wanted.of(Referral.objects.visible_to(request.actor), by=request.actor, on=clock.today())


def _units(request: OperatorRequest) -> list[Unit]:
    return list(Unit.objects.filter(institution_id=request.actor.institution).order_by("name"))


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
    if not verb.asks:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _AT_ONCE[code](found, by=request.actor)
        messages.success(request, f"{found.folio}: {found.get_state_display().lower()}.")
        return redirect(found)
    form = _form(code, found, request)
    if form.is_valid():
        with show_on(form):
            _ASKED[code](found, form.cleaned_data, request)
            messages.success(request, f"{found.folio}: {found.get_state_display().lower()}.")
            return redirect(found)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if code == "responder":
        return _show(request, found, form, status=status)
    context = {"referral": found, "form": form, "verb": verb}
    return render(request, "referrals/step.html", context, status=status)


_AT_ONCE: Mapping[str, Callable[..., None]] = {
    "aceptar": actions.accept_referral,
    "atender": actions.attend_referral,
}


def _answer(found: Referral, said: dict[str, Any], request: OperatorRequest) -> None:
    details = actions.AnswerDetails(
        outcome=AnswerOutcome(said["outcome"]),
        done=said["done"],
        next_step=NextStep(said["next_step"]),
        next_on=said["next_on"],
    )
    actions.answer_referral(found, details, by=request.actor)


def _with_words(action: Callable[..., None], name: str) -> Callable[[Referral, dict[str, Any], OperatorRequest], None]:
    """A step that asks one sentence."""

    def act_with(found: Referral, said: dict[str, Any], request: OperatorRequest) -> None:
        action(found, by=request.actor, **{name: said["said"]})

    return act_with


_ASKED: Mapping[str, Callable[[Referral, dict[str, Any], OperatorRequest], Any]] = {
    "responder": _answer,
    "dar-hora": lambda found, said, request: actions.give_hour(found, said["at"], by=request.actor),
    "rechazar": lambda found, said, request: actions.reject_referral(found, by=request.actor, **said),
    "asignar": lambda found, said, request: actions.assign_referral(
        found, said["to"], by=request.actor, reason=said["reason"]
    ),
    "no-asistio": _with_words(actions.note_no_show, "note"),
    "devolver": _with_words(actions.return_referral, "wanting"),
    "completar": _with_words(actions.complete_referral, "note"),
    "retirar": _with_words(actions.withdraw_referral, "reason"),
    "avisada": _with_words(actions.note_told, "note"),
    "reabrir": _with_words(actions.reopen_referral, "reason"),
    "insistir": _with_words(actions.reopen_referral, "reason"),
}

_SENTENCES = {
    "no-asistio": ("Qué se sabe", "Por ejemplo, si avisó o a qué teléfono se le llamó.", False),
    "devolver": ("Qué antecedentes faltan", "Uno por uno, como los leerá quien la envió.", True),
    "completar": ("Qué antecedentes van ahora", "", True),
    "retirar": ("Por qué se retira", "", True),
    "avisada": ("Cómo se le avisó", "", False),
    "reabrir": ("Por qué se reabre", "La leen las dos unidades.", True),
    "insistir": ("Por qué se envía de nuevo", "La lee la unidad que la recibe.", True),
}


def _form(code: str, found: Referral, request: OperatorRequest) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    if code == "responder":
        return AnswerForm(sent, needs=found.protocol.needs if found.protocol else ())
    if code == "dar-hora":
        return HourForm(sent)
    if code == "rechazar":
        return RejectForm(sent, grounds=found.protocol.grounds if found.protocol else ())
    if code == "asignar":
        receivers = colleagues_of(found.to_unit_id, by=request.actor)
        return AssignForm(sent, receivers=receivers, initial={"to": str(request.actor.account_id)})
    label, hint, is_required = _SENTENCES[code]
    return ReasonForm(sent, label=label, hint=hint, is_required=is_required)


def _show(
    request: OperatorRequest, found: Referral, form: forms.Form | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    today = clock.today()
    verbs = verbs_of(found, by=request.actor)
    can_answer = any(verb.code == "responder" for verb in verbs)
    context = {
        "referral": found,
        "answer": answer_of(found),
        "clocks": clocks_of(found, days=service_days(request.actor.institution, around=today), on=today),
        "steps": list(found.steps.select_related("account", "posting__unit").order_by("-at", "-id")),
        "main": next((verb for verb in verbs if not verb.asks), None),
        "more": [verb for verb in verbs if verb.asks and verb.code != "responder"],
        "can_answer": can_answer,
        "form": (form or _form("responder", found, request)) if can_answer else None,
        "box": reverse("referrals:inbox") + ("" if request.actor.unit_id == found.to_unit_id else "?caja=salida"),
        "is_receiver": request.actor.unit_id == found.to_unit_id,
    }
    return render(request, "referrals/referral.html", context, status=status)
