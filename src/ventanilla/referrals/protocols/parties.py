"""Whom a version binds, who of them has signed its text, and as what."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ventanilla.access.actors import Actor, can
from ventanilla.access.models import LocalTitle, Posting
from ventanilla.access.permissions import Permission, Role, Scope
from ventanilla.core import clock
from ventanilla.referrals.models import ProtocolSignature, ProtocolVersion
from ventanilla.referrals.protocols.states import Party

HEADS = (Role.UAS_HEAD, Role.UNIT_HEAD)


@dataclass(frozen=True, slots=True)
class Bound:
    """One that must sign: a unit, by its head, or a provider (without ``unit_id``), on paper."""

    party: Party
    unit_id: UUID | None
    name: str
    signature: ProtocolSignature | None

    @property
    def key(self) -> str:
        return str(self.unit_id or "prestador")


def bound_by(version: ProtocolVersion) -> list[Bound]:
    """Each once, those that send first; with her signature of the text as it is now."""
    signed = {(one.party, one.unit_id): one for one in version.signatures.all() if _counts(one, version)}
    found = [
        Bound(Party.SENDER, row.unit_id, row.unit.name, signed.get((Party.SENDER, row.unit_id)))
        for row in sorted(version.senders.all(), key=lambda row: row.unit.name)
    ]
    if version.to_unit and version.to_unit_id not in {one.unit_id for one in found}:
        unit_id = version.to_unit_id
        found.append(Bound(Party.RECEIVER, unit_id, version.to_unit.name, signed.get((Party.RECEIVER, unit_id))))
    if version.to_provider:
        found.append(Bound(Party.RECEIVER, None, version.to_provider.name, signed.get((Party.RECEIVER, None))))
    return found


def _counts(one: ProtocolSignature, version: ProtocolVersion) -> bool:
    """Of this text, and since it was last sent to be signed."""
    return version.submitted_at is not None and one.digest == version.digest and one.at >= version.submitted_at


def unsigned(version: ProtocolVersion) -> list[Bound]:
    return [one for one in bound_by(version) if one.signature is None]


def takes_part(version: ProtocolVersion, by: Actor) -> bool:
    """Whether her unit sends or receives under it."""
    if by.unit_id is None:
        return False
    return by.unit_id == version.to_unit_id or any(row.unit_id == by.unit_id for row in version.senders.all())


def may_write(version: ProtocolVersion, by: Actor) -> bool:
    """The counterpart, any; a head, those in which her unit takes part."""
    scope = by.scope(Permission.PROTOCOL_WRITE)
    return scope is Scope.INSTITUTION or (scope is Scope.UNIT and takes_part(version, by))


def to_sign_by(version: ProtocolVersion, by: Actor) -> Bound | None:
    """What she has to sign of it, if anything."""
    if not can(by, Permission.PROTOCOL_SIGN) or by.unit_id is None:
        return None
    return next((one for one in unsigned(version) if one.unit_id == by.unit_id), None)


def on_paper(version: ProtocolVersion) -> list[Bound]:
    """Those that cannot sign here: providers, and units that have no head with an account."""
    left = unsigned(version)
    held = Posting.objects.in_force_on(clock.today()).filter(
        institution=version.institution, role__in=HEADS, unit__in=[one.unit_id for one in left if one.unit_id]
    )
    headed = set(held.filter(account__is_active=True).values_list("unit_id", flat=True))
    return [one for one in left if one.unit_id not in headed]


def title_of(posting: Posting) -> str:
    """«Jefatura de unidad, Unidad RSH», «Directora de Desarrollo Comunitario (subrogante)»."""
    local: Sequence[str] = list(
        LocalTitle.objects.filter(institution=posting.institution, role=posting.role).values_list("title", flat=True)
    )
    title = local[0] if local else posting.get_role_display()
    if posting.nature != Posting.Nature.TITULAR:
        title = f"{title} ({posting.get_nature_display().lower()})"
    return f"{title}, {posting.unit}" if posting.unit else title
