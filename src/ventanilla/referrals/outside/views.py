"""Pages of operators about what goes outside: the link, the official letter, files, the log of transfers."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from ventanilla.access.actors import Actor
from ventanilla.access.gate import OperatorRequest, requires
from ventanilla.access.permissions import Permission
from ventanilla.core import clock, documents
from ventanilla.core.api import read_cursor, write_cursor
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.referrals.models import AccessLink, Attachment, Referral
from ventanilla.referrals.outside import actions
from ventanilla.referrals.outside.links import code_of, spoken, token_of
from ventanilla.referrals.outside.mail import mail_link
from ventanilla.referrals.outside.reading import transfers
from ventanilla.referrals.reading import open_referral

ROWS = 50


@require_POST
@requires(Permission.REFERRAL_WORK)
def give_link(request: OperatorRequest, outside_id: UUID) -> HttpResponse:
    """A new link, mailed if the provider has an address; the one there was opens nothing more."""
    found = open_referral(outside_id, by=request.actor)
    messages.success(request, reach_provider(found, request, by=request.actor))
    return redirect(found)


def reach_provider(referral: Referral, request: HttpRequest, *, by: Actor) -> str:
    """How the provider will know, as one says it to whoever sent it."""
    link = actions.give_link(referral, by=by)
    provider = referral.receiver
    code = spoken(code_of(link))
    if settings.EMAIL_HOST and referral.to_provider and referral.to_provider.email:
        to = referral.to_provider.email
        mail_link(link, to, address_of(request, link), by=by)
        return f"El enlace va por correo a {to}. Dicte por teléfono el código {code}."
    return f"{provider} no recibe correos de aquí: imprima el oficio, o dicte la dirección y el código {code}."


@require_POST
@requires(Permission.REFERRAL_WORK)
def revoke_link(request: OperatorRequest, outside_id: UUID) -> HttpResponse:
    found = open_referral(outside_id, by=request.actor)
    actions.revoke_link(found, by=request.actor)
    messages.success(request, "Nadie entra más por ese enlace.")
    return redirect(found)


@requires(Permission.REFERRAL_WORK)
def letter(request: OperatorRequest, outside_id: UUID) -> HttpResponse:
    """The official letter: what travels, by when it is answered, and how; with the address if a link is open."""
    found = open_referral(outside_id, by=request.actor)
    if not found.is_outside or found.from_unit_id != request.actor.unit_id:
        raise Http404
    if not found.is_open:
        raise InvalidTransition(f"{found.folio} ya terminó: no queda nada que pedir por oficio.")
    link = found.links.filter(revoked_at__isnull=True).first()
    address = address_of(request, link) if link else ""
    context = {
        "referral": found,
        "transfer": found.transfers.order_by("-at").first(),
        "institution": request.posting.institution,
        "posting": request.posting,
        "account": request.posting.account,
        "address": address,
        "drawing": documents.code_for(address) if address else "",
        "made_at": clock.now(),
        "is_demo": settings.DEMO,
    }
    return documents.answer("referrals/outside/letter_pdf.html", context, name=f"oficio-{found.folio}.pdf", opens=True)


@requires(Permission.REFERRAL_READ)
def download(request: OperatorRequest, referral_id: UUID, attachment_id: UUID) -> HttpResponse:
    """To its parties; the look at the referral is logged."""
    found = open_referral(referral_id, by=request.actor)
    if request.actor.unit_id not in (found.from_unit_id, found.to_unit_id):
        raise Http404
    return answer_with(get_object_or_404(found.attachments, pk=attachment_id))


def answer_with(attachment: Attachment) -> HttpResponse:
    """Always to be kept, never to be shown: a browser runs nothing that may be in it."""
    return HttpResponse(
        bytes(attachment.content),
        content_type=attachment.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@requires(Permission.TRANSFER_VIEW)
def transfer_log(request: OperatorRequest) -> HttpResponse:
    """What was shared outside, newest first; nobody's name but the official's."""
    found = transfers(by=request.actor)
    with suppress(RuleBroken):  # an address that somebody cut begins at the first
        moment, last_id = read_cursor(request.GET.get("desde", ""))
        found = found.filter(Q(at__lt=moment) | Q(id__lt=last_id), at__lte=moment)
    rows = list(found[: ROWS + 1])
    shown = rows[:ROWS]
    context: dict[str, Any] = {
        "rows": shown,
        "next_url": f"?desde={write_cursor(shown[-1].at, shown[-1].pk)}" if len(rows) > ROWS else "",
    }
    return render(request, "referrals/outside/transfers.html", context)


def address_of(request: HttpRequest, link: AccessLink) -> str:
    return request.build_absolute_uri(reverse("outside:referral", args=[link.institution_id, token_of(link)]))
