"""The page that answers a letter, and the official letter as PDF."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock, documents
from ventanilla.core.errors import InvalidTransition
from ventanilla.core.forms import show_on
from ventanilla.referrals.inbound.actions import answer_letter, is_seen_to
from ventanilla.referrals.inbound.reading import answer_to, begun_with, open_letter
from ventanilla.referrals.models import ExchangeStep


class AnswerLetterForm(forms.Form):
    text = forms.CharField(
        label="Qué se responde",
        max_length=4000,
        widget=forms.Textarea({"rows": 8}),
        help_text="Lo leerá quien envió el oficio: solo lo que pidió, y lo que se le puede decir.",
        error_messages={"required": "Escriba qué se responde."},
    )
    legal_ground = forms.CharField(
        label="Por qué se le pueden entregar estos datos",
        max_length=300,
        widget=forms.TextInput(),
        help_text="Por ejemplo: lo requiere el tribunal en esa causa, o la persona lo autorizó por escrito.",
        error_messages={"required": "Escriba por qué se le pueden entregar estos datos."},
    )


@requires(Permission.REFERRAL_WORK)
def answer(request: OperatorRequest, letter_id: UUID) -> HttpResponse:
    """Written once; then it shows what left, and its paper."""
    found = open_letter(letter_id, by=request.actor)
    if came := ExchangeStep.objects.filter(contact=found).first():  # it is answered where it came from
        return redirect(came.exchange)
    if not is_seen_to(found):
        raise InvalidTransition("El oficio se responde cuando terminó la atención que pidió.")
    sent = answer_to(found)
    form = AnswerLetterForm(request.POST or None, initial={"text": begun_with(found)})
    if sent is None and form.is_valid():
        with show_on(form):
            answer_letter(found, by=request.actor, **form.cleaned_data)
            return redirect("referrals:answer_letter", found.pk)
    context = {"contact": found, "answer": sent, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent is None and form.errors else HTTPStatus.OK
    return render(request, "referrals/inbound/answer.html", context, status=status)


@requires(Permission.REFERRAL_WORK)
def paper(request: OperatorRequest, letter_id: UUID) -> HttpResponse:
    found = open_letter(letter_id, by=request.actor)
    sent = answer_to(found)
    if sent is None:
        raise Http404
    context = {
        "contact": found,
        "answer": sent,
        "institution": request.posting.institution,
        "made_at": clock.now(),
        "is_demo": settings.DEMO,
    }
    return documents.answer("referrals/inbound/answer_pdf.html", context, name=f"oficio-{sent.folio}.pdf", opens=True)
