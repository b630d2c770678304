"""What protocols leave to do: sign those that bind one's unit, approve, correct what came back."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from ventanilla.access.actors import Actor, can
from ventanilla.access.permissions import Permission
from ventanilla.core.calendar import WorkingDays
from ventanilla.desk.tray.items import Item
from ventanilla.referrals.models import ProtocolStep, ProtocolVersion
from ventanilla.referrals.protocols.parties import to_sign_by
from ventanilla.referrals.protocols.reading import whole
from ventanilla.referrals.protocols.states import ProtocolState


def protocols_to_sign(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    if not can(actor, Permission.PROTOCOL_SIGN) or actor.unit_id is None:
        return
    waiting = ProtocolVersion.objects.visible_to(actor).filter(state=ProtocolState.IN_SIGNATURE)
    for version in whole(waiting.involving(actor.unit_id)):
        if to_sign_by(version, actor):
            yield _item(version, "Leer y firmar el protocolo")


def protocols_to_approve(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    if not can(actor, Permission.PROTOCOL_APPROVE):
        return
    signed = ProtocolVersion.objects.visible_to(actor).filter(state=ProtocolState.SIGNED)
    for version in signed.select_related("protocol"):
        yield _item(version, "Aprobar el protocolo")


def protocols_returned(actor: Actor, on: date, days: WorkingDays) -> Iterator[Item]:
    """Those she wrote that somebody sent back, with what was asked."""
    if not can(actor, Permission.PROTOCOL_WRITE):
        return
    hers = ProtocolVersion.objects.visible_to(actor).filter(state=ProtocolState.DRAFT, written_by=actor.account_id)
    back = ProtocolStep.objects.filter(version__in=hers, after=ProtocolState.DRAFT).exclude(before="")
    for step in back.select_related("version__protocol").order_by("version_id", "-at").distinct("version_id"):
        yield _item(step.version, "Corregir el protocolo", detail=step.reason)


def _item(version: ProtocolVersion, what: str, *, detail: str = "") -> Item:
    return Item(
        icon="link",
        title=f"{what} {version.protocol.name}",
        url=reverse("protocols:version", args=[version.protocol_id, version.number]),
        detail=detail or str(version),
    )
