"""What is read of what went outside: a link and why it is closed, the files of a referral, the transfers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import TenantQuerySet
from ventanilla.core import clock
from ventanilla.core.ids import digest
from ventanilla.referrals.models import AccessLink, Attachment, LinkOpening, Referral, Transfer
from ventanilla.referrals.outside.links import MOST_WRONG, code_of, spoken
from ventanilla.referrals.outside.mail import letter_of
from ventanilla.referrals.outside.states import Opening

OPENINGS = 20


def find_link(token: str, *, by: Actor) -> AccessLink | None:
    """Also one that is closed; ``why_closed`` says it."""
    require(by, Permission.REFERRAL_BY_LINK)
    whole = AccessLink.objects.visible_to(by).select_related(
        "referral__person", "referral__protocol__protocol", "referral__from_unit__institution", "referral__to_provider"
    )
    return whole.filter(digest=digest(token)).first()


@dataclass(frozen=True, slots=True)
class Closed:
    title: str
    text: str


def why_closed(link: AccessLink, *, on: date) -> Closed | None:
    """None while it opens; the sentences tell nothing of whom it was about."""
    if link.revoked_at is not None:
        return Closed("Este enlace fue reemplazado", "La municipalidad dio otro, o lo bloqueó. Pida el vigente.")
    if link.wrong >= MOST_WRONG:
        return Closed("Este enlace está bloqueado", "Se escribió varias veces un código equivocado. Pida otro enlace.")
    if not link.referral.is_open:
        return Closed("Esta derivación ya terminó", "No queda nada por responder. Lo respondido quedó guardado.")
    if link.referral.expires_on < on:
        return Closed("Este enlace venció", "Pasó el plazo para responder. Pida otro enlace si todavía puede atender.")
    return None


def files_of(referral: Referral) -> list[Attachment]:
    """Without their bytes."""
    return list(referral.attachments.defer("content").select_related("account"))


def told_of_link(referral: Referral, *, by: Actor) -> dict[str, Any]:
    """What its page says of how the provider answers; address and code are its sender's alone."""
    link = referral.links.filter(revoked_at__isnull=True).first()
    opens = link is not None and why_closed(link, on=clock.today()) is None
    openings = LinkOpening.objects.filter(link__referral=referral).exclude(what=Opening.ASKED)
    return {
        "link": link,
        "letter": letter_of(link) if link else None,
        "code": spoken(code_of(link)) if link and opens and by.unit_id == referral.from_unit_id else "",
        "link_closed": why_closed(link, on=clock.today()) if link else None,
        "openings": list(openings.order_by("-at", "-id")[:OPENINGS]),
        "transfer": referral.transfers.order_by("-at", "-id").first(),
    }


def transfers(*, by: Actor) -> TenantQuerySet[Transfer]:
    """Those of the institution, the newest first."""
    require(by, Permission.TRANSFER_VIEW)
    return Transfer.objects.visible_to(by).select_related("account", "posting__unit", "referral").order_by("-at", "-id")
