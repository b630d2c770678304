"""Pages of the receipt: as it will be read, as a PDF, by mail, and its verification by whoever holds one."""

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ventanilla.access import tenancy
from ventanilla.access.actors import Actor, can, require
from ventanilla.access.gate import OperatorRequest, public, requires
from ventanilla.access.models import Institution
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock, documents
from ventanilla.core.errors import InvalidTransition
from ventanilla.core.forms import show_on
from ventanilla.core.ids import digest, new_id
from ventanilla.core.secrecy import Secrecy
from ventanilla.intake.models import Consultation, Receipt
from ventanilla.intake.reading import open_consultation
from ventanilla.intake.receipts import actions
from ventanilla.intake.receipts.content import names_her, receipt_lines, standing_of, told_on_paper
from ventanilla.intake.receipts.forms import SendForm
from ventanilla.intake.receipts.reading import addresses_for, mails_of
from ventanilla.intake.states import ENDED
from ventanilla.outbox.reading import forgotten


@requires(Permission.CONSULTATION_READ)
def receipt(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """What the neighbour takes home: hers only, and nothing that whoever finds the paper should not read."""
    return _show(request, _ended(request, consultation_id))


@require_POST
@requires(Permission.CONSULTATION_WORK)
def print_receipt(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """Issue one and answer its PDF; each paper has an address of its own to be verified at."""
    found = _ended(request, consultation_id)
    issued, token = actions.issue_receipt(found, by=request.actor)
    address = _address_of(request, token)
    context = {
        "consultation": found,
        "lines": receipt_lines(found, by=request.actor),
        "told_entries": told_on_paper(found, by=request.actor),
        "names_her": names_her(found),
        "institution": request.posting.institution,
        "issued_at": issued.issued_at,
        "address": address,
        "drawing": documents.code_for(address),
        "is_demo": settings.DEMO,
    }
    return documents.answer("intake/receipt_pdf.html", context, name=f"comprobante-{found.folio}.pdf", opens=True)


@require_POST
@requires(Permission.CONSULTATION_WORK)
def send_receipt(request: OperatorRequest, consultation_id: UUID) -> HttpResponse:
    """Mail its address. Whether it went is read on the page that follows."""
    found = _ended(request, consultation_id)
    form = SendForm(request.POST, addresses=addresses_for(found, by=request.actor))
    if form.is_valid():
        with show_on(form):
            actions.send_receipt(
                found,
                form.cleaned_data["contact"],
                by=request.actor,
                address_of=partial(_address_of, request),
                submission_id=form.cleaned_data["submission_id"],
            )
            return redirect("intake:receipt", found.pk)
    return _show(request, found, form)


@public("whoever holds a receipt may ask whether it is true; its address holds a secret, and says nobody's name")
def verify_receipt(request: HttpRequest, institution_id: int, token: str) -> HttpResponse:
    """Who issued it, when, with which folio, and whether something is pending."""
    institution = get_object_or_404(Institution, pk=institution_id)
    actor = Actor(Agent.VISITOR, institution.pk, time_zone=institution.time_zone)
    require(actor, Permission.RECEIPT_VERIFY)
    tenancy.enter(actor)
    issued = Receipt.objects.visible_to(actor).select_related("consultation")
    found = get_object_or_404(issued, digest=digest(token))
    context = {
        "institution": institution,
        "receipt": found,
        "standing": standing_of(found.consultation.state),
        "now": clock.now(),
    }
    answer = render(request, "intake/verify_receipt.html", context)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _ended(request: OperatorRequest, consultation_id: UUID) -> Consultation:
    found = open_consultation(consultation_id, by=request.actor)
    if found.state not in ENDED:
        raise InvalidTransition("El comprobante se entrega cuando la atención terminó.")
    return found


def _show(request: OperatorRequest, found: Consultation, form: SendForm | None = None) -> HttpResponse:
    addresses = addresses_for(found, by=request.actor)
    mails = mails_of(found, by=request.actor)
    context: dict[str, Any] = {
        "consultation": found,
        "lines": receipt_lines(found, by=request.actor),
        "told_entries": told_on_paper(found, by=request.actor),
        "names_her": names_her(found),
        "can_issue": can(request.actor, Permission.CONSULTATION_WORK, found),
        "has_mail": bool(settings.EMAIL_HOST),
        "is_restricted": found.secrecy == Secrecy.RESTRICTED,
        "addresses": addresses,
        "form": form or SendForm(addresses=addresses, initial={"submission_id": new_id()}),
        "mails": mails,
        "forgotten": forgotten(mail.letter for mail in mails),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "intake/receipt.html", context, status=status)


def _address_of(request: HttpRequest, token: str) -> str:
    institution = tenancy.current_institution_id()
    return request.build_absolute_uri(reverse("intake:verify_receipt", args=[institution, token]))
