"""The verbs of what goes outside: leave the trace of a transfer, give and revoke a link, open it, add a file."""

import hashlib

from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.models import Provider
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, NotAllowed, RuleBroken
from ventanilla.core.ids import digest
from ventanilla.referrals.actions.steps import hold, move, require_sender
from ventanilla.referrals.models import AccessLink, Attachment, LinkOpening, Referral, Transfer
from ventanilla.referrals.outside import files
from ventanilla.referrals.outside.grounds import Sharing
from ventanilla.referrals.outside.links import MOST_WRONG, is_code, token_of
from ventanilla.referrals.outside.states import Opening
from ventanilla.referrals.states import ReferralEvent, ReferralState

ALWAYS_SHARED = ("Nombre y RUN", "Motivo y lo que se pide")


def note_transfer(referral: Referral, provider: Provider, sharing: Sharing, *, by: Actor) -> Transfer:
    """That her data go to the provider of this referral; whoever sends it has asked the right and the ground."""
    labels = dict.fromkeys(line["label"] for line in referral.packet)
    return Transfer.objects.create(
        referral=referral,
        provider=provider,
        destination=provider.name,
        nature=provider.nature,
        procedure=f"Derivación {referral.folio}: {referral.title}"[:300],
        data=[*ALWAYS_SHARED, *labels],
        legal_ground=sharing.legal_ground,
        consent=sharing.consent,
        until=referral.expires_on,
        at=clock.now(),
        account_id=by.account,
        posting_id=by.posting_id,
    )


def extend_transfer(referral: Referral, *, by: Actor) -> None:
    """It is shared anew, until later, on the ground on which it was."""
    last = referral.transfers.select_related("provider").order_by("-at", "-id").first()
    if last is not None and last.until != referral.expires_on:
        note_transfer(referral, last.provider, Sharing(last.legal_ground, last.consent), by=by)


@transaction.atomic
def give_link(referral: Referral, *, by: Actor) -> AccessLink:
    """A new one; whichever there was opens nothing from now on."""
    hold(referral)
    require_sender(referral, by=by)
    if not referral.is_outside:
        raise RuleBroken("Esa derivación fue a una unidad: no necesita enlace.")
    if referral.is_exchanged:
        raise RuleBroken(f"{referral.receiver} usa la plataforma: la recibe y responde ahí, sin enlace.")
    if not referral.is_open:
        raise InvalidTransition(f"{referral.folio} ya terminó: un enlace no abriría nada.")
    referral.links.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    link = AccessLink(referral=referral, made_at=clock.now(), account_id=by.account_id)
    link.digest = digest(token_of(link))
    link.save(force_insert=True)
    move(referral, ReferralEvent.LINKED, ReferralState(referral.state), by=by, note="Se le dio un enlace")
    referral.save()
    return link


@transaction.atomic
def revoke_link(referral: Referral, *, by: Actor) -> None:
    """Nobody enters by it any more. Twice is once."""
    hold(referral)
    require_sender(referral, by=by)
    if referral.links.filter(revoked_at__isnull=True).update(revoked_at=clock.now()):
        move(referral, ReferralEvent.LINKED, ReferralState(referral.state), by=by, note="Se bloqueó su enlace")
        referral.save()


@transaction.atomic
def enter_link(link: AccessLink, code: str, name: str, *, by: Actor, address: str | None) -> bool:
    """Whether the code is its own. What was tried is kept either way, and after some wrong ones the link is locked."""
    require(by, Permission.REFERRAL_BY_LINK)
    link.refresh_from_db(from_queryset=AccessLink.objects.select_for_update())
    is_right = link.wrong < MOST_WRONG and link.revoked_at is None and is_code(link, code)
    if not is_right:
        link.wrong += 1
        link.save()
    note_opening(link, Opening.ENTERED if is_right else Opening.REFUSED, said_by=name, address=address)
    return is_right


def note_opening(link: AccessLink, what: Opening, *, said_by: str = "", address: str | None = None) -> None:
    LinkOpening.objects.create(link=link, what=what, said_by=said_by[:160], address=address, at=clock.now())


@transaction.atomic
def attach(referral: Referral, name: str, content: bytes, *, by: Actor) -> Attachment:
    """A file, from whichever side; the same one twice is kept once. Raises ``RuleBroken`` for what is not taken."""
    hold(referral)
    _require_side(referral, by=by)
    if not referral.is_open:
        raise InvalidTransition(f"{referral.folio} ya terminó: no recibe más archivos.")
    kind = files.kind_of(name, content)
    print_of = hashlib.sha256(content).hexdigest()
    if known := referral.attachments.filter(sha256=print_of).defer("content").first():
        return known
    if referral.attachments.count() >= files.MOST:
        raise RuleBroken(f"Ya tiene {files.MOST} archivos, que es lo más que lleva una derivación.", field="file")
    kept = Attachment.objects.create(
        referral=referral,
        name=files.safe_name(name),
        media_type=kind.media_type,
        size=len(content),
        sha256=print_of,
        content=content,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        said_by=by.speaks_for,
    )
    move(referral, ReferralEvent.ATTACHED, ReferralState(referral.state), by=by, note=kept.name)
    referral.save()
    return kept


def _require_side(referral: Referral, *, by: Actor) -> None:
    if by.role is Agent.PROVIDER:
        require(by, Permission.REFERRAL_BY_LINK)
        is_side = by.provider_id is not None and by.provider_id == referral.to_provider_id
    else:
        require(by, Permission.REFERRAL_WORK)
        is_side = by.unit_id is not None and by.unit_id in (referral.from_unit_id, referral.to_unit_id)
    if not is_side:
        raise NotAllowed("Los archivos los agrega quien la envió o quien la recibió.")
