"""Holding a referral, asking who may move it, and leaving the trace of each step."""

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Agent, Permission
from ventanilla.core import clock
from ventanilla.core.errors import NotAllowed, RuleBroken
from ventanilla.core.secrecy import Secrecy
from ventanilla.outbox.events import note_event
from ventanilla.referrals.models import Referral, ReferralStep
from ventanilla.referrals.states import REFERRAL_LIFECYCLE, ReferralEvent, ReferralState


def hold(referral: Referral) -> None:
    """Its row until the transaction ends: of two who move it at once, the second is told where it is."""
    referral.refresh_from_db(from_queryset=Referral.objects.select_for_update())


def require_receiver(referral: Referral, *, by: Actor) -> None:
    """Of a provider: whoever came by its link, or the desk that sent it, in the words of somebody there."""
    if by.role is Agent.PROVIDER:
        require(by, Permission.REFERRAL_BY_LINK)
        if by.provider_id is None or by.provider_id != referral.to_provider_id:
            raise NotAllowed("La responde quien la recibió.")
        return
    require(by, Permission.REFERRAL_WORK)
    if referral.is_outside:
        require_sender(referral, by=by)
        if not by.speaks_for:
            raise RuleBroken("Escriba quién lo dijo, y su cargo.", field="told_by")
        return
    if by.unit_id is None or by.unit_id != referral.to_unit_id:
        raise NotAllowed("La responde la unidad que la recibió.")


def require_sender(referral: Referral, *, by: Actor) -> None:
    require(by, Permission.REFERRAL_WORK)
    if by.unit_id is None or by.unit_id != referral.from_unit_id:
        raise NotAllowed("Eso lo decide la unidad que la envió.")


def move(referral: Referral, event: ReferralEvent, after: ReferralState, *, by: Actor, note: str = "") -> None:
    """Take it to a state, or note what happened in the one it is in. Whoever moves it saves it."""
    before = ReferralState(referral.state)
    if after != before:
        REFERRAL_LIFECYCLE.require(
            before,
            after,
            message=f"{referral.folio} está {before.label.lower()}: no puede pasar a {after.label.lower()}.",
        )
    referral.state = after
    referral.version += 1
    ReferralStep.objects.create(
        referral=referral,
        event=event,
        before=before,
        after=after,
        note=note[:500],
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        said_by=by.speaks_for[:160],
    )
    if referral.secrecy != Secrecy.RESTRICTED:
        note_event(f"referral.{event}", f"/api/v1/referrals/{referral.pk}", _told(referral), by=by)


def _told(referral: Referral) -> dict[str, str | None]:
    """What other systems are told of a step: ids and states, nobody's name."""
    return {
        "folio": referral.folio,
        "state": referral.state,
        "from_unit_id": str(referral.from_unit_id),
        "to_unit_id": str(referral.to_unit_id) if referral.to_unit_id else None,
        "to_provider_id": str(referral.to_provider_id) if referral.to_provider_id else None,
    }
