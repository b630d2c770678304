"""What is read of protocols: the list with how each stands, one of them whole, and by its address of verification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.referrals.models import (
    Protocol,
    ProtocolReason,
    ProtocolSender,
    ProtocolSignature,
    ProtocolVersion,
)
from ventanilla.referrals.protocols.parties import unsigned
from ventanilla.referrals.protocols.states import ProtocolState

_ROWS: Sequence[Any] = (
    Prefetch("senders", ProtocolSender.objects.select_related("unit")),
    Prefetch("covered", ProtocolReason.objects.select_related("reason")),
    "about",
    Prefetch("signatures", ProtocolSignature.objects.order_by("at")),
)


def whole(found: QuerySet[ProtocolVersion]) -> QuerySet[ProtocolVersion]:
    """With all that they say and who has signed, in five queries."""
    return found.select_related("protocol", "to_unit", "to_provider").prefetch_related(*_ROWS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a version stands on a day, in words and colour."""

    words: str
    tone: str = ""


def standing_of(version: ProtocolVersion, *, on: date) -> Standing:
    if version.state == ProtocolState.IN_SIGNATURE:
        left = len(unsigned(version))
        return Standing(f"En firma: {'falta 1' if left == 1 else f'faltan {left}'}", "info")
    if version.state != ProtocolState.APPROVED or version.starts_on is None:
        tones = {ProtocolState.SIGNED: "info", ProtocolState.DRAFT: "warn"}
        return Standing(version.get_state_display(), tones.get(ProtocolState(version.state), ""))
    if version.starts_on > on:
        return Standing(f"Rige desde el {version.starts_on:%d-%m-%Y}", "info")
    if version.is_in_force(on):
        return Standing("Vigente", "ok")
    return Standing(f"Terminó el {version.ends_on:%d-%m-%Y}")


@dataclass(frozen=True, slots=True)
class Row:
    """A protocol in the list: the version that stands for it, and the one in writing, if another."""

    version: ProtocolVersion
    standing: Standing
    in_writing: ProtocolVersion | None
    in_writing_standing: Standing | None


def list_protocols(by: Actor, *, on: date, only_mine: bool = False) -> list[Row]:
    """By number, in seven queries whatever their number: there are tens of them."""
    require(by, Permission.PROTOCOL_READ)
    versions = ProtocolVersion.objects.visible_to(by).exclude(state=ProtocolState.DISCARDED)
    if only_mine:
        theirs = ProtocolVersion.objects.visible_to(by).involving(by.unit_id)
        versions = versions.filter(protocol__in=theirs.values("protocol"))
    found: dict[UUID, list[ProtocolVersion]] = {}
    for version in whole(versions.order_by("protocol__number", "number")):
        found.setdefault(version.protocol_id, []).append(version)
    return [_row(group, on=on) for group in found.values()]


def _row(versions: Sequence[ProtocolVersion], *, on: date) -> Row:
    approved = [one for one in versions if one.state == ProtocolState.APPROVED]
    begun = [one for one in approved if one.starts_on and one.starts_on <= on]
    shown = (begun or approved or versions)[-1]
    newest = versions[-1]
    other = newest if newest != shown else None
    return Row(shown, standing_of(shown, on=on), other, standing_of(other, on=on) if other else None)


def versions_of(protocol_id: UUID, *, by: Actor) -> list[ProtocolVersion]:
    """The newest first. Raises ``Http404`` when there is none."""
    require(by, Permission.PROTOCOL_READ)
    found = list(whole(ProtocolVersion.objects.visible_to(by).filter(protocol=protocol_id).order_by("-number")))
    if not found:
        raise Http404
    return found


def version_or_404(protocol_id: UUID, number: int | None, *, by: Actor, on: date) -> ProtocolVersion:
    """That of a number, else the one in force, else the newest that was not discarded."""
    versions = versions_of(protocol_id, by=by)
    if number is not None:
        chosen = [one for one in versions if one.number == number]
    else:
        alive = [one for one in versions if one.state != ProtocolState.DISCARDED] or versions
        chosen = [one for one in alive if one.is_in_force(on)] or alive
    if not chosen:
        raise Http404
    return chosen[0]


def protocol_or_404(protocol_id: UUID, *, by: Actor) -> Protocol:
    found = Protocol.objects.visible_to(by).filter(pk=protocol_id).first()
    if found is None:
        raise Http404
    return found
