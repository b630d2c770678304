"""What each step of a referral asks, and carrying it out once it is said: pages inside and outside ask alike."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings

from ventanilla.access.actors import Actor
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.receipts.reading import addresses_for
from ventanilla.referrals import actions
from ventanilla.referrals.forms import (
    AnswerForm,
    AssignForm,
    ForwardForm,
    HourForm,
    NothingForm,
    ReasonForm,
    RejectForm,
    ToldForm,
)
from ventanilla.referrals.models import Referral
from ventanilla.referrals.receivers import colleagues_of, connected_units, units_offered
from ventanilla.referrals.states import AnswerOutcome, NextStep

Step = Callable[[Referral, dict[str, Any], Actor], Any]


def form_for(code: str, found: Referral, sent: Any, *, by: Actor) -> forms.Form:
    """Of the step, with what was sent or empty."""
    if code in _AT_ONCE:
        return NothingForm(sent)
    if code == "responder":
        return AnswerForm(sent, needs=found.protocol.needs if found.protocol else ())
    if code == "dar-hora":
        return HourForm(sent)
    if code == "rechazar":
        return RejectForm(sent, grounds=found.protocol.grounds if found.protocol else ())
    if code == "avisada":
        may_write = settings.EMAIL_HOST and found.secrecy != Secrecy.RESTRICTED
        return ToldForm(sent, addresses=addresses_for(found.consultation, by=by) if may_write else ())
    if code == "reenviar":
        others = [unit for unit in connected_units(by) if unit.pk not in (found.from_unit_id, found.to_unit_id)]
        return ForwardForm(sent, receivers=units_offered(others, by=by))
    if code == "asignar" and found.to_unit_id:
        return AssignForm(sent, receivers=colleagues_of(found.to_unit_id, by=by), initial={"to": str(by.account_id)})
    label, hint, is_required = _SENTENCES[code]
    return ReasonForm(sent, label=label, hint=hint, is_required=is_required)


def carry_out(code: str, found: Referral, said: dict[str, Any], *, by: Actor) -> None:
    (_AT_ONCE.get(code) or _ASKED[code])(found, said, by)


def _answer(found: Referral, said: dict[str, Any], by: Actor) -> None:
    details = actions.AnswerDetails(
        outcome=AnswerOutcome(said["outcome"]),
        done=said["done"],
        next_step=NextStep(said["next_step"]),
        next_on=said["next_on"],
    )
    actions.answer_referral(found, details, by=by)


def _tell(found: Referral, said: dict[str, Any], by: Actor) -> None:
    if contact := said.get("contact"):
        actions.tell_by_mail(found, contact, by=by)
    else:
        actions.note_told(found, by=by, note=said["said"])


def _with_words(action: Callable[..., None], name: str) -> Step:
    """A step that asks one sentence."""
    return lambda found, said, by: action(found, by=by, **{name: said["said"]})


_AT_ONCE: Mapping[str, Step] = {
    "aceptar": lambda found, said, by: actions.accept_referral(found, by=by),
    "atender": lambda found, said, by: actions.attend_referral(found, by=by),
}

_ASKED: Mapping[str, Step] = {
    "responder": _answer,
    "dar-hora": lambda found, said, by: actions.give_hour(found, said["at"], by=by),
    "rechazar": lambda found, said, by: actions.reject_referral(found, by=by, ground=said["ground"], note=said["note"]),
    "asignar": lambda found, said, by: actions.assign_referral(found, said["to"], by=by, reason=said["reason"]),
    "reenviar": lambda found, said, by: actions.forward_referral(
        found, said["to"].id, by=by, reason=said["reason"], to_account=said["to"].account_id
    ),
    "no-asistio": _with_words(actions.note_no_show, "note"),
    "devolver": _with_words(actions.return_referral, "wanting"),
    "completar": _with_words(actions.complete_referral, "note"),
    "retirar": _with_words(actions.withdraw_referral, "reason"),
    "avisada": _tell,
    "reabrir": _with_words(actions.reopen_referral, "reason"),
    "insistir": _with_words(actions.reopen_referral, "reason"),
}

_SENTENCES = {
    "no-asistio": ("Qué se sabe", "Por ejemplo, si avisó o a qué teléfono se le llamó.", False),
    "devolver": ("Qué antecedentes faltan", "Uno por uno, como los leerá quien la envió.", True),
    "completar": ("Qué antecedentes van ahora", "", True),
    "retirar": ("Por qué se retira", "", True),
    "reabrir": ("Por qué se reabre", "La leen las dos unidades.", True),
    "insistir": ("Por qué se envía de nuevo", "La lee la unidad que la recibe.", True),
}
